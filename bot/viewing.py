"""Question views for a user's own sources, written by a chat model beside them and checked like its answers."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from langchain_core.documents import Document

from bot import passages, sources, views
from bot.chat import Chat
from bot.errors import SourceError, WritingError
from bot.filling import Progress
from bot.prompting import to_ask
from bot.records import Source
from bot.settings import Settings
from bot.support import broken, head, overlap
from bot.views import FILE, View

MOST = 3
"""Questions kept for one sentence."""
_LEAST, _LONGEST = 10, 160
_STARTS = 8
"""Words by which a sentence is known, more where another begins with the same."""


def write_views(folder: Path, chat: Chat, progress: Progress) -> int:
    """Let the model ask what each sentence of the folder's sources answers; returns how many questions were added.

    Sentences that have views are left alone. What was written is kept where the model fails in the middle. Raises
    SourceError where the folder is the project's, and WritingError.
    """
    if folder.resolve() == Settings.sources.resolve():
        raise SourceError("no sources of your own to write questions for; run: banbot sources add PATH_OR_URL")
    documents = sources.read(folder).documents
    cut = [s for d in documents for p in passages.split(d) for s in passages.sentences(p)]
    bound = views.bind(views.read(folder), cut)
    heads = {str(d.id): d.metadata["head"] for d in documents}
    old = views.written(folder)
    new: list[View] = []
    try:
        for done, view in enumerate(_asked(chat, [s for s in cut if str(s.id) not in bound], cut, heads), 1):
            progress(done, len(cut) - len(bound))
            new += [view] if view.questions else []
    finally:
        if new:
            save(folder, [*old, *new])
    return sum(len(view.questions) for view in new)


def _asked(
    chat: Chat, wanted: Sequence[Document], everything: Sequence[Document], heads: dict[str, Source]
) -> Iterator[View]:
    for sentence in wanted:
        source = heads[sentence.metadata["source"]]
        starts = _known_by(sentence, everything)
        try:
            said = chat.invoke(to_ask(sentence.page_content, source)) if starts else ""
        except WritingError as error:
            if error.reason != "empty":
                raise
            said = ""
        yield View(source=source.id, starts=starts, questions=questions(said, sentence.page_content, source))


def questions(said: str, sentence: str, source: Source) -> tuple[str, ...]:
    """The questions in what a model said that are short, about the sentence, and free of numbers and names it lacks."""
    found: list[str] = []
    for line in said.rpartition("</think>")[2].splitlines():
        question = line.strip().lstrip("-*•0123456789.) ").strip()
        about = overlap(question, f"{sentence} {head(source)}")[0]
        fits = _LEAST <= len(question) <= _LONGEST and question.endswith(("?", "？")) and question not in found
        if fits and about >= 0.5 and broken(question, sentence, f"{head(source)} {source.title}") in ("", "negation"):
            found.append(question)
    return tuple(found[:MOST])


def _known_by(sentence: Document, everything: Sequence[Document]) -> str:
    """The first words of the sentence that no other of its source begins with; empty where all are the same."""
    source, text = sentence.metadata["source"], sentence.page_content
    others = [s.page_content for s in everything if s.metadata["source"] == source and s.id != sentence.id]
    ends = [i for i, letter in enumerate(text) if letter.isspace()][_STARTS - 1 :: 4]
    tried = (text[:end] for end in (*ends, len(text)))
    return next((start for start in tried if not any(other.startswith(start) for other in others)), "")


def save(folder: Path, written: Sequence[View]) -> None:
    """Put the views in the place of those that stand beside the sources, in one step."""
    draft = folder / f"{FILE}.new"
    draft.write_text("".join(view.model_dump_json() + "\n" for view in written), encoding="utf-8")
    os.replace(draft, folder / FILE)
