"""Build, sync and open the index.

The index is a cache of the sources: a Chroma collection with the vectors of the sentences and of the clauses that
lead their lists, one with those of the questions they answer or leave open, one with those of a model that reads
several languages of some of them, and a manifest that names them.
A sync fills new collections, taking over every vector whose text is unchanged, and then replaces the manifest
in one step; a sync that is killed leaves the old index working.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore

from bot import locking, sealing
from bot import manifest as manifests
from bot import store as stores
from bot.adapting import Adapted, Adapter
from bot.disagreements import Disagreement
from bot.entries import BRIDGE, QUESTIONS, SENTENCES
from bot.filling import Cut, Progress, cut, fill
from bot.gaps import Gap, Gaps
from bot.manifest import Manifest
from bot.models import Lazy
from bot.points import Event
from bot.records import Source
from bot.terms import is_chinese
from bot.views import View, Views

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Index:
    """The sources cut into passages and sentences, and the store of the sentences' vectors."""

    documents: tuple[Document, ...]
    passages: tuple[Document, ...]
    sentences: tuple[Document, ...]
    views: Views
    store: VectorStore
    gaps: Gaps = field(default_factory=dict)
    asked: VectorStore | None = None
    """The questions that sentences answer or leave open, their vectors changed by `adapter` if there is one."""
    adapter: Adapter | None = None
    bridge: VectorStore | None = None
    """Entries by a model that reads several languages, where one is given."""
    disagreements: tuple[Disagreement, ...] = ()
    events: tuple[Event, ...] = ()
    within: Mapping[str, list[str]] = field(default_factory=dict)
    """What each collection is told to search in: the ids of entries; nothing for all."""
    fingerprint: str = ""
    """What the index was made from, in one digest."""

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

    def questions(self, source: str, start: int) -> tuple[str, ...]:
        """The questions that the sentence answers which begins there in a source."""
        return self.views.get(self._by_place.get((source, start), ""), ())

    def sentence(self, source: str, start: int) -> Document:
        """The sentence that begins there in a source; raises KeyError if there is none."""
        return self.by_sentence[self._by_place[source, start]]

    @cached_property
    def _by_place(self) -> dict[tuple[str, int], str]:
        return {(s.metadata["source"], s.metadata["start"]): key for key, s in self.by_sentence.items()}

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
    def translated(self) -> frozenset[str]:
        """The ids of the sentences whose source has a Chinese twin among them."""
        held = {s.metadata["source"] for s in self.sentences}
        return frozenset(key for key, s in self.by_sentence.items() if f"{s.metadata['source']}-zh" in held)

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


def sync(
    folder: Path,
    documents: Sequence[Document],
    views: Sequence[View],
    embeddings: Callable[[], Embeddings],
    *,
    model: str,
    gaps: Sequence[Gap] = (),
    adapter: Adapter | None = None,
    bridge: Callable[[], Embeddings] | None = None,
    store: str = "",
    token: str = "",
    rebuild: bool = False,
    progress: Progress = lambda done, total: None,
    patience: float = locking.PATIENCE,
) -> Index:
    """Bring the index in `folder` in step with the documents, if it is not, and open it; a damaged one is made anew.

    `adapter` changes the vectors of questions; `embeddings` and `bridge` are called only if something must be
    embedded or searched; `patience` bounds the wait for another indexer. Raises IndexUnusable.
    """
    wanted = cut(documents, views, named(model, adapter), bridge is not None, gaps)
    lazy = _models(embeddings, adapter, bridge)
    with stores.usable(folder, store):
        folder.mkdir(parents=True, exist_ok=True)
        place = stores.Place(folder, store, token)

        def opened() -> dict[str, VectorStore]:
            manifest = None if rebuild else _good(place, wanted, tuple(lazy))
            if manifest is None:
                with locking.held(folder, patience):
                    manifest = None if rebuild else _good(place, wanted, tuple(lazy))  # another may have filled it
                    manifest = manifest or fill(place, _old(folder, rebuild), wanted, lazy, progress)
            client = place.at(manifest.generation).client()
            return {
                kind: stores.collection(client, f"{kind}-{manifest.generation}", lazy[kind], manifest.entries[kind])
                for kind in lazy
            }

        try:
            found = opened()
        except stores.refusals():
            manifest = manifests.read(folder)
            if manifest is None or not place.at(manifest.generation).is_damaged():
                raise
            _log.warning("banbot: %s: the store is damaged; it is made anew", folder)
            with locking.held(folder, patience):
                place.clear()
            found = opened()
    pieces = (tuple(documents), wanted.passages, wanted.sentences, wanted.views)
    asked, by_both = found[QUESTIONS] if wanted.entries[QUESTIONS] else None, found.get(BRIDGE)
    return Index(*pieces, found[SENTENCES], wanted.gaps, asked, adapter, by_both, fingerprint=wanted.fingerprint)


def named(model: str, adapter: Adapter | None) -> str:
    """The name of the model with that of its adapter: vectors of another pair are never taken over."""
    return f"{model} {adapter.digest}" if adapter else model


def _models(
    embeddings: Callable[[], Embeddings], adapter: Adapter | None, bridge: Callable[[], Embeddings] | None
) -> dict[str, Embeddings]:
    """What embeds the entries of each collection, loaded when first used."""
    reads = Lazy(embeddings)
    asked = Adapted(reads, adapter) if adapter else reads
    return {SENTENCES: reads, QUESTIONS: asked, **({BRIDGE: Lazy(bridge)} if bridge else {})}


def _good(place: stores.Place, wanted: Cut, kinds: Sequence[str]) -> Manifest | None:
    """The manifest of an index that is in step and whole; None if it must be filled."""
    manifest = manifests.read(place.folder)
    if manifest is None or manifest.fingerprint != wanted.fingerprint or sealing.broken(place.folder, manifest.seals):
        return None
    client = place.at(manifest.generation).client()
    whole = all(stores.holds(client, f"{kind}-{manifest.generation}", manifest.entries.get(kind, 0)) for kind in kinds)
    return manifest if whole else None


def _old(folder: Path, rebuild: bool) -> Manifest | None:
    """The manifest of the index whose vectors can be taken over; None where there is none or it is damaged."""
    manifest = None if rebuild else manifests.read(folder)
    if manifest and (files := sealing.broken(folder, manifest.seals)):
        _log.warning("banbot: %s: %s is damaged; the index is made anew", folder, files[0])
        return None
    return manifest


def is_fresh(
    folder: Path,
    documents: Sequence[Document],
    views: Sequence[View],
    *,
    model: str,
    gaps: Sequence[Gap] = (),
    adapter: Adapter | None = None,
    bridged: bool = False,
) -> bool:
    """Whether the index in `folder` was made from exactly these documents; raises IndexUnusable."""
    manifest = manifests.read(folder)
    wanted = cut(documents, views, named(model, adapter), bridged, gaps)
    return manifest is not None and manifest.fingerprint == wanted.fingerprint
