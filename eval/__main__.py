"""`python -m eval [retrieval|answers|fit]`: the question set, with figures for each kind and both halves."""

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import fmean
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot import index, models, sources, views
from bot.answering import Answerer
from bot.errors import BanbotError
from bot.records import Answer
from bot.settings import Settings
from eval import cases, measures
from eval.cases import HALVES, Case
from eval.measures import Verdict

app = typer.Typer(help=__doc__, invoke_without_command=True, pretty_exceptions_enable=False)
Report = Annotated[Path | None, typer.Option(help="Folder to write every case's answer and verdict to.")]
console = Console(width=None if sys.stdout.isatty() else 130)


@app.callback()
def everything(context: typer.Context, report: Report = None) -> None:
    """Without a sub-command: retrieval, then answers."""
    if context.invoked_subcommand is None:
        retrieval()
        answers(report)


@app.command()
def retrieval() -> None:
    """Is the right passage found, and how far up?"""
    answerer = _answerer()
    texts = _texts(answerer)
    table = Table("half", "kind", "cases", *(str(measure) for measure in measures.RETRIEVAL))
    for half in HALVES:
        asked = [case for case in cases.load(half) if case.rests_on]
        gold = {case.id: cases.holding(case, answerer.index.passages, texts) for case in asked}
        found = {
            case.id: [evidence.passage for evidence in answerer.invoke(case.asked()).evidence]
            for case in track(asked, f"Searching, {half}", console=Console(stderr=True), transient=True)
        }
        scores = measures.retrieval(gold, found)
        for kind, members in _kinds(asked):
            means = [fmean(scores[str(measure)][case.id] for case in members) for measure in measures.RETRIEVAL]
            table.add_row(half, kind, str(len(members)), *(f"{mean:.3f}" for mean in means))
    console.print(table)


@app.command()
def answers(report: Report = None) -> None:
    """Does the bot answer what it can, decline what it must, and cite what it says?"""
    answerer = _answerer()
    texts = _texts(answerer)
    columns = ("outcome", "nuggets", "on_point", "exact", "clean", "words", "ms")
    table = Table("half", "kind", "cases", *columns)
    result: dict[str, dict[str, float]] = {}
    for half in HALVES:
        asked = cases.load(half)
        done = [
            (case, answerer.invoke(case.asked()))
            for case in track(asked, f"Answering, {half}", console=Console(stderr=True), transient=True)
        ]
        judged = {case.id: (answer, measures.judge(case, answer, texts)) for case, answer in done}
        for kind, members in _kinds(asked):
            row = _row([judged[case.id] for case in members])
            table.add_row(half, kind, str(len(members)), *row)
        result[half] = _totals(list(judged.values()))
        if report:
            _write(report, half, asked, judged)
    console.print(table)
    console.print_json(json.dumps(result))


def _answerer() -> Answerer:
    settings = Settings()
    reading = sources.read(settings.sources)
    held = views.read(settings.sources)
    opened = index.sync(settings.index_folder(), reading.documents, held, models.embeddings, model=models.MINILM)
    return Answerer(opened)


def _texts(answerer: Answerer) -> dict[str, str]:
    return {str(document.id): document.page_content for document in answerer.index.documents}


def _kinds(asked: Sequence[Case]) -> Iterable[tuple[str, list[Case]]]:
    """The cases of each kind, and last all of them."""
    kinds = defaultdict(list)
    for case in asked:
        kinds[case.kind].append(case)
    return [*kinds.items(), ("all", list(asked))]


def _values(judged: Sequence[tuple[Answer, Verdict]], measure: str) -> list[float]:
    return [float(value) for _, verdict in judged if (value := getattr(verdict, measure)) is not None]


def _row(judged: Sequence[tuple[Answer, Verdict]]) -> list[str]:
    shares = [_values(judged, name) for name in ("outcome", "nuggets", "on_point", "exact", "clean")]
    words = sorted(verdict.words for _, verdict in judged)
    times = sorted(answer.timings["total_ms"] for answer, _ in judged)
    middle = len(judged) // 2
    return [*(f"{fmean(s):.3f}" if s else "" for s in shares), str(words[middle]), f"{times[middle]:.0f}"]


def _totals(judged: Sequence[tuple[Answer, Verdict]]) -> dict[str, float]:
    totals: dict[str, float] = {}
    for name in ("outcome", "nuggets", "on_point", "exact", "clean"):
        values = _values(judged, name)
        low, high = measures.interval(values)
        totals |= {name: round(fmean(values), 4), f"{name}_low": round(low, 4), f"{name}_high": round(high, 4)}
    return totals


def _write(folder: Path, half: str, asked: Sequence[Case], judged: dict[str, tuple[Answer, Verdict]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{half}.md").open("w", encoding="utf-8") as file:
        for case in asked:
            answer, verdict = judged[case.id]
            file.write(f"## {case.id} ({case.outcome})\n\n{case.question}\n\n{answer.outcome}: {answer.text}\n\n")
            file.write(f"wanted: {case.nuggets}, {[r.source for r in case.rests_on]}\n\n{verdict}\n\n")


def main() -> None:
    """Run; what a user can mend is told in one line, with exit code 1."""
    try:
        app()
    except (BanbotError, ValueError) as error:
        sys.exit(f"eval: {error}")


if __name__ == "__main__":
    main()
