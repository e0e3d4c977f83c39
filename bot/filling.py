"""Fill a store: what of the documents goes into an index, and how it gets there, taking over what is unchanged."""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from bot import entries, gaps, passages, sealing
from bot import manifest as manifests
from bot import store as stores
from bot.entries import Entries
from bot.gaps import Gap, Gaps
from bot.manifest import FORMAT, Manifest
from bot.views import View, Views, bind

if TYPE_CHECKING:
    from bot.store import ClientAPI

_BATCH = 256
_SHARE = 4
"""A batch holds a quarter of what is stored, so that Chroma, whose work for each grows with that, is called seldom; not
more, since what is added at once is linked side by side, and a young graph misses entries for it."""
_LARGEST = 4096
SMALL = 0.2
"""The share of changed entries up to which a copy is changed: what is deleted still lies in Chroma's graph."""
Progress = Callable[[int, int], None]
"""Called with the entries stored so far and all there are to store."""


@dataclass(frozen=True)
class Cut:
    """The documents as they go into the index, and the entries of each of its collections."""

    passages: tuple[Document, ...]
    sentences: tuple[Document, ...]
    views: Views
    gaps: Gaps
    entries: Mapping[str, Entries]
    model: str
    fingerprint: str


def cut(
    documents: Sequence[Document], views: Sequence[View], model: str, bridged: bool, open: Sequence[Gap] = ()
) -> Cut:
    """The documents cut into passages and sentences, with the texts that `model` and, if `bridged`, a bridge embed."""
    pieces = tuple(p for d in documents for p in passages.split(d))
    sentences = tuple(s for p in pieces for s in passages.sentences(p))
    bound, left = bind(views, sentences), gaps.bind(open, {str(d.id) for d in documents})
    held = entries.of(documents, sentences, bound, left)
    digest = hashlib.sha256(f"{FORMAT} {passages.VERSION} {model} {bridged}".encode())
    for kind in held:
        for key, text in held[kind]:
            digest.update(f"\0{key}\0{text}".encode())
    return Cut(pieces, sentences, bound, left, held, model, digest.hexdigest())


def fill(
    place: stores.Place, old: Manifest | None, wanted: Cut, embeddings: Mapping[str, Embeddings], progress: Progress
) -> Manifest:
    """Make a new generation of collections and let it be the good one; the folder's lock must be held.

    Where little changed the embedded store is copied and only that is changed in the copy; else all is stored anew.
    """
    new = place.at(uuid.uuid4().hex[:12])
    known = old if old and old.model == wanted.model else None
    changes = _small_changes(place, known, wanted, embeddings.keys()) if known and not place.store else None
    if known and changes:
        _renew(new, place.at(known.generation), changes, embeddings, progress)
    else:
        _store_all(new, known, wanted, embeddings, progress)
    seals = {} if place.store else sealing.seal(place.folder, new.path)
    previous = old.generation if old else ""  # a page that is open may still read it
    counts = {kind: len(wanted.entries[kind]) for kind in embeddings}
    made = (wanted.fingerprint, counts, previous, wanted.model)
    manifest = Manifest(FORMAT, new.generation, *made, seals=seals)
    manifests.write(place.folder, manifest)
    if not place.store:
        place.keep_only(new.generation, *([previous] if previous else []))
    elif old and old.previous:
        client = place.client()
        for name in [collection.name for collection in client.list_collections()]:
            if name.endswith(old.previous):
                client.delete_collection(name)
    return manifest


@dataclass(frozen=True)
class _Change:
    """The entries of a collection that are no more what they were, by their ids, and those that are new."""

    gone: tuple[str, ...]
    fresh: Entries


def _small_changes(place: stores.Place, old: Manifest, wanted: Cut, kinds: Iterable[str]) -> dict[str, _Change] | None:
    """What changed in each collection since the old generation, if that is little; None where all is better stored
    anew."""
    client, changes = place.at(old.generation).client(), {}
    for kind in kinds:
        name = f"{kind}-{old.generation}"
        if not stores.holds(client, name, old.entries.get(kind, 0)):
            return None
        held, asked = stores.texts(client, name), dict(wanted.entries[kind])
        gone = tuple(key for key, text in held.items() if asked.get(key) != text)
        fresh = tuple((key, text) for key, text in asked.items() if held.get(key) != text)
        if len(gone) + len(fresh) > SMALL * len(held):
            return None
        changes[kind] = _Change(gone, fresh)
    return changes


def _renew(
    new: stores.Place,
    old: stores.Place,
    changes: Mapping[str, _Change],
    embeddings: Mapping[str, Embeddings],
    progress: Progress,
) -> None:
    new.begin_as(old)
    client = new.client()
    for number, (kind, model) in enumerate(embeddings.items(), 1):
        name, change = f"{kind}-{new.generation}", changes[kind]
        stores.rename(client, f"{kind}-{old.generation}", name)
        stores.expect(client, name, len(change.fresh) or len(change.gone))
        known = stores.vectors(client, name, list(change.gone)) if change.gone else {}
        collection = stores.collection(client, name, _Reusing(model, known), len(change.fresh))
        if change.gone:
            collection.delete(list(change.gone))
        if change.fresh:
            keys, texts = zip(*change.fresh, strict=True)
            collection.add_texts(texts, ids=list(keys))
        progress(number, len(embeddings))


def _store_all(
    new: stores.Place, old: Manifest | None, wanted: Cut, embeddings: Mapping[str, Embeddings], progress: Progress
) -> None:
    client = new.client()
    before = new.at(old.generation).client() if old else None
    done, total = 0, sum(len(wanted.entries[kind]) for kind in embeddings)
    for kind, model in embeddings.items():
        known, held = _known(before, old, kind) if before and old else {}, wanted.entries[kind]
        collection = stores.collection(client, f"{kind}-{new.generation}", _Reusing(model, known), len(held))
        stored = 0
        while batch := held[stored : stored + max(_BATCH, min(stored // _SHARE, _LARGEST))]:
            keys, texts = zip(*batch, strict=True)
            collection.add_texts(texts, ids=list(keys))
            stored += len(batch)
            progress(done + stored, total)
        done += stored


def _known(client: "ClientAPI", old: Manifest, kind: str) -> dict[str, list[float]]:
    name = f"{kind}-{old.generation}"
    return stores.vectors(client, name) if stores.holds(client, name, old.entries.get(kind, 0)) else {}


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
