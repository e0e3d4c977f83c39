"""Question views: questions that a sentence answers, indexed beside it so that other words find it too.

They are data beside the sources (`views.jsonl`), written once by hand for our own; other folders have none.
After Nogueira, Yang, Lin and Cho, "Document Expansion by Query Prediction" (2019).
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from langchain_core.documents import Document
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import SourceError

Views = Mapping[str, tuple[str, ...]]
"""The questions of each sentence, by the sentence's id."""


class View(BaseModel):
    """A line of `views.jsonl`: a sentence, known by its source and its first words, and what it answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    starts: str
    questions: tuple[str, ...]


def read(folder: Path) -> tuple[View, ...]:
    """The views beside the sources of a folder; none if there is no such file. Raises SourceError."""
    file = folder / "views.jsonl"
    if not file.is_file():
        return ()
    lines = file.read_text(encoding="utf-8").splitlines()
    try:
        return tuple(View.model_validate_json(line) for line in lines if line.strip())
    except ValidationError as error:
        raise SourceError(
            f"{file.name}: not a line of views ({error.errors()[0]['msg']}); mend or remove it"
        ) from error


def bind(views: Iterable[View], sentences: Sequence[Document]) -> dict[str, tuple[str, ...]]:
    """Each view's questions under the id of the one sentence it means; views of changed sentences are left out."""
    by_source: dict[str, list[Document]] = {}
    for sentence in sentences:
        by_source.setdefault(sentence.metadata["source"], []).append(sentence)
    bound = {}
    for view in views:
        meant = [s for s in by_source.get(view.source, ()) if s.page_content.startswith(view.starts)]
        if len(meant) == 1:
            bound[str(meant[0].id)] = view.questions
    return bound
