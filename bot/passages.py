"""Cut a document into passages and passages into sentences; offsets are carried, never searched for.

Sentence ends come from `sentencex` (Wikimedia), which knows English abbreviations and Chinese stops.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex
from langchain_core.documents import Document

VERSION = 2
"""Goes into the index's fingerprint: raise it when the cuts change."""

PASSAGE = 900
"""Most characters of a passage, unless one sentence is longer than that."""
SENTENCE = 1500
"""Most characters of a sentence; text without stops is cut there."""


_STOP_BEFORE_DIGIT = re.compile(r"[。！？](?=\d)")
"""An end of a Chinese sentence that `sentencex` takes for part of a number."""


def split(document: Document) -> list[Document]:
    """Cut a document into passages of whole sentences that, joined, are the document.

    A paragraph is never cut if it fits; short paragraphs are not joined.
    """
    pieces: list[tuple[int, int]] = []
    begin = end = 0
    for start, stop, breaks in _segments(document):
        full = stop - begin > PASSAGE and document.page_content[begin:start].strip()
        if full:
            pieces.append((begin, start))
            begin = start
        end = stop
        if breaks and document.page_content[begin:stop].strip():
            pieces.append((begin, stop))
            begin = stop
    if begin < end:
        pieces.append((begin, end))
    return [_slice(document, f"{document.id}#{n}", start, stop) for n, (start, stop) in enumerate(pieces, 1)]


def sentences(passage: Document) -> list[Document]:
    """The passage's sentences without the space around them, `id` = passage id + `.m`, offsets into the source."""
    found: list[Document] = []
    for start, stop, _ in _segments(passage):
        text = passage.page_content[start:stop]
        start += len(text) - len(text.lstrip())
        stop -= len(text) - len(text.rstrip())
        if start < stop:
            found.append(_slice(passage, f"{passage.id}.{len(found) + 1}", start, stop))
    return found


def cut(text: str) -> list[str]:
    """The sentences of a text that is no document, such as a message, without the space around them."""
    return [part for line in text.splitlines() for piece in sentencex.segment("en", line) if (part := piece.strip())]


def lead(sentence: str) -> str:
    """The clause before the colon of a sentence that goes on with a list; the whole sentence where there is none."""
    clause, _, rest = sentence.partition(": ")
    return clause if len(clause.split()) >= 4 and len(rest.split()) >= 8 else sentence


def is_whole(sentence: str) -> bool:
    """Whether the sentence ends with a stop, as a heading or an item of a list does not."""
    return sentence.rstrip("”’\"')）]").endswith((".", "!", "?", "。", "！", "？"))


def _segments(document: Document) -> Iterator[tuple[int, int, bool]]:
    """Start, end and whether a paragraph ends here; the segments cover the text without a gap."""
    text = document.page_content
    begin = 0
    for boundary in sentencex.get_sentence_boundaries("en", text):
        end, breaks = boundary["end_index"], bool(boundary["is_paragraph_break"])
        if text[end - 1 : end] == "." and text[end : end + 1].isalnum():
            continue  # the stop inside a name such as U.Today ends nothing
        stops = [begin + m.end() for m in _STOP_BEFORE_DIGIT.finditer(text[begin:end])]
        for start, stop in pairwise((begin, *stops, end)):
            for cut in range(start, stop, SENTENCE):
                yield cut, min(cut + SENTENCE, stop), breaks
        begin = end


def _slice(parent: Document, id: str, start: int, end: int) -> Document:
    base = parent.metadata.get("start", 0)
    source = parent.metadata.get("source", parent.id)
    metadata = {"source": source, "start": base + start, "end": base + end}
    return Document(id=id, page_content=parent.page_content[start:end], metadata=metadata)
