"""A chat model as a writer, and as one who rewrites a question that leans on the turns before it."""

from collections.abc import Iterator
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig

from bot import models
from bot.chat import Chat, Limits
from bot.errors import ModelError, WritingError
from bot.prompting import EVIDENCE, to_rewrite, to_write
from bot.records import Question
from bot.support import broken, overlap
from bot.terms import content_terms
from bot.writers import Brief

TRIES = 4
"""Times that evidence is offered, each time half as much, to a model for which it may be too long."""
SHORT = Limits(first=10.0, total=10.0, characters=600, attempts=1)
"""Limits on rewriting: the answer is still to come, and the usual searches stand in."""
LONGEST = 400


class ChatWriter(Runnable[Brief, str]):
    """Streams a chat model's draft, its markers the keys of the brief's evidence; raises WritingError."""

    def __init__(self, chat: Chat, model: str) -> None:
        self.chat = chat
        self.model = model
        """The model's name, as the settings give it."""

    def stream(self, input: Brief, config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[str]:
        for attempt in range(TRIES):
            try:
                yield from self.chat.stream(to_write(input.question, input.evidence, EVIDENCE >> attempt), config)
                return
            except WritingError as error:
                # Servers differ in how they say "too long"; many just refuse the request.
                if error.reason not in ("long", "refused") or attempt + 1 == TRIES:
                    raise

    def invoke(self, input: Brief, config: RunnableConfig | None = None, **kwargs: Any) -> str:
        return "".join(self.stream(input, config))


class Rewriter(Runnable[Question, str]):
    """Gives the question as it reads without its conversation; empty text where the model fails or adds something."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat

    def invoke(self, input: Question, config: RunnableConfig | None = None, **kwargs: Any) -> str:
        if not input.history:
            return ""
        try:
            said = self.chat.invoke(to_rewrite(input), config)
        except WritingError:
            return ""
        return rewritten(said, input)


def rewritten(said: str, question: Question) -> str:
    """The one question in what a model said, if it keeps to the conversation's numbers and names; else empty text."""
    lines = [line.strip(' "“”') for line in said.rpartition("</think>")[2].splitlines() if line.strip()]
    if len(lines) != 1 or not lines[0].endswith(("?", "？")) or len(lines[0]) > LONGEST:
        return ""
    known = " ".join([*(turn.content for turn in question.history), question.text])
    asked = content_terms(question.text)
    kept = not asked or overlap(question.text, lines[0])[0] >= 0.5
    return lines[0] if kept and broken(lines[0], known) in ("", "negation") else ""


def opened(name: str, url: str) -> tuple[ChatWriter, Rewriter] | tuple[None, None]:
    """The writer and the rewriter of the model that the settings name; none of both where they name none.

    Raises ModelError.
    """
    if not name:
        if url:
            raise ModelError("BANBOT_MODEL_URL names a server, but which model of it? Set BANBOT_MODEL or --model")
        return None, None
    model = models.chat_model(name, url)
    return ChatWriter(Chat(model), name), Rewriter(Chat(model, SHORT))
