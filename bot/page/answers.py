"""What the page asks of the bot: answers while they grow, examples, sources, and where a reader's word is kept."""

import logging
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, wait
from dataclasses import asdict, dataclass
from pathlib import Path

from bot import feedback
from bot.answering import Answerer
from bot.errors import BanbotError
from bot.index import Index
from bot.page.conversation import Conversation, Reply, grown, turns
from bot.records import Answer, Filters, Question, Source
from bot.suggesting import follow_ups

Examples = Mapping[str, tuple[str, ...]]
"""Questions to begin with, by language."""
PACE = 0.1
"""Seconds between two states of a growing answer: each costs the page as much as finding the answer."""
INSIDE = "Banbot failed inside; the terminal it runs in shows why. Ask again, or tell whoever runs it."


@dataclass(frozen=True)
class Desk:
    """What stands behind the page: the answerer and the examples once they are ready, and the file of feedback."""

    ready: "Future[Answerer]"
    offered: "Future[Examples]"
    feedback: Path

    def index(self) -> Index:
        """The index, once it is opened."""
        return self.ready.result().index

    def sources(self) -> Mapping[str, Source]:
        """The heads of the sources; none while they are being read."""
        return self.index().sources if self.ready.done() else {}

    def examples(self, language: str) -> tuple[str, ...]:
        """Questions to begin with, once they are chosen."""
        return self.offered.result().get(language, ())

    def rate(self, conversation: Conversation, at: int, rated: str, reason: str) -> Conversation:
        """Keep what a reader says of one answer; the conversation with it. Raises FeedbackError."""
        if not (0 <= at < len(conversation)) or rated not in ("up", "down"):
            return conversation
        reply = conversation[at]
        history = [asdict(turn) for turn in turns(conversation[:at])]
        line = reply.line.model_dump(mode="json")
        feedback.keep(self.feedback, good=rated == "up", reason=reason[:500], history=history, answer=line)
        marked = reply.model_copy(update={"rated": rated})
        return (*conversation[:at], marked, *conversation[at + 1 :])


def replies(desk: Desk, reply: Reply, before: Conversation) -> Iterator[Reply]:
    """The reply as it grows; the last one is done or failed. Waits for the answerer in steps, so that one can stop."""
    while not desk.ready.done():
        yield reply
        wait([desk.ready], timeout=0.5)
    filters = Filters(**reply.filters)  # type: ignore[arg-type]
    question = Question(reply.line.question, turns(before), filters)
    try:
        answerer = desk.ready.result()
        answer = Answer(question)
        shown = float("-inf")  # the first words are shown at once
        for answer in answerer.stream(question):
            if not answer.done and time.monotonic() - shown > PACE:
                shown = time.monotonic()
                yield grown(reply, answer)
        asked = [each.line.question for each in before]
        yield grown(reply, answer, len(before) + 1, follow_ups(answer, answerer.index, asked))
    except BanbotError as error:
        yield reply.model_copy(update={"state": "failed", "failure": str(error)})
    except Exception:  # an edge of the program: the reader is told, the terminal shows the rest
        logging.getLogger(__name__).exception("an answer failed")
        yield reply.model_copy(update={"state": "failed", "failure": INSIDE})
