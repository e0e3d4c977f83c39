"""Entries: the texts that a store keeps vectors of, each under an id that tells what it stands for.

`source#n.m` is a sentence, `source#n.m?0` the clause that leads its list, `source#n.m?1` and so on the questions that
it answers; `?source.n` is a gap, `?.n` an aside, `#source` the opening of a source that is prose.
"""

from collections.abc import Iterable, Mapping, Sequence

from langchain_core.documents import Document

from bot.gaps import Gaps, numbered
from bot.passages import lead
from bot.records import Source
from bot.terms import has_han, is_chinese
from bot.views import Views

SENTENCES, QUESTIONS, BRIDGE = "sentences", "questions", "bridge"
"""The collections of an index: sentences and questions by the default model, and both by one that reads several
languages."""

Entries = tuple[tuple[str, str], ...]
"""Texts to embed, each after the id it is stored under."""

OPENING = 1200
"""Characters of a source's opening, about as much as the default model reads at once."""
BRIDGED = ("1", "2")
"""The English questions of a sentence that the second model embeds too, which is slow and meets Chinese questions."""


def of(documents: Sequence[Document], sentences: Sequence[Document], views: Views, gaps: Gaps) -> Mapping[str, Entries]:
    """The entries of each collection; the default model is given no Chinese, which it cannot read."""
    heads: dict[str, Source] = {str(d.id): d.metadata["head"] for d in documents}
    said = [(str(s.id), _headed(s, heads[s.metadata["source"]])) for s in sentences]
    said += [(f"{s.id}?0", text) for s in sentences if (text := lead(s.page_content)) != s.page_content]
    asked = [(f"{key}?{n}", question) for key, asked in views.items() for n, question in enumerate(asked, 1)]
    left = numbered(gaps)
    few = [(key, text) for key, text in (*asked, *left) if has_han(text) or key.partition("?")[2] in BRIDGED]
    return {SENTENCES: (*_read(said), *_openings(documents)), QUESTIONS: _read((*asked, *left)), BRIDGE: (*said, *few)}


def _read(entries: Iterable[tuple[str, str]]) -> Entries:
    """Those that are not Chinese."""
    return tuple((key, text) for key, text in entries if not is_chinese(text))


def sentence_id(entry: str) -> str:
    """The id of the sentence that an entry stands for; that of a gap or an opening is its own."""
    return entry if stands_beside(entry) else entry.partition("?")[0]


def stands_beside(entry: str) -> bool:
    """Whether an entry stands for no sentence: a gap, an aside or an opening."""
    return entry[:1] in "?#"


def is_gap(entry: str) -> bool:
    """Whether an entry is the gap of a source."""
    return entry.startswith("?") and not is_aside(entry)


def is_aside(entry: str) -> bool:
    """Whether an entry is an aside's."""
    return entry.startswith("?.")


def is_opening(entry: str) -> bool:
    """Whether an entry is the opening of a source."""
    return entry.startswith("#")


def opening_id(source: str) -> str:
    """The id of a source's opening."""
    return f"#{source}"


def _headed(sentence: Document, source: Source) -> str:
    """The text under which a sentence is embedded: the sentence with who published it and when."""
    return f"{sentence.page_content} ({source.title}. {source.publisher} {source.published})"


def _openings(documents: Iterable[Document]) -> Entries:
    """The openings of prose, which tell what it is about; Chinese the model cannot read."""
    kept = (d for d in documents if d.metadata["head"].prose and not has_han(d.page_content[:OPENING]))
    return tuple((opening_id(str(d.id)), _titled(d)) for d in kept)


def _titled(document: Document) -> str:
    title, text = document.metadata["head"].title, document.page_content[:OPENING]
    named = title != document.id  # a file without a title is called by its name, which says nothing
    return f"{title}. {text}" if named and not text.startswith(title) else text
