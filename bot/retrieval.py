"""Search: sentences by meaning and by words, fused by id, gathered into evidence.

Every retriever is a LangChain `BaseRetriever` that returns sentences, best first, each with its score under
`metadata["score"]` (higher is better).
"""

import math
from collections.abc import Sequence
from functools import cached_property
from statistics import fmean, pstdev
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.vectorstores import VectorStore
from pydantic import ConfigDict

from bot.index import Index, passage_id, sentence_id
from bot.records import Evidence, Question
from bot.terms import content_terms, has_han, is_chinese

DEPTH = 100
"""Sentences that each retriever returns."""


SAID = 60
"""Words of the last answer that are searched with."""
FOREIGN = 1.0
"""What a sentence in another language than a Chinese question loses: between equals the reader's language wins."""


class SentenceRetriever(BaseRetriever):
    """What the retrievers share: an index, and how many sentences they return."""

    model_config = ConfigDict(arbitrary_types_allowed=True, ignored_types=(cached_property,))

    index: Index
    limit: int = DEPTH


class DenseRetriever(SentenceRetriever):
    """Sentences that lie closest to the question, or that answer a question that does; the score is the cosine.

    Returns nothing for Chinese, which the default embedding model cannot read.
    """

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [] if has_han(query) else _closest(self.index, self.index.store, query, self.limit)


class BridgeRetriever(SentenceRetriever):
    """The same by a model that reads several languages, for questions in another language than the sentences."""

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        if self.index.bridge is None or not (has_han(query) or self.index.chinese_only):
            return []
        return _closest(self.index, self.index.bridge, query, self.limit)


def _closest(index: Index, store: VectorStore, query: str, limit: int) -> list[Document]:
    """The sentences that the closest entries stand for, best first; `score` and `cosine` are the cosine."""
    cosines: dict[str, float] = {}
    for hit, distance in store.similarity_search_with_score(query, k=2 * limit, **index.within):
        cosines.setdefault(sentence_id(hit), 1 - distance)
    ranked = [scored(index.by_sentence[key], cosine) for key, cosine in list(cosines.items())[:limit]]
    for sentence in ranked:
        sentence.metadata["cosine"] = sentence.metadata["score"]
    return ranked


class LexicalRetriever(SentenceRetriever):
    """Sentences by BM25 over their words and questions or, with `whole`, their passage's words and source's head."""

    whole: bool = False

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        words = content_terms(query)
        if not words:
            return []
        scores = self._bm25.get_scores(words)
        best = sorted((i for i in range(len(scores)) if scores[i] > 0), key=lambda i: -scores[i])[: self.limit]
        hits = [scored(sentence, float(scores[i])) for i in best for sentence in self._units[i][1]]
        return hits[: self.limit]

    @cached_property
    def _units(self) -> list[tuple[str, tuple[Document, ...]]]:
        if not self.whole:
            views = self.index.views
            return [(" ".join((s.page_content, *views.get(str(s.id), ()))), (s,)) for s in self.index.sentences]
        texts = {str(p.id): p.page_content for p in self.index.passages}
        heads = {str(p.id): self.index.sources[p.metadata["source"]] for p in self.index.passages}
        return [
            (f"{heads[key].title} {heads[key].publisher} {heads[key].published} {texts[key]}", sentences)
            for key, sentences in self.index.by_passage.items()
        ]

    @cached_property
    def _bm25(self) -> Any:
        import bm25s

        bm25 = bm25s.BM25()
        bm25.index([content_terms(text) or [""] for text, _ in self._units], show_progress=False)
        return bm25


class FusedRetriever(BaseRetriever):
    """Several retrievers' sentences in one ranking; a sentence is known by its id, never by its words."""

    retrievers: tuple[BaseRetriever, ...]
    weights: tuple[float, ...]

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        config: Any = {"callbacks": run_manager.get_child()}
        rankings = [retriever.invoke(query, config) for retriever in self.retrievers]
        return same_language(query, fuse(rankings, self.weights))


def searcher(index: Index) -> FusedRetriever:
    """The search that answers use.

    The weights were chosen on two public question sets: see `eval/README.md`.
    """
    parts = (
        DenseRetriever(index=index),
        BridgeRetriever(index=index),
        LexicalRetriever(index=index, whole=True),
        LexicalRetriever(index=index),
    )
    return FusedRetriever(retrievers=parts, weights=(1.0, 1.0, 0.5, 0.25))


def fuse(rankings: Sequence[Sequence[Document]], weights: Sequence[float]) -> list[Document]:
    """One ranking by the weighted sum of standard scores; who misses in a ranking gets the ranking's lowest.

    Standard scores keep how far apart neighbours are, which reciprocal ranks throw away.
    """
    totals: dict[str, float] = {}
    sentences: dict[str, Document] = {}
    for sentence in (s for ranking in rankings for s in ranking):
        sentences.setdefault(str(sentence.id), sentence)
    for ranking, weight in zip(rankings, weights, strict=True):
        if not ranking:
            continue
        scores = {str(s.id): float(s.metadata["score"]) for s in ranking}
        mean, deviation = fmean(scores.values()), pstdev(scores.values()) or 1.0
        lowest = min(scores.values())
        for key in sentences:
            totals[key] = totals.get(key, 0.0) + weight * (scores.get(key, lowest) - mean) / deviation
    ordered = sorted(totals, key=lambda key: (-totals[key], key))
    return [scored(sentences[key], totals[key]) for key in ordered]


def same_language(query: str, found: list[Document]) -> list[Document]:
    """The sentences in the question's language before the others: an English question's others are left out.

    A Chinese question keeps English sentences, with `FOREIGN` off their scores, as most sources are English.
    """
    if has_han(query):
        marked = [scored(s, s.metadata["score"] - FOREIGN * (not is_chinese(s.page_content))) for s in found]
        return sorted(marked, key=lambda s: (-s.metadata["score"], str(s.id)))
    kept = [s for s in found if not is_chinese(s.page_content)]
    return kept or found


def searches(question: Question) -> tuple[str, ...]:
    """What is searched for: the question; in a conversation also the question after the user's last one and two turns,
    and after the beginning of the last answer, where what "it" and "they" mean is often named."""
    asked = [turn.content for turn in question.history if turn.role == "user"][-2:]
    answered = [turn.content for turn in question.history if turn.role == "assistant"][-1:]
    before = [asked[-1:], asked if len(asked) > 1 else [], [" ".join(a.split()[:SAID]) for a in answered]]
    return (question.text, *(" ".join([*turns, question.text]) for turns in before if turns))


def gather(index: Index, found: Sequence[Document], limit: int = 8) -> tuple[Evidence, ...]:
    """The passages of the best sentences, as evidence under the keys 1, 2, …"""
    scores = {str(s.id): float(s.metadata["score"]) for s in found}
    best: dict[str, float] = {}
    for sentence in found:
        best.setdefault(passage_id(sentence), float(sentence.metadata["score"]))
    chosen = list(best)[:limit]
    texts = {str(p.id): p for p in index.passages if p.id in chosen}
    return tuple(
        Evidence(
            key=str(number),
            passage=texts[key],
            source=index.sources[texts[key].metadata["source"]],
            score=best[key],
            sentences=tuple(scored(s, scores.get(str(s.id), -math.inf)) for s in index.by_passage[key]),
        )
        for number, key in enumerate(chosen, 1)
    )


def scored(sentence: Document, score: float) -> Document:
    """The sentence with another score."""
    return sentence.model_copy(update={"metadata": {**sentence.metadata, "score": score}})
