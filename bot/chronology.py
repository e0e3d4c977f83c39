"""What happened when: a question for the order of events is answered by a dated list, each event by its sentence.

The events are data beside the sources (`timeline.jsonl`); a folder without them answers such questions like any other.
"""

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from bot.asof import MONTHS as _MONTHS
from bot.asof import named_date
from bot.citing import quoted
from bot.phrases import phrases
from bot.points import Event
from bot.records import Answer
from bot.terms import content_terms

if TYPE_CHECKING:
    from bot.index import Index

MOST = 12
"""Events of one list."""
SUBJECT = """
the history of China's Chinese crypto virtual currency bitcoin ban rules laws crackdown regulation
list name show outline trace summarise main key important major events steps stages
中国比特币加密货币虚拟货币禁令
"""
"""What every event is about, which so does not tell one from another."""

_ASKED = re.compile(
    r"\b(?:time ?-?lines?|chronolog\w*|what happened when|sequence of (?:events|steps)|milestones?"
    r"|(?:key|main|important|major) (?:dates|events|steps|stages)|step by step"
    r"|in (?:date|time|chronological) order|order of events"
    r"|how did (?=.{3,60} (?:unfold|develop|evolve|come about)\b.{0,20}$)|(?:unfold|evolve|come about)(?=.{0,20}$))\b"
    r"|时间线|時間線|大事记|大事記|时间顺序|来龙去脉|來龍去脈",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\bwhat (?:happened(?! (?:to|with)\b)|took place|was (?:announced|published|declared|decided|issued)"
    r"|did (?:china|beijing|(?:the )?(?:chinese |central |people's )*(?:bank|government|authorities|regulators|pboc))"
    r"(?: of china)? (?:announce|publish|declare|decide|issue|do))\b|(?:发生|宣布|公布|发布)了?(?:什么|哪些)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_SINCE = re.compile(r"\b(?:since|after|from|onwards?)\b|以来|以後|以后|至今|起", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:until|till|before|up to|by)\b|之前|以前|截至", re.IGNORECASE)


def asks_for_order(text: str) -> bool:
    """Whether the question asks for events in the order of time."""
    return bool(_ASKED.search(text))


def day_list(answer: Answer, index: "Index") -> Answer | None:
    """The answer as what happened on the day or in the month that the question names; None if it asks no such thing.

    Of a rule its source's first sentence is quoted too, which says what it holds.
    """
    query = answer.searched[0] if answer.searched else answer.question.text
    date = named_date(query) if _DAY.search(query) else ""
    chosen = _on(date, query, index.events) if len(date) > 4 else []
    if not chosen:
        return None
    note = phrases(answer.question.text).in_order
    answer = replace(answer, text=note, notes=(note,), citations=())
    for event in chosen:
        answer = quoted(answer, event.sentence, index, f"\n- {event.sentence.page_content}")
        first = next(s for s in index.sentences if s.metadata["source"] == event.source.id)
        if event.source.kind == "notice" and first != event.sentence:
            answer = quoted(answer, first, index, f" {first.page_content}")
    return answer


def _on(date: str, query: str, events: tuple[Event, ...]) -> list[Event]:
    """The events of the date, rules and statements alone where there are any, that share the query's telling words."""
    found = [event for event in events if event.date.startswith(date)]
    words = content_terms(_DAY.sub(" ", query))
    telling = (
        {term for term in words if len(term) > 1 and not term.isdigit()}
        - _subject()
        - set(content_terms(" ".join(_MONTHS)))
    )
    if telling:
        return [event for event in found if telling & set(content_terms(_said(event)))][:MOST]
    return [event for event in found if event.kind in ("rule", "statement")] or found[:MOST]


def dated_list(answer: Answer, index: "Index") -> Answer | None:
    """The answer as a list of the events that the question means, oldest first; None where there are fewer than two."""
    query = answer.searched[0] if answer.searched else answer.question.text
    chosen = meant(query, index.events)
    if len(chosen) < 2:
        return None
    note = phrases(answer.question.text).in_order
    answer = replace(answer, text=note, notes=(note,), citations=())
    for event in chosen:
        answer = quoted(answer, event.sentence, index, f"\n- {event.when}: {event.sentence.page_content}")
    return answer


def meant(query: str, events: tuple[Event, ...]) -> list[Event]:
    """The events of the years that the query names which share most of its telling words, at most `MOST`, in order."""
    near = [(event, set(content_terms(_said(event)))) for event in events if _within(query, event)]
    telling = {term for term in content_terms(_ASKED.sub(" ", query)) if not term.isdigit()} - _subject()
    shared = [(len(telling & words), event) for event, words in near]
    if sum(count > 0 for count, _ in shared) > 1:
        shared = [(count, event) for count, event in shared if count]
    shared.sort(key=lambda pair: (-pair[0], pair[1].kind != "rule", pair[1].kind != "statement"))
    return sorted((event for _, event in shared[:MOST]), key=lambda event: event.date)


@cache
def _subject() -> frozenset[str]:
    return frozenset(content_terms(SUBJECT))


def _said(event: Event) -> str:
    return f"{event.sentence.page_content} {event.title} {event.title_zh} {event.kind}"


def _within(query: str, event: Event) -> bool:
    years: list[str] = sorted(set(_YEAR.findall(query)))
    year = event.date[:4]
    if not years:
        return True
    if len(years) > 1:
        return years[0] <= year <= years[-1]
    since, until = bool(_SINCE.search(query)), bool(_UNTIL.search(query))
    return year == years[0] or (since if year > years[0] else until)
