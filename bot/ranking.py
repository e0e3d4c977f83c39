"""Order the sentences that search found by how likely each answers the question, and tell whether any does.

A small linear ranker over features of question and sentence, after Metzler and Kanungo, "Machine Learned
Sentence Selection Strategies for Query-Biased Summarization" (2008).
"""

import difflib
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from langchain_core.documents import Document

from bot.asking import asks_at_present, asks_for_now, counts, holds, lists, names, shared_year
from bot.index import Index
from bot.passages import lead
from bot.records import OFFICIAL, Source
from bot.retrieval import scored
from bot.terms import content_terms, has_han, speaks_of_repeal

DEPTH = 60
"""Sentences that are ranked again."""


@dataclass(frozen=True)
class Features:
    """What is known of a question and a sentence; all but `fused` lie between 0 and 1."""

    fused: float
    """Standard score of the fused search."""
    cosine: float
    """Cosine of question and sentence; 0 where the embedder did not rank the sentence."""
    cover: float
    """Share of the question's terms, weighed by rarity, that stand in the sentence."""
    cover_head: float
    """The same with the source's title, publisher and date counted in."""
    kind: float
    """1 if the sentence holds what the question asks for: a date, a number, a name, a reason, a definition."""
    phrase: float
    """Share of the question's pairs of neighbouring terms that stand in the sentence."""
    official: float
    """1 if the source is official."""
    year: float
    """1 if the question names a year that the sentence names too, half if only the source's date does."""
    recent: float
    """1 if the question asks for what holds now, half if in the present, and the source is of the newest year."""
    read: float
    """1 if the publication was read at all, 0 if the source is from memory."""
    focus: float
    """Share of the terms of the sentence's leading clause, weighed by rarity, that the question has."""
    whole: float
    """1 if the sentence ends with a stop, 0 for a headline or an item."""
    listed: float
    """How far the sentence lists what the question asks to be listed."""
    counted: float
    """1 if the sentence counts what the question asks to be counted, half if it asks for no count."""
    stale: float
    """1 if the question asks in the present and the sentence rests on a repealed rule without saying so."""


WEIGHTS = Features(
    fused=1.0,
    cosine=2.4,
    cover=4.7,
    cover_head=3.5,
    kind=1.0,
    phrase=3.5,
    official=0.7,
    year=3.4,
    recent=3.9,
    read=0.5,
    focus=2.0,
    whole=1.0,
    listed=4.0,
    counted=0.7,
    stale=-4.6,
)
"""Fitted by `python -m eval fit` on the tuning half and two public sets; `read` and `whole` set by hand."""


@dataclass(frozen=True)
class Summary:
    """What the best sentences tell together about whether they hold an answer."""

    cosine: float
    cover: float
    """The share of the question's terms in one sentence with its head."""
    counted: float
    """1 if the first sentence counts what is asked to be counted."""


def summary(best: Sequence[Features]) -> Summary:
    """The summary of the five best sentences' features, of which there must be one."""
    return Summary(max(f.cosine for f in best[:5]), max(f.cover_head for f in best[:5]), best[0].counted)


ENOUGH = (-2.82, Summary(3.54, 1.32, 0.92))
"""Bias and weights of the log odds, fitted by `python -m eval fit`."""
ENOUGH_CHINESE = (-5.0, Summary(10.0, 0.0, 0.0))
"""The same for Chinese questions, whose cosines are those of another model; set on the tuning half."""
FAMILIAR = 0.15
"""The cover below which a follow-up counts as a change of subject."""


class Ranker:
    """Ranks found sentences; holds how rare each term is in the index."""

    def __init__(self, index: Index) -> None:
        self._sources = index.sources
        self._views = index.views
        self._newest = max(source.published[:4] for source in index.sources.values())
        self._count = len(index.sentences)
        self._holding = Counter(t for s in index.sentences for t in set(content_terms(s.page_content)))

    def rank(self, query: str, found: Sequence[Document]) -> list[Document]:
        """The first sentences found, best first, with the ranker's score and `metadata["features"]`."""
        ranked = []
        for sentence in found[:DEPTH]:
            features = self.features(query, sentence)
            score = float(np.dot(astuple(WEIGHTS), astuple(features)))
            ranked.append(scored(sentence, score))
            ranked[-1].metadata["features"] = features
        return sorted(ranked, key=lambda s: (-s.metadata["score"], str(s.id)))

    def odds(self, queries: Sequence[str], rankings: Sequence[Sequence[Document]]) -> float:
        """Log odds that the best sentences carry an answer; minus infinity where nothing was found.

        A follow-up is judged by its searches with the turns before it too, unless it shares no words with what is
        held: then the subject has changed.
        """
        odds = [_odds(query, found[:5]) for query, found in zip(queries, rankings, strict=True)]
        cover = max((s.metadata["features"].cover_head for s in rankings[0][:5]), default=0.0)
        changed = bool(content_terms(queries[0])) and cover < FAMILIAR
        return odds[0] if changed else max(odds)

    def unknown_names(self, query: str) -> tuple[str, ...]:
        """Names in the query that stand nowhere in the sources, nor anything spelt nearly like them."""
        return tuple(name for name in names(query) if not self._knows(name))

    def _knows(self, name: str) -> bool:
        asked = content_terms(name)
        return all(
            term in self._vocabulary or difflib.get_close_matches(term, self._vocabulary, n=1, cutoff=0.85)
            for term in asked
        )

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        """Every term of a sentence, a head or a question view."""
        heads = " ".join(_head(source) for source in self._sources.values())
        views = " ".join(question for asked in self._views.values() for question in asked)
        return frozenset(self._holding) | frozenset(content_terms(heads)) | frozenset(content_terms(views))

    def features(self, query: str, sentence: Document) -> Features:
        """What is known of the query and the sentence."""
        source = self._sources[sentence.metadata["source"]]
        asked = content_terms(query)
        held = content_terms(" ".join((sentence.page_content, *self._views.get(str(sentence.id), ()))))
        pairs = set(pairwise(asked))
        at_present = asks_at_present(query)
        return Features(
            fused=float(sentence.metadata["score"]),
            cosine=float(sentence.metadata.get("cosine", 0.0)),
            cover=self._cover(asked, held),
            cover_head=self._cover(asked, held + content_terms(_head(source))),
            kind=holds(query, sentence.page_content),
            phrase=len(pairs & set(pairwise(held))) / len(pairs) if pairs else 0.0,
            official=float(source.kind in OFFICIAL),
            year=shared_year(query, sentence.page_content, source.published),
            recent=(0.5 + 0.5 * asks_for_now(query)) * (at_present and source.published[:4] == self._newest),
            read=float(source.seen != "memory"),
            focus=self._cover(content_terms(lead(sentence.page_content)), asked),
            listed=lists(query, sentence.page_content),
            counted=counts(query, sentence.page_content),
            stale=float(at_present and self._stale(source, sentence.page_content)),
            whole=float(sentence.page_content.rstrip("”’\"')）]").endswith((".", "!", "?", "。", "！", "？"))),
        )

    def _stale(self, source: Source, text: str) -> bool:
        """Whether the text is a repealed rule's, or names one and does not speak of its repeal."""
        repealed = [head for head in self._sources.values() if head.standing == "repealed"]
        named = any(head.called and head.called.lower() in text.lower() for head in repealed)
        return (source in repealed or named) and not speaks_of_repeal(text)

    def _cover(self, asked: Sequence[str], held: Sequence[str]) -> float:
        weights = {term: self._rarity(term) for term in asked}
        return sum(weights[term] for term in weights.keys() & set(held)) / (sum(weights.values()) or 1.0)

    def _rarity(self, term: str) -> float:
        """Inverse document frequency over sentences, as in BM25."""
        return math.log(1 + (self._count - self._holding[term] + 0.5) / (self._holding[term] + 0.5))


def _odds(query: str, best: Sequence[Document]) -> float:
    if not best:
        return -math.inf
    bias, weights = ENOUGH_CHINESE if has_han(query) else ENOUGH
    told = summary([sentence.metadata["features"] for sentence in best])
    return float(bias + np.dot(astuple(weights), astuple(told)))


def _head(source: Source) -> str:
    return f"{source.title} {source.publisher} {source.published}"
