"""Asides: messages that ask for no fact, but for advice, a forecast, an opinion, a way round the rules, or for nothing.

What one is is learnt from examples, by their words and by how near they lie. They are data beside our own sources,
written by hand; other folders have none, and there only what `scope` knows is no question of fact.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.classifying import Classifier
from bot.gaps import Gap
from bot.sources import lines
from bot.terms import has_han

FILE = "asides.jsonl"

SOURCE = ""
"""The source under which they are indexed beside the gaps: none."""
NEAREST = 5
"""Examples, and entries of the sources, whose cosines are held against each other."""
NEARER = 30.0
"""What a cosine counts against the words' log odds."""
BAR = -2.5
"""The words' log odds, with what lies nearer, above which a question is taken for an aside, set on the tuning half."""
WORDS = 3.2
"""The same where the words alone tell."""
LEANS = 2.5
"""How much higher it is for a question that leans on the turns before it."""

Sort = Literal["advice", "evasion", "forecast", "opinion", "chat", "elsewhere", "fact"]


class Aside(BaseModel):
    """An example: what is asked, and the sort of thing it is; a "fact" is none, but sounds like one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sort: Sort
    question: str


def read(folder: Path) -> tuple[Aside, ...]:
    """The examples beside the sources of a folder; none if there is no such file. Raises SourceError."""
    return tuple(lines(folder / FILE, Aside))


def left_open(asides: Iterable[Aside]) -> Gap:
    """The asides as a gap of no source, to be indexed beside the others; Chinese ones are told by their words."""
    return Gap(
        source=SOURCE, questions=tuple(a.question for a in asides if a.sort != "fact" and not has_han(a.question))
    )


def odds(text: str, asides: Mapping[str, float], others: Iterable[float]) -> float:
    """Log odds that the text is an aside, from its words and from the cosines of the nearest asides and of all `others`
    that search found near; without others the words alone tell."""
    told, beside = words().log_odds(text), list(others)
    return told + NEARER * _nearer(list(asides.values()), beside) - BAR if beside else told - WORDS


def _nearer(asides: list[float], others: list[float]) -> float:
    """How much nearer the nearest asides lie than all else; what was not found lies as far as the farthest found."""
    farthest = min(asides + others)
    return _mean(asides, farthest) - _mean(others, farthest)


def _mean(cosines: Sequence[float], missing: float) -> float:
    best = sorted(cosines, reverse=True)[:NEAREST]
    return sum((*best, *[missing] * (NEAREST - len(best)))) / NEAREST


@cache
def words() -> Classifier:
    """What the words of a message tell of whether it is an aside."""
    return Classifier.read("asides")


def check(asides: Sequence[Aside], answered: Iterable[str]) -> list[str]:
    """One line for each example that stands twice, and each aside that a sentence answers."""
    views = set(answered)
    counted = Counter(aside.question for aside in asides)
    return [
        *(f"{FILE}: {question!r} stands there twice; remove one" for question, n in counted.items() if n > 1),
        *(f"{FILE}: {a.question!r} is a view of a sentence; remove one" for a in asides if a.question in views),
    ]
