"""The conversation as the browser keeps it: replies, each an answer as `ask --json` writes it with what the page adds.

It comes back from the browser, so it is checked like any input, and all of it is shown as text.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from bot.citing import MARKER
from bot.exchange import as_json
from bot.records import Answer, Filters, Outcome, Turn

State = Literal["growing", "done", "stopped", "failed"]


class Cited(BaseModel):
    """A citation as `ask --json` writes it."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    key: str
    source: str
    title: str
    publisher: str
    published: str
    url: str
    kind: str
    standing: str | None = None
    quote: str
    start: int
    end: int


class Found(BaseModel):
    """A piece of evidence as `ask --json` writes it."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    key: str
    source: str
    start: int
    end: int
    text: str
    score: float


class Line(BaseModel):
    """An answer as `ask --json` writes it."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    id: str | int | None = None
    question: str
    outcome: Outcome = "answered"
    text: str = ""
    searched: tuple[str, ...] = ()
    citations: tuple[Cited, ...] = ()
    evidence: tuple[Found, ...] = ()
    timings: dict[str, float] = {}
    writer: str = ""
    """The chat model that wrote, if one did."""


class Reply(BaseModel):
    """One question and what came of it."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    line: Line
    filters: dict[str, str | bool] = {}
    state: State = "growing"
    failure: str = ""
    follow_ups: tuple[str, ...] = ()
    rated: Literal["", "up", "down"] = ""


Conversation = tuple[Reply, ...]
_CONVERSATION = TypeAdapter(Conversation)


def kept(stored: Any) -> Conversation:
    """The conversation that the browser kept; an empty one where it is not one of ours, of an older page say."""
    try:
        return _CONVERSATION.validate_python(stored or ())
    except ValidationError:
        return ()


def stored(conversation: Conversation) -> list[dict[str, Any]]:
    """The conversation as the browser keeps it."""
    return [reply.model_dump(mode="json") for reply in conversation]


def asked(question: str, filters: Filters) -> Reply:
    """The reply before anything is known."""
    return Reply(line=Line(question=question), filters=asdict(filters))


def grown(reply: Reply, answer: Answer, number: int = 0, follow_ups: Sequence[str] = ()) -> Reply:
    """The reply with the answer as far as it is known."""
    line = Line.model_validate(as_json(answer, number or None))
    state: State = "done" if answer.done else "growing"
    return reply.model_copy(update={"line": line, "state": state, "follow_ups": tuple(follow_ups)})


def ended(reply: Reply) -> Reply:
    """The reply as it stands when nobody works on it any more."""
    return reply.model_copy(update={"state": "stopped"}) if reply.state == "growing" else reply


def turns(conversation: Conversation) -> tuple[Turn, ...]:
    """What was said before, as the next question is asked with."""
    found: list[Turn] = []
    for reply in conversation:
        if reply.state == "done":
            found += [Turn("user", reply.line.question), Turn("assistant", reply.line.text)]
    return tuple(found)


@dataclass(frozen=True)
class Paragraph:
    """One line of an answer's text: statements, each with the citation after it; `item` where it is of a list."""

    item: bool
    statements: tuple[tuple[str, Cited | None], ...]


def pieces(line: Line) -> list[Paragraph]:
    """The answer's text cut into its lines and statements."""
    rows: list[list[tuple[str, Cited | None]]] = [[]]
    begin = 0
    for marker, cited in zip(MARKER.finditer(line.text), line.citations, strict=False):
        _append(rows, line.text[begin : marker.start()], cited)
        begin = marker.end()
    rest = line.text[begin:]
    _append(rows, rest if line.citations else MARKER.sub("", rest), None)  # a draft's markers are not checked yet
    found = []
    for row in rows:
        item = bool(row) and row[0][0].startswith("- ")
        stated = [(text.strip().removeprefix("- "), cited) for text, cited in row if text.strip() or cited]
        if stated:
            found.append(Paragraph(item, tuple(stated)))
    return found


def _append(rows: list[list[tuple[str, Cited | None]]], text: str, cited: Cited | None) -> None:
    *before, last = text.split("\n")
    for line in before:
        rows[-1].append((line, None))
        rows.append([])
    rows[-1].append((last, cited))


def by_source(line: Line) -> list[tuple[Cited, tuple[str, ...]]]:
    """Each source that the answer cites, by its first citation, with the numbers of all its citations in order."""
    keys: dict[str, set[str]] = {}
    first: dict[str, Cited] = {}
    for cited in line.citations:
        keys.setdefault(cited.source, set()).add(cited.key)
        first.setdefault(cited.source, cited)
    found = [(first[source], tuple(sorted(each, key=_in_order))) for source, each in keys.items()]
    return sorted(found, key=lambda pair: _in_order(pair[1][0]))


def _in_order(key: str) -> tuple[int, str]:
    return len(key), key
