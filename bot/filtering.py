"""The part of an index whose sources pass a question's filters: what does not pass is never searched or quoted."""

from dataclasses import replace

from bot import entries
from bot.index import Index, passage_id
from bot.records import OFFICIAL, Filters, Source


def passes(source: Source, filters: Filters) -> bool:
    """Whether the source may be searched under the filters."""
    year = source.published[:4]
    return (
        (not filters.since or (bool(year) and year >= filters.since))
        and (not filters.until or (bool(year) and year <= filters.until))
        and (not filters.official or source.kind in OFFICIAL)
        and (not filters.language or source.language == filters.language)
    )


def narrowed(index: Index, filters: Filters) -> Index:
    """The index without what does not pass; the stores stay and are told which entries to search."""
    kept = {id for id, source in index.sources.items() if passes(source, filters)}
    if len(kept) == len(index.sources):
        return index
    sentences = tuple(s for s in index.sentences if s.metadata["source"] in kept)
    held = {str(s.id) for s in sentences}
    passages = {passage_id(s) for s in sentences}
    views = {key: asked for key, asked in index.views.items() if key in held}
    documents = tuple(d for d in index.documents if str(d.id) in kept)
    gaps = {source: asked for source, asked in index.gaps.items() if source in kept or not source}
    held_of = entries.of(documents, sentences, views, gaps)
    differing = [
        replace(
            each,
            sides={key: says for key, says in each.sides.items() if key in held},
            explained=tuple(key for key in each.explained if key in held),
        )
        for each in index.disagreements
    ]
    return replace(
        index,
        documents=documents,
        passages=tuple(p for p in index.passages if str(p.id) in passages),
        sentences=sentences,
        views=views,
        gaps=gaps,
        disagreements=tuple(each for each in differing if len(each.sides) > 1),
        events=tuple(event for event in index.events if event.source.id in kept),
        within={kind: list(dict(held)) for kind, held in held_of.items()},
    )
