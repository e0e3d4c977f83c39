"""What applied then: a question for the rules of a past date is answered from the dates in the heads.

A rule applied on a date if it was published by then and not yet repealed.
"""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.citing import quoted
from bot.phrases import phrases
from bot.records import Answer, Source
from bot.terms import has_han

if TYPE_CHECKING:
    from bot.index import Index

MONTHS = "january february march april may june july august september october november december".split()
_RULE = r"(?:rules?|laws?|notices?|regulations?|bans?|banned|legal|illegal|allowed|permitted|forbidden|prohibited)"
_ASKED = re.compile(
    r"\b(?:what|which|any)\b(?! (?:date|day|month|year)\b)(?: \w+){0,4} "
    r"(?:appl(?:y|ied)|(?:was|were|had been|stood) (?:already |still )?"
    r"(?:in force|in effect|valid|binding|on the books))\b"
    rf"|\b{_RULE}\b.*\bas of\b|\bas of\b.*\b{_RULE}\b|(?:哪些|什么)\S{{0,12}}(?:有效|生效|适用)",
    re.IGNORECASE,
)
_DATE = re.compile(
    rf"(?:(?P<day>\d{{1,2}}) )?(?P<month>{'|'.join(MONTHS)})(?: (?P<late>\d{{1,2}}),?)? (?P<year>20\d\d)\b"
    r"|(?P<alone>(?<!\d)20\d\d)(?:年(?:(?P<hanmonth>\d{1,2})月(?:(?P<handay>\d{1,2})日)?)?)?(?!\d)",
    re.IGNORECASE,
)


def asked_date(text: str) -> str:
    """The date, as a source's head writes it, for which a question asks what applied; empty if it asks for none."""
    return named_date(text) if _ASKED.search(text) else ""


def named_date(text: str) -> str:
    """The one day, month or year that a text names, as a source's head writes it; empty for none or several."""
    dates = list(_DATE.finditer(text))
    if len(dates) != 1:
        return ""
    found = dates[0]
    month = MONTHS.index(found["month"].lower()) + 1 if found["month"] else int(found["hanmonth"] or 0)
    day = int(found["day"] or found["late"] or found["handay"] or 0)
    parts = [found["year"] or found["alone"], *([f"{month:02}"] if month else []), *([f"{day:02}"] if day else [])]
    return "-".join(parts)


def rules_then(answer: Answer, index: "Index", date: str) -> Answer | None:
    """The answer as a list of the rules held that applied on the date, oldest first; None where there are none."""
    language = "zh" if has_han(answer.question.text) else "en"
    rules = [s for s in index.sources.values() if s.language == language and applied(s, date)]
    if not rules:
        return None
    note = phrases(answer.question.text).applied.format(date)
    answer = replace(answer, text=note, notes=(note,), citations=())
    for rule in sorted(rules, key=lambda rule: rule.published):
        first = next(s for s in index.sentences if s.metadata["source"] == rule.id)
        answer = quoted(answer, first, index, f"\n- {first.page_content}")
    return answer


def applied(source: Source, date: str) -> bool:
    """Whether the source is a rule that was out on the date and not repealed; a month or a year stands for its end.

    What is known of a date less exactly than it is asked for counts as later.
    """
    rule = source.kind in ("notice", "law") and source.standing in ("in force", "repealed")
    return rule and _by(source.published, date) and not (source.repealed_on and _by(source.repealed_on, date))


def _by(known: str, date: str) -> bool:
    return bool(known) and (known[: len(date)] <= date if len(known) >= len(date) else known < date[: len(known)])
