"""What is searched for: a question by itself and, where it leans on the turns before it, with them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.asking import DATES, asked_for, follows_up, names
from bot.asof import MONTHS
from bot.kinds import swapped
from bot.passages import cut
from bot.records import Question
from bot.terms import has_han

SAID = 60
"""Words of the last answer that are searched with."""
NAMED = 2
"""Names of a turn that are searched with."""
_YEAR = re.compile(r"(?<![\d.,])(?:199\d|200[1-9]|20[1-3]\d)(?!\d|[.,]\d)")
"""A year; 2000 is more often a number of things."""
_COUNTED = re.compile(
    r"(?<!\bhalf )(?<!\bfor )(?<!\bover )(?<!\bthan )\b(?:(?:in|by|within) )?"
    r"(?:(?P<many>an?|one|two|three|four|five|\d) years? (?P<way>later|earlier|(?:after|before) (?:that|this))\b"
    r"|the year (?P<next>(?:after|before) (?:that|this)\b|(?:after|before)(?=\W*(?:$|[,;:.?!]))))",
    re.IGNORECASE,
)
"""So many years from the one that was spoken of."""
_MANY = {"two": 2, "three": 3, "four": 4, "five": 5}
_ELLIPTIC = re.compile(
    r"^那?[么麼]?(?P<han>[\d一-鿿]{1,12}?)(?:也是)?呢\W*$"
    r"|^\W*(?:(?:and|but|so|or|then|ok)\W+)*"
    r"(?:(?:(?:what|how) about|(?:what|how (?:many|much|high|big|large)) (?:was|were|is|are) "
    r"(?:it|they|that|those|the (?:number|figure|share|total|count)))\W+)?(?:(?P<at>in|by|for|on|at|from|with|of) )?"
    r"(?:the )?(?P<new>\w(?:\S*\w)?(?: \S*\w){0,3}?)(?: (?:as well|too|also|then|instead))?\W*$",
    re.IGNORECASE,
)
_HAN, FEW = re.compile("[一-鿿]"), 8
"""Most Chinese characters that are no more than a name: 新疆维吾尔自治区."""
_POINT = re.compile(rf"(?:(?:{'|'.join(month.capitalize() for month in MONTHS)}) )?{_YEAR.pattern}")
_DATED = re.compile(rf"\b(?P<at>in|on|by|during|for|since|of) (?:\d{{1,2}} )?{_POINT.pattern}(?! No\b)")

_HAN_POINT = re.compile(r"(?:19|20)\d\d年(?:\d{1,2}月(?:\d{1,2}日)?)?(?!\d|[^，。？]{0,14}(?:通知|公告|文件))")
"""A time in Chinese that is not part of the name of a rule."""


def searches(question: Question) -> tuple[str, ...]:
    """What is searched for: the question; where it leans on the turns before also the question after the user's last
    one that stood alone, which names what the talk is about, after the last one of all, and after the beginning of the
    last answer, where what "it" and "they" mean is often named; at the end with the names of the last turn alone. Where
    a turn before completes it, only the whole question."""
    if not question.history or not follows_up(question.text):
        return (question.text,)
    asked = [turn.content for turn in question.history if turn.role == "user"]
    answered = [turn.content for turn in question.history if turn.role == "assistant"][-1:]
    alone = next((turn for turn in reversed(asked) if not follows_up(turn)), "") or (asked[0] if asked else "")
    base = ""
    for place, turn in enumerate(asked):
        base = completed(base, counted(turn, base)) if place and follows_up(turn) else turn
    question = replace(question, text=counted(question.text, base or " ".join((*asked[-1:], *_first(answered)))))
    if whole := completed(base, question.text):
        return (whole,)
    before = [alone, *asked[-1:], *(" ".join(answer.split()[:SAID]) for answer in answered)]
    after = dict.fromkeys(f"{turn} {question.text}" for turn in before if turn)
    return (question.text, *after, *([named] if (named := with_names(question)) else []))


def counted(text: str, base: str) -> str:
    """The text with a year in place of "two years earlier", counted from the first that the base names; as it is if it
    names one itself, or the base none."""
    found, years = _COUNTED.search(text), _YEAR.findall(base)
    if not found or not years or _YEAR.search(text):
        return text
    many, way = (found["many"] or "a").lower(), (found["way"] or found["next"]).lower()
    count = int(many) if many.isdigit() else _MANY.get(many, 1)
    year = int(years[0]) + (-count if way.startswith(("before", "earlier")) else count)
    return f"{text[: found.start()]}in {year}{text[found.end() :]}"


def completed(base: str, text: str) -> str:
    """The base, a question that stands alone, with what the text names in place of the only time, or the only place,
    country, coin or exchange, that the base names; or with a year added where it names no time. Empty where the text
    says more, "And in 2023?" being all, or where it is not plain what it stands for."""
    if not base or not (found := elliptic(text)) or has_han(base) != has_han(text):
        return ""
    at, new = found
    if _HAN_POINT.fullmatch(new):
        return _HAN_POINT.sub(new, base) if len(_HAN_POINT.findall(base)) == 1 else ""
    years = _YEAR.findall(base)
    if at and new.lower() in MONTHS and len(years) == 1:
        new = f"{new.capitalize()} {years[0]}"
    if not _POINT.fullmatch(new):
        return swapped(base, new, at)
    dated = list(_DATED.finditer(base))
    if len(dated) == len(years) == 1:
        led = at or dated[0]["at"].replace("on", "in")
        return f"{base[: dated[0].start()]}{led} {new}{base[dated[0].end() :]}"
    timeless = not DATES.search(base) and asked_for(base) != "when" and not has_han(base)
    return f"{base.rstrip(' ?.!')} {at or 'in'} {new}?" if timeless else ""


def elliptic(query: str) -> tuple[str, str] | None:
    """The preposition, if there is one, and the few words that are all the query says: "And in 2023?", "Kraken?"."""
    found = _ELLIPTIC.match(query)
    if found and found["new"] and len(_HAN.findall(found["new"])) > FEW:
        return None  # Chinese sets no spaces between its words
    return ((found["at"] or "").lower(), found["new"] or found["han"]) if found else None


def _first(answers: Sequence[str]) -> list[str]:
    """The first sentence of each answer."""
    return [next(iter(cut(answer)), "") for answer in answers]


def with_names(question: Question) -> str:
    """The question after the first names of the turn before it and of its answer's first sentence, which say what it is
    about but not what was asked of that; empty where they name nothing."""
    last = {turn.role: turn.content for turn in question.history}
    turn, answer = last.get("user", ""), next(iter(cut(last.get("assistant", ""))), "")
    found = [name for text in (turn, answer) for name in names(f"“ {text}")[:NAMED]]
    return " ".join((*dict.fromkeys(found), question.text)) if found else ""
