"""Whether a text sets what it tells apart from what is asked about: "not", "but not", "both"."""

import re
from functools import lru_cache

from bot.terms import content_terms

_NOT = re.compile(r"\bnot\b|n['’]t\b", re.IGNORECASE)
_BOTH = re.compile(r"\bboth((?: [\w-]+){1,2})", re.IGNORECASE)
_WH = re.compile(r"^\W*(?:who|what|which|whose|how many|name|list)\b", re.IGNORECASE)


def denies(query: str, text: str) -> float:
    """1 if the query asks who, what, which or how many without a "not" and the text says "not" of its very words, or
    tells it of both of two ("both notices"), or sets it apart from something else ("but not"); else 0."""
    if _NOT.search(query) or not _WH.search(query):
        return 0.0
    if "but not" in text or _of_both(query, text):
        return 1.0
    denied = _denied(text)
    asked = set(content_terms(query)) if denied else set()
    return float(any(len(asked & set(after)) > 1 for after in denied))


def _of_both(query: str, text: str) -> bool:
    """Whether the text tells of both of what the query asks about one of: "six bodies signed both notices"."""
    found = None if _BOTH.search(query) else _BOTH.search(text)
    return found is not None and not set(content_terms(query)).isdisjoint(content_terms(found[1]))


@lru_cache(4096)
def _denied(text: str) -> tuple[tuple[str, ...], ...]:
    """The terms of the few words after each "not" of the text."""
    return tuple(tuple(content_terms(" ".join(text[m.end() :].split()[:6]))) for m in _NOT.finditer(text))
