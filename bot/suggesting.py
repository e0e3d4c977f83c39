"""Questions to offer: examples of what the sources hold, and what to ask next; all are question views of sentences."""

import random
import re
from collections.abc import Callable, Collection, Iterable, Iterator

from langchain_core.documents import Document

from bot.answering import Answerer
from bot.index import Index, passage_id
from bot.records import Answer, Question
from bot.scope import asks_advice
from bot.terms import content_terms, has_han

LONGEST = 90
"""Most characters of a question that is offered."""
SAME = 0.8
"""The share of its words above which a question was as good as asked."""
_QUESTION = re.compile(r"^(?:[A-Z][^\n]*\?|[^\n]*[\u4e00-\u9fff][^\n]*？)$")


def examples(answerer: Answerer, *, chinese: bool, seed: int, count: int = 4) -> tuple[str, ...]:
    """Questions of different kinds and years that the bot itself answers from the sentence they were written for."""
    index = answerer.index
    held = [s for s in index.sentences if _written(s, index, chinese)]
    random.Random(seed).shuffle(held)
    held.sort(key=lambda sentence: index.sources[sentence.metadata["source"]].kind != "notice")  # the rules first
    chosen: dict[str, str] = {}
    met: set[str] = set()
    tried = 0
    for sentence in held:
        source = index.sources[sentence.metadata["source"]]
        if met & {source.kind, source.published[:4]}:
            continue
        question = _written(sentence, index, chinese)[0]
        answer = answerer.invoke(Question(question))
        tried += 1
        quotes = [citation.quote for citation in answer.citations]
        if answer.outcome == "answered" and sentence.page_content in quotes:
            chosen[source.published] = question
            met |= {source.kind, source.published[:4]}
        if len(chosen) == count or tried == 8 * count:
            break
    return tuple(question for _, question in sorted(chosen.items()))


def follow_ups(answer: Answer, index: Index, asked: Collection[str], count: int = 2) -> tuple[str, ...]:
    """Questions that sentences near the answer's evidence answer, in the question's language, not asked before."""
    offered: dict[str, str] = {}
    before = [set(content_terms(text)) for text in (*asked, answer.question.text)]
    cited = {(citation.source.id, citation.start) for citation in answer.citations}
    for sentence in _near(answer, index):
        if (sentence.metadata["source"], sentence.metadata["start"]) in cited:
            continue
        for question in _written(sentence, index, has_han(answer.question.text)):
            terms = set(content_terms(question))
            if terms and all(len(terms & old) <= SAME * len(terms) for old in before):
                offered[passage_id(sentence)] = question
                before.append(terms)
                break
        if len(offered) == count:
            break
    return tuple(offered.values())


def _near(answer: Answer, index: Index) -> Iterator[Document]:
    """The sentences of the cited passages, then those of what else was found, each passage's best first."""
    keys = [citation.key for citation in answer.citations]
    cited = [e for e in answer.evidence if e.key in keys]
    for each in (*cited, *(e for e in answer.evidence if e.key not in keys)):
        yield from sorted(index.by_passage[str(each.passage.id)], key=_score(each.sentences), reverse=True)


def _score(ranked: Iterable[Document]) -> Callable[[Document], float]:
    scores = {str(s.id): float(s.metadata.get("score", 0.0)) for s in ranked}
    return lambda sentence: scores.get(str(sentence.id), 0.0)


def _written(sentence: Document, index: Index, chinese: bool) -> list[str]:
    """The views of a sentence that read as questions in the language and may be offered."""
    return [
        question
        for question in index.views.get(str(sentence.id), ())
        if len(question) <= LONGEST
        and _QUESTION.match(question)
        and has_han(question) == chinese
        and not asks_advice(question)
    ]
