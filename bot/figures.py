"""Pictures of the events and figures; the only place that imports Plotly.

Rows carry their own headings, so that the pictures read on a phone; kinds differ in colour (Okabe and Ito, "Color
Universal Design", 2008), in shape and in place. Texts and grid take their colours from the page's style sheet.
"""

import html
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.labels import KINDS, amount, published_by, say
from bot.points import Event, Kind, Point, in_words, link

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

SHAPES: dict[Kind, tuple[str, str]] = {
    "rule": ("square", "#D55E00"),
    "statement": ("circle", "#0072B2"),
    "mining": ("triangle-up", "#009E73"),
    "court": ("diamond", "#B35A8C"),
    "market": ("cross", "#8C6D00"),
    "hong-kong": ("star", "#2F7FB5"),
    "yuan": ("hexagon", "#7A6FB0"),
}
"""Marker and colour of each kind of event; each colour has a contrast of 3 : 1 to the light and the dark page."""
_GIVERS = {"Cambridge": ("", "#0072B2"), "Hashrate Index": ("/", "#D55E00"), "CryptoQuant": ("x", "#B35A8C")}
_OTHER = (".", "#009E73")
_EDGE = {"color": "rgba(255,255,255,0.85)", "width": 1}
_ROW = 48
_FONT = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', sans-serif"


def timeline(events: Sequence[Event], language: str = "en") -> "Figure":
    """The events in the order of time, a row for each kind; the years are as wide as they are full.

    The `customdata` of a marker begins with the link that opens its sentence.
    """
    from plotly.graph_objects import Figure, Scatter

    at, years = _axis([event.date for event in events])
    kinds = [kind for kind in KINDS[language] if any(event.kind == kind for event in events)]
    figure = Figure(layout=_layout(len(kinds) * 64 + 64, [(KINDS[language][kind], 0.42) for kind in kinds]))
    for row, kind in enumerate(kinds):
        mine = [event for event in events if event.kind == kind]
        shape, colour = SHAPES[kind]
        figure.add_trace(
            Scatter(
                x=[at(event.date) for event in mine],
                y=[row + shift for shift in _apart([at(event.date) for event in mine])],
                mode="markers",
                name=KINDS[language][kind],
                marker={"symbol": shape, "color": colour, "size": 12, "line": _EDGE},
                customdata=[[link(event.sentence)] for event in mine],
                hovertext=[_hover(titled(event, language), event, language) for event in mine],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )
    for n, (start, end, _) in enumerate(years):
        if n % 2:
            figure.add_vrect(x0=start, x1=end, fillcolor="rgba(128,128,128,0.13)", line_width=0, layer="below")
    middles = [(start + end) / 2 for start, end, _ in years]
    figure.update_xaxes(
        tickvals=middles,
        ticktext=[str(year) for *_, year in years],
        tickangle=-90,
        tickfont={"size": 10},
        showgrid=False,
    )
    return figure


def titled(event: Event, language: str) -> str:
    """The event's title in a language, or in English where it has none."""
    return (event.title_zh or event.title) if language == "zh" else event.title


def dated(told: Event | Point, language: str) -> str:
    """The date of an event or a figure as it is told in a language."""
    if language != "zh" or told.when != in_words(told.date):
        return say(told.when, language)
    year, *rest = told.date.split("-")
    return f"{year}年" + "".join(f"{int(part)}{unit}" for part, unit in zip(rest, "月日", strict=False))


def _axis(dates: Sequence[str]) -> tuple[Callable[[str], float], list[tuple[float, float, int]]]:
    """Where a date lies on the axis, and the years with their bounds: each as wide as 3 and half its events."""
    count = Counter(int(date[:4]) for date in dates)
    bounds, start = [], 0.0
    for year in range(min(count, default=2013), max(count, default=2013) + 1):
        bounds.append((start, start + 3 + count[year] / 2, year))
        start = bounds[-1][1]
    begins = {year: (start, end) for start, end, year in bounds}

    def at(partial: str) -> float:
        year, month, day = ([int(part) for part in partial.split("-")] + [0, 0])[:3]
        passed = (date(year, month or 7, day or (15 if month else 1)) - date(year, 1, 1)).days / 366
        start, end = begins[year]
        return start + passed * (end - start)

    return at, bounds


def _apart(places: Sequence[float]) -> list[float]:
    """Steps up and down for markers that would lie on the one before."""
    steps, last, step = [], -9.0, 0
    for place in places:
        step = (step + 1) % 3 if place - last < 1.5 else 0
        last = place
        steps.append((0.0, 0.2, -0.2)[step])
    return steps


def hash_rate(points: Iterable[Point], language: str = "en") -> "Figure":
    """Mainland China's share of Bitcoin's hash rate: a bar for each month that a source gives a figure for."""
    mine = [point for point in points if point.series == "hash-rate"]
    rows = [(f"{dated(point, language)} · {_short(point, language)} ({point.by})", 0.2) for point in mine]
    figure = _bars(mine, rows, [_GIVERS.get(point.by, _OTHER) for point in mine], language)
    figure.update_xaxes(range=[0, 100], ticksuffix=" %", tickvals=[0, 25, 50, 75, 100])
    return figure


def price_reports(points: Iterable[Point], series: str, language: str = "en") -> "Figure":
    """What outlets reported of Bitcoin on 24 September 2021, the smallest figure first.

    `series` is `bitcoin-fall`, as bars, or `bitcoin-price`, as dots on an axis that does not begin at zero.
    """
    mine = sorted((point for point in points if point.series == series), key=lambda point: (point.value, point.by))
    rows = [(f"{point.by} · {_short(point, language)}", 0.2) for point in mine]
    if series == "bitcoin-fall":
        figure = _bars(mine, rows, [("", "#D55E00")] * len(mine), language)
        figure.update_xaxes(range=[0, 10], ticksuffix=" %", dtick=2)
        return figure
    from plotly.graph_objects import Figure, Scatter

    figure = Figure(layout=_layout(len(rows) * _ROW + 40, rows))
    marks = {"symbol": "diamond", "size": 13, "color": "#D55E00"}
    figure.add_trace(
        Scatter(
            x=[p.value for p in mine], y=list(range(len(mine))), mode="markers", marker=marks, **_told(mine, language)
        )
    )
    values = [point.value for point in mine] or [0.0]
    figure.update_xaxes(range=[min(values) - 300, max(values) + 300], tickformat=",d", dtick=500)
    return figure


def _short(point: Point, language: str) -> str:
    return amount(point.says, language).replace(" per cent", " %")


def _bars(
    points: Sequence[Point], rows: Sequence[tuple[str, float]], looks: Sequence[tuple[str, str]], language: str
) -> "Figure":
    """A bar for each point; a range goes on, paler, to its upper end, and zero is a tick."""
    from plotly.graph_objects import Bar, Figure

    figure = Figure(layout=_layout(len(rows) * _ROW + 40, rows))
    colours = [colour for _, colour in looks]
    pattern = {"shape": [shape for shape, _ in looks], "fillmode": "overlay", "fgcolor": "white", "size": 7}
    whole = {"color": colours, "pattern": pattern, "line": {"color": colours, "width": 2}}
    rest = {"color": colours, "opacity": 0.45, "line": {"width": 0}}
    ends = [(point.to or point.value) - point.value for point in points]
    levels = list(range(len(points)))
    common: dict[str, Any] = {"y": levels, "orientation": "h", "width": 0.36, "offset": -0.1, **_told(points, language)}
    figure.add_trace(Bar(x=[point.value for point in points], marker=whole, **common))
    figure.add_trace(Bar(x=ends, base=[point.value for point in points], marker=rest, **common))
    return figure


def _told(points: Sequence[Point], language: str) -> dict[str, Any]:
    """The links and the hover texts of points, the sentences they rest on."""
    return {
        "customdata": [[link(point.sentence)] for point in points],
        "hovertext": [_hover(point.sentence.page_content, point, language) for point in points],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _hover(text: str, told: Event | Point, language: str) -> str:
    lines = [html.escape(line, quote=False) for line in textwrap.wrap(text, 42)]
    who = published_by(told.source.publisher, language)
    about = html.escape(" · ".join(part for part in (dated(told, language), who) if part), quote=False)
    return f"<b>{'<br>'.join(lines)}</b><br>{about}"


def _layout(height: int, rows: Sequence[tuple[str, float]]) -> dict[str, Any]:
    """A layout without clutter, its rows from top to bottom, each under a heading that stands so far above it."""
    headings = [
        {"xref": "paper", "x": 0, "xanchor": "left", "y": row - above, "yanchor": "bottom", "text": html.escape(text)}
        | {"showarrow": False, "font": {"size": 12}, "captureevents": False}
        for row, (text, above) in enumerate(rows)
    ]
    return {
        "template": "none",
        "height": height,
        "margin": {"l": 8, "r": 12, "t": 8, "b": 44, "pad": 0},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": _FONT, "size": 12},
        "hoverlabel": {"bgcolor": "white", "font": {"color": "#1f2937", "family": _FONT, "size": 12}},
        "showlegend": False,
        "barmode": "overlay",
        "dragmode": False,
        "hovermode": "closest",
        "xaxis": {"fixedrange": True, "zeroline": False},
        "yaxis": {"fixedrange": True, "range": [len(rows) - 0.5, -0.7], "visible": False},
        "annotations": headings,
    }
