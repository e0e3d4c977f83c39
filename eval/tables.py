"""The tables that `python -m eval` prints."""

from collections.abc import Sequence

from rich.table import Table

from eval import results, running
from eval.cases import HALVES, Case
from eval.results import Figures, Result
from eval.running import ALL, Asked

COLUMNS = ("outcome", "nuggets", "cited", "carried", "on_point", "clean", "unsupported", "words", "milliseconds")


def by_half(scores: dict[str, Figures], asked: Sequence[Case]) -> dict[str, Figures]:
    """The means over the cases of each half."""
    return {half: running.mean(scores, [case for case in asked if case.half == half]) for half in HALVES}


def kind_table(result: Result) -> Table:
    """The measures of each kind of case in each half."""
    table = Table("half", "kind", "cases", "first", "in five", *COLUMNS)
    for half, by_kind in result.kinds.items():
        for kind, figures in by_kind.items():
            values = (figures.get(name) for name in ("Success@1", "Success@5", *COLUMNS))
            table.add_row(half, kind, f"{figures['cases']:.0f}", *map(shown, values), end_section=kind == ALL)
    return table


def pipeline_table(found: dict[str, dict[str, Figures]], asked: Sequence[Case]) -> Table:
    """The measures of search under each pipeline."""
    names = list(next(iter(next(iter(found.values())).values())))
    table = Table("pipeline", *(f"{half} {name}" for half in HALVES for name in names))
    for pipeline, scores in found.items():
        halves = by_half(scores, asked)
        table.add_row(pipeline, *(shown(halves[half].get(name)) for half in HALVES for name in names))
    return table


def writers_table(model: str, quoted: Sequence[Asked], written: Sequence[Asked]) -> Table:
    """The same measures of both writers by half, then what became of the model's drafts."""
    columns = [(half, name, done) for half in HALVES for name, done in (("quotes", quoted), (model, written))]
    table = Table("measure", *(f"{half} {name}" for half, name, _ in columns))
    rows = [running.figures([one for one in done if one.case.half == half]) for half, _, done in columns]
    drafts = [running.drafts([one for one in done if one.case.half == half]) for half, _, done in columns]
    for name in {**rows[0], **drafts[1]}:
        table.add_row(name, *(shown(row.get(name, held.get(name))) for row, held in zip(rows, drafts, strict=True)))
    return table


def total_table(result: Result, old: Result | None) -> Table:
    """Each half's figures with their intervals, and the change against the last result kept."""
    table = Table("measure", *(column for half in HALVES for column in (half, "interval", "change")))
    moved = results.change(result, old)
    measured = [name for name in result.halves[HALVES[0]] if not name.endswith(("_low", "_high"))]
    for name in measured:
        row: list[str] = []
        for half in HALVES:
            figures = result.halves[half]
            ends = [figures.get(f"{name}_{end}") for end in ("low", "high")]
            delta = moved.get(half, {}).get(name)
            span = " to ".join(shown(end) for end in ends) if ends[0] is not None else ""
            row += [shown(figures.get(name)), span, f"{delta:+.3f}" if delta else ""]
        table.add_row(name, *row)
    for outsider, figures in result.outside.items():
        for name, value in figures.items():
            table.add_row(f"{outsider} {name}", shown(value))
    return table


def shown(value: float | None) -> str:
    """A figure as a table shows it."""
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 2 else f"{value:.3f}"
