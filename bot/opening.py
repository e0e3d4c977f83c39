"""Open the index that the settings name: read the sources and what stands beside them, and sync."""

from dataclasses import replace

from bot import disagreements, gaps, index, models, points, sources, views
from bot.filling import Progress
from bot.index import Index
from bot.settings import Settings
from bot.sources import Reading


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
        gaps=[gap for folder in settings.folders() for gap in gaps.read(folder)],
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
