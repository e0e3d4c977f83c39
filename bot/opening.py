"""Open the index that the settings name: read the sources and what stands beside them, and sync."""

import subprocess
import sys
from dataclasses import replace

from bot import asides, disagreements, gaps, index, models, points, sources, views
from bot.errors import BanbotError
from bot.filling import Progress
from bot.gaps import Gap
from bot.index import Index
from bot.settings import Settings
from bot.sources import Reading


def is_fresh(settings: Settings, reading: Reading, model: str) -> bool:
    """Whether the index was made from exactly what was read, by the model; raises SourceError and IndexUnusable."""
    return index.is_fresh(
        settings.index_folder(),
        reading.documents,
        [view for folder in settings.folders() for view in views.read(folder)],
        model=model,
        gaps=_gaps(settings),
        adapter=models.adapter(model),
        bridged=True,
    )


def _gaps(settings: Settings) -> list[Gap]:
    """What the folders leave open, and the asides beside them."""
    found = [gap for folder in settings.folders() for gap in gaps.read(folder)]
    held = asides.left_open(aside for folder in settings.folders() for aside in asides.read(folder))
    return [*found, *([held] if held.questions else [])]


def index_apart(settings: Settings) -> None:
    """Let a process of its own make a stale index: the models that embed would stay in this one's memory, a gigabyte.

    What goes wrong there is met again, and told, when the index is opened here.
    """
    try:
        model = models.chosen(settings.embeddings_model, settings.embeddings_url)[0]
        if is_fresh(settings, sources.read(*settings.folders()), model):
            return
    except BanbotError:
        return
    command = [sys.executable, "-m", "bot", "index", "--sources", settings.sources, "--index", settings.index_folder()]
    at = ["--store", settings.store] if settings.store else []
    subprocess.run([*map(str, command), *at], stdout=subprocess.DEVNULL, check=False)


def open_index(
    settings: Settings, *, rebuild: bool = False, progress: Progress = lambda done, total: None
) -> tuple[Index, Reading]:
    """The index in step with the sources, and what was read; raises SourceError, ModelError and IndexUnusable."""
    model, embeddings = models.chosen(settings.embeddings_model, settings.embeddings_url)
    reading = sources.read(*settings.folders())
    built = index.sync(
        settings.index_folder(),
        reading.documents,
        [view for folder in settings.folders() for view in views.read(folder)],
        embeddings,
        model=model,
        gaps=_gaps(settings),
        adapter=models.adapter(model),
        bridge=models.bridge,
        store=settings.store,
        token=settings.store_token,
        rebuild=rebuild,
        progress=progress,
    )
    written = disagreements.read(settings.sources)
    events, _ = points.read(settings.sources)
    beside = replace(
        built,
        disagreements=disagreements.bind(written, built.sentences),
        events=points.events(events, built.sentences, built.sources),
    )
    return beside, reading
