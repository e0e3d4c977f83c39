"""What is held, for those who look around rather than ask: the sources, the events and the reported figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from langchain_core.documents import Document

from bot import passages, points
from bot.points import Event, Point
from bot.records import Source


@dataclass(frozen=True)
class Holdings:
    """The heads of the sources in the order of their ids, the events and the figures in the order of time."""

    sources: tuple[Source, ...]
    events: tuple[Event, ...] = ()
    points: tuple[Point, ...] = ()


def hold(documents: Sequence[Document], folder: Path) -> Holdings:
    """What documents and the tables beside them in the folder hold; needs no index. Raises SourceError."""
    heads = {str(document.id): document.metadata["head"] for document in documents}
    sentences = [s for d in documents for p in passages.split(d) for s in passages.sentences(p)]
    events, figures = points.read(folder)
    return Holdings(
        tuple(heads.values()),
        points.events(events, sentences, heads),
        points.points(figures, sentences, heads),
    )
