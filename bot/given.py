"""Whether what is quoted gives the sort of thing that the question asks for: a date, an amount, a count, a name.

A sentence about the right event that lacks the asked-for detail answers something else, however close it lies.
"""

import re
from collections.abc import Sequence

from bot.asking import AMOUNT, DATES, EXACT, NUMERAL, VERB, asked_for, holds, names
from bot.asof import MONTHS
from bot.counting import counts, counts_the_same
from bot.kinds import names_the_same, tells_of_another
from bot.queries import elliptic
from bot.records import Citation, Source
from bot.spelling import english
from bot.terms import content_terms, has_han, is_chinese

_WHEN = re.compile(
    r"\bwhen (?:did|was|were|is|are|will|has|had|exactly)\b|\bdeadline\b"
    r"|\b(?:what|which) (?:date|day|month|year)\b",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"\bwho (?:is|was|are|were)\b|\bwhom\b|\bname of\b|\bwhich (?:(?!of\b)\w+ ){0,2}(?:bod|agenc|departm|minist"
    r"|banks?\b|exchanges?\b(?! \w+s\b)|compan|regulators?|provinc|firms?|offices?|officials?|courts?|city|cities"
    r"|persons?|people|newspaper|outlet|miners?)\w*",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\bname of\b|\bwhich\b", re.IGNORECASE)
_BODY = re.compile(
    r"\b(?:bodies|associations?|departments?|agenc\w+|ministr\w+|judges?|officials?|governors?|governments?|courts?"
    r"|police|provinc\w+|authorit\w+|exchanges|banks|compan\w+|firms)\b"
)
_NAME = re.compile(r"(?<![\w.])[A-Z][\w’'&-]*(?:(?: (?:of|and|for|the))? [A-Z][\w’'&-]*)*")
_OFFICE = re.compile(r"\b[a-z]+ \([一-鿿]+[部局会院署委行]\)")
"""A body named in small letters, "commerce ministry", told from others by its Chinese name."""
_EVERYWHERE = "China Chinese mainland Bitcoin crypto cryptocurrency Beijing"
"""Names that stand in sentences of all sorts, and so answer no question for a name."""


_ALIKE = {
    "fee": "surcharge charge levy tariff",
    "cost": "price worth expense",
    "price": "dollar yuan worth",
    "salary": "pay wage",
    "turnover": "trade volume",
}
"""Other words for a thing that is asked to be so much."""
_POINT = re.compile(
    rf"(?:\b(?P<month>{'|'.join(MONTHS)})(?: \d{{1,2}},?)? )?(?P<year>(?<!\d)(?:19|20)\d\d)(?!\d)", re.IGNORECASE
)
_MONTH = "|".join(MONTHS)
_DAY = re.compile(
    rf"(?<!\d)(?:(?:(?P<from>\d{{1,2}}) ?(?:to|and|or|[-–]) ?)?(?P<day>\d{{1,2}}) (?P<month>{_MONTH}) (?P<year>\d{{4}})"
    rf"|\b(?P<month_first>{_MONTH}) (?P<day_second>\d{{1,2}}),? (?P<year_last>\d{{4}}))",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:\b(?:after|since|before|until|till|from|following|by|between|than|to|i|we|you|they|who|that|which)|(?<=\s)and)"
    r"\b[^,;]{0,20}$",
    re.IGNORECASE,
)
"""What, before a date, tells that another time is asked about."""
_YES_NO = re.compile(rf"^\W*(?:(?:in|by|on|as of) [^,?]{{1,30}}, ?)?{VERB}", re.IGNORECASE)
_BEGUN = re.compile(
    r"\b(?:since|from|after|as of|once|under (?:an?|the|this|that|its|\w+['’]s))\b[^,;]{0,30}$", re.IGNORECASE
)
_ENDED = re.compile(r"\b(?:until|till|by|before|end of|past)\b[^,;]{0,20}$|\bto $", re.IGNORECASE)
"""What, before a date, tells that something held from then on, or up to then, and so perhaps at another time."""


def gives(
    query: str, citations: Sequence[Citation], answered: Sequence[Sequence[str]] = (), *, sure: bool = False
) -> bool:
    """Whether the quotes together hold what the query asks for, and the first tells of nothing else; true where it asks
    for nothing that shows.

    `answered` are the questions that each quote answers: a thing that is counted may be called otherwise there. Where
    all else makes it `sure` that they answer, it may be called otherwise than anybody knows: "savers" for "investors".
    English words find nothing in Chinese quotes, so there all else counts as given.
    """
    if citations and beside(query, citations[0].quote, citations[0].source, answered[0] if answered else ()):
        return False
    if citations and not has_han(query) and all(is_chinese(citation.quote) for citation in citations):
        return True
    quotes = [citation.quote for citation in citations]
    if citations and elliptic(query) and not _speak_of(query, citations, answered):
        return False
    told = [_dated(citation.quote, citation.source) for citation in citations]
    if not _of_the_time(query, told) and not any(_lasts(query, quote) for quote in quotes):
        return False
    asked = asked_for(query)
    if asked in EXACT:
        same = any(counts_the_same(query, question) for questions in answered for question in questions)
        counted = same or any(counts(query, quote) for quote in quotes)
        if not (counted or sure) or not any(holds(query, quote) for quote in quotes):
            return False
    if _WHEN.search(query) and not any(_dates(quote) - _dates(query) for quote in quotes):
        return False
    amount = AMOUNT.search(query) if asked != "why" else None
    if amount and not any(_amounts(quote, amount["of"] or "") for quote in quotes):
        return False
    return not _WHO.search(query) or any(_names(query, citation) for citation in citations)


def beside(query: str, text: str, source: Source, answered: Sequence[str] = ()) -> bool:
    """Whether the text names another time than the query, or another thing of a kind, and not the one asked about; it
    may stand in the source's head or in a question that the text answers."""
    held = " ".join((text, source.title, *answered))
    if tells_of_another(query, text, held):
        return True
    if all(_ASIDE.search(query[: found.start()]) for found in _POINT.finditer(query)) or not _POINT.search(text):
        return False
    if _lasts(query, text):
        return False
    return not _names_time(_points(query), _dated(held, source)) or _other_day(query, text, source)


def _other_day(query: str, text: str, source: Source) -> bool:
    """Whether the query names a day and the text only other days of that month, from or up to which nothing lasts."""
    asked = {day for found in _DAY.finditer(query) if not _ASIDE.search(query[: found.start()]) for day in _days(found)}
    told = {day for found in _DAY.finditer(text) for day in _days(found)}
    if any(each.search(text[: found.start()]) for found in _DAY.finditer(text) for each in (_BEGUN, _ENDED)):
        return False
    same_month = {day[:7] for day in asked} & {day[:7] for day in told}
    return bool(same_month) and asked.isdisjoint(told | {source.published})


def _days(found: re.Match[str]) -> tuple[str, ...]:
    """The days that a date names, as 2021-09-24; of a range both ends."""
    month = MONTHS.index((found["month"] or found["month_first"]).lower()) + 1
    begun = f"{found['year'] or found['year_last']}-{month:02}"
    ends = (found["from"], found["day"] or found["day_second"])
    return tuple(f"{begun}-{int(day):02}" for day in ends if day)


def _speak_of(query: str, citations: Sequence[Citation], answered: Sequence[Sequence[str]]) -> bool:
    """Whether a quote, its source's title or a question it answers has a name of the query; true if that has none."""
    held = " ".join((*(f"{c.quote} {c.source.title}" for c in citations), *(q for each in answered for q in each)))
    asked = set(content_terms(" ".join(names(query))))
    return not asked or not asked.isdisjoint(content_terms(held)) or names_the_same(query, held)


def _of_the_time(query: str, told: Sequence[str]) -> bool:
    """Whether one of the texts is of a year, or a month of a year, that the query names; true if it names none."""
    asked = [point for point in _POINT.finditer(query) if not _ASIDE.search(query[: point.start()])]
    return not asked or any(_names_time([(m["month"] or "", m["year"]) for m in asked], text) for text in told)


def _lasts(query: str, text: str) -> bool:
    """Whether it is asked if something held, and the text says from when or until when, and the year lies between."""
    asked = [year for _, year in _points(query)]
    if not asked or not _YES_NO.search(query):
        return False
    begun = [m["year"] for m in _POINT.finditer(text) if _BEGUN.search(text[: m.start()])]
    ended = [m["year"] for m in _POINT.finditer(text) if _ENDED.search(text[: m.start()])]
    if not begun and not ended:
        return False
    return (not begun or min(begun) <= max(asked)) and (not ended or max(ended) >= min(asked))


def _points(text: str) -> list[tuple[str, str]]:
    """The months, empty where none is named, and years that the text names."""
    return [(found["month"] or "", found["year"]) for found in _POINT.finditer(text)]


def _names_time(asked: Sequence[tuple[str, str]], text: str) -> bool:
    return any(year in text and month.lower() in text for month, year in asked)


def _dated(text: str, source: Source) -> str:
    """The text with its source's title and date, in lower case."""
    return f"{text} {source.title} {source.published} {_month(source.published)}".lower()


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
    if _OFFICE.search(citation.quote) and _BODY.search(citation.quote) and _BODY.search(query):
        return True
    known = set(content_terms(f"{query} {citation.source.publisher} {_EVERYWHERE}"))
    found = [(m.start(), m[0]) for m in _NAME.finditer(DATES.sub(" ", citation.quote))]
    plain = [n.partition(" ")[2] if not at and n.split()[0].lower() in english() else n for at, n in found]
    return bool({t for name in plain for t in content_terms(name) if not t.isdigit()} - known)
