"""The benchmark: whole processes and warm questions, ours beside its peers, in one run on one machine.

Every figure is the median of several runs, with the disk warm; each run is a process of its own, one after the other.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from langchain_core.embeddings import Embeddings

from bot.settings import Settings
from eval.figures import Row
from eval.peers import PEERS, milliseconds, settle

QUESTION = "What did China announce on 24 September 2021?"
Say = Callable[[str], None]


def process(*command: object) -> tuple[float, str]:
    """Seconds and standard output of a Python process of its own; raises ValueError if it fails."""
    begun = time.perf_counter()
    run = subprocess.run([sys.executable, "-m", *map(str, command)], capture_output=True, text=True, check=False)
    if run.returncode:
        raise ValueError(f"{command[0]} failed: {(run.stderr.strip().splitlines() or ['without a word'])[-1]}")
    return time.perf_counter() - begun, run.stdout


def seconds(runs: int, *command: object) -> float:
    """Median seconds of a process, after one run that warms the disk."""
    process(*command)
    return median(process(*command)[0] for _ in range(runs))


class Timed(Embeddings):
    """Counts the seconds that a model spends on embedding texts."""

    def __init__(self, model: Embeddings) -> None:
        self._model = model
        self.seconds = 0.0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        begun = time.perf_counter()
        vectors = self._model.embed_documents(texts)
        self.seconds += time.perf_counter() - begun
        return vectors

    def embed_query(self, text: str) -> list[float]:
        return self._model.embed_query(text)


@dataclass(frozen=True)
class Bench:
    """A folder of its own with a copy of the sources and our index of them, and how often each figure is taken."""

    folder: Path
    runs: int
    questions: Sequence[str]
    say: Say

    @property
    def sources(self) -> Path:
        """The copy of the sources."""
        return self.folder / "sources"

    @property
    def index(self) -> Path:
        """Our index."""
        return self.folder / "index"


def ours(what: str, sources_at: Path, folder: Path, questions: Sequence[str]) -> Any:
    """Our own part in a process of its own: `index` from nothing, or `warm` questions and their embedding alone."""
    from bot import models
    from bot.answering import Answerer
    from bot.opening import open_index
    from bot.records import Question
    from eval import running

    settings = Settings(sources_at, folder)
    if what == "warm":
        answerer = Answerer(open_index(settings)[0])
        embed = models.embeddings().embed_query
        return {
            "answer": milliseconds(answerer.invoke, [Question(text) for text in questions]),
            "embed": milliseconds(embed, questions),
            "follow": milliseconds(answerer.invoke, [case.asked() for case in running.load(3) if case.history]),
        }
    from bot import gaps, index, sources, views

    reading = sources.read(*settings.folders())
    timed = [Timed(models.embeddings()), Timed(models.bridge())]
    begun = time.perf_counter()
    built = index.sync(
        folder,
        reading.documents,
        views.read(settings.sources),
        lambda: timed[0],
        model=models.MINILM,
        gaps=gaps.read(settings.sources),
        adapter=models.adapter(models.MINILM),
        bridge=lambda: timed[1],
    )
    taken = time.perf_counter() - begun
    return {"passages": len(built.passages), "seconds": taken, "embedding": sum(each.seconds for each in timed)}


def commands(bench: Bench) -> list[Row]:
    """Our commands as a user runs them: the index from nothing, unchanged and with one file changed, a question."""
    bench.say("index from nothing")
    shutil.copytree(Settings.sources, bench.sources)
    made = json.loads(process("eval.speed", "index", bench.sources, bench.index)[1].splitlines()[-1])
    at = ("--sources", bench.sources, "--index", bench.index)
    bench.say("a question in a fresh process")
    rows = [
        Row("index from nothing", "s", made["seconds"]),
        Row("index from nothing, to embedding alone", "times", made["seconds"] / made["embedding"], 1.2),
        Row("index from nothing, passages", "a second", made["passages"] / made["seconds"]),
        Row("ask in a fresh process", "s", seconds(bench.runs, "bot", "ask", *at, QUESTION), 2.5),
    ]
    bench.say("the index unchanged and changed")
    changing = (bench.folder / "changing-sources", bench.folder / "changing-index")
    for held, copy in zip((bench.sources, bench.index), changing, strict=True):
        shutil.copytree(held, copy)
    options = ("--sources", changing[0], "--index", changing[1])
    rows.append(Row("index, nothing changed", "s", seconds(bench.runs, "bot", "index", *options), 1.0))
    taken = []
    for number in range(bench.runs):
        with max(changing[0].glob("*.md"), key=lambda file: file.stat().st_size).open("a") as file:
            file.write(f"\nThe benchmark wrote sentence number {number} here.\n")
        taken.append(process("bot", "index", *options)[0])
    return [*rows, Row("index, one file changed", "s", median(taken), 2.0)]


def warm(bench: Bench) -> list[Row]:
    """Questions one after another in one process, beside the embedding of each alone."""
    bench.say("warm questions")
    told = process("eval.speed", "warm", bench.sources, bench.index, *bench.questions)[1]
    taken = json.loads(told.splitlines()[-1])
    answer, embed = taken["answer"], taken["embed"]
    return [
        Row("warm question, p50", "ms", median(answer), 15),
        Row("warm question, p95", "ms", quantiles(answer, n=20)[-1], 40),
        Row("warm follow-up (up to four searches), p50", "ms", median(taken["follow"])),
        Row("warm follow-up, p95", "ms", quantiles(taken["follow"], n=20)[-1]),
        Row("embedding of the question alone, p50", "ms", median(embed)),
        Row("warm question to its embedding alone", "times", median(answer) / median(embed), 1.5),
    ]


def page(bench: Bench, people: int, length: float) -> list[Row]:
    """The page: until it loads, until it first answers, its memory, and a crowd."""
    import httpx
    import psutil

    from eval import load

    bench.say("the page")
    with load.served(bench.sources, bench.index) as shown:
        with httpx.Client(timeout=load.PATIENCE) as client:
            load.ask(client, shown.address, QUESTION)
        first = time.perf_counter() - shown.begun
        memory = psutil.Process(shown.process).memory_info().rss / 1e6
        bench.say(f"{people} people at once")
        met = load.crowd(shown, people, length, bench.questions)
        after = psutil.Process(shown.process).memory_info().rss / 1e6
    return [
        Row("chat, to a page that loads", "s", shown.page_s, 4.0),
        Row("chat, to the first answer", "s", first, 6.0),
        Row("memory of the page after an answer", "MB", memory, 500),
        Row("memory of the page after the crowd", "MB", after, 500),
        Row(f"{people} people at once", "answers a second", met["answers_per_s"], 60, least=True),
        Row(f"{people} people at once, p95", "ms", met["p95_ms"], 1000),
        Row(f"{people} people at once, errors", "", met["errors"], 0),
        Row(f"{people} people at once, fewest answers to most", "share", met["fewest"] / max(met["most"], 1)),
    ]


def peers(bench: Bench) -> tuple[dict[str, dict[str, float]], list[str]]:
    """The same of each peer that is installed, and the names of those that are not."""
    found: dict[str, dict[str, float]] = {}
    missing = []
    for number, (name, peer) in enumerate(PEERS.items()):
        if find_spec(peer.package) is None:
            missing.append(name)
            continue
        bench.say(name)
        place = bench.folder / f"peer-{number}"
        built = json.loads(process("eval.peers", name, "index", place)[1].splitlines()[-1])
        taken = json.loads(process("eval.peers", name, "warm", place, *bench.questions)[1].splitlines()[-1])
        found[name] = {
            "ask_s": seconds(bench.runs, "eval.peers", name, "ask", place, QUESTION),
            "warm_ms": median(taken),
            "index_s": built["seconds"],
            "passages": built["passages"],
            "passages_per_s": built["passages"] / built["seconds"],
        }
    return found, missing


def beside(rows: Sequence[Row], others: Mapping[str, Mapping[str, float]]) -> tuple[list[Row], dict[str, float]]:
    """Our ratios to the fastest peer, and our own figures under the peers' names for them."""
    value = {row.name: row.value for row in rows}
    mine = {
        "ask_s": value["ask in a fresh process"],
        "warm_ms": value["warm question, p50"],
        "index_s": value["index from nothing"],
        "passages_per_s": value["index from nothing, passages"],
    }
    if not others:
        return [], mine
    fastest = min(other["ask_s"] for other in others.values())
    most = max(other["passages_per_s"] for other in others.values())
    return [
        Row("ask, the fastest peer to ours", "times", fastest / mine["ask_s"], 4.0, least=True),
        Row(
            "index, our passages a second to the fastest peer's",
            "times",
            mine["passages_per_s"] / most,
            1.5,
            least=True,
        ),
    ], mine


def scale(bench: Bench, sizes: Sequence[int]) -> tuple[list[dict[str, float]], list[Row]]:
    """Search among made-up passages, the smallest number first, and the rows of it."""
    found, rows = [], []
    for size in sorted(sizes):
        bench.say(f"{size:,} passages")
        place = bench.folder / f"made-{size}"
        one = json.loads(process("eval.scaling", size, place)[1].splitlines()[-1])
        shutil.rmtree(place)
        found.append(one)
        most, room = (40, 1500) if size == 100_000 else (None, None)
        rows += [
            Row(f"search among {size:,} passages, p50", "ms", one["search_p50_ms"], most),
            Row(f"memory with {size:,} passages", "MB", one["memory_mb"], room),
        ]
    return found, rows


if __name__ == "__main__":
    settle()
    print(json.dumps(ours(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])))
