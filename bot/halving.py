"""Questions in two halves, "When did it close, and how many staff had it?": each is answered, or told to be missing.

The second half leans on the first as a turn of a conversation leans on the one before.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.asking import DATES, NUMERAL, VERB, asked_for, says_little
from bot.citing import gap, quoted
from bot.phrases import phrases
from bot.records import Answer
from bot.terms import content_terms, has_han, simplified

if TYPE_CHECKING:
    from bot.index import Index

EACH = 2
"""Sentences of a half."""
NEAR = 3
"""Passages near a half without an answer that tell what it is about."""
SHORT = 6
"""Characters of a Chinese half that says no more than what it asks for: 罚了多少？"""
LONGEST = 400
"""Most characters of a question that is looked at."""

_WH = r"(?:(?:at|by|for|from|in|of|on|since|to|until|with) )?(?:what|which|who|whom|whose|when|where|why|how)\b"
_SUBJECT = r"(?:(?-i:[A-Z])|(?:the|an?|it|they|he|she|there|any|all|this|that|these|those|its?|their)\b)"
_HALVES = re.compile(
    rf"^(?P<one>\W*(?:{_WH}|{VERB})[^?]{{8,}}?)"
    rf"(?:\?\W*(?:oh,? )?(?:and |also )?|,? and (?:also )?|; )(?P<other>(?:{_WH}|{VERB} {_SUBJECT}).*)$",
    re.IGNORECASE | re.DOTALL,
)
_HAN_ASKED = r"(?:多少|(?<!十)几|何时|什么|谁|哪|吗|怎么|怎样|为什么|为何|是否|有没有)"
_HAN_HALVES = re.compile(
    rf"^(?P<one>(?!要是|如果|假如)[^，,？?；;]*{_HAN_ASKED}[^，,？?；;]*(?<![后时候再]))[，,？?；;]\s*"
    rf"(?P<other>[^，,？?；;]*{_HAN_ASKED}[^，,？?；;]*)[？?]?$"
)
_ONE = re.compile(
    r"\b(?:differ\w*|agree|compare\w*|both|versus|vs|(?:came|was) (?:first|earlier|later))\b"
    r"|不同|不一样|区别|差别|比较|相比|哪[个份]更",
    re.IGNORECASE,
)
"""Words that make two halves one question."""
_EMBEDDED = re.compile(
    r"^(?:how|why|when|where|what)(?: (?:much|many|long|far|often))? (?:it|they|he|she|we|you|this|that|the)\b",
    re.IGNORECASE,
)
"""How a clause begins that is no question by itself: "how it is enforced"."""
_RELATIVE = re.compile(r"^(?:\w+ )?(?:who|which|where|when)\b", re.IGNORECASE)


def halves(query: str) -> tuple[str, str] | None:
    """The two questions of a question that has two; None where it has one, or more."""
    if len(query) > LONGEST:
        return None
    if has_han(query):
        text = simplified(query)
        both, kept = _HAN_HALVES.match(text), query if len(text) == len(query) else text
        if not both or _ONE.search(text):
            return None
        return f"{kept[: both.end('one')]}？", f"{kept[slice(*both.span('other'))]}？"
    found = _HALVES.match(query)
    if not found or _ONE.search(query) or _HALVES.match(found["other"]):
        return None
    one, other = found["one"].strip(" ,"), found["other"].strip()
    if not content_terms(other):
        return None  # "and why", "and by whom" say nothing by themselves
    ends = "?" in query[: found.start("other")]
    return None if not ends and (_goes_on(one, other) or _EMBEDDED.search(other)) else (f"{one}?", other)


def _goes_on(one: str, other: str) -> bool:
    """Whether what looks like a second question goes on with a clause of the first: "those who mined and who hid"."""
    again = _RELATIVE.match(other)
    return again is not None and re.search(rf"\w {re.escape(again[0])}\b", one, re.IGNORECASE) is not None


def joined(answer: Answer, told: Sequence[tuple[str, Answer]], index: "Index") -> Answer | None:
    """What both halves were answered with, each sentence once, and which half is missing.

    None where both are, where a half is no plain answer (too vague, refused, with notes, or such that sources differ
    on it), or where the second says little and leads elsewhere than the first.
    """
    own = phrases(answer.question.text)
    (_, one), (asked, other) = told
    if other.citations and says_little(asked) and not _sources(one) & _sources(other):
        return None
    given = [half for _, half in told if half.citations]
    if not given or any(half.outcome not in ("answered", "declined") or half.notes for _, half in told):
        return None
    joint = replace(answer, text="", citations=(), odds=max(half.odds for half in given))
    for half in given:
        for citation in half.citations[:EACH]:
            if all(citation.quote != known.quote for known in joint.citations):
                sentence = index.sentence(citation.source.id, citation.start)
                joint = quoted(joint, sentence, index, "" if joint.text else sentence.page_content)
    lacking = [own.not_given.format(f"“{asked}”") for asked, half in told if not _given(asked, half, joint)]
    text = gap(joint.text).join((joint.text, *lacking))
    return replace(joint, text=text, notes=(*joint.notes, *lacking), outcome="partial" if lacking else "answered")


def _given(asked: str, half: Answer, joint: Answer) -> bool:
    """Whether a half was answered; one that only counts, "What share?", is by the other half where that quotes a number
    that is no date."""
    if half.citations or asked_for(asked) != "how many":
        return bool(half.citations)
    few = len(asked) <= SHORT if has_han(asked) else len(content_terms(asked)) <= 1
    return few and any(NUMERAL.search(DATES.sub(" ", citation.quote)) for citation in joint.citations)


def _sources(half: Answer) -> set[str]:
    """What a half is answered from; where it is not, what lies nearest to it."""
    return {each.source.id for each in half.citations or half.evidence[:NEAR]}
