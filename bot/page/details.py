"""Small facts of sources as HTML: a date, a standing, a link; everything that others wrote is text. Pure."""

import html
from collections.abc import Mapping
from urllib.parse import urlencode

from bot.page.wording import Words
from bot.records import Source

Sources = Mapping[str, Source]
"""The heads of the sources by id; empty while they are being read."""


def filters_text(filters: Mapping[str, str | bool], own: Words) -> str:
    """The filters in words; empty where there are none."""
    since, until = str(filters.get("since") or ""), str(filters.get("until") or "")
    parts = [f"{since or '…'}–{until or '…'}" if since or until else ""]
    parts.append(own.official if filters.get("official") else "")
    parts.append(dict(own.languages).get(str(filters.get("language") or ""), ""))
    return " · ".join(part for part in parts if part)


def standing_chip(source: Source, sources: Sources, own: Words) -> str:
    """What became of a rule; of a repealed one when, and a link to what repealed it. Empty for other sources."""
    if source.standing is None:
        return ""
    if source.standing != "repealed":
        word = own.in_force if source.standing == "in force" else own.draft
        return f'<span class="chip {source.standing.replace(" ", "-")}">{word}</span>'
    by = sources.get(source.repealed_by or "")
    to = f' → <a href="{link(by.id)}" dir="auto">{text_html(by.called or by.title)}</a>' if by else ""
    return (
        f'<span class="chip repealed">{text_html(own.repealed.format(day(source.repealed_on or "", own)))}{to}</span>'
    )


def day(date: str, own: Words) -> str:
    """A date as people write it: 2026-02-06 as 6 Feb 2026 or 2026年2月6日, 2026-02 as Feb 2026 or 2026年2月."""
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    year, *rest = date.split("-")
    if date and own.code == "zh":
        return f"{year}年" + "".join(f"{int(part)}{unit}" for part, unit in zip(rest, "月日", strict=False))
    return " ".join(
        [*([str(int(rest[1]))] if len(rest) > 1 else []), *([months[int(rest[0]) - 1]] if rest else []), year]
    )


def link(source: str, start: int = 0, end: int = 0) -> str:
    """Where the page's script looks for what to open: the source and the offsets of what is marked in it."""
    return html.escape("#" + urlencode({"source": source, "start": start, "end": end}))


def text_html(text: str) -> str:
    """Text that HTML shows as it is; every direction mark ends where the text does."""
    return f"<bdi>{html.escape(text)}</bdi>"
