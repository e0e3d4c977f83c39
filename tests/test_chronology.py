import pytest
from langchain_core.documents import Document

from bot.asof import applied, asked_date
from bot.chronology import asks_for_order, meant
from bot.points import Event
from bot.records import Source


def event(date, kind, text):
    return Event(date, date, kind, text, "", Document(page_content=text, metadata={}), Source(id="a", title="a"))


EVENTS = (
    event("2013-12-05", "rule", "Banks must keep out"),
    event("2021-05-21", "mining", "Miners are told to leave"),
    event("2021-09-24", "rule", "Trading notice"),
    event("2022-10", "hong-kong", "Hong Kong declares support"),
)


@pytest.mark.parametrize(
    "text",
    [
        "Give me a timeline of the ban",
        "What were the key dates?",
        "How did the crackdown unfold?",
        "比特币禁令的时间线",
    ],
)
def test_a_question_for_the_order_of_events_is_known_by_its_words(text):
    assert asks_for_order(text)


@pytest.mark.parametrize("text", ["What time did trading stop?", "How did China develop its own coin in 2020?"])
def test_other_questions_of_time_and_growth_are_none(text):
    assert not asks_for_order(text)


def test_the_years_that_are_named_bound_the_list():
    assert [e.date for e in meant("timeline of 2021", EVENTS)] == ["2021-05-21", "2021-09-24"]
    assert [e.date for e in meant("timeline since 2021", EVENTS)] == ["2021-05-21", "2021-09-24", "2022-10"]
    assert [e.date for e in meant("timeline from 2013 to 2020", EVENTS)] == ["2013-12-05"]


def test_a_topic_keeps_the_events_that_speak_of_it():
    assert [e.kind for e in meant("How did mining and Hong Kong unfold?", EVENTS)] == ["mining", "hong-kong"]


def test_the_list_is_in_the_order_of_time_whatever_order_the_events_come_in():
    assert meant("timeline of the ban", EVENTS[::-1]) == list(EVENTS)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("What applied in June 2021?", "2021-06"),
        ("Which rules were in force on 24 September 2021?", "2021-09-24"),
        ("Which rules were still valid in 2019?", "2019"),
        ("2020年6月哪些规定有效？", "2020-06"),
        ("What did the June 2021 order apply to?", ""),
        ("From what date does the 2024 interpretation apply?", ""),
        ("Which rules applied between 2013 and 2017?", ""),
        ("What was legal as of June 2021?", "2021-06"),
        ("What did the bank hold against stablecoins as of late 2025?", ""),
    ],
)
def test_the_date_for_which_rules_are_asked_is_read(text, date):
    assert asked_date(text) == date


def test_a_rule_applied_from_its_publication_until_its_repeal():
    rule = Source(
        id="r", title="r", kind="notice", published="2021-09-24", standing="repealed", repealed_on="2026-02-06"
    )
    assert [applied(rule, date) for date in ("2021-06", "2021-09", "2025", "2026-02-05", "2026")] == [
        False,
        True,
        True,
        True,
        False,
    ]


def test_a_rule_dated_by_its_year_alone_is_not_taken_to_have_applied_within_it():
    rule = Source(id="r", title="r", kind="notice", published="2021", standing="in force")
    assert (applied(rule, "2021-06"), applied(rule, "2022-01")) == (False, True)


def test_news_and_drafts_never_applied():
    draft = Source(id="d", title="d", kind="notice", published="2019-04-08", standing="draft")
    assert not applied(draft, "2020")
    assert not applied(Source(id="n", title="n", kind="news", published="2019"), "2020")
