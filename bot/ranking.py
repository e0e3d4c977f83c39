"""Order the sentences that search found by how likely each answers the question, and tell whether any does.

A small linear ranker over features of question and sentence, after Metzler and Kanungo, "Machine Learned
Sentence Selection Strategies for Query-Biased Summarization" (2008).
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import astuple, dataclass, replace
from functools import cached_property
from heapq import nlargest
from itertools import islice, pairwise
from operator import mul
from statistics import fmean

import numpy as np
from langchain_core.documents import Document

from bot import gaps
from bot.asking import asks_at_present, asks_for_now, holds, lists, names, shared_year
from bot.counting import counts
from bot.denying import denies
from bot.entries import is_gap
from bot.features import (
    ENOUGH,
    ENOUGH_ALONE,
    ENOUGH_CHINESE,
    ENOUGH_CHINESE_ALONE,
    ENOUGH_PROSE,
    SUBJECT,
    WEIGHTS,
    Features,
    Summary,
    summary,
)
from bot.index import Index, passage_id
from bot.likeness import Likeness, apart, wording
from bot.passages import is_whole, lead
from bot.records import OFFICIAL, Source
from bot.retrieval import scored
from bot.spelling import near
from bot.terms import content_terms, has_han, is_chinese, speaks_of_repeal

DEPTH = 40
"""Sentences that are ranked again; of 60 no other comes first."""
DEEPER = 60
"""The same where several searches are put together, each of which may have found what another ranks low."""
NEAREST = 30
"""Gaps that a question is held against, the nearest ones."""
KNOWN = 20_000
"""Most sentences of which is remembered what no question changes, a few kilobytes each."""
WORDED = 4.0
"""The most that the words of a question tell of whether it is left open, either way, in log odds."""
APART = 0.3
"""What a gap loses that asks for another sort of thing than the question, or of another time."""
SPELT = 0.85
"""How nearly a name must be spelt like a word of the sources to be taken for it."""


@dataclass(frozen=True)
class _Asked:
    """What of a question every sentence is held against; `rarity` by its terms."""

    query: str
    wording: frozenset[str]
    rarity: Mapping[str, float]
    total: float
    pairs: frozenset[tuple[str, str]]
    now: float
    """1 if the question asks for what holds now, half if merely in the present, else 0."""


@dataclass(frozen=True)
class _Held:
    """What of a sentence no question changes; `lead` holds the rarity of its leading clause's terms."""

    text: str
    source: Source
    views: tuple[frozenset[str], ...]
    terms: frozenset[str]
    headed: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    lead: Mapping[str, float]
    whole: bool
    stale: bool


class Ranker:
    """Ranks found sentences; holds how rare each term is in the index."""

    def __init__(self, index: Index) -> None:
        self._sources = index.sources
        self._passage = index.passage
        self._views = index.views
        self._gaps = {key: question for key, question in gaps.numbered(index.gaps) if is_gap(key)}
        self._likeness = Likeness([*(q for asked in index.views.values() for q in asked), *self._gaps.values()])
        newest = max(source.published[:4] for source in index.sources.values())
        self._recent = {newest: 1.0} | ({str(int(newest) - 1): 0.5} if newest else {})
        self._repealed = [s.called.lower() for s in self._sources.values() if s.standing == "repealed" and s.called]
        self._known: dict[str, _Held] = {}
        self._count = Counter(is_chinese(s.page_content) for s in index.sentences)
        self._holding = Counter(
            term
            for s in index.sentences
            for term in set(content_terms(s.page_content))
            if has_han(term) == is_chinese(s.page_content)
        )

    def rank(self, query: str, found: Sequence[Document], depth: int = DEPTH) -> list[Document]:
        """The first sentences found, best first, with the ranker's score and `metadata["features"]`."""
        asked = self._asked(query)
        ranked = []
        for sentence in found[:depth]:
            features = self._features(asked, sentence)
            score = sum(map(mul, vars(WEIGHTS).values(), vars(features).values()))
            ranked.append(scored(sentence, score))
            ranked[-1].metadata["features"] = features
        return sorted(ranked, key=lambda s: (-s.metadata["score"], str(s.id)))

    def odds(self, query: str, found: Sequence[Document], *, leans: bool = False) -> float:
        """Log odds that the best sentences carry an answer to the query; minus infinity where nothing was found.

        A query that leans on others says too little by itself to lie near anything.
        """
        if not found:
            return -math.inf
        known = self._knows_gaps(found)
        own = ENOUGH_PROSE if self._sources[found[0].metadata["source"]].prose else ENOUGH if known else ENOUGH_ALONE
        if has_han(query) or is_chinese(found[0].page_content):
            own = ENOUGH_CHINESE if known else ENOUGH_CHINESE_ALONE
        bias, weights = own
        told = self.summary(query, found)
        return float(bias + np.dot(astuple(weights), astuple(replace(told, far=0.0) if leans else told)))

    def summary(self, query: str, found: Sequence[Document]) -> Summary:
        """What the sentences found, of which there must be one, and the gaps near the query tell together."""
        features = [s.metadata["features"] for s in found]
        if not self._knows_gaps(found):
            return summary(features[:5])
        near = dict(islice(found[0].metadata["gaps"].items(), NEAREST))
        told = summary(features[:5], self._gap(query, near))
        left = [cosine - APART * apart(query, self._gaps[key]) for key, cosine in near.items()]
        nearer = _nearness(left) - _nearness([each.alike for each in features])
        worded = max(-WORDED, min(WORDED, gaps.words().log_odds(query)))
        return replace(told, nearer=nearer, worded=worded)

    def _knows_gaps(self, found: Sequence[Document]) -> bool:
        """Whether gaps near the query tell anything of what was found: a sentence without views was added by others,
        and may fill one."""
        return bool(found[0].metadata.get("gaps")) and str(found[0].id) in self._views

    def _gap(self, query: str, near: Mapping[str, float]) -> float:
        """Cosine and likeness of the gap that comes nearest to the query."""
        asked = wording(query)
        told = ((cosine + self._likeness.of(asked, wording(self._gaps[key])), key) for key, cosine in near.items())
        nearest = 0.0
        for like, key in sorted(told, reverse=True):
            if like <= nearest:
                break
            nearest = max(nearest, like - APART * apart(query, self._gaps[key]))
        return nearest

    def unknown_names(self, query: str) -> tuple[str, ...]:
        """Names in the query that stand nowhere in the sources, nor anything spelt nearly like them."""
        return tuple(name for name in names(query) if not self._knows(name))

    def _knows(self, name: str) -> bool:
        least = 1.0 if name.isupper() or name[0].islower() else SPELT  # a letter makes another abbreviation
        return all(term in self._vocabulary or near(term, self._vocabulary, least) for term in content_terms(name))

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        """Every term of a sentence, a head or a question view."""
        heads = " ".join(_head(source) for source in self._sources.values())
        views = " ".join(question for asked in self._views.values() for question in asked)
        return frozenset(self._holding) | frozenset(content_terms(heads)) | frozenset(content_terms(views))

    def features(self, query: str, sentence: Document) -> Features:
        """What is known of the query and the sentence."""
        return self._features(self._asked(query), sentence)

    def _features(self, asked: _Asked, sentence: Document) -> Features:
        held = self._held(sentence)
        source, text = held.source, held.text
        return Features(
            fused=float(sentence.metadata["score"]),
            alike=float(sentence.metadata.get("alike", 0.0)),
            cover=_share(asked.rarity, asked.total, held.terms),
            cover_head=_share(asked.rarity, asked.total, held.headed),
            kind=holds(asked.query, text),
            phrase=len(asked.pairs & held.pairs) / len(asked.pairs) if asked.pairs else 0.0,
            official=float(source.kind in OFFICIAL),
            year=shared_year(asked.query, text, source.published),
            recent=asked.now * self._recent.get(source.published[:4], 0.0),
            read=float(source.seen != "memory"),
            focus=_share(held.lead, sum(held.lead.values()), asked.rarity.keys()),
            whole=float(held.whole),
            listed=lists(asked.query, text),
            counted=counts(asked.query, text),
            stale=float(bool(asked.now) and held.stale),
            denied=denies(asked.query, text),
            asked=max((self._likeness.of(asked.wording, view) for view in held.views), default=0.0) ** 2,
            subject=float(sentence.metadata.get("subject", SUBJECT)) - SUBJECT,
        )

    def _asked(self, query: str) -> _Asked:
        terms = content_terms(query)
        rarity = {term: self._rarity(term) for term in terms}
        now = 0.5 * asks_at_present(query) + 0.5 * asks_for_now(query)
        return _Asked(query, wording(query), rarity, sum(rarity.values()), frozenset(pairwise(terms)), now)

    def _held(self, sentence: Document) -> _Held:
        key = str(sentence.id)
        if (known := self._known.get(key)) is None:
            if len(self._known) >= KNOWN:
                self._known.clear()
            text, source = sentence.page_content, self._sources[sentence.metadata["source"]]
            terms = content_terms(" ".join((text, *self._views.get(key, ()))))
            known = self._known[key] = _Held(
                text,
                source,
                tuple(wording(view) for view in self._views.get(key, ())),
                frozenset(terms),
                frozenset((*terms, *content_terms(_head(source)), *self._around(sentence))),
                frozenset(pairwise(terms)),
                {term: self._rarity(term) for term in content_terms(lead(text))},
                is_whole(text),
                self._stale(source, text),
            )
        return known

    def _around(self, sentence: Document) -> Sequence[str]:
        """The terms of the passage where that is prose, whose sentences lean on each other."""
        prose = self._sources[sentence.metadata["source"]].prose
        return content_terms(self._passage(passage_id(sentence)).page_content) if prose else ()

    def _stale(self, source: Source, text: str) -> bool:
        """Whether the text is a repealed rule's, or names one and does not speak of its repeal."""
        lower = text.lower()
        rests = source.standing == "repealed" or any(called in lower for called in self._repealed)
        return rests and not speaks_of_repeal(text)

    def _rarity(self, term: str) -> float:
        """Inverse document frequency over the sentences of the term's language, as in BM25."""
        return math.log(1 + (self._count[has_han(term)] - self._holding[term] + 0.5) / (self._holding[term] + 0.5))


def _nearness(cosines: Sequence[float]) -> float:
    """The mean of the highest cosine and of the highest five's mean: one may be near by chance."""
    return (max(cosines) + fmean(nlargest(5, cosines))) / 2


def _share(rarity: Mapping[str, float], total: float, held: Set[str]) -> float:
    """The share of the terms that are held, weighed by rarity."""
    return sum(weight for term, weight in rarity.items() if term in held) / (total or 1.0)


def _head(source: Source) -> str:
    return f"{source.title} {source.publisher} {source.published}"
