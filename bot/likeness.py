"""How alike two questions are in their words: where meanings lie close, a date, a name or a question word differs."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import repeat

from bot.asking import AMOUNT, VERB, asked_for
from bot.asof import MONTHS
from bot.terms import content_terms

_WORD = re.compile(
    r"\b(who(?:m|se)?|when|where|why|how (?:many|much|long|far|old|often)|how|which|what)\b", re.IGNORECASE
)
_BOUND = re.compile(
    r"\b(?:only|alone|both|not|never|neither|without|except|besides|others?|else|before|after|again|still|yet)\b|n['’]t\b"
    r"|只|仅|僅|都|不|没|未|另外|其他|其它|以外|之前|之后|再|仍|还",
    re.IGNORECASE,
)
"""Small words that bind what is asked: "who signed only one" asks for others than "who signed one"."""
_TIME = re.compile(
    rf"(?:\b(?P<month>{'|'.join(MONTHS)}|sept?|oct|nov|dec|jan|feb|mar|apr|jun|jul|aug)\.?(?: \d{{1,2}},?)? )?"
    r"(?P<year>(?<!\d)(?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
WHETHER = "whether"
_DETAILS = ("how many", "when", "why")
_WHETHER = re.compile(rf"^\W*(?:(?:and|so|but) )?{VERB}(?!.*\b(?:or|wh\w+|how)\b)", re.IGNORECASE)
_NAMED = {"whom": "who", "whose": "who"}
KNOWN = 50_000
"""Most questions whose weight is remembered."""
SAMPLE = 4000
"""About as many questions are counted to learn how rare a term is: all of them would take longer than to answer."""


@lru_cache(8192)
def wording(question: str) -> frozenset[str]:
    """The terms of a question with its small words that bind and its question word or, where that is Chinese, the sort
    of thing it asks for."""
    found = _WORD.search(question)
    word = found[0].lower() if found else asked_for(question)
    bound = (f"{small.lower()}!" for small in _BOUND.findall(question))
    return frozenset((*content_terms(question), *bound, f"{_NAMED.get(word, word)}?"))


def apart(question: str, gap: str) -> bool:
    """Whether a question and a gap ask for different sorts of things, a date and a name, or of different times.

    Whether something is so may be known where its date, amount or reason is not; never the reverse.
    """
    sort, other = _sort(question), _sort(gap)
    some, others = _times(question), _times(gap)
    differ = (other in _DETAILS) if sort == WHETHER else other not in ("", WHETHER) and sort not in ("", other)
    return differ or bool(some and others and not _meet(some, others))


@lru_cache(8192)
def _sort(question: str) -> str:
    """The sort of thing that a question asks for; `WHETHER` where it is to be answered by yes or no."""
    if _WHETHER.match(question):
        return WHETHER
    return asked_for(question) or ("how many" if AMOUNT.search(question) else "")


@lru_cache(8192)
def _times(question: str) -> frozenset[tuple[str, str]]:
    """The years that a question names, each with its month, empty where none is named."""
    return frozenset(((found["month"] or "").lower()[:3], found["year"]) for found in _TIME.finditer(question))


def _meet(some: Iterable[tuple[str, str]], others: Iterable[tuple[str, str]]) -> bool:
    return any(
        year == other and (month == its or not month or not its) for month, year in some for its, other in others
    )


class Likeness:
    """Compares questions; holds how rare each term is among a sample of them."""

    def __init__(self, questions: Sequence[str]) -> None:
        worded = [wording(question) for question in questions[:: math.ceil(len(questions) / SAMPLE) or 1]]
        holding = Counter(term for terms in worded for term in terms)
        self._rarity = {term: _rarity(len(worded), held) for term, held in holding.items()}
        self._unknown = _rarity(len(worded), 0)
        self._weight = lru_cache(KNOWN)(self._sum)

    def of(self, one: frozenset[str], other: frozenset[str]) -> float:
        """The harmonic mean of the shares of each one's terms that the other has, weighed by rarity, from 0 to 1."""
        if not (shared := one & other):
            return 0.0
        both = self._weight(one) + self._weight(other)
        return 2 * self._sum(shared) / both if both else 0.0

    def _sum(self, terms: frozenset[str]) -> float:
        return sum(map(self._rarity.get, terms, repeat(self._unknown)))


def _rarity(count: int, holding: int) -> float:
    """Inverse document frequency, as in BM25."""
    return math.log(1 + (count - holding + 0.5) / (holding + 0.5))
