"""Answers and questions as others exchange them: JSON lines in and out, and plain text for a terminal."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.answering import Answerer
from bot.errors import BanbotError, QuestionError
from bot.records import QUOTES, Answer, Citation, Evidence, Filters, Question, Turn

LONGEST_LINE = 1_000_000
"""Most bytes of a line of input."""
LONGEST_TURN = 50_000
"""Most characters of a turn of the history."""
MOST_TURNS = 200


class _Turn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    role: Literal["user", "assistant"]
    content: str = Field(max_length=LONGEST_TURN)


class _Filters(BaseModel):
    model_config = ConfigDict(extra="forbid")
    since: str = Field(default="", pattern=r"^(\d{4})?$")
    until: str = Field(default="", pattern=r"^(\d{4})?$")
    official: bool = False
    language: Literal["", "en", "zh"] = ""


class _Line(BaseModel):
    """One line of `ask --json -`; only the question is required."""

    id: str | int | None = None
    question: str
    history: list[_Turn] = Field(default=[], max_length=MOST_TURNS)
    filters: _Filters = _Filters()

    def asked(self) -> Question:
        """The question as the bot takes it."""
        turns = tuple(Turn(turn.role, turn.content) for turn in self.history)
        return Question(self.question, turns, Filters(**self.filters.model_dump()))


def batch(answerer: Answerer, lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """One object for each line, in the same order; a bad line gets `id` and `error`, and the batch goes on."""
    for line in lines:
        if line.strip():
            yield answered(answerer, line)


def answered(answerer: Answerer, line: bytes) -> dict[str, Any]:
    """The answer to one line of JSON as an object; `id` and `error` where it cannot be taken."""
    id: Any = None
    try:
        if len(line) > LONGEST_LINE:
            raise QuestionError(f"the line has {len(line)} bytes; shorten it to {LONGEST_LINE}")
        data = json.loads(line)
        json.dumps(data, ensure_ascii=False).encode()  # half a character, as in "\\ud800", could not be sent back
        id = data.get("id") if isinstance(data, dict) else None
        parsed = _Line.model_validate(data)
        answer = answerer.invoke(parsed.asked())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "line"
        return {"id": id, "error": f"{where}: {first['msg']}"}
    except (ValueError, RecursionError) as error:
        return {"id": id, "error": f"not a line of JSON: {error}"}
    except BanbotError as error:
        return {"id": id, "error": str(error)}
    return as_json(answer, id)


def as_json(answer: Answer, id: Any = None) -> dict[str, Any]:
    """The answer as one line of `ask --json`; the writer is named where a chat model wrote."""
    return {
        "id": id,
        "question": answer.question.text,
        "outcome": answer.outcome,
        "text": answer.text,
        "searched": list(answer.searched),
        "citations": [_citation(citation) for citation in answer.citations],
        "evidence": [_evidence(evidence) for evidence in answer.evidence],
        "timings": dict(answer.timings),
    } | ({} if answer.writer == QUOTES else {"writer": answer.writer})


def _citation(citation: Citation) -> dict[str, Any]:
    source = citation.source
    return {
        "key": citation.key,
        "source": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "published": source.published,
        "url": source.url,
        "kind": source.kind,
        "standing": source.standing,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    where = evidence.passage.metadata
    return {
        "key": evidence.key,
        "source": evidence.source.id,
        "start": where["start"],
        "end": where["end"],
        "text": evidence.passage.page_content,
        "score": round(evidence.score, 4),
    }


def as_text(answer: Answer) -> str:
    """The answer for a terminal: the text, then a line for each source cited."""
    lines = [answer.text]
    for source in {c.source.id: c.source for c in answer.citations}.values():
        keys = dict.fromkeys(c.key for c in answer.citations if c.source.id == source.id)
        about = ", ".join(part for part in (source.publisher, source.published, source.url) if part)
        marks = " ".join(f"[{key}]" for key in keys)
        lines.append(f"{marks} {source.title} ({about})" if about else f"{marks} {source.title}")
    return "\n".join([lines[0], "", *lines[1:]]) if len(lines) > 1 else lines[0]
