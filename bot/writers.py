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

from bot.records import Evidence, Question
from bot.terms import content_terms, numbers

MOST = 4
"""Sentences of an answer."""
MARGIN = 4.0
"""How far below the first sentence another may rank."""


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
    """Leads with the sentence that ranks first and adds those close behind that say something new."""

    def __init__(self, most: int = MOST, margin: float = MARGIN) -> None:
        self.most = most
        self.margin = margin

    def stream(self, input: Brief, config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[str]:
        separator = ""
        for quote in choose(input.evidence, self.most, self.margin):
            yield f"{separator}{quote.sentence.page_content} [{quote.key}]"
            separator = "\n"

    def invoke(self, input: Brief, config: RunnableConfig | None = None, **kwargs: Any) -> str:
        return "".join(self.stream(input, config))


def choose(evidence: Sequence[Evidence], most: int = MOST, margin: float = MARGIN) -> list[Quote]:
    """The best sentence, then others that add something and lie at most `margin` below, `most` in all."""
    quotes = [Quote(e.key, s) for e in evidence for s in e.sentences if _score(s) > -math.inf]
    quotes.sort(key=lambda quote: -_score(quote.sentence))
    chosen: list[Quote] = []
    for quote in quotes:
        if len(chosen) == most or (chosen and _score(quote.sentence) < _score(chosen[0].sentence) - margin):
            break
        if not any(repeats(quote.sentence.page_content, other.sentence.page_content) for other in chosen):
            chosen.append(quote)
    return chosen


def repeats(text: str, other: str) -> bool:
    """Whether `text` says little beyond `other`: no new number, and most of its words are the other's."""
    mine, theirs = set(content_terms(text)), set(content_terms(other))
    shared = len(mine & theirs) / (len(mine) or 1)
    return shared > 0.8 or (shared > 0.55 and numbers(text) <= numbers(other))


def _score(sentence: Document) -> float:
    return float(sentence.metadata["score"])
