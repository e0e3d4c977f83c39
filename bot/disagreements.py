"""Disagreements: things on which sources give different figures, dates or versions, to be shown side by side.

They are data beside the sources, written by hand for our own; other folders have none.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from langchain_core.documents import Document
from pydantic import BaseModel, ConfigDict

from bot.citing import quoted
from bot.phrases import phrases
from bot.places import Place, lost, meant
from bot.records import Answer
from bot.sources import lines
from bot.terms import content_terms

if TYPE_CHECKING:
    from bot.index import Index

FILE = "disagreements.jsonl"


class _Side(Place):
    says: str


class Written(BaseModel):
    """A disagreement as it is written down; `says` is the differing value, as it stands in the sentence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str
    sides: tuple[_Side, ...]
    explained: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Disagreement:
    """What the sides say of one thing, by the ids of their sentences, and the sentences that explain it."""

    about: str
    sides: Mapping[str, str]
    explained: tuple[str, ...]


_ASKED = re.compile(
    r"\b(?:differ\w*|disagree\w*|conflict\w*|contradict\w*|discrepan\w*|clash\w*"
    r"|(?:don['’]t|do not|doesn['’]t) (?:match|agree)|which (?:one )?is (?:it|right|true|correct)"
    r"|(?:different|differing|various|several|two|competing) (?:\w+ )?"
    r"(?:figures?|numbers?|dates?|reports?|counts?|estimates?|percentages?|versions?))\b"
    r"|说法不一|不同的?说法|矛盾|到底",
    re.IGNORECASE,
)


def side_by_side(answer: Answer, index: "Index") -> Answer:
    """The answer's first sentence beside what other sources say of the same thing, if sources differ on it."""
    found = _met(answer, index)
    if not found:
        return answer
    lead = answer.citations[0]
    first = f"{lead.quote} [{lead.key}]"
    note = phrases(answer.question.text).differ.format(found.about)
    kept = replace(answer, text=f"{first}\n{note}", citations=(lead,), notes=(*answer.notes, note))
    for key, says in found.sides.items():
        sentence = index.by_sentence[key]
        head = index.sources[sentence.metadata["source"]]
        who = ", ".join(part for part in (head.publisher, head.published) if part)
        kept = quoted(kept, sentence, index, f"\n- {says} ({who})")
    for number, key in enumerate(found.explained):
        sentence = index.by_sentence[key]
        if sentence.page_content != lead.quote:
            kept = quoted(kept, sentence, index, f"\n\n{sentence.page_content}" if number == 0 else "")
    return kept


def _met(answer: Answer, index: "Index") -> Disagreement | None:
    """The disagreement that the answer's first sentence is a side of, and that the question comes closest to.

    A question that itself speaks of differing reports may meet it by its second sentence and with fewer words.
    """
    query = answer.searched[0] if answer.searched else answer.question.text
    doubting = bool(_ASKED.search(answer.question.text))
    cited = {(c.source.id, c.start) for c in answer.citations[: 1 + doubting]}
    near = {each.about: _share(query, each.about) for each in index.disagreements if cited & _places(each, index)}
    best = max(near, key=lambda about: near[about], default="")
    if not best or near[best] < (0.2 if doubting else 0.4):
        return None
    return next(each for each in index.disagreements if each.about == best)


def _places(each: Disagreement, index: "Index") -> set[tuple[str, int]]:
    found = [index.by_sentence[key].metadata for key in (*each.sides, *each.explained)]
    return {(place["source"], place["start"]) for place in found}


def _share(query: str, about: str) -> float:
    """How much of the thing the question names, or, a little less worth, how much of the question the thing does."""
    named, asked = set(content_terms(about)), set(content_terms(query))
    both = len(named & asked)
    return max(both / len(named), 0.8 * both / (len(asked) or 1))


def read(folder: Path) -> tuple[Written, ...]:
    """The disagreements beside the sources of a folder; none if there is no such file. Raises SourceError."""
    return tuple(lines(folder / FILE, Written))


def bind(written: Iterable[Written], sentences: Sequence[Document]) -> tuple[Disagreement, ...]:
    """The disagreements with the sentences they mean; sides that changed are left out, and so is what has but one."""
    found = []
    for each in written:
        sides = {str(s.id): side.says for side in each.sides if (s := meant(side, sentences, side.says))}
        explained = tuple(str(s.id) for place in each.explained if (s := meant(place, sentences)))
        if len(sides) > 1:
            found.append(Disagreement(each.about, sides, explained))
    return tuple(found)


def check(written: Iterable[Written], sentences: Sequence[Document]) -> list[str]:
    """One line for each place whose sentence is not there, or does not say what it is to say."""
    missing: list[Place] = []
    for each in written:
        missing += [side for side in each.sides if meant(side, sentences, side.says) is None]
        missing += [place for place in each.explained if meant(place, sentences) is None]
    return lost(FILE, missing)
