"""Bind each sentence of a draft to the sentence of a source that supports it, or drop it: pure.

What reaches the reader is only what was bound: a marker that names no evidence and a sentence that is not
found word for word in its evidence do not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from langchain_core.documents import Document

from bot.records import Answer, Citation, Evidence

if TYPE_CHECKING:
    from bot.index import Index

MARKER = re.compile(r"(?:(?<=[.!?。！？…\"”'’)）\]]) ?\[(\w{1,12})\](?=\s|$)| ?\[(\w{1,12})\]$)", re.MULTILINE)
"""A key in brackets after a sentence, after another key or at the end of a line: "Yinfa [2021] No. 237" holds none."""


@dataclass(frozen=True)
class Cited:
    """The text that holds, its citations in the order of its markers, and what was dropped and why."""

    text: str
    citations: tuple[Citation, ...]
    dropped: tuple[str, ...]


def cite(draft: str, evidence: Sequence[Evidence]) -> Cited:
    """Keep the draft's sentences whose marker's evidence holds them; one citation a marker, in the same order."""
    by_key = {e.key: e for e in evidence}
    kept: list[str] = []
    citations: list[Citation] = []
    dropped: list[str] = []
    begin = 0
    for marker in MARKER.finditer(draft):
        statement = draft[begin : marker.start()].strip()
        begin = marker.end()
        key = marker[1] or marker[2]
        if key not in by_key:
            dropped.append(f"{statement} [{key}]: no such evidence")
        elif citation := bind(statement, by_key[key]):
            kept.append(f"{statement} [{key}]")
            citations.append(citation)
        else:
            dropped.append(f"{statement} [{key}]: not in that evidence")
    if rest := draft[begin:].strip():
        dropped.append(f"{rest}: no marker")
    return Cited(" ".join(kept), tuple(citations), tuple(dropped))


def bind(statement: str, evidence: Evidence) -> Citation | None:
    """The citation of the evidence's sentence that the statement quotes, or None."""
    for sentence in evidence.sentences:
        if sentence.page_content == statement:
            start, end = sentence.metadata["start"], sentence.metadata["end"]
            return Citation(evidence.key, evidence.source, statement, start, end)
    return None


def quoted(answer: Answer, sentence: Document, index: "Index", statement: str = "") -> Answer:
    """The answer with one more cited statement: the sentence itself, or what is said on its strength."""
    passage = index.passage(str(sentence.id).rpartition(".")[0])
    held = next((e for e in answer.evidence if e.passage.id == passage.id), None)
    key = held.key if held else str(len(answer.evidence) + 1)
    source = index.sources[sentence.metadata["source"]]
    evidence = held or Evidence(key, passage, source, 0.0, index.by_passage[str(passage.id)])
    start, end = sentence.metadata["start"], sentence.metadata["end"]
    return replace(
        answer,
        text=f"{answer.text}{statement or gap(answer.text) + sentence.page_content} [{key}]",
        citations=(*answer.citations, Citation(key, source, sentence.page_content, start, end)),
        evidence=answer.evidence if held else (*answer.evidence, evidence),
    )


def gap(text: str) -> str:
    """What parts the text from a sentence that follows it: a blank line after a list, of whose items it is none."""
    return "\n\n" if text.rpartition("\n")[2].startswith("- ") else " "


def parts(answer: Answer) -> list[tuple[str, tuple[Citation, ...]]]:
    """The answer's text in order: each statement with the citations whose markers follow it, each note with none."""
    found: list[tuple[str, tuple[Citation, ...]]] = []
    begin = 0
    for marker, citation in zip(MARKER.finditer(answer.text), answer.citations, strict=False):
        found += _noted(answer.text[begin : marker.start()], answer.notes, citation)
        begin = marker.end()
    return [*found, *_noted(answer.text[begin:], answer.notes, None)]


def _noted(text: str, notes: Sequence[str], citation: Citation | None) -> list[tuple[str, tuple[Citation, ...]]]:
    """The notes that stand in a piece of text, then the statement that is left of it."""
    found: list[tuple[str, tuple[Citation, ...]]] = []
    for note in sorted((n for n in notes if n in text), key=text.index):
        found.append((note, ()))
        text = text.replace(note, "", 1)
    statement = text.strip().removeprefix("- ")
    return [*found, (statement, (citation,) if citation else ())] if statement or citation else found


def renumbered(answer: Answer) -> Answer:
    """The answer with its evidence numbered in the order in which it is cited; what is not cited comes after."""
    order = dict.fromkeys([*(c.key for c in answer.citations), *(e.key for e in answer.evidence)])
    number = {old: str(new) for new, old in enumerate(order, 1)}
    by_key = {e.key: e for e in answer.evidence}
    text, begin = "", 0
    for marker, citation in zip(MARKER.finditer(answer.text), answer.citations, strict=False):
        text += answer.text[begin : marker.start()] + f" [{number[citation.key]}]"
        begin = marker.end()
    return replace(
        answer,
        text=text + answer.text[begin:],
        citations=tuple(replace(c, key=number[c.key]) for c in answer.citations),
        evidence=tuple(replace(by_key[old], key=number[old]) for old in order),
    )
