"""Measures of retrieval (by `ir_measures`), of answers and of declining (pure).

A case without an answer counts as worst; it is never dropped.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np
from ir_measures import RR, Qrel, ScoredDoc, Success, nDCG
from langchain_core.documents import Document

from bot.asking import names
from bot.citing import parts
from bot.records import Answer, Citation
from bot.support import broken, head
from bot.terms import content_terms, numbers
from eval.cases import Case

RETRIEVAL = (Success @ 1, Success @ 5, RR, nDCG @ 5)
"""Right piece first; among the first five; reciprocal rank; and normalised gain (Järvelin and Kekäläinen, 2002)."""


def retrieval(gold: Mapping[str, set[str]], rankings: Mapping[str, Sequence[str]]) -> dict[str, dict[str, float]]:
    """Each measure for each case that has gold, by measure and case id; `rankings` holds ids, best first.

    A case that found nothing scores 0.
    """
    judged = [Qrel(case, piece, 1) for case, pieces in gold.items() for piece in sorted(pieces)]
    run = [
        ScoredDoc(case, piece, -rank)
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
    """How one answer did; every share lies between 0 and 1, and is None where it does not apply."""

    outcome: float
    """1 if the bot answered what it should and declined what it should."""
    nuggets: float | None
    """Share of what must be said that is said (Voorhees, "Overview of the TREC 2003 Question Answering Track")."""
    cited: float | None
    """Citation recall: share of the answer's statements that carry a citation."""
    carried: float | None
    """Citation precision: share of citations whose quote is in its source to the letter and carries its statement."""
    on_point: float | None
    """Share of the citations that rest on the words the case rests on."""
    clean: float
    """1 if nothing is said that must not be said."""
    unsupported: int
    """Numbers, dates and names of the answer that stand in none of its citations."""
    words: int
    milliseconds: float
    why: tuple[str, ...]
    """What is wrong, a line each."""


_WORDS = re.compile(r"[一-鿿]|[^\s一-鿿]+")
"""A Chinese character counts as a word."""

SHARES = ("outcome", "nuggets", "cited", "carried", "on_point", "clean")


def judge(case: Case, answer: Answer, texts: Mapping[str, str]) -> Verdict:
    """The verdict on an answer, by the case's nuggets and by the texts of the sources."""
    answered, quotes = gives_answer(answer), bool(answer.citations) or gives_answer(answer)
    said = answer.text.lower().replace("**", "")
    missing = [n[0] for n in case.nuggets if not (answered and any(spelling.lower() in said for spelling in n))]
    nuggets = 1 - len(missing) / len(case.nuggets) if case.nuggets else float(answered and bool(said))
    forbidden = [bad for bad in case.must_not if bad.lower() in said]
    bound = statements(answer)
    bare = [text for text, citations in bound if not citations]
    wrong = [c for text, citations in bound for c in citations if not carries(c, text, texts)]
    count = sum(len(citations) for _, citations in bound)
    loose = unsupported(answer)
    why = [
        *([f"{answer.outcome}, should be {case.outcome}"] if answered != case.answerable else []),
        *(f"does not say: {nugget}" for nugget in missing if case.answerable),
        *(f"says: {bad}" for bad in forbidden),
        *(f"not cited: {text}" for text in bare if quotes),
        *(f"not carried by [{c.key}] {c.source.id}" for c in wrong),
        *(f"in no citation: {item}" for item in sorted(loose)),
    ]
    return Verdict(
        outcome=float(answered == case.answerable),
        nuggets=nuggets if case.answerable else None,
        cited=(1 - len(bare) / len(bound) if bound else 0.0) if quotes else None,
        carried=(1 - len(wrong) / count if count else 0.0) if quotes else None,
        on_point=_on_point(case, answer, texts) if case.answerable and answered else None,
        clean=float(not forbidden),
        unsupported=len(loose),
        words=len(_WORDS.findall(answer.text)),
        milliseconds=answer.timings.get("total_ms", 0.0),
        why=tuple(why),
    )


def gives_answer(answer: Answer) -> bool:
    """Whether the bot answered, wholly or in part, rather than declined."""
    return answer.outcome in ("answered", "partial")


def statements(answer: Answer) -> list[tuple[str, tuple[Citation, ...]]]:
    """The answer's statements, each with the citations whose markers follow it; the answer's own notes are left out."""
    found: list[tuple[str, tuple[Citation, ...]]] = []
    for text, citations in parts(answer):
        if text and text not in answer.notes:
            found.append((text.replace("**", ""), citations))
        elif found and citations:  # a second marker
            found[-1] = (found[-1][0], (*found[-1][1], *citations))
    return found


def carries(citation: Citation, statement: str, texts: Mapping[str, str]) -> bool:
    """Whether the quote is the source's text to the letter, and the statement is the quote or nearly its words.

    Publisher and date may come from the source's head.
    """
    if texts.get(citation.source.id, "")[citation.start : citation.end] != citation.quote:
        return False
    if citation.quote in statement:
        return True
    around = head(citation.source)
    said, quoted = set(content_terms(statement)), set(content_terms(f"{citation.quote} {around}"))
    return not broken(statement, citation.quote, around) and len(said & quoted) >= 0.8 * len(said)


def unsupported(answer: Answer) -> frozenset[str]:
    """Numbers, dates and names of the answer's statements that stand in no citation's quote nor its source's head."""
    if not gives_answer(answer):
        return frozenset()
    held = " ".join(f"{c.quote} {c.source.title} {head(c.source)}" for c in answer.citations)
    said = " ".join(statement for statement, _ in statements(answer))
    terms = set(content_terms(held))
    unknown = {name for name in names(said) if name not in held and not terms.issuperset(content_terms(name))}
    return (numbers(said) - numbers(held)) | unknown


def _on_point(case: Case, answer: Answer, texts: Mapping[str, str]) -> float:
    def rests(source: str, start: int, end: int) -> bool:
        for rest in case.rests_on:
            place = texts[rest.source].find(rest.quote) if rest.source == source else -1
            if 0 <= place < end and start < place + len(rest.quote):
                return True
        return False

    return float(np.mean([rests(c.source.id, c.start, c.end) for c in answer.citations])) if answer.citations else 0.0


def declining(answerable: Sequence[bool], answered: Sequence[bool]) -> tuple[float, float]:
    """Precision and recall of declining; 1 where nothing was declined, or nothing was to be."""
    declined = sum(not a for a in answered)
    unanswerable = sum(not a for a in answerable)
    both = sum(not a and not b for a, b in zip(answerable, answered, strict=True))
    return both / declined if declined else 1.0, both / unanswerable if unanswerable else 1.0


def telling(answerable: Sequence[bool], odds: Sequence[float]) -> float:
    """How well the odds tell the answerable from the unanswerable: the area under the ROC curve, 0.5 for chance."""
    from sklearn.metrics import roc_auc_score

    if len(set(answerable)) < 2:
        return float("nan")
    return float(roc_auc_score(answerable, np.clip(odds, -1e9, 1e9)))


def risk_coverage(answerable: Sequence[bool], odds: Sequence[float]) -> list[tuple[float, float]]:
    """Pairs of (share answered, share of those without an answer) as the bar falls (El-Yaniv and Wiener, 2010)."""
    ordered = [a for _, a in sorted(zip(odds, answerable, strict=True), key=lambda pair: -pair[0])]
    wrong = np.cumsum([not a for a in ordered])
    return [(n / len(ordered), float(w) / n) for n, w in enumerate(wrong, 1)]


def interval(values: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """The 95 per cent bootstrap interval of the mean (Efron, 1979); equal ends where all values are equal."""
    if len(set(values)) < 2:
        return (values[0], values[0]) if values else (0.0, 0.0)
    drawn = np.random.default_rng(seed).choice(np.asarray(values, float), size=(2000, len(values)))
    low, high = np.quantile(drawn.mean(axis=1), [0.025, 0.975])
    return float(low), float(high)


def ids(pieces: Sequence[Document]) -> list[str]:
    """The pieces' ids in their order."""
    return [str(piece.id) for piece in pieces]
