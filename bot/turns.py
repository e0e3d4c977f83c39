"""Turns about the last answer: they ask what it rests on, or for it in short, or for nothing more ("thanks").

They hold no word that a search could use, and are told by the examples of `turns.toml`.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from bot.records import Question
from bot.spelling import near
from bot.terms import has_han, simplified

Wanted = Literal["sources", "short", "nothing", ""]
"""What a turn wants of the last answer; empty where it asks something of the sources."""

ALIKE = 0.9
"""How nearly a turn must be spelt like an example."""
LONGEST = 120
"""Most characters of a turn that is looked at."""
_WANTED: tuple[Wanted, ...] = ("sources", "short")
_ENDS = re.compile(r"[.?!;,。？！；，…\n]+")
_MARKS = re.compile(r"[^\w\s'’]+|\s+")


def wanted(question: Question) -> Wanted:
    """What the question wants of the last answer; empty where there is none, or it asks for anything else too."""
    if len(question.text) > LONGEST or not any(turn.role == "assistant" for turn in question.history):
        return ""
    clauses = {bare for clause in _ENDS.split(question.text) if (bare := _bare(clause))}
    if not clauses:
        return "nothing"
    return next((kind for kind in _WANTED if all(_is_like(clause, _examples(kind)) for clause in clauses)), "")


def _is_like(clause: str, examples: frozenset[str]) -> bool:
    return clause in examples or (not has_han(clause) and near(clause, examples, ALIKE))


def _bare(clause: str) -> str:
    """The clause in small simplified letters without marks and the fillers at its ends."""
    text = _MARKS.sub(" ", simplified(clause.casefold()).replace("’", "'")).strip()
    before, after = _fillers()
    return after.sub("", before.sub("", text)).strip()


@cache
def _examples(kind: str) -> frozenset[str]:
    return frozenset(_bare(example) for example in _read()[kind])


@cache
def _fillers() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What matches the fillers that a clause begins with, and those that it ends with."""
    words = sorted(_read()["fillers"], key=len, reverse=True)
    spaced = "|".join(re.escape(word) for word in words if not has_han(word))
    joined = "|".join(word for word in words if has_han(word))
    return (
        re.compile(rf"^(?:(?:(?:{spaced})(?![\w'])|{joined})\s*)+"),
        re.compile(rf"(?:\s*(?:(?<![\w'])(?:{spaced})|{joined}))+$"),
    )


@cache
def _read() -> dict[str, list[str]]:
    return tomllib.loads((files("bot") / "turns.toml").read_text(encoding="utf-8"))
