"""A chat model within limits: its words come in time and in a bounded number, or there is one reason why not."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from queue import Empty, Full, Queue
from typing import Any

from langchain_core import exceptions as provider
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, BaseMessageChunk
from langchain_core.runnables import Runnable, RunnableConfig
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from bot.errors import WritingError

_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (provider.ModelAuthenticationError, "key"),
    (provider.ModelPermissionDeniedError, "key"),
    (provider.ModelNotFoundError, "unknown"),
    (provider.ModelRateLimitError, "busy"),
    (provider.ModelTimeoutError, "silent"),
    (provider.ModelConnectionError, "unreachable"),
    (ConnectionError, "unreachable"),
    (provider.ContextOverflowError, "long"),
    (provider.ModelInvalidRequestError, "refused"),
)
"""What went wrong before the first word, by the exceptions that LangChain's providers share."""


@dataclass(frozen=True)
class Limits:
    """What a chat model may take and say."""

    first: float = 45.0
    """Seconds to the first word."""
    total: float = 90.0
    """Seconds to the last."""
    characters: int = 6000
    attempts: int = 3
    """Times that a request is made which the provider says may succeed later."""
    pause: float = 0.5
    """Seconds before the second request; twice as many before each further one, and less by chance."""


class Chat(Runnable[Sequence[BaseMessage], str]):
    """Streams the text of a chat model's reply; what hangs, breaks off or never ends raises WritingError."""

    def __init__(
        self, model: BaseChatModel, limits: Limits | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.model = model
        self.limits = limits or Limits()
        self.clock = clock

    def stream(
        self, input: Sequence[BaseMessage], config: RunnableConfig | None = None, **kwargs: Any
    ) -> Iterator[str]:
        """Yield the reply piece by piece; raises WritingError."""
        begun, said = self.clock(), ""
        pieces: Queue[str | Exception | None] = Queue(maxsize=16)
        given_up = threading.Event()
        # A provider's stream blocks as long as it likes; in a thread of its own it cannot make the reader wait.
        threading.Thread(target=self._speak, args=(list(input), config, pieces, given_up), daemon=True).start()
        try:
            while (piece := self._next(pieces, begun, bool(said))) is not None:
                said += piece
                if len(said) > self.limits.characters:
                    raise WritingError("endless")
                if piece:
                    yield piece
        finally:
            given_up.set()
        if not said.strip():
            raise WritingError("empty")

    def invoke(self, input: Sequence[BaseMessage], config: RunnableConfig | None = None, **kwargs: Any) -> str:
        return "".join(self.stream(input, config))

    def _next(self, pieces: "Queue[str | Exception | None]", begun: float, speaking: bool) -> str | None:
        """The next piece, None at the end; raises WritingError."""
        limit = self.limits.total if speaking else min(self.limits.first, self.limits.total)
        late = WritingError("slow" if speaking else "silent")
        left = begun + limit - self.clock()
        if left <= 0:
            raise late
        try:
            piece = pieces.get(timeout=left)
        except Empty:
            raise late from None
        if isinstance(piece, Exception):
            raise WritingError(_reason(piece, speaking)) from None  # what it says may quote a key
        return piece

    def _speak(
        self,
        messages: Sequence[BaseMessage],
        config: RunnableConfig | None,
        pieces: "Queue[str | Exception | None]",
        given_up: threading.Event,
    ) -> None:
        """Put the reply's pieces into the queue, then None or what went wrong, until nobody waits any more."""

        def put(piece: str | Exception | None) -> None:
            while not given_up.is_set():
                try:
                    return pieces.put(piece, timeout=0.5)
                except Full:
                    continue

        try:
            first, rest = self._opened(messages, config, given_up)
            put(_text(first) if first else "")
            for chunk in rest:
                if given_up.is_set():
                    return
                put(_text(chunk))
            put(None)
        except Exception as error:  # the outside world: each provider raises what it likes
            put(error)

    def _opened(
        self, messages: Sequence[BaseMessage], config: RunnableConfig | None, given_up: threading.Event
    ) -> tuple[BaseMessageChunk | None, Iterator[BaseMessageChunk]]:
        """The first piece of the reply and the rest, asked for again where that may help."""

        def pause(seconds: float) -> None:
            given_up.wait(seconds)

        asking = Retrying(
            retry=retry_if_exception(_may_pass),
            stop=stop_after_attempt(self.limits.attempts),
            wait=wait_random_exponential(multiplier=self.limits.pause, max=10),
            sleep=pause,
            reraise=True,
        )

        def ask() -> tuple[BaseMessageChunk | None, Iterator[BaseMessageChunk]]:
            stream = self.model.stream(list(messages), config)
            return next(stream, None), stream

        return asking(ask)


def _text(chunk: BaseMessageChunk) -> str:
    return str(chunk.text)


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, ConnectionError) or bool(getattr(error, "is_retryable", False))


def _reason(error: Exception, speaking: bool) -> str:
    if speaking:
        return "cut"
    return next((reason for kind, reason in _REASONS if isinstance(error, kind)), "failed")
