"""The values that flow through the program: frozen, without behaviour.

`Source` is the head of a source file. A Document, a passage and a sentence are LangChain `Document`s:
their `id`s are `source`, `source#n` and `source#n.m`; passages and sentences carry `source`, `start` and
`end` in their metadata, character offsets into the source's text after its head.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from langchain_core.documents import Document
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Kind = Literal["notice", "law", "statement", "court", "data", "analysis", "news"]
Standing = Literal["in force", "repealed", "draft"]
Seen = Literal["full", "excerpt", "memory"]
Outcome = Literal["answered", "partial", "declined", "clarify", "out_of_scope"]

QUOTES = "quotes"
"""The name of the writer that needs no model."""
OFFICIAL: frozenset[Kind] = frozenset({"notice", "law", "statement", "court"})


def _date(text: str) -> str:
    """Accept a year, a month or a day of the calendar: 2021, 2021-09, 2021-09-24; empty where unknown."""
    if text:
        year, month, day = [*text.split("-"), "01", "01"][:3]
        date(int(year), int(month), int(day))
    return text


PartialDate = Annotated[str, Field(pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$"), AfterValidator(_date)]


class Source(BaseModel):
    """The head of a source: who published what, when, in which language, and what became of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[^#?\s][^#?\n]*$", max_length=200)
    title: str = Field(min_length=1)
    publisher: str = ""
    author: str = ""
    published: PartialDate = ""
    kind: Kind = "news"
    language: str = Field(default="en", pattern=r"^[a-z]{2}$")
    url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    standing: Standing | None = None
    repealed_by: str | None = None
    repealed_on: PartialDate | None = None
    called: str | None = None
    """How other sources name this rule, so that an answer that rests on it is noticed."""
    seen: Seen = "full"
    prose: bool = False
    """Whether the text is the publication's own, whose sentences lean on each other, not a digest of single ones."""


@dataclass(frozen=True)
class Turn:
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True)
class Filters:
    """Which sources may be searched, quoted and shown; by default all."""

    since: str = ""
    """The first year of publication, as 2021; empty for any. What has no date passes no period."""
    until: str = ""
    """The last year of publication."""
    official: bool = False
    """Whether only notices, laws, official statements and courts count."""
    language: str = ""
    """`en` or `zh`; empty for any."""


@dataclass(frozen=True)
class Question:
    """What was asked, with the turns before it, oldest first, and the sources it is asked of."""

    text: str
    history: tuple[Turn, ...] = ()
    filters: Filters = Filters()


@dataclass(frozen=True)
class Evidence:
    """A passage chosen for one question, under the key that an answer cites it by."""

    key: str
    passage: Document
    source: Source
    score: float
    sentences: tuple[Document, ...] = ()
    """The passage's sentences in their order; `metadata["score"]` where search ranked one."""


@dataclass(frozen=True)
class Citation:
    """A marker of the answer, bound to the sentence of a source that supports it.

    `quote` is exactly `text[start:end]` of the source's text after its head.
    """

    key: str
    source: Source
    quote: str
    start: int
    end: int


@dataclass(frozen=True)
class Answer:
    """An answer while it grows; `done` once every sentence has been checked against its citation."""

    question: Question
    text: str = ""
    outcome: Outcome = "answered"
    citations: tuple[Citation, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    searched: tuple[str, ...] = ()
    odds: float = -math.inf
    """Log odds that the evidence holds an answer; minus infinity where nothing was searched or found."""
    missing: tuple[str, ...] = ()
    """Names in the question that no source mentions."""
    notes: tuple[str, ...] = ()
    """Sentences of the text that claim nothing and so need no citation: what the sources do not mention."""
    timings: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds under `search_ms`, `write_ms` and `total_ms`; where a chat model was asked, also under
    `first_token_ms`, from the question to its first word, and `check_ms`."""
    writer: str = QUOTES
    """Who wrote the text: `quotes`, or the name of the chat model."""
    drafted: int = 0
    """Sentences of the chat model's draft, where one was checked."""
    removed: tuple[str, ...] = ()
    """Those of them that did not hold, each after the reason and a colon."""
    done: bool = False
