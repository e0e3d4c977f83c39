"""Places: a sentence of a source, known in the tables beside the sources by the source's id and its first words."""

from collections.abc import Iterable, Sequence

from langchain_core.documents import Document
from pydantic import BaseModel, ConfigDict


class Place(BaseModel):
    """A sentence, known by its source and its first words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    starts: str


def meant(place: Place, sentences: Sequence[Document], says: str = "") -> Document | None:
    """The one sentence that a place means, if it holds the words that it is to say; else None."""
    found = [s for s in sentences if s.metadata["source"] == place.source and s.page_content.startswith(place.starts)]
    return found[0] if len(found) == 1 and says in found[0].page_content else None


def lost(file: str, places: Iterable[Place]) -> list[str]:
    """One line for each place of a file that means no sentence."""
    return [f"{file}: {p.source}: no one sentence starts with {p.starts!r}; mend or remove it" for p in places]
