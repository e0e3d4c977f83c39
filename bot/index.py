"""The only place where Chroma is opened: build, sync, open.

The index is a cache of the sources: a Chroma collection with the vectors of the sentences, of the
clauses that lead their lists and of the questions they answer, and a manifest that names it.
A sync fills a new collection, taking over every vector whose text is unchanged, and then replaces the manifest
in one step; a sync that is killed leaves the old index working.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore

from bot import manifest as manifests
from bot import passages
from bot.errors import IndexUnusable
from bot.manifest import FORMAT, REMEDY, Manifest
from bot.models import Lazy
from bot.records import Source
from bot.views import View, Views, bind

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

_BATCH = 256

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
    def by_passage(self) -> dict[str, tuple[Document, ...]]:
        """The sentences of each passage, in their order, by the passage's id."""
        found: dict[str, list[Document]] = {str(p.id): [] for p in self.passages}
        for sentence in self.sentences:
            found[passage_id(sentence)].append(sentence)
        return {key: tuple(value) for key, value in found.items()}


def passage_id(sentence: Document) -> str:
    """The id of the passage that a sentence is part of."""
    return str(sentence.id).rpartition(".")[0]


def sentence_id(entry: Document) -> str:
    """The id of the sentence that an entry of the store stands for, itself or a question that it answers."""
    return str(entry.id).partition("?")[0]


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
    store: str = "",
    rebuild: bool = False,
    progress: Progress = lambda done, total: None,
) -> Index:
    """Bring the index in `folder` in step with the documents, if it is not, and open it.

    `embeddings` is called only if something must be embedded or searched. Raises IndexUnusable.
    """
    cut = _cut(documents, views, model)
    lazy = Lazy(embeddings)
    with _usable(folder, store):
        folder.mkdir(parents=True, exist_ok=True)
        client = _client(folder, store)
        manifest = None if rebuild else manifests.read(folder)
        if manifest is None or manifest.fingerprint != cut.fingerprint or not _holds(client, manifest):
            manifest = _fill(folder, client, manifest, cut, lazy, progress)
        vectors = _collection(client, manifest.collection, lazy)
    return Index(tuple(documents), cut.passages, cut.sentences, cut.views, vectors)


def is_fresh(folder: Path, documents: Sequence[Document], views: Sequence[View], *, model: str) -> bool:
    """Whether the index in `folder` was made from exactly these documents; raises IndexUnusable."""
    manifest = manifests.read(folder)
    return manifest is not None and manifest.fingerprint == _cut(documents, views, model).fingerprint


@dataclass(frozen=True)
class _Cut:
    """The documents as they go into the index; `entries` are the texts to embed, by the id they are stored under."""

    passages: tuple[Document, ...]
    sentences: tuple[Document, ...]
    views: Views
    entries: tuple[tuple[str, str], ...]
    fingerprint: str


def _cut(documents: Sequence[Document], views: Sequence[View], model: str) -> _Cut:
    pieces = tuple(p for d in documents for p in passages.split(d))
    sentences = tuple(s for p in pieces for s in passages.sentences(p))
    heads = {str(d.id): d.metadata["head"] for d in documents}
    bound = bind(views, sentences)
    entries = [(str(s.id), entry(s, heads[s.metadata["source"]])) for s in sentences]
    entries += [(f"{s.id}?0", text) for s in sentences if (text := passages.lead(s.page_content)) != s.page_content]
    entries += [(f"{key}?{n}", question) for key, asked in bound.items() for n, question in enumerate(asked, 1)]
    digest = hashlib.sha256(f"{FORMAT} {passages.VERSION} {model}".encode())
    for key, text in entries:
        digest.update(f"\0{key}\0{text}".encode())
    return _Cut(pieces, sentences, bound, tuple(entries), digest.hexdigest())


def _fill(
    folder: Path,
    client: "ClientAPI",
    old: Manifest | None,
    cut: _Cut,
    embeddings: Embeddings,
    progress: Progress,
) -> Manifest:
    from filelock import FileLock

    with FileLock(folder / "lock"):
        known = _known_vectors(client, old)
        reusing = _Reusing(embeddings, known)
        name = f"sentences-{uuid.uuid4().hex[:12]}"
        collection = _collection(client, name, reusing)
        total = len(cut.entries)
        for start in range(0, total, _BATCH):
            keys, texts = zip(*cut.entries[start : start + _BATCH], strict=True)
            collection.add_texts(texts, ids=list(keys))
            progress(min(start + _BATCH, total), total)
        manifest = Manifest(FORMAT, name, cut.fingerprint, total, old.collection if old else "")
        manifests.write(folder, manifest)
        keep = {manifest.collection, manifest.previous}  # a page that is open may still read the previous one
        for other in client.list_collections():
            if other.name not in keep:
                client.delete_collection(other.name)
    return manifest


def _known_vectors(client: "ClientAPI", manifest: Manifest | None) -> dict[str, list[float]]:
    if manifest is None or not _holds(client, manifest):
        return {}
    held = client.get_collection(manifest.collection).get(include=["documents", "embeddings"])
    texts, vectors = held["documents"] or [], held["embeddings"]
    return {} if vectors is None else {t: [float(x) for x in v] for t, v in zip(texts, vectors, strict=True)}


def _holds(client: "ClientAPI", manifest: Manifest) -> bool:
    names = {collection.name for collection in client.list_collections()}
    return manifest.collection in names and client.get_collection(manifest.collection).count() == manifest.entries


def _client(folder: Path, store: str) -> "ClientAPI":
    import chromadb
    from chromadb.config import Settings

    quiet = Settings(anonymized_telemetry=False)
    if not store:
        return chromadb.PersistentClient(str(folder / "chroma"), settings=quiet)
    from urllib.parse import urlsplit

    address = urlsplit(store)
    secure = address.scheme == "https"
    if not address.hostname:
        raise IndexUnusable(f"--store {store!r} is no address; write http://host:port")
    port = address.port or (443 if secure else 8000)
    return chromadb.HttpClient(address.hostname, port, ssl=secure, settings=quiet)


def _collection(client: "ClientAPI", name: str, embeddings: Embeddings) -> Any:
    from langchain_chroma import Chroma

    return Chroma(
        collection_name=name,
        client=client,
        embedding_function=embeddings,
        # Chroma's default distance is L2; a wide search costs little and misses nothing.
        collection_configuration={"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 500}},
    )


@contextmanager
def _usable(folder: Path, store: str) -> Iterator[None]:
    from chromadb.errors import ChromaError

    try:
        yield
    except OSError as error:
        raise IndexUnusable(
            f"{folder}: {error.strerror or error}; free the folder or name another with --index"
        ) from error
    except (ChromaError, ValueError) as error:
        remedy = f"is {store} the right address of a server that runs?" if store else REMEDY
        raise IndexUnusable(f"{folder}: Chroma says {str(error).splitlines()[0]}; {remedy}") from error


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
