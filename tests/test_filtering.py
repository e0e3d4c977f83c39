"""Filters: what does not pass is never searched, quoted or shown."""

import json

import pytest

from bot import exchange
from bot.filtering import narrowed, passes
from bot.records import Filters, Question


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        (Filters(), {"ndrc-2021-notice-zh", "pbc-2021-notice", "pbc-2026-notice", "wire-2021-report"}),
        (Filters(since="2022"), {"pbc-2026-notice"}),
        (Filters(until="2021", official=True), {"ndrc-2021-notice-zh", "pbc-2021-notice"}),
        (Filters(language="zh"), {"ndrc-2021-notice-zh"}),
        (Filters(since="2030"), set()),
    ],
)
def test_only_what_passes_is_left_in_the_index(build, filters, kept):
    part = narrowed(build(), filters)
    assert set(part.sources) == kept
    assert {s.metadata["source"] for s in part.sentences} == kept


def test_filters_that_every_source_passes_search_the_whole_index_as_it_is(build):
    index = build()
    assert narrowed(index, Filters(since="2021")) is index and narrowed(index, Filters(since="2022")) is not index


def test_a_source_without_a_date_passes_no_period(build):
    undated = build().sources["wire-2021-report"].model_copy(update={"published": ""})
    assert passes(undated, Filters()) and not passes(undated, Filters(until="2030"))


def test_nothing_outside_the_filters_is_searched_quoted_or_shown(answerer):
    asked = Question("Who could be held liable under the September 2021 trading notice?", (), Filters(official=True))
    answer = answerer.invoke(asked)
    assert answer.citations and "wire-2021-report" not in {e.source.id for e in answer.evidence}
    assert answerer.invoke(Question("How many per cent did Bitcoin fall?")).outcome == "answered"
    official = answerer.invoke(Question("How many per cent did Bitcoin fall?", (), Filters(official=True)))
    assert official.outcome == "declined"


def test_the_repeal_of_a_rule_is_told_even_where_the_filters_leave_its_source_out(answerer):
    answer = answerer.invoke(Question("What did the September 2021 trading notice declare?", (), Filters(until="2021")))
    assert [c.source.id for c in answer.citations][-1] == "pbc-2026-notice"


def test_where_no_source_passes_the_answer_is_a_decline(answerer):
    answer = answerer.invoke(Question("How many per cent did Bitcoin fall?", (), Filters(since="2030")))
    assert (answer.outcome, answer.evidence) == ("declined", ())


def test_a_line_of_json_may_carry_filters_and_bad_ones_are_named(answerer):
    lines = [
        {"id": 1, "question": "How many per cent did Bitcoin fall?", "filters": {"official": True}},
        {"id": 2, "question": "How many per cent did Bitcoin fall?", "filters": {"since": "long ago"}},
    ]
    good, bad = exchange.batch(answerer, [json.dumps(line).encode() for line in lines])
    assert good["outcome"] == "declined"
    assert bad == {"id": 2, "error": "filters.since: String should match pattern '^(\\d{4})?$'"}
