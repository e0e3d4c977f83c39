"""Question views: questions that a sentence answers, indexed beside it so that other words find it too.

They are data beside the sources, written by hand for our own; a user's own folder may have some that a chat model
wrote (`banbot index --views`). `views.jsonl` holds
questions, `glossary.csv` the other names of what the glossary defines.
After Nogueira, Yang, Lin and Cho, "Document Expansion by Query Prediction" (2019).
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from langchain_core.documents import Document
from pydantic import BaseModel, ConfigDict

from bot.sources import lines

FILE = "views.jsonl"

Views = Mapping[str, tuple[str, ...]]
"""The questions and names of each sentence, by the sentence's id."""


class View(BaseModel):
    """A sentence, known by its source and its first words, and the questions it answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    starts: str
    questions: tuple[str, ...]


def read(folder: Path) -> tuple[View, ...]:
    """The views beside the sources of a folder; none if there are no such files. Raises SourceError."""
    return (*written(folder), *_names(folder / "glossary.csv"))


def written(folder: Path) -> tuple[View, ...]:
    """The views of `views.jsonl` alone. Raises SourceError."""
    return tuple(lines(folder / FILE, View))


def _names(file: Path) -> Iterable[View]:
    if not file.is_file():
        return
    with file.open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            yield View(source=file.stem, starts=row["starts"], questions=tuple(row["names"].split("; ")))


def bind(views: Iterable[View], sentences: Sequence[Document]) -> dict[str, tuple[str, ...]]:
    """Each view's questions under the id of the one sentence it means; views of changed sentences are left out."""
    bound: dict[str, tuple[str, ...]] = {}
    for view, sentence in _meant(views, sentences):
        if sentence:
            bound[str(sentence.id)] = (*bound.get(str(sentence.id), ()), *view.questions)
    return bound


def check(views: Iterable[View], sentences: Sequence[Document]) -> list[str]:
    """One line for each view whose sentence is not there."""
    lost = [view for view, sentence in _meant(views, sentences) if sentence is None]
    return [f"views: {view.source}: no one sentence starts with {view.starts!r}; mend or remove it" for view in lost]


def _meant(views: Iterable[View], sentences: Sequence[Document]) -> Iterable[tuple[View, Document | None]]:
    by_source: dict[str, list[Document]] = {}
    for sentence in sentences:
        by_source.setdefault(sentence.metadata["source"], []).append(sentence)
    for view in views:
        found = [s for s in by_source.get(view.source, ()) if s.page_content.startswith(view.starts)]
        yield view, found[0] if len(found) == 1 else None
