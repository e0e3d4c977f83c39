"""Answers and sources as the page shows them: pure, no Gradio."""

import html
import re
from typing import Any
from urllib.parse import parse_qs, urlencode

from bot.answering import Answerer
from bot.citing import parts
from bot.records import OFFICIAL, Answer, Citation, Source

EMPTY = "<p class='hint'>Click a number in an answer to read the sentence in its source.</p>"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+.!|~$-])")


def as_message(answer: Answer) -> str:
    """The checked answer as Markdown: each marker a link that opens its source at the sentence."""
    if not answer.citations:
        return plain(answer.text) + _nearest(answer)
    pieces = []
    for text, citations in parts(answer):
        marks = "".join(f"&nbsp;{_mark(citation)}" for citation in citations)
        listed = "- " if f"\n- {text}" in answer.text else ""
        pieces.append(f"{listed}{plain(text)}{marks}")
    named = {c.key: f"<small>**{c.key}** [{plain(about(c.source))}]({link(c)})</small>" for c in answer.citations}
    return "\n\n".join([*pieces, "  \n".join(named.values())])


def _mark(citation: Citation) -> str:
    return f'<a class="cite" href="{link(citation)}" title="{html.escape(about(citation.source))}">{citation.key}</a>'


def _nearest(answer: Answer) -> str:
    if answer.outcome != "declined" or not answer.evidence:
        return ""
    near = {e.source.id: e for e in reversed(answer.evidence[:3])}.values()
    links = [f"- [{plain(about(e.source))}]({_link(e.source.id, **_span(e.passage.metadata))})" for e in reversed(near)]
    return "\n\n<small>The nearest that was found</small>\n" + "\n".join(links)


def _span(metadata: dict[str, Any]) -> dict[str, int]:
    return {"start": metadata["start"], "end": metadata["end"]}


def link(citation: Citation) -> str:
    """Where the page's script looks for what to open: the source and the quote's offsets."""
    return _link(citation.source.id, citation.start, citation.end)


def _link(source: str, start: int, end: int) -> str:
    return "#" + urlencode({"source": source, "start": start, "end": end})


def about(source: Source) -> str:
    """Title, publisher and date of a source in one line."""
    return ", ".join(part for part in (source.title, source.publisher, source.published) if part)


def open_source(answerer: Answerer, link: str) -> str:
    """The whole source as HTML with the linked sentence highlighted; a link to nothing gives a hint."""
    try:
        wanted = {name: values[0] for name, values in parse_qs(link.lstrip("#"), strict_parsing=True).items()}
        document = answerer.index.document(wanted["source"])
        start, end = int(wanted["start"]), int(wanted["end"])
    except (KeyError, ValueError):
        return EMPTY
    source: Source = document.metadata["head"]
    text = document.page_content
    marked = (
        f"{html.escape(text[:start])}<mark id='cited'>{html.escape(text[start:end])}</mark>{html.escape(text[end:])}"
    )
    return f"<article>{_card(source)}<div class='text'>{marked}</div></article>"


def _card(source: Source) -> str:
    facts = {
        "Publisher": source.publisher,
        "Author": source.author,
        "Published": source.published or "date not known",
        "Kind": f"{source.kind} ({'official' if source.kind in OFFICIAL else 'not official'})",
        "Standing": f"repealed on {source.repealed_on}" if source.repealed_on else source.standing or "",
        "Read for this digest": {"full": "the whole original", "excerpt": "an excerpt", "memory": "nothing"}[
            source.seen
        ],
    }
    rows = "".join(f"<dt>{name}</dt><dd>{html.escape(value)}</dd>" for name, value in facts.items() if value)
    original = (
        f"<a href='{html.escape(source.url)}' target='_blank' rel='noopener noreferrer'>Open the original</a>"
        if source.url
        else "<span>The original's address is not known.</span>"
    )
    return f"<h2>{html.escape(source.title)}</h2><dl>{rows}</dl><p>{original}</p>"


def plain(text: str) -> str:
    """Text that Markdown and HTML show as it is."""
    return _MARKDOWN.sub(r"\\\1", html.escape(text, quote=False))
