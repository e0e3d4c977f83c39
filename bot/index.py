"""Build, sync and open the index.

The index is a cache of the sources: a Chroma collection with the vectors of the sentences, of the
clauses that lead their lists and of the questions they answer, another with those of a model that reads several
languages, and a manifest that names them.
A sync fills new collections, taking over every vector whose text is unchanged, and then replaces the manifest
in one step; a sync that is killed leaves the old index working.
"""

import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore

from bot import manifest as manifests
from bot import passages
from bot import store as stores
from bot.disagreements import Disagreement
from bot.manifest import FORMAT, Manifest
from bot.models import Lazy
from bot.points import Event
from bot.records import Source
from bot.terms import is_chinese
from bot.views import View, Views, bind

if TYPE_CHECKING:
    from bot.store import ClientAPI

_BATCH = 256
SENTENCES, BRIDGE = "sentences", "bridge"
"""The collections of an index: by the default model, and by one that reads several languages."""

Progress = Callable[[int, int], None]
"""Called with the entries stored so far and all there are to store."""


@dataclass(frozen=True)
class Index:
    """The sources cut into passages and sentences, and the store of the sentences' vectors."""

    documents: tuple[Document, ...]
    passages: tuple[Document, ...]
    sentences: tuple[Document, ...]
    views: Views
    store: VectorStore
    bridge: VectorStore | None = None
    """The same entries by a model that reads several languages, where one is given."""
    disagreements: tuple[Disagreement, ...] = ()
    events: tuple[Event, ...] = ()
    within: Mapping[str, list[str]] = field(default_factory=dict)
    """What the stores are told to search in: nothing for all entries, or their ids under `ids`."""

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Heads by id."""
        return {str(d.id): d.metadata["head"] for d in self.documents}

    def document(self, id: str) -> Document:
        """The document of a source; raises KeyError if there is none."""
        return self._by_id[id]

    @cached_property
    def _by_id(self) -> dict[str, Document]:
        return {str(d.id): d for d in self.documents}

    @cached_property
    def by_sentence(self) -> dict[str, Document]:
        """The sentences by their ids."""
        return {str(sentence.id): sentence for sentence in self.sentences}

    def passage(self, id: str) -> Document:
        """The passage of an id; raises KeyError if there is none."""
        return self._passages_by_id[id]

    @cached_property
    def _passages_by_id(self) -> dict[str, Document]:
        return {str(passage.id): passage for passage in self.passages}

    @cached_property
    def chinese(self) -> frozenset[str]:
        """The ids of the sentences that are Chinese."""
        return frozenset(key for key, sentence in self.by_sentence.items() if is_chinese(sentence.page_content))

    @cached_property
    def chinese_only(self) -> bool:
        """Whether every source is Chinese."""
        return all(is_chinese(document.page_content) for document in self.documents)

    @cached_property
    def by_passage(self) -> dict[str, tuple[Document, ...]]:
        """The sentences of each passage, in their order, by the passage's id."""
        found: dict[str, list[Document]] = {str(p.id): [] for p in self.passages}
        for sentence in self.sentences:
            found[passage_id(sentence)].append(sentence)
        return {key: tuple(value) for key, value in found.items()}


def passage_id(sentence: Document) -> str:
    """The id of the passage that a sentence is part of."""
    return str(sentence.id).rpartition(".")[0]


def sentence_id(entry: str) -> str:
    """The id of the sentence that an entry of the store stands for, itself or a question that it answers."""
    return entry.partition("?")[0]


def entry(sentence: Document, source: Source) -> str:
    """The text under which a sentence is embedded: the sentence with who published it and when."""
    return f"{sentence.page_content} ({source.title}. {source.publisher} {source.published})"


def sync(
    folder: Path,
    documents: Sequence[Document],
    views: Sequence[View],
    embeddings: Callable[[], Embeddings],
    *,
    model: str,
    bridge: Callable[[], Embeddings] | None = None,
    store: str = "",
    rebuild: bool = False,
    progress: Progress = lambda done, total: None,
) -> Index:
    """Bring the index in `folder` in step with the documents, if it is not, and open it.

    `embeddings` and `bridge` are called only if something must be embedded or searched. Raises IndexUnusable.
    """
    cut = _cut(documents, views, model, bridge is not None)
    lazy = {SENTENCES: Lazy(embeddings)} | ({BRIDGE: Lazy(bridge)} if bridge else {})
    with stores.usable(folder, store):
        folder.mkdir(parents=True, exist_ok=True)
        client = stores.client(folder, store)
        manifest = None if rebuild else manifests.read(folder)
        if (
            manifest is None
            or manifest.fingerprint != cut.fingerprint
            or not all(stores.holds(client, f"{kind}-{manifest.generation}", manifest.entries) for kind in lazy)
        ):
            manifest = _fill(folder, client, manifest, cut, lazy, not store, progress)
        opened = {
            kind: stores.collection(client, f"{kind}-{manifest.generation}", lazy[kind], manifest.entries)
            for kind in lazy
        }
    return Index(tuple(documents), cut.passages, cut.sentences, cut.views, opened[SENTENCES], opened.get(BRIDGE))


def is_fresh(
    folder: Path, documents: Sequence[Document], views: Sequence[View], *, model: str, bridged: bool = False
) -> bool:
    """Whether the index in `folder` was made from exactly these documents; raises IndexUnusable."""
    manifest = manifests.read(folder)
    return manifest is not None and manifest.fingerprint == _cut(documents, views, model, bridged).fingerprint


@dataclass(frozen=True)
class _Cut:
    """The documents as they go into the index; `entries` are the texts to embed, by the id they are stored under."""

    passages: tuple[Document, ...]
    sentences: tuple[Document, ...]
    views: Views
    entries: tuple[tuple[str, str], ...]
    fingerprint: str


def _cut(documents: Sequence[Document], views: Sequence[View], model: str, bridged: bool) -> _Cut:
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
    return _Cut(pieces, sentences, bound, tuple(entries), digest.hexdigest())


def _fill(
    folder: Path,
    client: "ClientAPI",
    old: Manifest | None,
    cut: _Cut,
    embeddings: Mapping[str, Embeddings],
    alone: bool,
    progress: Progress,
) -> Manifest:
    """Fill a new generation of collections; `alone` says that all collections of the store are this index's."""
    from filelock import FileLock

    with FileLock(folder / "lock"):
        generation = uuid.uuid4().hex[:12]
        total = len(cut.entries) * len(embeddings)
        done = 0
        for kind, model in embeddings.items():
            known = _known(client, old, kind)
            collection = stores.collection(client, f"{kind}-{generation}", _Reusing(model, known), len(cut.entries))
            for start in range(0, len(cut.entries), _BATCH):
                keys, texts = zip(*cut.entries[start : start + _BATCH], strict=True)
                collection.add_texts(texts, ids=list(keys))
                done += len(keys)
                progress(done, total)
        manifest = Manifest(FORMAT, generation, cut.fingerprint, len(cut.entries), old.generation if old else "")
        manifests.write(folder, manifest)
        keep = (manifest.generation, manifest.previous)  # a page that is open may still read the previous one
        for name in [collection.name for collection in client.list_collections()]:
            if not name.endswith(keep if manifest.previous else keep[:1]) and (
                alone or (old and old.previous and name.endswith(old.previous))
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
