"""Cases: questions with what a right answer must rest on, as (source, quoted words), never a passage id."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from langchain_core.documents import Document
from pydantic import BaseModel, ConfigDict

from bot.feedback import Told
from bot.records import Outcome, Question, Turn

CASES = Path(__file__).parent / "cases"
Half = Literal["tune", "held"]
HALVES: tuple[Half, ...] = ("tune", "held")


class Rest(BaseModel):
    """Words of a source that carry the answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    source: str
    quote: str


class _Turn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    role: Literal["user", "assistant"]
    content: str


class Case(BaseModel):
    """A question, the right outcome, and what a right answer rests on, says and does not say.

    `rests_on` are alternatives; each nugget is a list of spellings of which one suffices.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    kind: str
    question: str
    history: tuple[_Turn, ...] = ()
    outcome: Outcome
    rests_on: tuple[Rest, ...] = ()
    nuggets: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()
    half: Half = "tune"

    def asked(self) -> Question:
        """The question as the bot takes it."""
        return Question(self.question, tuple(Turn(turn.role, turn.content) for turn in self.history))

    @property
    def answerable(self) -> bool:
        """Whether the sources hold an answer, or half of one."""
        return self.outcome in ("answered", "partial")


def load(half: Half, folder: Path = CASES) -> list[Case]:
    """The cases of one half, in the order of their file."""
    lines = (folder / f"{half}.jsonl").read_text(encoding="utf-8").splitlines()
    return [Case.model_validate_json(line).model_copy(update={"half": half}) for line in lines if line.strip()]


def candidates(told: Iterable[Told]) -> Iterable[Case]:
    """Cases to be read and completed by a person, from what readers said of answers; each question once, the last word.

    A good answer's case rests on what the answer quotes. Where the answer was bad, what a right one rests on and
    whether the sources hold it is not known: the case only keeps the question.
    """
    last = {(str(each.answer["question"]), str(each.history)): each for each in told}
    for number, each in enumerate(last.values(), 1):
        quotes = each.answer["citations"] if each.good else ()
        yield Case(
            id=f"feedback-{each.told[:10]}-{number}",
            kind="feedback" if each.good else "feedback-bad",
            question=each.answer["question"],
            history=tuple(_Turn(role=t["role"], content=t["content"]) for t in each.history),  # type: ignore[arg-type]
            outcome=each.answer["outcome"],
            rests_on=tuple(Rest(source=c["source"], quote=c["quote"]) for c in quotes),
        )


def holding(case: Case, pieces: Iterable[Document], texts: Mapping[str, str]) -> set[str]:
    """The ids of the pieces (passages or sentences) in which the words that the case rests on stand.

    Raises ValueError if a source does not hold the quoted words.
    """
    spans: list[tuple[str, int, int]] = []
    for rest in case.rests_on:
        start = texts.get(rest.source, "").find(rest.quote)
        if start < 0:
            raise ValueError(f"{case.id}: {rest.source} does not hold {rest.quote!r}")
        spans.append((rest.source, start, start + len(rest.quote)))
    return {
        str(piece.id)
        for piece in pieces
        for source, start, end in spans
        if piece.metadata["source"] == source and piece.metadata["start"] < end and start < piece.metadata["end"]
    }
