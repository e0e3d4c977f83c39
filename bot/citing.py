"""Bind each sentence of a draft to the sentence of a source that supports it, or drop it: pure.

What reaches the reader is only what was bound: a marker that names no evidence and a sentence that is not
found word for word in its evidence do not.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.records import Citation, Evidence

MARKER = re.compile(r"(?:(?<=[.!?。！？…\"”'’)）]) ?\[(\w{1,12})\](?=\s|$)| ?\[(\w{1,12})\]$)", re.MULTILINE)
"""A key in brackets after the end of a sentence or at the end of a line: "Yinfa [2021] No. 237" holds none."""


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
