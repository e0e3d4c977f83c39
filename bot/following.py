"""Follow-ups: the rankings of several searches become one, by what was said before."""

from collections.abc import Sequence
from dataclasses import dataclass

from langchain_core.documents import Document

from bot.fusing import fuse
from bot.records import Question
from bot.retrieval import scored

WEIGHTS = 1.0, 0.7, 0.5
"""What each search counts: the question by itself, after what the talk is about, and any other."""
SAID, SAME = 6.0, 2.0
"""What a sentence loses that an answer before quoted, as it has been read, and what the others of the sources gain that
the last answer quoted, in standard deviations. Set on the tuning half."""


@dataclass(frozen=True)
class Followed:
    """One ranking for all searches of a question, and what the turns before tell of its best sentence."""

    ranked: tuple[Document, ...]
    repeats: bool = False
    """Whether the searches by themselves find first what was quoted before, which is no answer to what comes after."""
    stays: float = 0.0
    """1 if the best sentence is of a source that the last answer quoted, half if that quoted none."""


def together(question: Question, rankings: Sequence[Sequence[Document]]) -> Followed:
    """The rankings as one: what was quoted before comes later, and other sentences of the last sources sooner."""
    if len(rankings) == 1:
        return Followed(tuple(rankings[0]))
    found = {str(s.id): s for ranking in reversed(rankings) for s in reversed(ranking)}
    scores = [{str(s.id): float(s.metadata["score"]) for s in ranking} for ranking in rankings]
    fused = fuse(scores, (*WEIGHTS, *WEIGHTS[2:] * len(rankings))[: len(rankings)])
    answers = [turn.content for turn in question.history if turn.role == "assistant"]
    said = {key for key, s in found.items() if any(s.page_content in answer for answer in answers)}
    last = {s.metadata["source"] for s in found.values() if answers and s.page_content in answers[-1]}
    stays = {key for key, s in found.items() if s.metadata["source"] in last}
    scored_anew = {key: score - SAID * (key in said) + SAME * (key in stays) for key, score in fused.items()}
    ranked = sorted(scored_anew, key=lambda key: -scored_anew[key])
    return Followed(
        tuple(scored(found[key], scored_anew[key]) for key in ranked),
        next(iter(fused), "") in said,
        float(ranked[0] in stays) if last and ranked else 0.5,
    )
