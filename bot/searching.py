"""Search for a question: spelt right, with the turns before it, among the sources that pass its filters, ranked."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from langchain_core.documents import Document
from langchain_core.runnables import Runnable, RunnableConfig

from bot import ranking, retrieval
from bot.asking import names, points_back
from bot.filtering import narrowed
from bot.fusing import fuse
from bot.index import Index
from bot.records import Filters, Question
from bot.spelling import Speller
from bot.standing import in_force_named
from bot.terms import content_terms

BEHIND = 3.0
"""What a sentence that is to come later loses against others, in standard deviations."""


@dataclass(frozen=True)
class Found:
    """What search found: the queries it asked, the sentences, best first, and the log odds that they hold an answer."""

    queries: tuple[str, ...]
    ranked: tuple[Document, ...]
    odds: float


class Search:
    """Finds sentences for questions in an index; `rewriter`, if there is one, makes a follow-up stand alone."""

    def __init__(self, index: Index, rewriter: Runnable[Question, str] | None = None) -> None:
        self.index = index
        self.rewriter = rewriter

    @cached_property
    def within(self) -> Callable[[Filters], tuple[Index, retrieval.FusedRetriever]]:
        """The part of the index that passes the filters, and the search in it; the last few are kept."""

        @lru_cache(maxsize=8)
        def within(filters: Filters) -> tuple[Index, retrieval.FusedRetriever]:
            part = narrowed(self.index, filters)
            return part, retrieval.searcher(part)

        return within

    @cached_property
    def ranker(self) -> ranking.Ranker:
        """Ranks what is found, and tells whether it is enough."""
        return ranking.Ranker(self.index)

    @cached_property
    def _speller(self) -> Speller:
        heads = [f"{source.title} {source.publisher}" for source in self.index.sources.values()]
        views = [question for asked in self.index.views.values() for question in asked]
        return Speller([*(d.page_content for d in self.index.documents), *heads, *views])

    def find(self, question: Question, config: RunnableConfig | None = None) -> Found:
        """Search with the question and, in a conversation, with the turns before it; rank what was found."""
        alone = self.rewriter.invoke(question, config) if self.rewriter and question.history else ""
        asked = ((alone,) if alone else ()) + retrieval.searches(question)
        queries = tuple(in_force_named(self._speller.repair(query), self.index) for query in asked)
        part, search = self.within(question.filters)
        found = search.batch(list(queries), config) if part.sentences else [[] for _ in queries]
        rankings = [self.ranker.rank(query, each) for query, each in zip(queries, found, strict=True)]
        return Found(queries, tuple(_together(queries[0], question, rankings)), self.ranker.odds(queries, rankings))


def _together(query: str, question: Question, rankings: list[list[Document]]) -> list[Document]:
    """One ranking for all searches of a question; that of the first query counts double or, where it only points back,
    the one after what the talk is about.

    What the last answer quoted comes later, as it has been read, and so does what names none of the question's names.
    """
    if len(rankings) == 1:
        return rankings[0]
    sentences = {str(s.id): s for ranking in reversed(rankings) for s in reversed(ranking)}
    scores = [{str(s.id): float(s.metadata["score"]) for s in ranking} for ranking in rankings]
    first = (0.25, 1.0) if points_back(query) else (1.0, 0.5)
    fused = fuse(scores, (*first, *(0.5,) * (len(rankings) - 2)))
    said = next((turn.content for turn in reversed(question.history) if turn.role == "assistant"), "")
    named = set(content_terms(" ".join(names(question.text))))
    for key in fused:
        text = sentences[key].page_content
        beside = bool(named) and not named & set(content_terms(text))
        fused[key] -= BEHIND * ((text in said) + beside)
    return [retrieval.scored(sentences[key], fused[key]) for key in sorted(fused, key=lambda key: -fused[key])]
