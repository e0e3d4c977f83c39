"""Fill a store: what of the documents goes into an index, and how it gets there, taking over what is unchanged."""

import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from bot import manifest as manifests
from bot import passages, sealing
from bot import store as stores
from bot.manifest import FORMAT, Manifest
from bot.records import Source
from bot.views import View, Views, bind

if TYPE_CHECKING:
    from bot.store import ClientAPI

_BATCH = 256

Progress = Callable[[int, int], None]
"""Called with the entries stored so far and all there are to store."""


def entry(sentence: Document, source: Source) -> str:
    """The text under which a sentence is embedded: the sentence with who published it and when."""
    return f"{sentence.page_content} ({source.title}. {source.publisher} {source.published})"


@dataclass(frozen=True)
class Cut:
    """The documents as they go into the index; `entries` are the texts to embed, by the id they are stored under."""

    passages: tuple[Document, ...]
    sentences: tuple[Document, ...]
    views: Views
    entries: tuple[tuple[str, str], ...]
    fingerprint: str


def cut(documents: Sequence[Document], views: Sequence[View], model: str, bridged: bool) -> Cut:
    """The documents cut into passages and sentences, with the texts that `model` and, if `bridged`, a bridge embed."""
    pieces = tuple(p for d in documents for p in passages.split(d))
    sentences = tuple(s for p in pieces for s in passages.sentences(p))
    heads = {str(d.id): d.metadata["head"] for d in documents}
    bound = bind(views, sentences)
    entries = [(str(s.id), entry(s, heads[s.metadata["source"]])) for s in sentences]
    entries += [(f"{s.id}?0", text) for s in sentences if (text := passages.lead(s.page_content)) != s.page_content]
    entries += [(f"{key}?{n}", question) for key, asked in bound.items() for n, question in enumerate(asked, 1)]
    digest = hashlib.sha256(f"{FORMAT} {passages.VERSION} {model} {bridged}".encode())
    for key, text in entries:
        digest.update(f"\0{key}\0{text}".encode())
    return Cut(pieces, sentences, bound, tuple(entries), digest.hexdigest())


def fill(
    place: stores.Place, old: Manifest | None, wanted: Cut, embeddings: Mapping[str, Embeddings], progress: Progress
) -> Manifest:
    """Fill a new generation of collections and make it the good one; the folder's lock must be held."""
    client = place.client()
    generation = uuid.uuid4().hex[:12]
    before = sealing.seal(place.folder)
    total = len(wanted.entries) * len(embeddings)
    done = 0
    for kind, model in embeddings.items():
        known = _known(client, old, kind)
        collection = stores.collection(client, f"{kind}-{generation}", _Reusing(model, known), len(wanted.entries))
        for start in range(0, len(wanted.entries), _BATCH):
            keys, texts = zip(*wanted.entries[start : start + _BATCH], strict=True)
            collection.add_texts(texts, ids=list(keys))
            done += len(keys)
            progress(done, total)
    seals = sealing.seal(place.folder, before)
    previous = old.generation if old else ""
    manifest = Manifest(FORMAT, generation, wanted.fingerprint, len(wanted.entries), previous, seals)
    manifests.write(place.folder, manifest)
    keep = (manifest.generation, manifest.previous)  # a page that is open may still read the previous one
    for name in [collection.name for collection in client.list_collections()]:
        if not name.endswith(keep if manifest.previous else keep[:1]) and (
            not place.store or (old and old.previous and name.endswith(old.previous))
        ):
            client.delete_collection(name)
    return manifest


def _known(client: "ClientAPI", old: Manifest | None, kind: str) -> dict[str, list[float]]:
    name = f"{kind}-{old.generation}" if old else ""
    return stores.vectors(client, name) if old and stores.holds(client, name, old.entries) else {}


class _Reusing(Embeddings):
    """Takes over the vectors of texts that were embedded before, and embeds only the rest."""

    def __init__(self, model: Embeddings, known: dict[str, list[float]]) -> None:
        self._model = model
        self._known = known

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        fresh = dict(zip(new, self._model.embed_documents(new), strict=True)) if new else {}
        return [self._known[text] if text in self._known else fresh[text] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self._model.embed_query(text)
