"""The last answer in the other language: each sentence it quoted gives way to its counterpart in the source's twin.

A digest in a second language stands beside the first under `<id>-zh`; the model that reads both finds the sentence.
"""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.documents import Document

from bot.citing import quoted
from bot.declining import in_general
from bot.phrases import CHINESE, ENGLISH
from bot.records import Answer, Question

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


def retold(answer: Answer, index: "Index") -> Answer:
    """The answer as what the last one quoted, in the language asked for; declined where no source cited has a twin.

    What stood beside a refusal stands beside it again.
    """
    language = asks_for_language(answer.question)
    own = CHINESE if language == "zh" else ENGLISH
    said = next(turn.content for turn in reversed(answer.question.history) if turn.role == "assistant")
    refused = any(said.startswith(each.advice) for each in (ENGLISH, CHINESE))
    quotes = sorted((s for s in index.sentences if s.page_content in said), key=lambda s: said.index(s.page_content))
    found = [twin for quote in quotes if (twin := _twin(quote, language, index))]
    if not found:
        return replace(answer, text=own.no_twin, outcome="declined")
    for sentence in {str(s.id): s for s in found}.values():
        answer = quoted(answer, sentence, index)
    answer = replace(answer, text=answer.text.strip())
    return in_general(answer, own) if refused else answer


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
