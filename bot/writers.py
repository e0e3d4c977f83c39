"""Writers turn a question and its evidence into draft text with markers.

A writer is a LangChain `Runnable[Brief, str]`: `stream` yields pieces of the draft, `invoke` all of it.
The quoting writer needs no model: it quotes the sentences that answer.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.documents import Document
from langchain_core.runnables import Runnable, RunnableConfig

from bot.asking import EXACT, asked_for, asks_for_list, holds
from bot.passages import is_whole
from bot.records import Evidence, Question
from bot.terms import content_terms, numbers

MOST = 4
"""Sentences of an answer."""
MARGIN = 4.0
"""How far below the first sentence one of another passage may rank."""
HEADING = 10
"""Most words of a line that counts as a heading."""
LISTED = 6.0
"""The same where several things are asked for, which often stand in several sources."""
BESIDE = 5.0
"""The same for what stands in the first sentence's passage, which completes it; farther below hardly any does."""
WIDER = 8.0
"""The same where more is wanted: what is asked for is lacking so far."""


@dataclass(frozen=True)
class Brief:
    """What a writer is given: a question and the evidence to answer it from."""

    question: Question
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Quote:
    """A sentence of a piece of evidence, chosen for the answer."""

    key: str
    sentence: Document


class QuotingWriter(Runnable[Brief, str]):
    """Leads with the sentence that ranks first and adds those close behind that say something new.

    Prose is quoted at more length: nobody made its sentences complete in themselves.
    """

    def __init__(self, most: int = MOST, margin: float = MARGIN) -> None:
        self.most = most
        self.margin = margin

    def stream(self, input: Brief, config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[str]:
        separator = ""
        margin = max(self.margin, LISTED) if asks_for_list(input.question.text) else self.margin
        for quote in choose(input.evidence, self.most, margin, _is_exact(input)):
            yield f"{separator}{quote.sentence.page_content} [{quote.key}]"
            separator = "\n"

    def invoke(self, input: Brief, config: RunnableConfig | None = None, **kwargs: Any) -> str:
        return "".join(self.stream(input, config))


def choose(evidence: Sequence[Evidence], most: int = MOST, margin: float = MARGIN, exact: bool = True) -> list[Quote]:
    """The best sentence, then others that add something and lie at most `margin` below, `most` in all.

    Unless the best one is all that is asked for, `exact`, others of its passage, which complete it, may lie farther
    below. If it is prose, all others are of its source, and in the order of the text.
    """
    quotes = [Quote(e.key, s) for e in evidence for s in e.sentences if _score(s) > -math.inf]
    quotes.sort(key=lambda quote: -_score(quote.sentence))
    quotes = [quote for quote in quotes if not _is_heading(quote, evidence)] or quotes
    if not quotes:
        return []
    first = quotes[0]
    prose = any(e.source.prose and e.source.id == _source(first) for e in evidence)
    chosen = [first]
    for quote in quotes[1:]:
        if len(chosen) == most:
            break
        below = _score(first.sentence) - _score(quote.sentence)
        if prose:
            near = _source(quote) == _source(first) and (not exact or below <= WIDER)
        else:
            near = below <= (margin if exact or quote.key != first.key else max(margin, BESIDE))
        if near and not any(repeats(quote.sentence.page_content, other.sentence.page_content) for other in chosen):
            chosen.append(quote)
    others = chosen[1:]
    return [first, *(sorted(others, key=lambda quote: quote.sentence.metadata["start"]) if prose else others)]


def best_score(evidence: Sequence[Evidence]) -> float:
    """The score of the sentence that ranks first; minus infinity where there is none."""
    return max((_score(sentence) for each in evidence for sentence in each.sentences), default=-math.inf)


def _is_exact(brief: Brief) -> bool:
    """Whether a date or number is asked for, and the first sentence holds one."""
    query, first = brief.question.text, choose(brief.evidence, most=1)
    return asked_for(query) in EXACT and bool(first) and holds(query, first[0].sentence.page_content) > 0


def _is_heading(quote: Quote, evidence: Sequence[Evidence]) -> bool:
    """Whether the quote is a short line of prose that stands alone and ends without a stop."""
    text = quote.sentence.page_content
    alone = any(e.key == quote.key and e.source.prose and len(e.sentences) == 1 for e in evidence)
    return alone and len(text.split()) <= HEADING and not is_whole(text)


def _source(quote: Quote) -> str:
    return str(quote.sentence.metadata["source"])


def repeats(text: str, other: str) -> bool:
    """Whether `text` says little beyond `other`: no new number, and most of its words are the other's."""
    mine, theirs = set(content_terms(text)), set(content_terms(other))
    shared = len(mine & theirs) / (len(mine) or 1)
    return shared > 0.8 or (shared > 0.55 and numbers(text) <= numbers(other))


def _score(sentence: Document) -> float:
    return float(sentence.metadata["score"])
