"""The tables beneath the pictures and the table of all sources, as HTML: pure, no Gradio."""

import html
from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.figures import dated, titled
from bot.labels import KINDS, SERIES, amount, published_by, say
from bot.page.wording import Words
from bot.page.words import words
from bot.points import Event, Point, in_words, link
from bot.records import OFFICIAL, Source

Order = tuple[str, bool]
"""The column of the table of sources that it is sorted by, and whether from the end."""
NEWEST: Order = ("Date", True)
_SEEN = {"full": "whole", "excerpt": "excerpt", "memory": "not read"}


def _kind(source: Source, own: Words) -> str:
    kind = dict(own.kinds)[source.kind]
    return f"{kind} ({own.is_official})" if source.kind in OFFICIAL and own.is_official not in kind else kind


def _standing(source: Source, own: Words) -> str:
    known = {"in force": own.in_force, "draft": own.draft, "repealed": own.repealed.format(source.repealed_on or "")}
    return known[source.standing].strip() if source.standing else ""


COLUMNS: Mapping[str, Callable[[Source, Words], str]] = {
    "Title": lambda source, own: source.title,
    "Publisher": lambda source, own: published_by(source.publisher, own.code),
    "Date": lambda source, own: source.published,
    "Kind": _kind,
    "Standing": _standing,
    "Language": lambda source, own: dict(own.languages).get(source.language, source.language),
    "Read": lambda source, own: say(_SEEN[source.seen], own.code),
}
"""The columns of the table of sources, in the page's words."""


def event_table(events: Iterable[Event], language: str = "en") -> str:
    """The events, each linked to its sentence and with a button that asks about it."""
    rows = [
        [
            f"<span class='nowrap'>{_text(dated(event, language))}</span>",
            f"<a href='{_text(link(event.sentence))}'>{_text(titled(event, language))}</a>",
            _text(KINDS[language][event.kind]),
            _text(published_by(event.source.publisher, language)),
            _ask(event, language),
        ]
        for event in events
    ]
    if not rows:
        return f"<p>{say('These sources come without a timeline.', language)}</p>"
    return _table("Events", ("Date", "Event", "Kind", "Source", "Ask"), rows, language)


def _ask(event: Event, language: str) -> str:
    place = "at" if event.when != in_words(event.date) else "on" if len(event.date) == 10 else "in"
    asked = say(f"What happened {place} {{}}: {{}}?", language).format(dated(event, language), titled(event, language))
    label = f"{say('Ask', language)}: {titled(event, language)}"
    return (
        f"<button type='button' class='ask' data-ask='{_text(asked)}' aria-label='{_text(label)}'>"
        f"{say('Ask', language)}</button>"
    )


def point_table(points: Iterable[Point], series: str, language: str = "en") -> str:
    """The figures of a series, each linked to its sentence, and below them the sentences that explain them."""
    mine = [point for point in points if point.series == series]
    if not mine:
        return f"<p>{say('These sources come without figures.', language)}</p>"
    rows = [
        [
            f"<span class='nowrap'>{_text(dated(point, language))}</span>",
            f"<a href='{_text(link(point.sentence))}'>{_text(amount(point.says, language))}</a>",
            _text(point.by),
            _text(published_by(point.source.publisher, language)),
        ]
        for point in mine
    ]
    table = _table(SERIES[language][mine[0].series], ("Date", "Figure", "Given by", "Source"), rows, language)
    notes = {link(sentence): sentence.page_content for point in mine for sentence in point.explained}
    return table + "".join(f"<p class='note'><a href='{_text(at)}'>{_text(text)}</a></p>" for at, text in notes.items())


def source_table(sources: Sequence[Source], wanted: str = "", order: Order = NEWEST, language: str = "en") -> str:
    """The sources that hold every wanted word in a column, sorted; the title opens a source whole."""
    found, own = arranged(sources, wanted, order, language), words(language)
    rows = [[_whole(source), *(_text(cell(source, own)) for cell in [*COLUMNS.values()][1:])] for source in found]
    count = say("{} of {} sources", language).format(len(found), len(sources))
    return f"<p role='status'>{count}</p>" + _table("Sources", tuple(COLUMNS), rows, language, order)


def arranged(sources: Iterable[Source], wanted: str, order: Order, language: str = "en") -> list[Source]:
    """The sources that hold every wanted word in one of their columns, sorted; unknown values last.

    Texts of our own are dated too, but are no publications: by date they come after these.
    """
    own, sought = words(language), wanted.casefold().split()
    column, backwards = order
    cell = COLUMNS[column]

    def holds(source: Source) -> bool:
        text = " ".join(shown(source, each) for each in (own, words("en")) for shown in COLUMNS.values()).casefold()
        return all(word in text for word in sought)

    found = sorted((s for s in sources if holds(s)), key=lambda s: cell(s, own).casefold(), reverse=backwards)
    return sorted(found, key=lambda s: (not cell(s, own), column == "Date" and s.seen == "memory"))


def _whole(source: Source) -> str:
    return f"<a href='#{_text(f'source={source.id}&start=0&end=0')}'>{_text(source.title)}</a>"


def _table(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[str]], language: str, order: Order | None = None
) -> str:
    """A table in a box that scrolls, reachable by keyboard; with an order its headings are buttons that sort."""
    heads = "".join(_head(column, language, order) for column in columns)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    title = _text(say(name, language))
    return (
        f"<div class='scroll' role='region' tabindex='0' aria-label='{title}'><table class='of-{len(columns)}'>"
        f"<caption>{title}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _head(column: str, language: str, order: Order | None) -> str:
    text = _text(say(column, language))
    if order is None:
        return f"<th scope='col'>{text}</th>"
    sorted_by = column == order[0]
    state = f" aria-sort='{'descending' if order[1] else 'ascending'}'" if sorted_by else ""
    arrow = ("▾" if order[1] else "▴") if sorted_by else ""
    return (
        f"<th scope='col'{state}><button type='button' data-sort='{column}'>{text}"
        f"<span aria-hidden='true'> {arrow}</span></button></th>"
    )


def _text(text: str) -> str:
    return html.escape(text)
