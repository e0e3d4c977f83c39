"""What a keeper of the page sees: its health, one JSON line for each answer if asked for, and figures for Prometheus.

The text of a question is written down only where the keeper says so.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, TextIO

from langchain_core.runnables import RunnableConfig
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import guarding
from bot.answering import Answerer
from bot.errors import BanbotError, PageError
from bot.records import Answer, Question


@dataclass(frozen=True)
class Journal:
    """Where answers and refusals are written down and counted."""

    lines: TextIO | None = None
    questions: bool = False
    """Whether the text of questions is written too."""
    counts: "Counts | None" = None
    _lock: Lock = field(default_factory=Lock, repr=False)

    def answered(self, question: Question, outcome: str, seconds: float, **more: Any) -> None:
        """Write one answer down; `outcome` is the answer's, or why there is none."""
        if self.counts:
            self.counts.answered(outcome, seconds)
        asked = {"question": question.text} if self.questions else {}
        length = {"characters": len(question.text), "turns": len(question.history)}
        self._write({"event": "answer", "outcome": outcome, "ms": round(1000 * seconds, 1), **length, **more, **asked})

    def refused(self, status: int) -> None:
        """Write down that a request was not let in."""
        if self.counts:
            self.counts.refused(status)
        self._write({"event": "refusal", "status": status})

    def _write(self, line: Mapping[str, Any]) -> None:
        if self.lines:
            now = time.strftime("%Y-%m-%dT%H:%M:%S%z")
            with self._lock:
                print(json.dumps({"time": now, **line}, ensure_ascii=False), file=self.lines, flush=True)


class Counts:
    """Figures in Prometheus' format, in a registry of their own; raises PageError where its package is missing."""

    def __init__(self) -> None:
        try:
            from prometheus_client import CollectorRegistry, Counter, Histogram
        except ImportError as error:
            raise PageError("--metrics needs a package; run: pip install 'banbot[metrics]'") from error
        self._registry = CollectorRegistry()
        self._answers = Counter("banbot_answers", "Answers by outcome.", ["outcome"], registry=self._registry)
        self._seconds = Histogram("banbot_answer_seconds", "Time to the whole answer.", registry=self._registry)
        self._refusals = Counter("banbot_refusals", "Requests not let in.", ["status"], registry=self._registry)

    def answered(self, outcome: str, seconds: float) -> None:
        """Count an answer."""
        self._answers.labels(outcome).inc()
        self._seconds.observe(seconds)

    def refused(self, status: int) -> None:
        """Count a request that was not let in."""
        self._refusals.labels(str(status)).inc()

    def page(self, request: Request) -> Response:
        """All figures as Prometheus reads them."""
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)


class Watched(Answerer):
    """An answerer whose answers are written down."""

    def __init__(self, answerer: Answerer, journal: Journal) -> None:
        super().__init__(answerer.index, answerer.writer, answerer.chat, answerer.searching.rewriter)
        self._journal = journal

    def stream(self, input: Question, config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[Answer]:
        begun = time.perf_counter()
        outcome, used = "stopped", 0
        try:
            for answer in super().stream(input, config, **kwargs):
                if answer.done:
                    outcome, used = answer.outcome, len({c.source.id for c in answer.citations})
                yield answer
        except BanbotError as error:
            outcome = type(error).__name__
            raise
        finally:
            self._journal.answered(input, outcome, time.perf_counter() - begun, sources=used)


@contextmanager
def journal(log: str, questions: bool, metrics: bool) -> Iterator[Journal]:
    """A journal that writes to the file `log`, to standard error for `-`, or nowhere; raises PageError."""
    counts = Counts() if metrics else None
    if log in ("", "-"):
        yield Journal(sys.stderr if log else None, questions, counts)
        return
    try:
        file = Path(log).open("a", encoding="utf-8")  # noqa: SIM115
    except OSError as error:
        raise PageError(f"{log}: cannot be written ({error.strerror}); name another file with --log") from error
    with file:
        yield Journal(file, questions, counts)


def around(rules: guarding.Rules, journal: Journal) -> Callable[["Future[Answerer]"], dict[str, Any]]:
    """What stands around the page, as arguments of Gradio's `launch`: the guard, `/health` and `/metrics`."""

    def arguments(ready: "Future[Answerer]") -> dict[str, Any]:
        routes = [Route("/health", lambda request: health(ready))]
        if journal.counts:
            routes.append(Route("/metrics", journal.counts.page))
        app = {"middleware": guarding.middleware(rules, journal.refused), "routes": routes}
        return {"app_kwargs": app, "state_session_capacity": guarding.SESSIONS, "show_error": False}

    return arguments


def health(ready: "Future[Answerer]") -> Response:
    """Whether the page is up and ready to answer, and from which index; status 503 until it is ready."""
    good = ready.done() and ready.exception() is None
    told: dict[str, Any] = {"up": True, "ready": good}
    if good:
        index = ready.result().index
        told |= {"index": index.fingerprint, "sources": len(index.documents)}
    elif ready.done():
        told["failed"] = type(ready.exception()).__name__
    return JSONResponse(told, 200 if good else 503)
