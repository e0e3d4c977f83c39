"""The page as many people meet it: started as a command, spoken to as a browser does, on this machine alone."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

HOST = "127.0.0.1"
PATIENCE = 120.0


@dataclass(frozen=True)
class Served:
    """A page that runs: its address, its process and how long it took to load."""

    address: str
    process: int
    page_s: float
    begun: float


@contextmanager
def served(sources: Path, index: Path) -> Iterator[Served]:
    """`banbot chat` in a process of its own over a folder of sources and its index, until the end."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    begun = time.perf_counter()
    options = ["--sources", str(sources), "--index", str(index), "--port", str(port), "--per-minute", "0"]
    command = [sys.executable, "-m", "bot", "chat", *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://{HOST}:{port}"
        _wait(address, process)
        page_s = time.perf_counter() - begun
        yield Served(address, process.pid, page_s, begun)
    finally:
        process.terminate()
        process.wait(30)


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(address, timeout=5).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.02)
    raise ValueError("banbot chat served no page; run it by hand to see why")


def ask(client: httpx.Client, address: str, question: str, session: str | None = None) -> dict[str, Any]:
    """One question over the page's queue, as programs ask it; the answer. Raises ValueError.

    A browser and `gradio_client` name one session for all they ask; without one Gradio makes a new one for each call,
    which takes longer than answering.
    """
    calls = f"{address}/gradio_api/call/ask"
    asked = client.post(calls, json={"data": [question, [], {}], "session_hash": session})
    if not asked.is_success:
        raise ValueError(f"the page refused {question!r} with status {asked.status_code}")
    with client.stream("GET", f"{calls}/{asked.json()['event_id']}") as stream:
        event = ""
        for line in stream.iter_lines():
            name, _, told = line.partition(": ")
            if name == "data" and event == "complete":
                answer: dict[str, Any] = json.loads(told)[0]
                return answer
            event = told if name == "event" else event
    raise ValueError(f"the page gave no answer to {question!r}: {event}")


def crowd(page: Served, people: int, seconds: float, questions: Sequence[str]) -> dict[str, float]:
    """So many people, each asking anew as soon as answered; the people's own work is done on this machine too."""
    until = time.monotonic() + seconds

    def person(number: int) -> list[float]:
        taken: list[float] = []
        with httpx.Client(timeout=PATIENCE) as client:
            while time.monotonic() < until:
                begun = time.perf_counter()
                question = questions[(number + len(taken) * people) % len(questions)]
                ask(client, page.address, question, f"person-{number}")
                taken.append(1000 * (time.perf_counter() - begun))
        return taken

    begun = time.monotonic()
    errors = 0
    shares: list[list[float]] = []
    with ThreadPoolExecutor(people) as pool:
        for each in [pool.submit(person, number) for number in range(people)]:
            try:
                shares.append(each.result())
            except (httpx.HTTPError, ValueError):
                errors += 1
    every = sorted(taken for share in shares for taken in share)
    return {
        "people": people,
        "answers_per_s": len(every) / (time.monotonic() - begun),
        "p50_ms": every[len(every) // 2] if every else 0.0,
        "p95_ms": every[int(0.95 * len(every))] if every else 0.0,
        "errors": errors,
        "fewest": min(map(len, shares), default=0),
        "most": max(map(len, shares), default=0),
    }
