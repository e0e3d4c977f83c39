"""What is said where nothing is answered: what was looked for, and questions near it that sentences do answer."""

from dataclasses import replace

from bot.index import Index
from bot.phrases import Phrases, phrases
from bot.records import Answer

LACKING = -1.1
"""Log odds, at most, of evidence that lacks what is asked for: of 67 such questions 17 had an answer after all."""
RELATED = -1.0
"""Log odds above which a question that has no answer is near enough to the sources to offer others."""


def refuse(answer: Answer, index: Index) -> str:
    """No advice, and two questions on the same matter that sentences of the sources do answer."""
    return " ".join((phrases(answer.question.text).advice, *_instead(answer, index)))


def in_general(told: Answer, own: Phrases) -> Answer:
    """What sources say, set beside the refusal of advice."""
    notes = (own.advice, own.in_general, *told.notes)
    return replace(told, text=f"{own.advice} {own.in_general}\n{told.text}", notes=notes, outcome="out_of_scope")


def decline(answer: Answer, index: Index) -> str:
    """What was looked for, what no source mentions, and two questions that near sentences do answer."""
    own = phrases(answer.question.text)
    parts = (own.declined, own.looked_for.format(answer.searched[0]), not_mentioned(answer), *_instead(answer, index))
    return " ".join(part for part in parts if part)


def not_mentioned(answer: Answer) -> str:
    """The sentence that names what no source mentions; empty where nothing is missing."""
    own = phrases(answer.question.text)
    return own.not_mentioned.format(own.either.join(answer.missing)) if answer.missing else ""


def lacking(answer: Answer) -> Answer:
    """The answer with odds as low as is known of evidence that lacks what is asked for."""
    return replace(answer, odds=min(answer.odds, LACKING))


def _instead(answer: Answer, index: Index) -> list[str]:
    """The sentence that offers questions, where any is near enough."""
    if answer.odds <= RELATED:
        return []
    views = (index.views.get(str(s.id), ()) for e in answer.evidence for s in e.sentences[:1])
    asked = [f"“{each[0]}”" for each in views if each and each[0].endswith(("?", "？"))][:2]
    return [phrases(answer.question.text).instead.format(" ".join(asked))] if asked else []
