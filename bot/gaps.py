"""Gaps: questions near the sources that no sentence of them answers, indexed beside the questions they do answer.

They are data beside the sources, written by hand. A question that lies nearer to a gap than to all that sentences say
and answer, or is worded as gaps are, has most likely no answer here either. That what cannot be answered is learnt from
questions as near as people's own is shown by Rajpurkar, Jia and Liang, "Know What You Don't Know" (2018).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from bot.classifying import Classifier
from bot.sources import lines
from bot.views import View

FILE = "gaps.jsonl"

Gaps = Mapping[str, tuple[str, ...]]
"""The questions that each source leaves open, by the source's id; asides under none."""


class Gap(BaseModel):
    """A source, and questions that its readers ask next and no source answers; without a source, asides."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    questions: tuple[str, ...]


def read(folder: Path) -> tuple[Gap, ...]:
    """The gaps beside the sources of a folder; none if there is no such file. Raises SourceError."""
    return tuple(lines(folder / FILE, Gap))


def bind(gaps: Iterable[Gap], sources: Set[str]) -> dict[str, tuple[str, ...]]:
    """The questions by the id of their source; those of a source that is not there are left out."""
    return {gap.source: gap.questions for gap in gaps if gap.source in sources or not gap.source}


def numbered(gaps: Gaps) -> list[tuple[str, str]]:
    """The questions, each after the id under which a store keeps it, which begins as no sentence's does."""
    return [(f"?{source}.{n}", question) for source, asked in gaps.items() for n, question in enumerate(asked, 1)]


@cache
def words() -> Classifier:
    """What the words of a question tell of whether it is left open: "by name", "so far"."""
    return Classifier.read("gaps")


def check(gaps: Sequence[Gap], views: Iterable[View], sources: Set[str]) -> list[str]:
    """One line for each source that is not there or has two lines, and each question that stands twice or is a view."""
    answered = {question for view in views for question in view.questions}
    lines = Counter(gap.source for gap in gaps)
    asked = Counter(question for gap in gaps for question in gap.questions)
    return [
        *(f"gaps: no source is called {source}; mend or remove it" for source in lines if source not in sources),
        *(f"gaps: {source} has {count} lines; make them one" for source, count in lines.items() if count > 1),
        *(f"gaps: {question!r} stands there twice; remove one" for question, count in asked.items() if count > 1),
        *(f"gaps: {question!r} is a view of a sentence; remove one" for question in asked if question in answered),
    ]
