"""Search for a question: spelt right, with the turns before it, among the sources that pass its filters, ranked."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from statistics import fmean

from langchain_core.documents import Document
from langchain_core.runnables import Runnable, RunnableConfig

from bot import asides, ranking, retrieval
from bot.filtering import narrowed
from bot.following import Followed, together
from bot.index import Index
from bot.queries import searches, with_names
from bot.records import Filters, Question
from bot.spelling import Speller
from bot.standing import in_force_named
from bot.terms import content_terms, has_han

OWN, REPEATED, STAYING, LEANING, LEANING_CHINESE, FLOOR = 0.5, 2.5, 1.0, -2.0, -1.25, -6.0
"""What a follow-up's own log odds count beside those with the turns before it; what it loses by repetition and gains by
staying with a source; what is added in English and in Chinese, since whatever is said with the turns before lies near
something; and the least any count. Set on the tuning half."""
FAMILIAR = 0.15
"""The cover below which a follow-up counts as a change of subject."""


@dataclass(frozen=True)
class Found:
    """What search found: the queries it asked, the sentences, best first, and two log odds: that they hold an answer,
    and that the question asks for no fact at all."""

    queries: tuple[str, ...]
    ranked: tuple[Document, ...]
    odds: float
    aside: float


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
        asked = ((alone,) if alone else ()) + searches(question)
        queries = tuple(in_force_named(self._speller.repair(query), self.index) for query in asked)
        part, search = self.within(question.filters)
        found = search.batch(list(queries), config) if part.sentences else [[] for _ in queries]
        depth = ranking.DEPTH if len(queries) == 1 else ranking.DEEPER
        rankings = [self.ranker.rank(query, each, depth) for query, each in zip(queries, found, strict=True)]
        followed = together(question, rankings)
        odds = self.ranker.odds(queries[0], rankings[0]) if alone else self._odds(question, queries, rankings, followed)
        return Found(queries, followed.ranked, odds, self._aside(queries, found[0], part))

    def _odds(
        self, question: Question, queries: Sequence[str], rankings: Sequence[list[Document]], followed: Followed
    ) -> float:
        """Log odds that the best sentences carry an answer.

        Whatever leans on a turn before lies near what answered that turn. So a follow-up is judged by itself and by the
        mean of the searches with those turns, a Chinese one by the first of these, and what was said before is no
        answer to it.
        """
        leans = len(queries) > 1
        odds = [self.ranker.odds(query, found, leans=leans) for query, found in zip(queries, rankings, strict=True)]
        named = leans and bool(with_names(question))
        prose = any(self.index.sources[best.metadata["source"]].prose for best in followed.ranked[:1])
        if not leans or prose:
            cover = max((s.metadata["features"].cover_head for s in rankings[0][:5]), default=0.0)
            changed = bool(content_terms(queries[0])) and cover < FAMILIAR
            return odds[0] if changed else max(odds[:-1] if named else odds)
        chinese = has_han(queries[0])
        own, *others = (max(FLOOR, each) for each in odds)
        leaning = others[0] if chinese else fmean(others)
        talk = STAYING * followed.stays - REPEATED * followed.repeats
        return leaning + OWN * own + talk + (LEANING_CHINESE if chinese else LEANING)

    def _aside(self, queries: Sequence[str], found: list[Document], part: Index) -> float:
        """Log odds that the question is an aside, by its words and, where question and sources are English, by what was
        found near it.

        One that leans on the turns before says little by itself, so more is asked of it. Where no
        asides are indexed, nothing is one: minus infinity.
        """
        if asides.SOURCE not in self.index.gaps:
            return -math.inf
        query, leans = queries[0], asides.LEANS if len(queries) > 1 else 0.0
        if not found or has_han(query) or part.chinese_only:
            return asides.odds(query, {}, ()) - leans
        near = found[0].metadata
        sentences = [float(s.metadata["alike"]) for s in found if "alike" in s.metadata]
        return asides.odds(query, near["asides"], [*sentences, *near["gaps"].values()]) - leans
