"""The measures, by hand-worked fractions, and answerers broken on purpose, each caught by the measure meant for it."""

from dataclasses import replace

import pytest
from langchain_core.documents import Document

from bot.records import Answer, Citation, Question, Source
from eval import cases, measures
from eval.cases import Case, Rest

TEXT = "Bitcoin fell by 8.9 per cent. Ether fell by 13 per cent."
CASE = Case(
    id="c",
    kind="fact",
    question="How far did Bitcoin fall?",
    outcome="answered",
    rests_on=(Rest(source="wire", quote="Bitcoin fell"),),
    nuggets=(("8.9 per cent", "8.9%"), ("Bitcoin",)),
    must_not=("45 per cent",),
)
RIGHT = Answer(
    Question(CASE.question),
    "Bitcoin fell by 8.9 per cent. [1]",
    citations=(Citation("1", Source(id="wire", title="W"), "Bitcoin fell by 8.9 per cent.", 0, 29),),
)


def judged(answer, case=CASE):
    return measures.judge(case, answer, {"wire": TEXT})


def test_ranks_are_scored_as_worked_out_by_hand():
    gold = {"a": {"p2"}, "b": {"p9"}}
    ranking = [Document(id=f"p{n}", page_content="") for n in (1, 2, 3)]
    scores = measures.retrieval(gold, {"a": ranking, "b": ranking})
    assert scores["RR"] == {"a": 1 / 2, "b": 0.0}
    assert scores["Success@1"] == {"a": 0.0, "b": 0.0}
    assert scores["Success@5"] == {"a": 1.0, "b": 0.0}


def test_a_case_without_an_answer_counts_as_worst():
    assert measures.retrieval({"a": {"p"}}, {"a": []})["RR"] == {"a": 0.0}


def test_a_right_answer_is_right_in_every_measure():
    verdict = judged(RIGHT)
    assert (verdict.outcome, verdict.nuggets, verdict.on_point, verdict.exact, verdict.clean) == (1, 1, 1, 1, 1)


def test_half_of_what_must_be_said_is_half():
    assert judged(replace(RIGHT, text="Bitcoin fell. [1]")).nuggets == 1 / 2


@pytest.mark.parametrize(
    ("broken", "measure"),
    [
        (replace(RIGHT, text="The sources do not say.", citations=(), outcome="declined"), "outcome"),
        (replace(RIGHT, text="", citations=()), "nuggets"),
        (replace(RIGHT, text="", citations=()), "exact"),
        (replace(RIGHT, citations=(replace(RIGHT.citations[0], start=30, end=56),)), "on_point"),
        (replace(RIGHT, citations=(replace(RIGHT.citations[0], start=1, end=30),)), "exact"),
        (replace(RIGHT, text="Bitcoin fell by 7 per cent. [1]"), "clean"),
        (replace(RIGHT, text="Bitcoin fell by 45 per cent. [1]"), "clean"),
    ],
)
def test_a_broken_answer_is_caught_by_the_measure_meant_for_it(broken, measure):
    assert getattr(judged(broken), measure) == 0


def test_an_answer_where_none_is_held_is_a_wrong_outcome():
    unanswerable = Case(id="d", kind="near-miss", question="?", outcome="declined")
    assert judged(RIGHT, unanswerable).outcome == 0


def test_the_interval_holds_the_mean_and_is_a_point_where_all_agree():
    low, high = measures.interval([0.0, 1.0] * 50)
    assert low < 0.5 < high
    assert measures.interval([1.0, 1.0]) == (1.0, 1.0)


@pytest.mark.parametrize("half", cases.HALVES)
def test_every_case_rests_on_words_that_its_sources_hold(half):
    from bot import passages, sources
    from tests.conftest import PROJECT

    documents = sources.read(PROJECT / "sources").documents
    texts = {str(document.id): document.page_content for document in documents}
    pieces = [piece for document in documents for piece in passages.split(document)]
    asked = cases.load(half)
    assert len({case.id for case in asked}) == len(asked) >= 120
    assert all(cases.holding(case, pieces, texts) for case in asked if case.rests_on)


def test_words_that_a_source_does_not_hold_are_told():
    with pytest.raises(ValueError, match="c: wire does not hold"):
        cases.holding(CASE, [], {"wire": "Other words."})
