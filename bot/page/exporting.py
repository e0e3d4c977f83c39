"""The conversation as it leaves the page: Markdown, lines of JSON, text to paste; pure, no Gradio."""

import json
import re
from collections.abc import Mapping
from datetime import date
from itertools import groupby

from bot.page.conversation import Cited, Conversation, Line, Reply, by_source, pieces


def file_name(conversation: Conversation, today: date, ending: str) -> str:
    """The name of an exported file: the day and the first words of the first question that was answered."""
    asked = next((reply.line.question for reply in conversation if reply.state == "done"), "")
    words = re.findall(r"\w+", asked)[:7]
    return "-".join(["banbot", today.isoformat(), *words])[:64].rstrip("-") + f".{ending}"


def as_lines(conversation: Conversation) -> str:
    """The answers as lines of JSON, as `ask --json` writes them and `banbot verify` checks them."""
    lines = [reply.line for reply in conversation if reply.state == "done"]
    done = [line.model_dump(mode="json", exclude=None if line.writer else {"writer"}) for line in lines]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in done)


DIGESTS = (
    "_The sentences come from the digests that Banbot holds, in its own words; open the original before quoting it. "
    "句子出自Banbot自行编写的摘要，引用前请打开原文。_"
)


def as_markdown(conversation: Conversation) -> str:
    """The conversation as Markdown with a footnote for each source, which holds all that is quoted of it."""
    parts = ["# Banbot", DIGESTS]
    for number, reply in enumerate((r for r in conversation if r.state == "done"), 1):
        cited = [one for one, _ in by_source(reply.line)]
        marks = {one.source: f"[^{number}-{at}]" for at, one in enumerate(cited, 1)}
        parts += [f"## {_escaped(reply.line.question)}", *_paragraphs(reply.line, marks)]
        for one in cited:
            quotes = dict.fromkeys(_escaped(each.quote) for each in reply.line.citations if each.source == one.source)
            parts.append(f"{marks[one.source]}: {_escaped(about(one))}. {' · '.join(quotes)} {_address(one)}")
    return "\n\n".join(parts) + "\n"


def _paragraphs(line: Line, marks: Mapping[str, str]) -> list[str]:
    """The text with the marks of its footnotes: each paragraph, and each list, is one part."""
    parts = []
    for listed, group in groupby(pieces(line), key=lambda each: each.item):
        said = [" ".join(_escaped(s) + (marks[c.source] if c else "") for s, c in each.statements) for each in group]
        parts += ["\n".join(f"- {text}" for text in said)] if listed else said
    return parts


def as_text(reply: Reply) -> str:
    """One answer with its citations, to be pasted anywhere; each source is named once with all of its numbers."""
    notes = [f"{''.join(f'[{key}]' for key in keys)} {about(c)}. {_address(c)}" for c, keys in by_source(reply.line)]
    return "\n".join([reply.line.text, "", *notes]).strip()


def about(cited: Cited) -> str:
    """Title, publisher and date of what is cited in one line."""
    return ", ".join(part for part in (cited.title, cited.publisher, cited.published) if part)


def _address(cited: Cited) -> str:
    return cited.url or f"({cited.source})"


def _escaped(text: str) -> str:
    return "".join("\\" + char if char in r"\`*_{}[]<>#" else char for char in text)
