"""The report: one HTML file without any request, figures as plots, and every case, filterable to the failures."""

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape

from eval import measures, results
from eval.cases import HALVES
from eval.results import Result
from eval.running import ALL, Asked

PLOTTED = ("Success@1", "Success@5", "outcome", "nuggets", "cited", "carried", "clean")
COLOURS = {"tune": "#9ab6b1", "held": "#0f766e"}


def write(folder: Path, result: Result, old: Result | None, done: Sequence[Asked]) -> Path:
    """Write `report.html` into the folder; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=select_autoescape(), trim_blocks=True
    )
    page = templates.get_template("report.html").render(
        result=result,
        moved=results.change(result, old),
        old=old,
        halves=HALVES,
        kinds=list(dict.fromkeys(one.case.kind for one in done)),
        plots=plots(result, done),
        done=[(one, failed(one)) for one in done],
        names=[name for name in result.halves[HALVES[0]] if not name.endswith(("_low", "_high"))],
    )
    file = folder / "report.html"
    file.write_text(page, encoding="utf-8")
    return file


def failed(one: Asked) -> bool:
    """Whether anything at all is wrong with the answer."""
    return bool(one.verdict.why)


def plots(result: Result, done: Sequence[Asked]) -> list[str]:
    """The plots as SVG: totals with intervals, kinds, pipelines, and risk against coverage."""
    drawn = [_svg(lambda axes: _totals(axes, result)), _svg(lambda axes: _kinds(axes, result), height=5.5)]
    if result.pipelines:
        drawn.append(_svg(lambda axes: _pipelines(axes, result)))
    return [*drawn, _svg(lambda axes: _risk(axes, done))]


def _svg(draw: Callable[[Any], None], width: float = 7.5, height: float = 3.6) -> str:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    draw(axes)
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    text = file.getvalue()
    return text[text.index("<svg") :]


def _totals(axes: Any, result: Result) -> None:
    names = [name for name in PLOTTED if name in result.halves[HALVES[0]]]
    for shift, half in zip((-0.19, 0.19), HALVES, strict=True):
        figures = result.halves[half]
        values = [figures[name] for name in names]
        ends = [[abs(figures[n] - figures.get(f"{n}_{end}", figures[n])) for n in names] for end in ("low", "high")]
        places = [place + shift for place in range(len(names))]
        axes.barh(places, values, 0.36, xerr=ends, color=COLOURS[half], label=half, error_kw={"lw": 0.8})
    _finish(axes, names, "All cases, with 95 per cent intervals")


def _kinds(axes: Any, result: Result) -> None:
    kinds = [kind for kind in result.kinds["held"] if kind != ALL]
    for shift, half in zip((-0.19, 0.19), HALVES, strict=True):
        values = [_right(result.kinds[half].get(kind, {})) for kind in kinds]
        axes.barh([n + shift for n in range(len(kinds))], values, 0.36, color=COLOURS[half], label=half)
    _finish(axes, kinds, "Nuggets said (or, where no answer exists, declined), by kind")


def _right(figures: Mapping[str, float]) -> float:
    return figures.get("nuggets", figures.get("outcome", 0.0))


def _pipelines(axes: Any, result: Result) -> None:
    names = list(result.pipelines)
    for shift, measure, colour in ((-0.19, "Success@5", "#9ab6b1"), (0.19, "Success@1", "#0f766e")):
        values = [result.pipelines[name]["held"][measure] for name in names]
        axes.barh([n + shift for n in range(len(names))], values, 0.36, color=colour, label=measure)
    _finish(axes, names, "The right passage, held half: ours, its parts taken out, and plain ways")


def _finish(axes: Any, labels: Sequence[str], title: str) -> None:
    axes.set_yticks(range(len(labels)), labels)
    axes.invert_yaxis()
    axes.set_xlim(0, 1.02)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, frameon=False, fontsize=8)
    axes.set_title(title, fontsize=10, loc="left")


def _risk(axes: Any, done: Sequence[Asked]) -> None:
    for half in HALVES:
        mine = [one for one in done if one.case.half == half]
        curve = measures.risk_coverage([one.case.answerable for one in mine], [one.answer.odds for one in mine])
        axes.plot(*zip(*curve, strict=True), color=COLOURS[half], label=half)
    axes.set(xlabel="share of questions answered", ylabel="of those, without an answer", ylim=(0, None))
    axes.legend(frameon=False, fontsize=8)
    axes.set_title("Risk and coverage as the bar for answering falls", fontsize=10, loc="left")
