"""Several people ask a real page on this machine for as long as one likes: errors, times, and the memory it takes.

The page is asked as programs ask it, over Gradio's queue. Only 127.0.0.1 is spoken to; the end is set beforehand.
"""

import json
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
import psutil

from eval import load

GROWTH = 0.1
"""Largest share by which memory may grow from the run's second quarter to its last."""


@dataclass
class Soak:
    """What was seen; times in milliseconds, memory in megabytes beside the seconds at which it was looked at."""

    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    seconds: float = 0.0

    def figures(self) -> dict[str, float]:
        """The run in a few numbers."""
        held = [megabytes for _, megabytes in self.memory]
        quarter = max(1, len(held) // 4)
        early, late = median(held[quarter : 2 * quarter] or held), median(held[-quarter:])
        twentieths = quantiles(self.times, n=20) if len(self.times) > 1 else [0.0] * 19
        return {
            "minutes": round(self.seconds / 60, 2),
            "answers": len(self.times),
            "errors": len(self.errors),
            "answers_per_second": round(len(self.times) / self.seconds, 2),
            "p50_ms": round(twentieths[9], 1),
            "p95_ms": round(twentieths[18], 1),
            "memory_early_mb": round(early, 1),
            "memory_late_mb": round(late, 1),
            "memory_most_mb": round(max(held), 1),
            "growth": round(late / early - 1, 4),
        }


def run(address: str, pid: int, questions: Sequence[str], *, people: int, seconds: float, seed: int = 1) -> Soak:
    """Let so many people ask for so long, and look at the memory of the process all the while."""
    seen, begun, done = Soak(), time.monotonic(), threading.Event()

    def asks(number: int) -> None:
        chosen = random.Random(seed + number)
        with httpx.Client(trust_env=False, timeout=120) as client:
            while time.monotonic() - begun < seconds:
                asked = time.perf_counter()
                try:
                    load.ask(client, address, chosen.choice(questions), f"person-{number}")
                    seen.times.append(1000 * (time.perf_counter() - asked))
                except (ValueError, httpx.HTTPError) as failure:
                    seen.errors.append(str(failure) or type(failure).__name__)

    threads = [threading.Thread(target=asks, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    watcher = threading.Thread(target=_watch, args=(seen, pid, begun, done, min(1.0, seconds / 20)))
    watcher.start()
    for thread in threads:
        thread.join()
    done.set()
    watcher.join()
    seen.seconds = time.monotonic() - begun
    return seen


def _watch(seen: Soak, pid: int, begun: float, done: threading.Event, every: float) -> None:
    process = psutil.Process(pid)
    while True:
        seen.memory.append((time.monotonic() - begun, process.memory_info().rss / 1e6))
        if done.wait(every):
            return


@contextmanager
def page(*options: str) -> Iterator[tuple[str, int]]:
    """The address and the process of the page that the real command serves."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "bot", "chat", "--port", str(port), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        if not any(line.startswith("Ready") for line in process.stdout):
            raise ValueError("the page did not start; try: banbot chat")
        try:
            yield f"http://127.0.0.1:{port}", process.pid
        finally:
            process.kill()


def report(folder: Path, seen: Soak) -> Path:
    """Write the figures and the plot into the folder; returns the plot's path."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "soak.json").write_text(json.dumps({**asdict(seen), "figures": seen.figures()}) + "\n")
    figure, axes = pyplot.subplots(figsize=(9, 4))
    axes.plot([at / 60 for at, _ in seen.memory], [megabytes for _, megabytes in seen.memory])
    axes.set(xlabel="minutes", ylabel="memory, MB", ylim=(0, None), title=f"{len(seen.times)} answers, one page")
    figure.savefig(folder / "soak.png", dpi=120, bbox_inches="tight")
    pyplot.close(figure)
    return folder / "soak.png"


def verdict(figures: dict[str, Any]) -> list[str]:
    """What is wrong with a run; nothing if it was steady."""
    wrong = [f"{figures['errors']} errors"] if figures["errors"] else []
    if not figures["answers"]:
        wrong.append("no answer")
    if figures["growth"] > GROWTH:
        wrong.append(f"memory grew by {figures['growth']:.0%}")
    return wrong
