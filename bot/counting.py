"""What a question asks the count or the share of, and whether a text gives one of that very thing."""

import re
from functools import lru_cache

from bot.asking import ASKS, DATES, NUMERAL, VERB
from bot.terms import content_terms

_AT = r"(?:in|at|on|from|under|by|since|after|before|during|among|as|per)\b"
_COUNTED = re.compile(rf"\bhow many (?P<things>(?:(?!{VERB}|{_AT})[a-z'’-]+ ?){{1,4}})", re.IGNORECASE)
"""Asks for a count; what is counted ends before a verb or where a place or a time begins."""
_THINGS = re.compile(r"(?:[^\s'’]+['’]s |[^\s'’]+ )*?(?:people|[a-z-]{2,}[a-rt-z]s)(?![\w'’])", re.IGNORECASE)
"""What is counted up to its plural: "miners" of "miners went bankrupt"."""
_SHARE = re.compile(r"\b(?:per ?cent|percentage|share|proportion)\b|%|占比|比例|份额", re.IGNORECASE)


def counts(query: str, text: str) -> float:
    """1 if the query asks for a count or a share and the text gives one of that very thing, 0.5 if no number
    is asked for, else 0."""
    if things := _counted(query):
        return float(any(things & near for near in _beside_numbers(text)))
    if _asks_for_share(query):
        return float(bool(_SHARE.search(text)))
    return 0.5


def counts_the_same(query: str, other: str) -> bool:
    """Whether both questions ask for a count of one thing."""
    return bool(_counted(query) & _counted(other))


@lru_cache(1)
def _bodies() -> frozenset[str]:
    """The terms for bodies of the state, which are counted under many names, by their signatures too."""
    return frozenset(content_terms("bodies departments ministries agencies authorities regulators signatories"))


@lru_cache(1024)
def _counted(query: str) -> frozenset[str]:
    """The terms of what the query asks the count of."""
    asked = _COUNTED.search(query)
    named = _THINGS.match(asked["things"]) if asked else None
    things = set(content_terms(named[0] if named else asked["things"] if asked else "")[:3])
    return frozenset(things | _bodies() if things & _bodies() else things)


@lru_cache(4096)
def _beside_numbers(text: str) -> tuple[frozenset[str], ...]:
    """The terms that stand near each number of the text."""
    text = DATES.sub(" ", text)
    spans = [text[max(0, m.start() - 30) : m.end() + 50] for m in NUMERAL.finditer(text)]
    return tuple(frozenset(content_terms(span)) for span in spans)


@lru_cache(64)
def _asks_for_share(query: str) -> bool:
    return bool(ASKS["how many"].search(query) and _SHARE.search(query))
