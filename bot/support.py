"""Does a text support a statement? What a cosine cannot see is checked by rule: numbers, dates, names, negation.

The score is the cosine of the statement to the text's closest sentence. How well rules and score tell the supported
from the rest is measured by `python -m eval support`.
"""

import re
from collections.abc import Sequence

import numpy as np
from langchain_core.embeddings import Embeddings

from bot.records import Source
from bot.spelling import english
from bot.terms import MONTHS, NUMBER_WORDS, content_terms, numbers

_NUMBERED = re.compile(r"\b(?:" + "|".join(w for w in NUMBER_WORDS if w != "one") + r")\b", re.IGNORECASE)
_MONTHS = "|".join(sorted({*MONTHS, *MONTHS.values(), "may"}, key=len, reverse=True))
_DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}}) )?(?P<month>{_MONTHS})\.?(?: (?P<late>\d{{1,2}})(?!\d))?"
    r"(?:,? (?P<year>(?:19|20)\d\d))?\b|(?:(?P<hanyear>\d{4})年)?(?P<hanmonth>\d{1,2})月(?:(?P<handay>\d{1,2})日)?",
    re.IGNORECASE,
)
_COUNTED = re.compile(rf"(?<![\w.,-])(\d[\d,]*(?:\.\d+)?|{_NUMBERED.pattern})[ -]?([A-Za-z%]+)", re.IGNORECASE)
_ORDER = "january february march april may june july august september october november december".split()
_NOT = re.compile(
    r"\b(?:not|no(?!\. ?\d)|never|nor|neither|none|nobody|nothing|without|cannot|unlikely|unable|unconfirmed"
    r"|fail(?:s|ed)?|den(?:y|ied|ies)|refus\w+)\b|n['’]t\b|不(?!同)|未|没|並非|并非",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![\w.])[A-Z][\w’'&-]*(?:(?: (?:of|and|for|the))? [A-Z][\w’'&-]*)*")
_SHORT = {
    "twh": "terawatt",
    "kwh": "kilowatt",
    "chines": "china",
    "usd": "dollar",
    "american": "america",
    "us": "america",
}
_OPPOSITES = tuple(
    tuple(frozenset(side.split()) for side in line.split("|"))
    for line in """
allow allowed allows permit permits permitted let lets free | forbid forbids forbidden forbade ban bans banned barred
allow allowed allows permit permits permitted let lets free | prohibit prohibits prohibited outlawed ruled
legal lawful | illegal unlawful
before earlier prior until ahead | after later following since
rise rose risen increased grew gained climbed up higher | fall fell fallen drop dropped decreased declined lost down
more above over exceed exceeds exceeded | less below under fewer
much large larger big bigger | little small smaller
clean cleaner greener | dirty dirtier
strict strictly | loose loosely
effective | ineffective
begin began begun start started open opened launched | end ended stop stopped close closed finished
continue continued continues kept | stop stopped ended ceased
repeal repealed repeals abolished revoked ceased | remain remains remained still valid upheld
uphold upheld accepted reaffirm reaffirmed confirm confirmed | reject rejected refused turned abandoned denied
include includes including included cover covers | exclude excludes excluding excluded exempt
buy bought buyer | sell sold seller
support supports supported welcomed | oppose opposes opposed criticised rejects
inside within onshore domestic | outside offshore overseas abroad
允许 可以 合法 支持 仍可 | 禁止 不得 非法 驳回
之前 以前 | 之后 以后
上升 上涨 增加 | 下降 下跌 减少
""".strip().splitlines()
)


def score(statement: str, sentences: Sequence[str], embeddings: Embeddings) -> float:
    """How close the closest of the sentences comes to the statement, from 0 to 1."""
    if not sentences:
        return 0.0
    vectors = np.array(embeddings.embed_documents([statement, *sentences]))
    return max(0.0, float((vectors[1:] @ vectors[0]).max()))


def overlap(statement: str, text: str) -> tuple[float, int]:
    """The share of the statement's terms that stand in the text, and the most in a row that do not."""
    held = _plain(text)
    said = [_SHORT.get(term, term) in held for term in content_terms(statement)]
    row = most = 0
    for stands in said:
        row = 0 if stands else row + 1
        most = max(most, row)
    return (sum(said) / len(said) if said else 0.0), most


def head(source: Source) -> str:
    """What a source's head says of it, its date also as it is written in prose: "24 September 2021"."""
    year, month, day = [*source.published.split("-"), "", ""][:3]
    named = f"{int(day) if day else ''} {_ORDER[int(month) - 1].capitalize()} {year}" if month else ""
    han = f"{year}年{int(month)}月{f'{int(day)}日' if day else ''}" if month else ""
    return " ".join((source.publisher, source.author, source.published, named, han, source.kind))


def broken(statement: str, text: str, around: str = "") -> str:
    """Which rule the statement breaks against the text: "number", "date", "name", "negation"; empty where none."""
    held = f"{text} {around}"
    if not _numbers(statement) <= _numbers(held) or _reassigned(statement, held):
        return "number"
    if not _dates(statement) <= _dates(held):
        return "date"
    if any(not _named(name, held) for name in _names(statement)):
        return "name"
    if _negated(statement, text) or _negated(text, statement) or _opposed(statement, text):
        return "negation"
    return ""


def _named(name: str, held: str) -> bool:
    """Whether every word of the name stands in the text, or the name is short for words that stand there."""
    terms = _plain(held)
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z][\w’']*", held)).lower()
    return all(term in terms or (len(term) > 2 and term in initials) for term in _plain(name))


def _plain(text: str) -> set[str]:
    return {_SHORT.get(term, term) for term in content_terms(text)}


def _negated(one: str, other: str) -> bool:
    """Whether `one` denies what `other` says of the same words without a denial."""
    if _NOT.search(other):
        return False
    terms = _plain(other)
    after = [content_terms(one[m.end() :])[:3] for m in _NOT.finditer(one)]
    return any(len([t for t in near if _SHORT.get(t, t) in terms]) >= 2 for near in after)


def _numbers(text: str) -> frozenset[str]:
    words = frozenset(NUMBER_WORDS[word.lower()] for word in _NUMBERED.findall(text))
    return numbers(text) | words


def _reassigned(statement: str, held: str) -> bool:
    """Whether a number of the statement counts something of which the text gives only other numbers."""
    given = _counted(held)
    return any(given.get(unit, found) & found != found for unit, found in _counted(statement).items())


def _counted(text: str) -> dict[str, set[str]]:
    """The numbers before each word that they count, months apart, which the rule for dates sees to."""
    found: dict[str, set[str]] = {}
    for number, unit in _COUNTED.findall(text):
        plain = NUMBER_WORDS.get(number.lower()) or next(iter(numbers(number)), "")
        counted = unit.lower() not in {*MONTHS, *_ORDER, *NUMBER_WORDS}
        for term in content_terms(unit)[:counted]:
            found.setdefault(term, set()).add(plain)
    return found


def _dates(text: str) -> frozenset[tuple[str, str]]:
    """Each date as pairs of its month with its day and with its year."""
    found: set[tuple[str, str]] = set()
    for match in _DATE.finditer(text):
        month, day = match["month"], match["day"] or match["late"] or match["handay"]
        year = match["year"] or match["hanyear"]
        month = MONTHS.get(month.lower(), month.lower()) if month else _ORDER[(int(match["hanmonth"]) - 1) % 12]
        found |= {(month, part) for part in (day and f"day {int(day)}", year) if part}
    return frozenset(found)


def _names(text: str) -> list[str]:
    """What is written as a name; the first word of all counts only if it is no common English word."""
    found = [(m.start(), m[0]) for m in _NAME.finditer(text)]
    return [
        name if start or name.split()[0].lower() not in english() else name.partition(" ")[2] for start, name in found
    ]


def _opposed(statement: str, text: str) -> bool:
    """Whether the statement uses a word of one side where the text uses only words of the other."""
    said, held = (
        set(re.findall(r"[a-z]+", t.lower())) | {t[i : i + 2] for i in range(len(t))} for t in (statement, text)
    )
    for one, other in _OPPOSITES:
        for mine, theirs in ((one, other), (other, one)):
            if said & mine and not held & mine and held & theirs and not said & theirs:
                return True
    return False
