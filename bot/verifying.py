"""Check an exported answer again: does each citation still hold in the sources as they are now?"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from langchain_core.documents import Document
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.citing import MARKER
from bot.errors import QuestionError
from bot.records import Source
from bot.support import broken


class _Citation(BaseModel):
    model_config = ConfigDict(extra="ignore")
    key: str
    source: str
    quote: str
    start: int
    end: int
    standing: str | None = None
    title: str = ""
    publisher: str = ""
    published: str = ""


class _Exported(BaseModel):
    """What `ask --json` wrote, as far as it is checked."""

    model_config = ConfigDict(extra="ignore")
    question: str
    text: str
    citations: list[_Citation]


def verify(file: Path, documents: Mapping[str, Document]) -> tuple[int, list[str]]:
    """How many citations were checked, and one line for each that no longer holds; raises QuestionError."""
    checked = 0
    problems: list[str] = []
    for number, line in enumerate(_lines(file), 1):
        if isinstance(line, dict) and "error" in line:
            continue  # a bad line of a batch, which has no answer
        try:
            answer = _Exported.model_validate(line)
        except ValidationError as error:
            raise QuestionError(
                f"{file}: answer {number}: {error.errors()[0]['msg']}; give what --json wrote"
            ) from error
        checked += len(answer.citations)
        faults = [(c, fault) for c in answer.citations if (fault := _fault(c, documents))]
        problems += [f"{answer.question} [{c.key}]: {fault}" for c, fault in faults]
        problems += [f"{answer.question} [{c.key}]: {fault}" for c, fault in _altered(answer) if not faults]
    return checked, problems


def _altered(answer: _Exported) -> list[tuple[_Citation, str]]:
    """The citations whose statement in the text says a number, date, name or denial that the quote does not."""
    found = []
    begin = 0
    for marker, citation in zip(MARKER.finditer(answer.text), answer.citations, strict=False):
        said = answer.text[begin : marker.start()].strip()
        begin = marker.end()
        if citation.quote in said or "\n- " in f"\n{said}":  # notes may stand before; items of a list name their source
            continue
        head = f"{citation.title} {citation.publisher} {citation.published}"
        if said and (rule := broken(said, citation.quote, head)):
            found.append((citation, f"the text says a {rule} that the quote does not"))
    return found


def _lines(file: Path) -> list[Any]:
    try:
        text = file.read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"{file}: cannot be read ({error}); name a file that ask --json wrote") from error
    except json.JSONDecodeError as error:
        raise QuestionError(f"{file}: not lines of JSON ({error}); name a file that ask --json wrote") from error


def _fault(citation: _Citation, documents: Mapping[str, Document]) -> str:
    if citation.source not in documents:
        return f"the source {citation.source} is not held"
    document = documents[citation.source]
    head: Source = document.metadata["head"]
    if document.page_content[citation.start : citation.end] != citation.quote:
        moved = citation.quote in document.page_content
        return f"{citation.source} {'holds these words elsewhere now' if moved else 'does not hold these words'}"
    if citation.standing != head.standing:
        return f"{citation.source} is now {head.standing or 'without standing'}, was {citation.standing or 'without'}"
    return ""
