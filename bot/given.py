"""Whether what is quoted gives the sort of thing that the question asks for: a date, an amount, a count, a name.

A sentence about the right event that lacks the asked-for detail answers something else, however close it lies.
"""

import re
from collections.abc import Sequence

from bot.asking import AMOUNT, DATES, EXACT, NUMERAL, asked_for, counts, counts_the_same, holds
from bot.asof import MONTHS
from bot.kinds import tells_of_another
from bot.records import Citation
from bot.spelling import english
from bot.terms import content_terms, has_han, is_chinese

_WHEN = re.compile(
    r"\bwhen (?:did|was|were|is|are|will|has|had|exactly)\b|\bdeadline\b"
    r"|\b(?:what|which) (?:date|day|month|year)\b",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"\bwho (?:is|was|are|were)\b|\bwhom\b|\bname of\b|\bwhich (?:(?!of\b)\w+ ){0,2}(?:bod|agenc|departm|minist"
    r"|banks?\b|exchanges?\b(?! \w+s\b)|compan|regulat|provinc|firms?|offices?|officials?|courts?|city|cities|persons?"
    r"|people|newspaper|outlet|miners?)\w*",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\bname of\b|\bwhich\b", re.IGNORECASE)
_BODY = re.compile(
    r"\b(?:bodies|associations?|departments?|agenc\w+|ministr\w+|judges?|officials?|governors?|governments?|courts?"
    r"|police|provinc\w+|authorit\w+|exchanges|banks|compan\w+|firms)\b"
)
_NAME = re.compile(r"(?<![\w.])[A-Z][\w’'&-]*(?:(?: (?:of|and|for|the))? [A-Z][\w’'&-]*)*")
_EVERYWHERE = "China Chinese mainland Bitcoin crypto cryptocurrency Beijing"
"""Names that stand in sentences of all sorts, and so answer no question for a name."""


_ALIKE = {
    "fee": "surcharge charge levy tariff",
    "cost": "price worth expense",
    "salary": "pay wage",
    "turnover": "trade volume",
}
"""Other words for a thing that is asked to be so much."""
_POINT = re.compile(
    rf"(?:\b(?P<month>{'|'.join(MONTHS)})(?: \d{{1,2}},?)? )?(?P<year>(?<!\d)(?:19|20)\d\d)(?!\d)", re.IGNORECASE
)
_ASIDE = re.compile(
    r"\b(?:after|since|before|until|till|from|following|by|between|than|and|to|i|we|you|they|who|that|which)\b[^,;]{0,20}$",
    re.IGNORECASE,
)
"""What, before a date, tells that another time is asked about."""


def gives(query: str, citations: Sequence[Citation], answered: Sequence[str] = ()) -> bool:
    """Whether the quotes together hold what the query asks for; true where it asks for nothing that shows.

    A thing that is counted may be called otherwise in a quote than in one of the questions `answered` by it.
    English words find nothing in Chinese quotes, so there all else counts as given.
    """
    said = (*answered, *(f"{citation.quote} {citation.source.title}" for citation in citations))
    if citations and tells_of_another(query, citations[0].quote, said):
        return False
    if citations and not has_han(query) and all(is_chinese(citation.quote) for citation in citations):
        return True
    if not _of_the_time(query, citations):
        return False
    quotes = [citation.quote for citation in citations]
    if asked_for(query) in EXACT:
        counted = any(counts(query, quote) for quote in quotes) or any(counts_the_same(query, q) for q in answered)
        if not counted or not any(holds(query, quote) for quote in quotes):
            return False
    if _WHEN.search(query) and not any(_dates(quote) - _dates(query) for quote in quotes):
        return False
    if (amount := AMOUNT.search(query)) and not any(_amounts(quote, amount["of"] or "") for quote in quotes):
        return False
    return not _WHO.search(query) or any(_names(query, citation) for citation in citations)


def _of_the_time(query: str, citations: Sequence[Citation]) -> bool:
    """Whether a quote or its source is of a year, or a month of a year, that the query names; true if it names none."""
    asked = [(m["month"] or "", m["year"]) for m in _POINT.finditer(query) if not _ASIDE.search(query[: m.start()])]
    if not asked:
        return True
    told = [f"{c.quote} {c.source.title} {c.source.published} {_month(c.source.published)}".lower() for c in citations]
    return any(year in text and month.lower() in text for month, year in asked for text in told)


def _month(published: str) -> str:
    """The name of the month in a source's date; empty where none is known."""
    return MONTHS[int(published[5:7]) - 1] if len(published) > 6 else ""


def _amounts(quote: str, thing: str) -> bool:
    """Whether the quote gives a number that is no date's, and names the thing that is to be so much."""
    named = not thing or bool(set(content_terms(f"{thing} {_ALIKE.get(thing, '')}")) & set(content_terms(quote)))
    return named and bool(NUMERAL.search(DATES.sub(" ", quote)))


def _dates(text: str) -> set[str]:
    return {found.lower() for found in DATES.findall(text)}


def _names(query: str, citation: Citation) -> bool:
    """Whether the quote names someone the query does not, its publisher aside; "who" may be a body without a name."""
    if _BODY.search(citation.quote) and not _NAMED.search(query):
        return True
    known = set(content_terms(f"{query} {citation.source.publisher} {_EVERYWHERE}"))
    found = [(m.start(), m[0]) for m in _NAME.finditer(DATES.sub(" ", citation.quote))]
    plain = [n.partition(" ")[2] if not at and n.split()[0].lower() in english() else n for at, n in found]
    return bool({t for name in plain for t in content_terms(name) if not t.isdigit()} - known)
