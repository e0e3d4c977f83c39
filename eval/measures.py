"""Measures of retrieval (by `ir_measures`) and of answers (pure); a case without an answer counts as worst."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np
from ir_measures import RR, Qrel, ScoredDoc, Success, nDCG
from langchain_core.documents import Document

from bot.records import Answer
from bot.terms import numbers
from eval.cases import Case

RETRIEVAL = (Success @ 1, Success @ 5, RR, nDCG @ 5)
"""Right piece first; among the first five; reciprocal rank; and normalised gain (Järvelin and Kekäläinen, 2002)."""


def retrieval(gold: Mapping[str, set[str]], rankings: Mapping[str, Sequence[Document]]) -> dict[str, dict[str, float]]:
    """Each measure for each case that has gold, by measure and case id; a case that found nothing scores 0."""
    judged = [Qrel(case, piece, 1) for case, pieces in gold.items() for piece in sorted(pieces)]
    run = [
        ScoredDoc(case, str(piece.id), -rank)
        for case, ranking in rankings.items()
        if case in gold
        for rank, piece in enumerate(ranking)
    ]
    scores = {str(measure): dict.fromkeys(gold, 0.0) for measure in RETRIEVAL}
    for metric in ir_measures.iter_calc(list(RETRIEVAL), judged, run):
        scores[str(metric.measure)][metric.query_id] = metric.value
    return scores


@dataclass(frozen=True)
class Verdict:
    """How one answer did; every measure lies between 0 and 1, and None where it does not apply."""

    outcome: float
    """1 if the bot answered what it should and declined what it should."""
    nuggets: float | None
    """Share of what must be said that is said."""
    on_point: float | None
    """Share of the citations that rest on the words the case rests on."""
    exact: float | None
    """Share of the answer's statements that are cited and whose quote is the source's text to the letter."""
    clean: float
    """1 if nothing is said that must not be said, and every number stands in a citation."""
    words: int


def judge(case: Case, answer: Answer, texts: Mapping[str, str]) -> Verdict:
    """The verdict on an answer, by the case's nuggets and by the texts of the sources."""
    answered = answer.outcome in ("answered", "partial")
    said = answer.text.lower()
    return Verdict(
        outcome=float(answered == case.answerable),
        nuggets=_nuggets(case, said if answered else "") if case.answerable else None,
        on_point=_on_point(case, answer, texts) if case.answerable and answer.citations else None,
        exact=_exact(answer, texts) if answered else None,
        clean=float(not any(bad.lower() in said for bad in case.must_not) and not unsupported_numbers(answer)),
        words=len(answer.text.split()),
    )


def _nuggets(case: Case, said: str) -> float:
    if not case.nuggets:
        return float(bool(said))
    return sum(any(spelling.lower() in said for spelling in nugget) for nugget in case.nuggets) / len(case.nuggets)


def _on_point(case: Case, answer: Answer, texts: Mapping[str, str]) -> float:
    def rests(source: str, start: int, end: int) -> bool:
        for rest in case.rests_on:
            place = texts[rest.source].find(rest.quote) if rest.source == source else -1
            if 0 <= place < end and start < place + len(rest.quote):
                return True
        return False

    return float(np.mean([rests(c.source.id, c.start, c.end) for c in answer.citations]))


def _exact(answer: Answer, texts: Mapping[str, str]) -> float:
    if not answer.citations:
        return 0.0
    good = [texts[c.source.id][c.start : c.end] == c.quote and c.quote in answer.text for c in answer.citations]
    return float(np.mean(good))


def unsupported_numbers(answer: Answer) -> frozenset[str]:
    """Numbers of the answer's text that stand in none of its citations' quotes (markers apart)."""
    text = answer.text
    for citation in answer.citations:
        text = text.replace(f"[{citation.key}]", "")
    return numbers(text) - frozenset(n for c in answer.citations for n in numbers(c.quote))


def interval(values: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """The 95 per cent bootstrap interval of the mean (Efron, 1979); equal ends where all values are equal."""
    if len(set(values)) < 2:
        return (values[0], values[0]) if values else (0.0, 0.0)
    drawn = np.random.default_rng(seed).choice(np.asarray(values, float), size=(2000, len(values)))
    low, high = np.quantile(drawn.mean(axis=1), [0.025, 0.975])
    return float(low), float(high)
