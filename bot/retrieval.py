"""Search: sentences by meaning and by words, fused by id, gathered into evidence.

Every retriever is a LangChain `BaseRetriever` that returns sentences, best first, each with its score under
`metadata["score"]` (higher is better).
"""

import math
from abc import abstractmethod
from collections import ChainMap
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.vectorstores import VectorStore
from pydantic import ConfigDict

from bot.asking import follows_up, names
from bot.entries import BRIDGE, SENTENCES, is_aside, is_gap, is_opening, opening_id, sentence_id, stands_beside
from bot.fusing import Ranking, fuse, highest, same_language
from bot.index import Index, passage_id
from bot.passages import cut
from bot.records import Evidence, Question
from bot.store import nearest
from bot.terms import content_terms, has_han

DEPTH = 100
"""Sentences that each retriever returns."""


SAID = 60
"""Words of the last answer that are searched with."""
NAMED = 2
"""Names of a turn that are searched with."""


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
        return [scored(self.index.by_sentence[key], score) for key, score in ranking.items() if not stands_beside(key)]

    def batch(self, inputs: list[str], *args: Any, **kwargs: Any) -> list[list[Document]]:
        return [self.documents(ranking) for ranking in self.rankings(inputs)]

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return self.batch([query])[0]


class DenseRetriever(SentenceRetriever):
    """Sentences that lie closest to the question, or that answer a question that does; the score is the cosine.

    Returns nothing for Chinese, which the default embedding model cannot read.
    """

    def rankings(self, queries: Sequence[str]) -> list[Ranking]:
        return self._closest(self.index.store, self.index.within.get(SENTENCES), queries)

    def _reads(self, query: str) -> bool:
        return not has_han(query)

    def _closest(self, store: VectorStore | None, within: list[str] | None, queries: Sequence[str]) -> list[Ranking]:
        read = [query for query in queries if store and within != [] and self._reads(query)]
        found = dict(zip(read, nearest(store, read, 3 * self.limit, within), strict=True)) if store and read else {}
        return [self._sentences(found.get(query, {})) for query in queries]

    def _sentences(self, entries: Ranking) -> Ranking:
        """The sentences that the entries stand for, each with its best entry's cosine; gaps and openings beside."""
        cosines: Ranking = {}
        for key, cosine in entries.items():
            cosines.setdefault(sentence_id(key), cosine)
        sentences = islice(((key, cosine) for key, cosine in cosines.items() if not stands_beside(key)), self.limit)
        return {**dict(sentences), **{key: cosine for key, cosine in cosines.items() if stands_beside(key)}}


class BridgeRetriever(DenseRetriever):
    """The same by a model that reads several languages, for questions in another language than the sentences."""

    def rankings(self, queries: Sequence[str]) -> list[Ranking]:
        return self._closest(self.index.bridge, self.index.within.get(BRIDGE), queries)

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

    A sentence that an embedding model ranked carries its cosine too, under `metadata["cosine"]`, and each those of the
    gaps and asides near the question, under `metadata["gaps"]` and `metadata["asides"]`; of prose also that of its
    source's opening, or of the farthest opening found, under `metadata["subject"]`.
    """

    retrievers: tuple[SentenceRetriever, ...]
    weights: tuple[float, ...]

    def rankings(self, queries: Sequence[str]) -> list[Ranking]:
        return [ranking for ranking, _ in self._fused(queries)]

    def batch(self, inputs: list[str], *args: Any, **kwargs: Any) -> list[list[Document]]:
        found = []
        for ranking, cosines in self._fused(inputs):
            found.append(self.documents(ranking))
            gaps = {key: cosine for key, cosine in cosines.items() if is_gap(key)}
            asides = {key: cosine for key, cosine in cosines.items() if is_aside(key)}
            openings = {key: cosine for key, cosine in cosines.items() if is_opening(key)}
            farthest = min(openings.values(), default=0.0)
            for sentence in found[-1]:
                sentence.metadata |= {"gaps": gaps, "asides": asides}
                if openings and self.index.sources[source := sentence.metadata["source"]].prose:
                    sentence.metadata["subject"] = openings.get(opening_id(source), farthest)
                if sentence.id in cosines:
                    sentence.metadata["cosine"] = cosines[sentence.id]
        return found

    def _fused(self, queries: Sequence[str]) -> Iterator[tuple[Ranking, Ranking]]:
        """Each query's sentences, and the cosines of those an embedding model ranked, and of near gaps and openings."""
        found = [retriever.rankings(queries) for retriever in self.retrievers]
        for number, query in enumerate(queries):
            rankings = [{key: score for key, score in each[number].items() if not stands_beside(key)} for each in found]
            by_cosine = [
                each[number]
                for each, part in zip(found, self.retrievers, strict=True)
                if isinstance(part, DenseRetriever)
            ]
            fused = same_language(query, fuse(rankings, self.weights), self.index.chinese)
            yield dict(islice(fused.items(), self.limit)), dict(ChainMap(*by_cosine))


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
    return FusedRetriever(index=index, retrievers=parts, weights=(1.0, 1.0, 0.5, 0.25))


def searches(question: Question) -> tuple[str, ...]:
    """What is searched for: the question; where it leans on the turns before also the question after the user's last
    one that stood alone, which names what the talk is about, after the last one of all, and after the beginning of the
    last answer, where what "it" and "they" mean is often named; at the end with the names of the last turn alone."""
    if not question.history or not follows_up(question.text):
        return (question.text,)
    asked = [turn.content for turn in question.history if turn.role == "user"]
    answered = [turn.content for turn in question.history if turn.role == "assistant"][-1:]
    alone = next((turn for turn in reversed(asked) if not follows_up(turn)), "") or (asked[0] if asked else "")
    before = [alone, *asked[-1:], *(" ".join(answer.split()[:SAID]) for answer in answered)]
    after = dict.fromkeys(f"{turn} {question.text}" for turn in before if turn)
    return (question.text, *after, *([named] if (named := with_names(question)) else []))


def with_names(question: Question) -> str:
    """The question after the first names of the turn before it and of its answer's first sentence, which say what it is
    about but not what was asked of that; empty where they name nothing."""
    last = {turn.role: turn.content for turn in question.history}
    turn, answer = last.get("user", ""), next(iter(cut(last.get("assistant", ""))), "")
    found = [name for text in (turn, answer) for name in names(f"“ {text}")[:NAMED]]
    return " ".join((*dict.fromkeys(found), question.text)) if found else ""


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
