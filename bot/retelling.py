"""The last answer again, from the sentences it quoted: in the other language, in short, or with what it rests on.

A digest in a second language stands beside the first under `<id>-zh`; the model that reads both finds the sentence.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.documents import Document

from bot.citing import quoted
from bot.declining import in_general
from bot.phrases import CHINESE, ENGLISH, phrases
from bot.records import Answer, Question
from bot.turns import wanted

if TYPE_CHECKING:
    from bot.index import Index

NEAR = 0.4
"""Least cosine of a sentence and its counterpart."""
_ORDER = re.compile(
    r"\W*(?:(?:and|now|please|again|(?:the )?same|say (?:it|that)|answer|translate (?:it|that)) )*(?:in|into|to) "
    r"(?:(?P<zh>chinese|mandarin)|english)\W*(?:please|too|as well)?\W*"
    r"|(?:请|請)?用(?:(?P<han>中文|汉语|漢語)|英文|英语|英語)\S{0,6}",
    re.IGNORECASE,
)


def asks_for_language(question: Question) -> str:
    """`zh` or `en` where the question only asks for the last answer in that language; else empty."""
    order = _ORDER.fullmatch(question.text)
    if not order or not any(turn.role == "assistant" for turn in question.history):
        return ""
    return "zh" if order["zh"] or order["han"] else "en"


def retold(question: Question, index: "Index") -> Answer | None:
    """The last answer in the language asked for, in short, or as a list of what it rests on, from what it quoted; None
    where the turn asks for something else, or nothing that was quoted is found.

    What stood beside a refusal stands beside it again, but for its sources.
    """
    asked, language = wanted(question), asks_for_language(question)
    if not asked and not language:
        return None
    own = {"zh": CHINESE, "en": ENGLISH}.get(language, phrases(question.text))
    if asked == "nothing":
        return Answer(question, text=own.what_else, outcome="clarify")
    said = _last_said(question)
    quotes = sorted((s for s in index.sentences if s.page_content in said), key=lambda s: said.index(s.page_content))
    if language:
        twins = {str(twin.id): twin for quote in quotes if (twin := _twin(quote, language, index))}
        quotes = list(twins.values())
    if not quotes:
        return Answer(question, text=own.no_twin, outcome="declined") if language else None
    if asked == "sources":
        return _with_sources(Answer(question, text=own.rests_on, notes=(own.rests_on,)), quotes, index)
    answer = Answer(question)
    for sentence in quotes[:1] if asked == "short" else quotes:
        answer = quoted(answer, sentence, index)
    answer = replace(answer, text=answer.text.strip())
    refused = any(said.startswith(each.advice) for each in (ENGLISH, CHINESE))
    return in_general(answer, own) if refused else answer


def _last_said(question: Question) -> str:
    """The last answer that was more than the bot's asking what else is wanted."""
    asked = (ENGLISH.what_else, CHINESE.what_else)
    said = (turn.content for turn in reversed(question.history) if turn.role == "assistant")
    return next((text for text in said if text not in asked), "")


def _with_sources(answer: Answer, quotes: Sequence[Document], index: "Index") -> Answer:
    """The answer with a list of the quotes' sources, each with its title, publisher and date, and its quotes."""
    item = phrases(answer.question.text).of_source
    by_source: dict[str, list[Document]] = {}
    for sentence in quotes:
        by_source.setdefault(str(sentence.metadata["source"]), []).append(sentence)
    for name, (first, *others) in by_source.items():
        source = index.sources[name]
        who = ", ".join(part for part in (source.publisher, source.published) if part)
        answer = quoted(answer, first, index, "\n- " + item.format(source.title, who, first.page_content))
        for sentence in others:
            answer = quoted(answer, sentence, index, f" {sentence.page_content}")
    return answer


def _twin(sentence: Document, language: str, index: "Index") -> Document | None:
    """The sentence itself if it is of the language, else the nearest of its source's twin; None where none is near."""
    source = str(sentence.metadata["source"])
    if index.sources[source].language == language:
        return sentence
    other = f"{source}-zh" if language == "zh" else source.removesuffix("-zh")
    there = [s for s in index.sentences if s.metadata["source"] == other]
    if not there or index.bridge is None or index.bridge.embeddings is None:
        return None
    vectors = np.array(index.bridge.embeddings.embed_documents([s.page_content for s in (sentence, *there)]))
    near = vectors[1:] @ vectors[0]
    return there[int(near.argmax())] if near.max() >= NEAR else None
