"""A source as the panel beside the chat shows it, with the linked sentence marked. Pure, no Gradio."""

import html
from urllib.parse import parse_qs

from bot.index import Index
from bot.labels import published_by
from bot.page.details import Sources, day, standing_chip, text_html
from bot.page.wording import Words
from bot.records import OFFICIAL, Source


def source_html(index: Index, link: str, own: Words) -> str:
    """The whole source that a link names, its sentence marked; a link to nothing says so, no link shows nothing."""
    if not link:
        return ""
    try:
        wanted = {name: values[0] for name, values in parse_qs(link.lstrip("#"), strict_parsing=True).items()}
        document = index.document(wanted["source"])
        start, end = int(wanted["start"]), int(wanted["end"])
    except (KeyError, ValueError):
        return f'<p class="quiet">{own.unknown_source}</p>'
    source: Source = document.metadata["head"]
    text = document.page_content
    if 0 <= start < end:
        cited = f'<mark id="cited" tabindex="-1">{html.escape(text[start:end])}</mark>'
        body = f"{html.escape(text[:start])}{cited}{html.escape(text[end:])}"
    else:
        body = html.escape(text)
    return (
        f'<article data-link="{html.escape(link)}"><div class="bar">'
        f'<button data-panel="back">{own.back}</button><button data-panel="close">{own.close}</button></div>'
        f"{_card(source, index.sources, own)}"
        f'<div class="text" dir="auto" lang="{source.language}" tabindex="0" role="region" '
        f'aria-label="{own.source}">{body}</div></article>'
    )


def _card(source: Source, sources: Sources, own: Words) -> str:
    official = own.is_official if source.kind in OFFICIAL else own.not_official
    publisher = published_by(source.publisher, own.code)
    date = day(source.published, own) if source.published else own.undated
    facts = {
        own.published: text_html(", ".join(part for part in (publisher, source.author, date) if part)),
        own.kind: f"{dict(own.kinds)[source.kind]} ({official})",
        own.standing: standing_chip(source, sources, own),
        own.read: dict(own.seen)[source.seen],
    }
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts.items() if value)
    address = html.escape(source.url)
    original = (
        f'<a class="original" href="{address}" target="_blank" rel="noopener noreferrer">{own.original} ↗</a>'
        if source.url.startswith(("https://", "http://"))
        else f"<span>{own.no_original}</span>"
    )
    # What was read whole may be a text of the reader's own, which stands there as it was added.
    digest = f'<p class="quiet">{own.digest}</p>' if source.seen != "full" else ""
    return f'<h2 dir="auto">{text_html(source.title)}</h2><dl>{rows}</dl><p>{original}</p>{digest}'
