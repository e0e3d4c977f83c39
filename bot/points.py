"""Events and reported figures, points in time that the page draws; each rests on a sentence of a source.

They are data beside the sources, written by hand for our own; other folders have none. `timeline.jsonl` holds
the events, `figures.jsonl` the figures.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import urlencode

from langchain_core.documents import Document
from pydantic import Field

from bot.places import Place, lost, meant
from bot.records import PartialDate, Source
from bot.sources import lines

Kind = Literal["rule", "statement", "mining", "court", "market", "hong-kong", "yuan"]
Series = Literal["hash-rate", "bitcoin-fall", "bitcoin-price"]
TIMELINE, FIGURES = "timeline.jsonl", "figures.jsonl"
_MONTHS = "January February March April May June July August September October November December".split()
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


class _Dated(Place):
    date: PartialDate = Field(min_length=4)
    when: str = ""
    """The date as the sentence writes it, where that is not `date` in plain words: spring 2020."""

    def words(self) -> str:
        """The date as it must stand in the sentence."""
        return self.when or in_words(self.date)


class WrittenEvent(_Dated):
    """An event as it is written down."""

    kind: Kind
    title: str = Field(min_length=1)
    title_zh: str = ""


class WrittenPoint(_Dated):
    """A figure as it is written down; `says` is the figure as it stands in the sentence, `by` who gave it there."""

    series: Series
    value: float
    to: float | None = None
    unit: Literal["per cent", "dollars"]
    by: str = Field(min_length=1)
    says: str = Field(min_length=1)
    explained: tuple[Place, ...] = ()


Written = TypeVar("Written", WrittenEvent, WrittenPoint)


@dataclass(frozen=True)
class Event:
    """Something that happened, with the sentence that tells of it; `when` is its date in words."""

    date: str
    when: str
    kind: Kind
    title: str
    title_zh: str
    sentence: Document
    source: Source


@dataclass(frozen=True)
class Point:
    """A figure that a source gives for a date; a range has an upper end, `to`. `explained` are sentences about it."""

    series: Series
    date: str
    when: str
    value: float
    to: float | None
    unit: str
    by: str
    says: str
    sentence: Document
    source: Source
    explained: tuple[Document, ...]


def in_words(date: str) -> str:
    """A year, month or day as the sources write it: 2021, September 2021, 24 September 2021."""
    year, *rest = date.split("-")
    month = [_MONTHS[int(rest[0]) - 1]] if rest else []
    return " ".join([*(str(int(day)) for day in rest[1:]), *month, year])


def link(sentence: Document) -> str:
    """What the page opens a sentence by: its source and its offsets there."""
    place = sentence.metadata
    return "#" + urlencode({"source": place["source"], "start": place["start"], "end": place["end"]})


def read(folder: Path) -> tuple[tuple[WrittenEvent, ...], tuple[WrittenPoint, ...]]:
    """The events and the figures beside the sources of a folder, none without such a file; raises SourceError."""
    return tuple(lines(folder / TIMELINE, WrittenEvent)), tuple(lines(folder / FIGURES, WrittenPoint))


def events(
    written: Iterable[WrittenEvent], sentences: Sequence[Document], heads: Mapping[str, Source]
) -> tuple[Event, ...]:
    """The events in the order of time, each with its sentence; those whose sentence changed are left out."""
    return tuple(
        Event(e.date, e.words(), e.kind, e.title, e.title_zh, sentence, heads[e.source])
        for e, sentence in _told(written, sentences)
    )


def points(
    written: Iterable[WrittenPoint], sentences: Sequence[Document], heads: Mapping[str, Source]
) -> tuple[Point, ...]:
    """The figures in the order of time, each with its sentence; those whose sentence changed are left out."""
    found = []
    for p, sentence in _told(written, sentences):
        explained = tuple(s for place in p.explained if (s := meant(place, sentences)))
        values = (p.value, p.to, p.unit, p.by, p.says)
        found.append(Point(p.series, p.date, p.words(), *values, sentence, heads[p.source], explained))
    return tuple(found)


def _told(written: Iterable[Written], sentences: Sequence[Document]) -> list[tuple[Written, Document]]:
    """What is written down with its sentence, in the order of time, where the sentence says it."""
    found = [
        (each, sentence) for each in written if (sentence := meant(each, sentences)) and not _amiss(each, sentence)
    ]
    return sorted(found, key=lambda pair: pair[0].date)


def check(written: Iterable[WrittenEvent | WrittenPoint], sentences: Sequence[Document]) -> list[str]:
    """One line for each event or figure whose sentence is not there, or does not say it."""
    problems = []
    for each in written:
        file = FIGURES if isinstance(each, WrittenPoint) else TIMELINE
        sentence = meant(each, sentences)
        places = each.explained if isinstance(each, WrittenPoint) else ()
        problems += lost(file, [] if sentence else [each])
        problems += lost(file, [place for place in places if meant(place, sentences) is None])
        if sentence and (amiss := _amiss(each, sentence)):
            problems.append(f"{file}: {each.source}: {each.starts!r}: {amiss}; mend or remove it")
    return problems


def _amiss(each: _Dated, sentence: Document) -> str:
    """What is written down and does not stand in the sentence; nothing where all is right."""
    says = [each.words()] + ([each.by, each.says] if isinstance(each, WrittenPoint) else [])
    for words in says:
        if not re.search(rf"(?<![\w.,]){re.escape(words)}(?!\w)", sentence.page_content):
            return f"{words!r} does not stand there"
    if each.date[:4] not in each.words():
        return f"{each.words()!r} is not in {each.date[:4]}"
    if isinstance(each, WrittenPoint) and not _valued(each):
        return f"{each.says!r} is not the value and its unit"
    return ""


def _valued(each: WrittenPoint) -> bool:
    """Whether the words give exactly the value, with its unit unless it is zero."""
    if each.says == "zero":
        return each.value == 0
    said = [float(number.replace(",", "")) for number in _NUMBER.findall(each.says)]
    return said == [v for v in (each.value, each.to) if v is not None] and each.says.endswith(each.unit)
