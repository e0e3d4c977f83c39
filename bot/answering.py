"""From a question to a checked answer: search, decide, write, cite."""

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig

from bot import citing, declining, drafting, retrieval
from bot.asking import asks_for_now, asks_for_several, names
from bot.asof import asked_date, rules_then
from bot.chat_writer import ChatWriter
from bot.chronology import asks_for_order, dated_list, day_list
from bot.comparing import both_sides
from bot.disagreements import side_by_side
from bot.errors import QuestionError
from bot.given import beside, gives
from bot.halving import halves, joined
from bot.index import Index
from bot.phrases import phrases
from bot.records import QUOTES, Answer, Citation, Evidence, Outcome, Question, Turn
from bot.retelling import retold
from bot.scope import asks_advice, is_on_subject, is_vague, orders_about, without_orders
from bot.searching import Found, Search
from bot.standing import in_force_note, standing_note
from bot.terms import is_chinese
from bot.writers import WIDER, Brief, QuotingWriter, best_score, choose

LONGEST = 4000
"""Most characters of a question."""

REMEMBERED = 40
"""Most turns of a conversation that are looked at, the latest ones."""

SURE = 2.0
"""Log odds above which what is asked for is looked for further down, where the close sentences lack it."""

ASIDE = 0.13
"""How much the log odds of an aside must be of those that the evidence answers; set on the tuning half."""
GENERAL = 2
"""Most sentences that are chosen beside a refusal."""


class Answerer(Runnable[Question, Answer]):
    """Answers questions from an index; `invoke` is the last item of `stream`."""

    def __init__(
        self,
        index: Index,
        writer: Runnable[Brief, str] | None = None,
        chat: ChatWriter | None = None,
        rewriter: Runnable[Question, str] | None = None,
    ) -> None:
        self.index = index
        self.writer = writer or QuotingWriter()
        self.chat = chat
        """Asked first where there is one; `writer` stands in where it fails."""
        self.searching = Search(index, rewriter)

    def stream(self, input: Question, config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[Answer]:
        """Yield the answer as it grows; the last one is `done`. Raises QuestionError."""
        begun = time.perf_counter()
        asked = checked(input)
        own = phrases(asked.text)
        left = without_orders(asked.text)
        question = replace(asked, text=left or asked.text)
        if anew := retold(question, self.searching.within(question.filters)[0]):
            anew = citing.renumbered(standing_note(anew, self.index))
            yield replace(anew, question=asked, timings=_timings(begun, begun), done=True)
            return
        if is_vague(question):
            yield _closed(Answer(asked), own.clarify, "clarify", begun)
            return
        if not self.searching.within(question.filters)[0].sentences:
            yield _closed(Answer(asked), own.nothing_passes, "declined", begun)
            return
        found = self.search(question, config)
        evidence = retrieval.gather(self.index, found.ranked)
        answer = Answer(asked, searched=found.queries, evidence=evidence, odds=found.odds)
        searched = time.perf_counter()
        theirs = bool(evidence) and evidence[0].source.prose and not is_on_subject(question)
        ordered = not left and (orders_about(asked.text) or not theirs)
        if ordered or (not theirs and (asks_advice(left) or found.aside > max(0.0, ASIDE * found.odds))):
            before = tuple(t for t in question.history if t.role == "user") if len(found.queries) > 1 else ()
            meant = asks_advice(left) or is_on_subject(replace(question, text=left, history=before))
            refusal = declining.refuse(answer, self.index) if meant else own.ordered
            closed = _closed(answer, refusal, "out_of_scope", begun, searched)
            told = self._in_general(closed) if meant and not ordered and found.odds > max(0.0, found.aside) else closed
            odds = min(answer.odds, -found.aside if left else 0.0)
            yield replace(told, odds=odds, timings=_timings(begun, searched))
            return
        if composed := self._composed(answer):
            yield replace(composed, timings=_timings(begun, searched), done=True)
            return
        answer = replace(answer, missing=self.searching.ranker.unknown_names(found.queries[0]))
        hopeless = bool(answer.missing) and not asks_for_several(question.text)
        if hopeless or found.odds <= 0:
            lacking = declining.lacking(answer) if hopeless else answer
            yield _closed(lacking, declining.decline(answer, self.index), "declined", begun, searched)
            return
        answer, notes = yield from self._written(answer, replace(question, text=found.queries[0]), begun, config)
        timings = {**answer.timings, **_timings(begun, searched)}
        yield replace(drafting.told(self._cited(answer), notes), timings=timings, done=True)

    def invoke(self, input: Question, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        *_, answer = self.stream(input, config)
        return answer

    def search(self, question: Question, config: RunnableConfig | None = None) -> Found:
        """Search with the question and, in a conversation, with the turns before it; rank what was found."""
        return self.searching.find(question, config)

    def _written(
        self, answer: Answer, question: Question, begun: float, config: RunnableConfig | None
    ) -> Generator[Answer, None, tuple[Answer, tuple[str, ...]]]:
        """Yield the growing draft; return it with what is to be told of the chat model, if one was asked."""
        notes: tuple[str, ...] = ()
        if self.chat:
            written = yield from drafting.drafted(self.chat, answer, question, self.index, begun, config)
            quotes = written.answer.citations
            if not written.failed and quotes and not self._gives(answer, quotes, sure=answer.odds > SURE):
                written = drafting.failed(replace(written.answer, text="", citations=(), writer=QUOTES), "unsupported")
            answer, notes = written.answer, written.notes
            if not written.failed:
                return answer, notes
        # Where the first tells of the time and thing asked for, what tells of another completes nothing.
        on_point = tuple(self._on_point(answer.searched[0], each) for each in answer.evidence)
        below = best_score(answer.evidence) - best_score(on_point)
        for piece in self.writer.stream(Brief(question, answer.evidence if below else on_point), config):
            answer = replace(answer, text=answer.text + piece)
            yield answer
        quoted = citing.cite(answer.text, answer.evidence).citations
        near = below <= WIDER  # else that time is all they share
        if answer.odds > SURE and near and quoted and not self._gives(answer, quoted):
            answer = replace(answer, text=QuotingWriter(margin=WIDER).invoke(Brief(question, on_point), config))
        return answer, notes

    def _gives(self, answer: Answer, citations: Sequence[Citation], *, sure: bool = False) -> bool:
        """Whether the quotes hold what is asked for; prose may say when and how many without a date or a number."""
        prose = any(citation.source.prose for citation in citations)
        answered = [self.index.questions(citation.source.id, citation.start) for citation in citations]
        return prose or gives(answer.searched[0], citations, answered, sure=sure)

    def _on_point(self, query: str, evidence: Evidence) -> Evidence:
        """The evidence without the sentences that tell of another time or thing than the query names; those of prose
        are complete together alone."""
        views, source = self.index.views, evidence.source
        if source.prose:
            return evidence
        kept = (s for s in evidence.sentences if not beside(query, s.page_content, source, views.get(str(s.id), ())))
        return replace(evidence, sentences=tuple(kept))

    def _cited(self, draft: Answer) -> Answer:
        if draft.writer == QUOTES:
            cited = citing.cite(draft.text, draft.evidence)
            draft = replace(draft, text=cited.text, citations=cited.citations)
        answer = side_by_side(draft, self.searching.within(draft.question.filters)[0]) if draft.citations else draft
        if not answer.citations or not self._gives(draft, answer.citations, sure=draft.odds > SURE):
            text = declining.decline(draft, self.index)
            return citing.renumbered(declining.lacking(replace(draft, text=text, outcome="declined", citations=())))
        answer = in_force_note(standing_note(answer, self.index), self.index)
        return citing.renumbered(_noted(answer, self._newest))

    def _composed(self, answer: Answer) -> Answer | None:
        """A list that is made from dates rather than from what ranks first: events in order, or what applied then."""
        query, part = answer.searched[0], self.searching.within(answer.question.filters)[0]
        listed = dated_list(answer, part) if asks_for_order(query) else None
        listed = listed or day_list(answer, part)
        if listed is None and (date := asked_date(query)):
            listed = rules_then(answer, part, date)
        if listed is None:
            first = next((quote.sentence for quote in choose(answer.evidence)), None)
            leans = len(answer.searched) > 1  # else it stands alone, or was made whole
            asked = answer.question if leans else replace(answer.question, history=())
            listed = both_sides(answer, first, lambda text: self.search(replace(asked, text=text)), part)
        listed = listed or self._in_halves(answer)
        return citing.renumbered(_noted(standing_note(listed, self.index), self._newest)) if listed else None

    def _in_halves(self, answer: Answer) -> Answer | None:
        """Both halves of a question that has two, where sentences are quoted; a chat model is asked all at once."""
        question = replace(answer.question, text=answer.searched[0])
        if self.chat or not (both := halves(question.text)):
            return None
        one = self.invoke(replace(question, text=both[0]))
        if one.missing and not one.citations and not names(both[1]):
            return None  # the other half goes on about what no source mentions
        before = (*question.history, Turn("user", both[0]))
        other = self.invoke(replace(question, text=both[1], history=before))
        if other.outcome == "out_of_scope" and not asks_advice(both[1]):
            other = replace(other, outcome="declined")  # taken for talk, by words that the first half explains
        return joined(answer, list(zip(both, (one, other), strict=True)), self.index)

    def _in_general(self, refused: Answer) -> Answer:
        """A refusal with what the sources say in general, where they hold what is asked about; a standing or a
        disagreement is told as in any answer."""
        query = refused.searched[0]
        if self.searching.ranker.unknown_names(query):
            return refused
        on_point = tuple(self._on_point(query, each) for each in refused.evidence)
        draft = QuotingWriter(most=GENERAL).invoke(Brief(replace(refused.question, text=query), on_point))
        told = self._cited(replace(refused, text=draft, outcome="answered"))
        return declining.in_general(told, phrases(refused.question.text)) if told.citations else refused

    @cached_property
    def _newest(self) -> str:
        """The newest date of publication, leaving out what nobody published: texts from memory."""
        return max((s.published for s in self.index.sources.values() if s.seen != "memory"), default="")


def _noted(answer: Answer, newest: str) -> Answer:
    """The answer with its notes: foreign quotes, what is missing, and how far the sources reach if asked for now."""
    own = phrases(answer.question.text)
    if own.foreign and not any(is_chinese(citation.quote) for citation in answer.citations):
        answer = replace(answer, text=f"{own.foreign} {answer.text}", notes=(*answer.notes, own.foreign))
    after = [declining.not_mentioned(answer)] if answer.missing else []
    if newest and asks_for_now(answer.question.text):
        after.append(own.newest.format(newest))
    return replace(
        answer,
        text=answer.text + (citing.gap(answer.text) + " ".join(after) if after else ""),
        notes=(*answer.notes, *after),
        outcome="partial" if answer.missing else answer.outcome,
    )


def _closed(answer: Answer, text: str, outcome: Outcome, begun: float, searched: float = 0.0) -> Answer:
    """A finished answer in the bot's own words."""
    return replace(answer, text=text, outcome=outcome, timings=_timings(begun, searched or begun), done=True)


def checked(question: Question) -> Question:
    """The question within bounds, with the turns that are remembered; raises QuestionError."""
    text, turns = question.text.strip(), question.history[-REMEMBERED:]
    if not text:
        raise QuestionError("the question is empty; ask something about China's cryptocurrency ban")
    if len(text) > LONGEST:
        raise QuestionError(f"the question has {len(text)} characters; shorten it to {LONGEST}")
    try:
        "".join((text, *(turn.content for turn in turns))).encode()
    except UnicodeEncodeError:
        raise QuestionError("the question holds half a character, which is no text; type it anew") from None
    return replace(question, text=text, history=turns)


def _timings(begun: float, searched: float) -> dict[str, float]:
    now = time.perf_counter()
    spans = {"search_ms": searched - begun, "write_ms": now - searched, "total_ms": now - begun}
    return {name: round(1000 * seconds, 2) for name, seconds in spans.items()}
