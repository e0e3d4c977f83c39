"""From a question to a checked answer: search, decide, write, cite."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from langchain_core.documents import Document
from langchain_core.runnables import Runnable, RunnableConfig

from bot import citing, ranking, retrieval
from bot.asking import EXACT, asked_for, asks_for_several, counts, holds
from bot.errors import QuestionError
from bot.index import Index
from bot.records import Answer, Question
from bot.scope import ADVICE, asks_advice, is_vague
from bot.spelling import Speller
from bot.standing import standing_note
from bot.writers import Brief, QuotingWriter

LONGEST = 4000
"""Most characters of a question."""

DECLINED = "The sources do not say."
CLARIFY = (
    "What would you like to know about China's cryptocurrency ban? "
    "Please name the rule, the body or the event you mean."
)


@dataclass(frozen=True)
class Found:
    """What search found: the queries it asked, the sentences, best first, and the log odds that they hold an answer."""

    queries: tuple[str, ...]
    ranked: tuple[Document, ...]
    odds: float


class Answerer(Runnable[Question, Answer]):
    """Answers questions from an index; `invoke` is the last item of `stream`."""

    def __init__(self, index: Index, writer: Runnable[Brief, str] | None = None) -> None:
        self.index = index
        self.writer = writer or QuotingWriter()

    @cached_property
    def _search(self) -> retrieval.FusedRetriever:
        return retrieval.searcher(self.index)

    @cached_property
    def _ranker(self) -> ranking.Ranker:
        return ranking.Ranker(self.index)

    @cached_property
    def _speller(self) -> Speller:
        heads = [f"{source.title} {source.publisher}" for source in self.index.sources.values()]
        views = [question for asked in self.index.views.values() for question in asked]
        return Speller([*(d.page_content for d in self.index.documents), *heads, *views])

    def stream(self, input: Question, config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[Answer]:
        """Yield the answer as it grows; the last one is `done`. Raises QuestionError."""
        begun = time.perf_counter()
        question = replace(input, text=_checked(input.text))
        if is_vague(question):
            yield Answer(question, CLARIFY, "clarify", timings=_timings(begun, begun), done=True)
            return
        found = self.search(question, config)
        evidence = retrieval.gather(self.index, found.ranked)
        answer = Answer(question, searched=found.queries, evidence=evidence, odds=found.odds)
        searched = time.perf_counter()
        if asks_advice(question.text):
            yield replace(answer, text=ADVICE, outcome="out_of_scope", timings=_timings(begun, searched), done=True)
            return
        answer = replace(answer, missing=self._ranker.unknown_names(found.queries[0]))
        hopeless = answer.missing and not asks_for_several(question.text)
        if hopeless or found.odds <= 0:
            text = f"{DECLINED} {not_mentioned(answer)}".strip()
            yield replace(answer, text=text, outcome="declined", timings=_timings(begun, searched), done=True)
            return
        for piece in self.writer.stream(Brief(question, answer.evidence), config):
            answer = replace(answer, text=answer.text + piece)
            yield answer
        answer = self._cited(answer)
        if answer.missing and answer.outcome == "answered":
            note = not_mentioned(answer)
            answer = replace(answer, text=f"{answer.text} {note}", notes=(note,), outcome="partial")
        yield replace(answer, timings=_timings(begun, searched), done=True)

    def invoke(self, input: Question, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        *_, answer = self.stream(input, config)
        return answer

    def search(self, question: Question, config: RunnableConfig | None = None) -> Found:
        """Search with the question and, in a conversation, with the turns before it; rank what was found."""
        queries = tuple(self._speller.repair(query) for query in retrieval.searches(question))
        rankings = [self._ranker.rank(query, self._search.invoke(query, config)) for query in queries]
        return Found(queries, tuple(_together(rankings)), self._ranker.odds(queries, rankings))

    def _cited(self, draft: Answer) -> Answer:
        cited = citing.cite(draft.text, draft.evidence)
        if not cited.citations or not _gives(draft.searched[0], [c.quote for c in cited.citations]):
            return replace(draft, text=DECLINED, outcome="declined")
        answer = replace(draft, text=cited.text, citations=cited.citations)
        return standing_note(answer, self.index)


def not_mentioned(answer: Answer) -> str:
    """The sentence that names what no source mentions; empty where nothing is missing."""
    return f"The sources do not mention {' or '.join(answer.missing)}." if answer.missing else ""


def _gives(asked: str, quotes: list[str]) -> bool:
    """Whether the quotes give a date where one is asked for, or a number, a count or a sum where that is."""
    exact = asked_for(asked) in EXACT
    return not exact or (any(holds(asked, q) for q in quotes) and any(counts(asked, q) for q in quotes))


def _together(rankings: list[list[Document]]) -> list[Document]:
    """One ranking for all searches of a question, the question's own counting double."""
    if len(rankings) == 1:
        return rankings[0]
    return retrieval.fuse(rankings, (1.0,) + (0.5,) * (len(rankings) - 1))


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise QuestionError("the question is empty; ask something about China's cryptocurrency ban")
    if len(text) > LONGEST:
        raise QuestionError(f"the question has {len(text)} characters; shorten it to {LONGEST}")
    return text


def _timings(begun: float, searched: float) -> dict[str, float]:
    now = time.perf_counter()
    spans = {"search_ms": searched - begun, "write_ms": now - searched, "total_ms": now - begun}
    return {name: round(1000 * seconds, 2) for name, seconds in spans.items()}
