"""What is searched for: a question by itself and, where it leans on the turns before it, with them."""

import re
from dataclasses import replace

from bot.asking import DATES, follows_up, names
from bot.kinds import swapped
from bot.passages import cut
from bot.records import Question

SAID = 60
"""Words of the last answer that are searched with."""
NAMED = 2
"""Names of a turn that are searched with."""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_COUNTED = re.compile(
    r"(?<!\bhalf )\b(?P<many>the|an?|one|two|three|four|five|\d) years? "
    r"(?P<way>later\b|earlier\b|(?:after|before) (?:that|this)\b|(?:after|before|on)\b(?=\W*(?:$|[,;:.?!])))",
    re.IGNORECASE,
)
"""So many years from the one that was spoken of."""
_MANY = {"two": 2, "three": 3, "four": 4, "five": 5}
_ELLIPTIC = re.compile(
    r"^那?么?(?P<han>[一-鿿]{1,8}?)(?:也是)?呢\W*$"
    r"|^\W*(?:(?:and|but|so|or|then|ok)\W+)*(?:(?:what|how) about\W+)?(?P<at>(?:in|by|for|on|at|from|with|of) )?"
    r"(?:the )?(?P<new>\w(?:\S*\w)?(?: \S*\w){0,3}?)(?: (?:as well|too|also|then|instead))?\W*$",
    re.IGNORECASE,
)
"""What says no more than what else is asked about."""


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
    question = replace(question, text=dated(question))
    if whole := completed(question):
        return (whole,)
    before = [alone, *asked[-1:], *(" ".join(answer.split()[:SAID]) for answer in answered)]
    after = dict.fromkeys(f"{turn} {question.text}" for turn in before if turn)
    return (question.text, *after, *([named] if (named := with_names(question)) else []))


def dated(question: Question) -> str:
    """The question with a year in place of "two years earlier", counted from the first that the last turn names or, if
    it names none, its answer's first sentence; as it is if it names a year itself or counts from none."""
    text, last = question.text, {turn.role: turn.content for turn in question.history}
    counted, said = _COUNTED.search(text), next(iter(cut(last.get("assistant", ""))), "")
    years = _YEAR.findall(last.get("user", "")) or _YEAR.findall(said)
    if not counted or not years or _YEAR.search(text):
        return text
    many = counted["many"].lower()
    count = int(many) if many.isdigit() else _MANY.get(many, 1)
    back = counted["way"].lower().startswith(("before", "earlier"))
    return f"{text[: counted.start()]}in {int(years[0]) + (-count if back else count)}{text[counted.end() :]}"


def completed(question: Question) -> str:
    """The last question that stood alone with another date, place, coin or exchange in place of its only one, or with
    a date where it had none, if no more is asked: "And in 2023?", "Shandong?"; empty otherwise."""
    found, asked = _ELLIPTIC.match(question.text), [turn.content for turn in question.history if turn.role == "user"]
    while asked and (short := _ELLIPTIC.match(asked[-1])) and follows_up(short[0]):
        asked.pop()
    if not found or not asked or follows_up(asked[-1]):
        return ""
    alone, new = asked[-1], found["new"] or found["han"]
    if not DATES.fullmatch(new):
        return swapped(alone, new)
    if not (dates := [date[0] for date in DATES.finditer(alone)]):
        return f"{alone.rstrip(' ?.!')} {found['at'] or 'in '}{new}?"
    return alone.replace(dates[0], new) if len(dates) == 1 else ""


def with_names(question: Question) -> str:
    """The question after the first names of the turn before it and of its answer's first sentence, which say what it is
    about but not what was asked of that; empty where they name nothing."""
    last = {turn.role: turn.content for turn in question.history}
    turn, answer = last.get("user", ""), next(iter(cut(last.get("assistant", ""))), "")
    found = [name for text in (turn, answer) for name in names(f"“ {text}")[:NAMED]]
    return " ".join((*dict.fromkeys(found), question.text)) if found else ""
