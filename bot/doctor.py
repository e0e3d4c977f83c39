"""What is installed, reachable and stale, and what to do about it."""

import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot import locking, manifest, models, sealing, sources, store
from bot.chat_writer import opened
from bot.errors import BanbotError
from bot.opening import is_fresh
from bot.settings import Settings

ROOM = 1_000_000_000
"""Bytes that must be free on the disk of the index; the project's own takes a tenth of it."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    good: bool
    text: str


def examine(settings: Settings) -> list[Finding]:
    """Look at Python, the weights, the chat model if one is named, the sources, the disk, the store and the index."""
    found = [Finding(sys.version_info >= (3, 11), f"Python {sys.version.split()[0]} (3.11 or newer is needed)")]
    model, said = _embeddings(settings)
    found.append(said)
    try:
        if opened(settings.model, settings.model_url)[0]:
            found.append(Finding(True, f"chat model {settings.model}: what it needs is here; it was not asked"))
    except BanbotError as error:
        found.append(Finding(False, str(error)))
    try:
        reading = sources.read(*settings.folders())
    except BanbotError as error:
        return [*found, Finding(False, str(error))]
    found.append(Finding(not reading.problems, f"{len(reading.documents)} sources in {settings.sources}"))
    found += [Finding(False, problem) for problem in (*reading.problems, *sources.check(reading.documents))]
    found += [*_disk(settings.index_folder()), *_store(settings)]
    try:
        fresh = is_fresh(settings, reading, model)
    except BanbotError as error:
        return [*found, Finding(False, str(error))]
    advice = "in step with the sources" if fresh else "missing or stale; run: banbot index"
    return [*found, Finding(fresh, f"index in {settings.index_folder()}: {advice}")]


def _embeddings(settings: Settings) -> tuple[str, Finding]:
    """The embedding model's name, and whether its weights are here or its server, which is asked, embeds."""
    name = settings.embeddings_model or models.MINILM
    try:
        name, build = models.chosen(settings.embeddings_model, settings.embeddings_url)
        if not settings.embeddings_url:
            return name, Finding(True, f"embeddings: {name}, its weights in {models.weights()}")
        size = len(build().embed_query("Who banned it?"))
        return name, Finding(True, f"embeddings: {name} from {settings.embeddings_url}, vectors of {size} numbers")
    except BanbotError as error:
        return name, Finding(False, str(error))


def _disk(folder: Path) -> Iterable[Finding]:
    """Whether there is room for an index, whether it can be written, and whether someone is writing it."""
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(there).free
    if free < ROOM:
        yield Finding(False, f"{there}: {free // 1_000_000} MB free; make room or name another folder with --index")
    if not os.access(there, os.W_OK | os.X_OK):
        yield Finding(False, f"{there}: cannot be written; mend its permissions or name another with --index")
    elif owner := locking.holder(folder):
        yield Finding(True, f"{owner} is indexing in {folder}; a second one waits for it")


def _store(settings: Settings) -> Iterable[Finding]:
    """Whether the store can be reached, and whether its files are what they were."""
    folder = settings.index_folder()
    place = store.Place(folder, settings.store, settings.store_token)
    try:
        if settings.store:
            with store.usable(folder, settings.store):
                place.client().heartbeat()
            yield Finding(True, f"store at {settings.store}: reachable")
            return
        held = manifest.read(folder)
    except BanbotError as error:
        yield Finding(False, str(error))
        return
    files = sealing.broken(folder, held.seals) if held else []
    if files or (held and place.at(held.generation).is_damaged()):
        damaged = files[0] if files else "its database"
        yield Finding(False, f"index in {folder}: {damaged} is damaged; run: banbot index (it is made anew)")
