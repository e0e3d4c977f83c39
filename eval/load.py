"""The page as many people meet it: started as a command, spoken to as a browser does, on this machine alone."""

import json
import socket
import subprocess
import sys
import time
import uuid
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
    fn: int
    """The number of the page's function that answers."""
    inputs: tuple[Any, ...]
    """What it is given, as the page stands when it has loaded."""
    box: int
    """Which of the inputs is the question."""


@contextmanager
def served(sources: Path, index: Path) -> Iterator[Served]:
    """`banbot chat` in a process of its own over a folder of sources and its index, until the end."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    begun = time.perf_counter()
    options = ["--sources", str(sources), "--index", str(index), "--port", str(port)]
    command = [sys.executable, "-m", "bot", "chat", *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://{HOST}:{port}"
        _wait(address, process)
        page_s = time.perf_counter() - begun
        yield Served(address, process.pid, page_s, begun, *_answering(address))
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


def _answering(address: str) -> tuple[int, tuple[Any, ...], int]:
    """The number of the function that a question in the box calls, its inputs, and which of them is the box."""
    config = httpx.get(f"{address}/config", timeout=30).json()
    parts = {part["id"]: part for part in config["components"]}
    box = next(key for key, part in parts.items() if part["props"].get("elem_id") == "question")
    asked = next(each for each in config["dependencies"] if [box, "submit"] in each["targets"])
    empty: dict[str, Any] = {"state": None, "chatbot": []}
    values = ((parts[key]["type"], parts[key]["props"].get("value")) for key in asked["inputs"])
    return int(asked["id"]), tuple(empty.get(kind, value) for kind, value in values), asked["inputs"].index(box)


def ask(client: httpx.Client, page: Served, question: str) -> str:
    """One question in a conversation of its own; what the page shows at the end. Raises ValueError."""
    session = uuid.uuid4().hex
    data = [question if number == page.box else value for number, value in enumerate(page.inputs)]
    join = {"data": data, "fn_index": page.fn, "session_hash": session}
    client.post(f"{page.address}/gradio_api/queue/join", json=join).raise_for_status()
    events = f"{page.address}/gradio_api/queue/data"
    with client.stream("GET", events, params={"session_hash": session}) as stream:
        for line in stream.iter_lines():
            event = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
            if event.get("msg") == "process_completed":
                if not event["success"]:
                    raise ValueError(f"the page failed on {question!r}: {event['output']}")
                return json.dumps(event["output"])
    raise ValueError(f"the page gave no answer to {question!r}")


def crowd(page: Served, people: int, seconds: float, questions: Sequence[str]) -> dict[str, float]:
    """So many people, each asking anew as soon as answered; the people's own work is done on this machine too."""
    until = time.monotonic() + seconds

    def person(number: int) -> list[float]:
        taken: list[float] = []
        with httpx.Client(timeout=PATIENCE) as client:
            while time.monotonic() < until:
                begun = time.perf_counter()
                ask(client, page, questions[(number + len(taken) * people) % len(questions)])
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
