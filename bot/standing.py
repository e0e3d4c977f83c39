"""Say what became of a repealed rule whenever an answer rests on it.

Standing is applied by code: the head of a repealed source says what replaced it and by which name other
sources speak of it (`called`), so an answer that quotes a newspaper on the rule is noticed too.
"""

from langchain_core.documents import Document

from bot.citing import quoted
from bot.index import Index
from bot.records import Answer, Source
from bot.terms import is_chinese, speaks_of_repeal


def standing_note(answer: Answer, index: Index) -> Answer:
    """The answer with one more cited sentence for each repealed rule it rests on without saying so."""
    for source in index.sources.values():
        if source.standing != "repealed" or not _rests_on(answer, source):
            continue
        said = any(_says_repeal(citation.quote, source) for citation in answer.citations)
        if not said and (note := _repeal(source, index)):
            answer = quoted(answer, note, index)
    return answer


def _rests_on(answer: Answer, source: Source) -> bool:
    return any(c.source.id == source.id or _speaks_of(c.quote, source) for c in answer.citations)


def _speaks_of(text: str, source: Source) -> bool:
    return bool(source.called) and str(source.called).lower() in text.lower()


def _says_repeal(quote: str, source: Source) -> bool:
    """Whether the quote already tells the reader: it names the repealed rule and the repeal."""
    return _speaks_of(quote, source) and speaks_of_repeal(quote)


def _repeal(source: Source, index: Index) -> Document | None:
    """The sentence of the repealing source, in the repealed source's language, that says so."""
    for sentence in index.sentences:
        head = index.sources[sentence.metadata["source"]]
        repealing = head.id in (source.repealed_by, f"{source.repealed_by}-{source.language}")
        readable = is_chinese(sentence.page_content) == (source.language == "zh")
        if repealing and readable and _says_repeal(sentence.page_content, source):
            return sentence
    return None
