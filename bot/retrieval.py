"""Search: sentences by meaning and by words, fused by id, gathered into evidence.

Every retriever is a LangChain `BaseRetriever` that returns sentences, best first, each with its score under
`metadata["score"]` (higher is better).
"""

import math
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice, repeat
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.vectorstores import VectorStore
from pydantic import ConfigDict

from bot.entries import BRIDGE, QUESTIONS, SENTENCES, is_aside, is_gap, is_opening, opening_id
from bot.fusing import Ranking, fuse, highest, same_language
from bot.index import Index, passage_id
from bot.nearness import NOTHING, Near, best, by_both, by_each
from bot.records import Evidence
from bot.store import nearest
from bot.terms import content_terms, has_han

DEPTH = 100
"""Sentences that each retriever returns."""
KEPT = 60
"""Sentences of all of them that are kept."""


class SentenceRetriever(BaseRetriever):
    """What the retrievers share: an index, how many sentences they return, and one way to search."""

    model_config = ConfigDict(arbitrary_types_allowed=True, ignored_types=(cached_property,))

    index: Index
    limit: int = DEPTH

    @abstractmethod
    def rankings(self, queries: Sequence[str]) -> list[Ranking]:
        """The best sentences for each query."""

    def documents(self, ranking: Ranking) -> list[Document]:
        """The sentences of a ranking, each with its score."""
        return [scored(self.index.by_sentence[key], score) for key, score in ranking.items()]

    def batch(self, inputs: list[str], *args: Any, **kwargs: Any) -> list[list[Document]]:
        return [self.documents(ranking) for ranking in self.rankings(inputs)]

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return self.batch([query])[0]


class DenseRetriever(SentenceRetriever):
    """Sentences that lie closest to the question, and that answer a question that does; the score is of both cosines.

    Returns nothing for Chinese, which the default embedding model cannot read.
    """

    def rankings(self, queries: Sequence[str]) -> list[Ranking]:
        return [each.together(self.limit) for each in self.near(queries)]

    def near(self, queries: Sequence[str]) -> list[Near]:
        """What lies near each query."""
        index, read = self.index, [query for query in queries if self._reads(query)]
        vectors = [index.store.embeddings.embed_query(query) for query in read] if index.store.embeddings else []
        said = self._closest(index.store, SENTENCES, vectors)
        adapted = index.adapter.of(vectors) if index.adapter else vectors
        asked = self._closest(index.asked, QUESTIONS, adapted) if index.asked else [{} for _ in vectors]
        found = dict(zip(read, map(by_each, said, asked, repeat(index.views)), strict=True))
        return [found.get(query, NOTHING) for query in queries]

    def _reads(self, query: str) -> bool:
        return not has_han(query)

    def _closest(self, store: VectorStore, kind: str, vectors: Sequence[Sequence[float]]) -> list[Ranking]:
        """The cosines of what the nearest entries of a collection stand for, each that of its best entry."""
        within = self.index.within.get(kind)
        if not vectors or within == []:
            return [{} for _ in vectors]
        return [best(entries) for entries in nearest(store, vectors, 2 * self.limit, within)]


class BridgeRetriever(DenseRetriever):
    """The same by a model that reads several languages, for questions in another language than the sentences."""

    def near(self, queries: Sequence[str]) -> list[Near]:
        bridge, read = self.index.bridge, [query for query in queries if self._reads(query)]
        if bridge is None or bridge.embeddings is None:
            return [NOTHING for _ in queries]
        entries = self._closest(bridge, BRIDGE, [bridge.embeddings.embed_query(query) for query in read])
        found = dict(zip(read, map(by_both, entries), strict=True))
        return [found.get(query, NOTHING) for query in queries]

    def _reads(self, query: str) -> bool:
        return has_han(query) or self.index.chinese_only


class LexicalRetriever(SentenceRetriever):
    """Sentences by BM25 over their words and questions or, with `whole`, their passage's words and source's head."""

    whole: bool = False

    def rankings(self, queries: Sequence[str]) -> list[Ranking]:
        return [self._ranking(content_terms(query)) for query in queries]

    def _ranking(self, words: list[str]) -> Ranking:
        if not words:
            return {}
        scores = self._bm25.get_scores(words)
        best = highest(scores, self.limit)
        hits = ((key, float(scores[i])) for i in best for key in self._units[i])
        return dict(islice(hits, self.limit))

    @cached_property
    def _units(self) -> list[tuple[str, ...]]:
        """The ids of the sentences that each unit of the BM25 index stands for."""
        if not self.whole:
            return [(str(s.id),) for s in self.index.sentences]
        return [tuple(str(s.id) for s in sentences) for sentences in self.index.by_passage.values()]

    def _texts(self) -> Iterator[str]:
        index = self.index
        if not self.whole:
            return (" ".join((s.page_content, *index.views.get(str(s.id), ()))) for s in index.sentences)
        heads = (index.sources[p.metadata["source"]] for p in index.passages)
        return (
            f"{head.title} {head.publisher} {head.published} {p.page_content}"
            for p, head in zip(index.passages, heads, strict=True)
        )

    @cached_property
    def _bm25(self) -> Any:
        import bm25s

        bm25 = bm25s.BM25()
        bm25.index([content_terms(text) or [""] for text in self._texts()], show_progress=False)
        return bm25


class FusedRetriever(SentenceRetriever):
    """Several retrievers' sentences in one ranking; a sentence is known by its id, never by its words.

    A sentence that an embedding model ranked carries the cosine of the likest question it answers, or its own, under
    `metadata["alike"]`, and each those of the gaps and asides near the question, under `metadata["gaps"]` and
    `metadata["asides"]`; of prose also that of its source's opening, or of the farthest opening found, under
    `metadata["subject"]`.
    """

    dense: tuple[DenseRetriever, ...]
    lexical: tuple[LexicalRetriever, ...]
    weights: tuple[float, ...]
    """Of the dense ones, then of the lexical ones."""

    def rankings(self, queries: Sequence[str]) -> list[Ranking]:
        return [ranking for ranking, _ in self._fused(queries)]

    def batch(self, inputs: list[str], *args: Any, **kwargs: Any) -> list[list[Document]]:
        return [self._carrying(ranking, near) for ranking, near in self._fused(inputs)]

    def _fused(self, queries: Sequence[str]) -> Iterator[tuple[Ranking, Near]]:
        """Each query's sentences, and what lies near it by the model that reads it."""
        near = [retriever.near(queries) for retriever in self.dense]
        by_words = [retriever.rankings(queries) for retriever in self.lexical]
        for number, query in enumerate(queries):
            found = [each[number] for each in near]
            rankings = [each.together(part.limit) for each, part in zip(found, self.dense, strict=True)]
            rankings += [each[number] for each in by_words]
            together = fuse(rankings, self.weights)
            fused = same_language(query, together, self.index.chinese, self.index.translated)
            read = next((each for each in found if each.cosines), found[0])
            yield dict(islice(fused.items(), self.limit)), read

    def _carrying(self, ranking: Ranking, near: Near) -> list[Document]:
        """The sentences of a ranking with their cosines and what lies beside."""
        shared = {
            "gaps": {key: cosine for key, cosine in near.beside.items() if is_gap(key)},
            "asides": {key: cosine for key, cosine in near.beside.items() if is_aside(key)},
        }
        openings = {key: cosine for key, cosine in near.beside.items() if is_opening(key)}
        farthest, found = min(openings.values(), default=0.0), []
        for key, score in ranking.items():
            sentence = self.index.by_sentence[key]
            about = {**sentence.metadata, **shared, "score": score}
            if openings and self.index.sources[source := sentence.metadata["source"]].prose:
                about["subject"] = openings.get(opening_id(source), farthest)
            if key in near.alike:
                about["alike"] = near.alike[key]
            found.append(sentence.model_copy(update={"metadata": about}))
        return found


def searcher(index: Index) -> FusedRetriever:
    """The search that answers use.

    The weights were chosen on two public question sets: see `eval/README.md`.
    """
    dense = (DenseRetriever(index=index), BridgeRetriever(index=index))
    lexical = (LexicalRetriever(index=index, whole=True), LexicalRetriever(index=index))
    return FusedRetriever(index=index, limit=KEPT, dense=dense, lexical=lexical, weights=(1.0, 1.0, 0.5, 0.25))


def gather(index: Index, found: Sequence[Document], limit: int = 8) -> tuple[Evidence, ...]:
    """The passages of the best sentences, as evidence under the keys 1, 2, …"""
    scores = {str(s.id): float(s.metadata["score"]) for s in found}
    best: dict[str, float] = {}
    for sentence in found:
        best.setdefault(passage_id(sentence), float(sentence.metadata["score"]))
    chosen = list(best)[:limit]
    texts = {key: index.passage(key) for key in chosen}
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
