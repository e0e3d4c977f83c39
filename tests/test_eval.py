"""The measures, by hand-worked fractions, and answerers broken on purpose, each caught by the measure meant for it."""

import json
import re
from dataclasses import replace

import pytest
from langchain_core.language_models import FakeListChatModel

from bot.records import Answer, Citation, Question, Source
from eval import cases, judge, measures, outside, report, results, running
from eval.cases import Case, Rest
from eval.results import Result
from eval.running import Asked

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


CITED = RIGHT.citations[0]
OTHER = Citation("2", Source(id="wire", title="W"), "Ether fell by 13 per cent.", 30, 56)


def judged(answer, case=CASE):
    return measures.judge(case, answer, {"wire": TEXT})


def test_ranks_are_scored_as_worked_out_by_hand():
    gold = {"a": {"p2"}, "b": {"p9"}}
    ranking = ["p1", "p2", "p3"]
    scores = measures.retrieval(gold, {"a": ranking, "b": ranking})
    assert scores["RR"] == {"a": 1 / 2, "b": 0.0}
    assert scores["Success@1"] == {"a": 0.0, "b": 0.0}
    assert scores["Success@5"] == {"a": 1.0, "b": 0.0}


def test_a_case_without_an_answer_counts_as_worst():
    assert measures.retrieval({"a": {"p"}}, {"a": []})["RR"] == {"a": 0.0}


def test_a_right_answer_is_right_in_every_measure():
    verdict = judged(RIGHT)
    assert [getattr(verdict, name) for name in measures.SHARES] == [1] * len(measures.SHARES)
    assert (verdict.unsupported, verdict.why) == (0, ())


def test_half_of_what_must_be_said_is_half():
    assert judged(replace(RIGHT, text="Bitcoin fell. [1]")).nuggets == 1 / 2


BROKEN = [
    ("it never answers", replace(RIGHT, text="No.", citations=(), outcome="declined"), "outcome", 0),
    ("it is empty", replace(RIGHT, text="", citations=()), "nuggets", 0),
    ("it is empty", replace(RIGHT, text="", citations=()), "cited", 0),
    ("it cites nothing", replace(RIGHT, text="Bitcoin fell by 8.9 per cent.", citations=()), "cited", 0),
    ("half of it is not cited", replace(RIGHT, text=f"{RIGHT.text} Ether fell too."), "cited", 1 / 2),
    ("it cites another place", replace(RIGHT, citations=(replace(CITED, start=30, end=56),)), "on_point", 0),
    ("its quote is not at its place", replace(RIGHT, citations=(replace(CITED, start=1, end=30),)), "carried", 0),
    ("its citation says something else", replace(RIGHT, citations=(OTHER,)), "carried", 0),
    ("it says what is wrong", replace(RIGHT, text="Bitcoin fell by 45 per cent. [1]"), "clean", 0),
    ("it invents a number", replace(RIGHT, text="Bitcoin fell by 7 per cent. [1]"), "unsupported", 1),
    ("it invents a name", replace(RIGHT, text="Bitcoin fell, said Goldman Sachs. [1]"), "unsupported", 1),
]


@pytest.mark.parametrize(("wrong", "broken", "measure", "value"), BROKEN, ids=[f"{b[0]}: {b[2]}" for b in BROKEN])
def test_a_broken_answer_is_caught_by_the_measure_meant_for_it(wrong, broken, measure, value):
    verdict = judged(broken)
    assert getattr(verdict, measure) == value
    assert verdict.why


def test_declining_is_measured_by_hand_worked_fractions():
    answerable = [True, True, False, False, False]
    assert measures.declining(answerable, [True, False, False, False, True]) == (2 / 3, 2 / 3)
    assert measures.declining(answerable, [True] * 5) == (1.0, 0.0)  # never declines
    assert measures.declining(answerable, [False] * 5) == (3 / 5, 1.0)  # always declines


def test_odds_that_order_all_pairs_but_one_tell_three_quarters():
    assert measures.telling([True, True, False, False], [3.0, 1.0, 2.0, 0.0]) == 3 / 4


def test_risk_grows_with_coverage_where_the_surest_are_right():
    assert measures.risk_coverage([False, True], [0.0, 1.0]) == [(1 / 2, 0.0), (1.0, 1 / 2)]


def test_the_answers_own_notes_need_no_citation():
    noted = replace(
        RIGHT, text=f"{RIGHT.text} The sources do not mention Doge.", notes=("The sources do not mention Doge.",)
    )
    assert judged(noted).cited == 1


def test_a_statement_may_carry_two_markers():
    bound = measures.statements(replace(RIGHT, text="Both fell. [1] [2]", citations=(CITED, OTHER)))
    assert bound == [("Both fell.", (CITED, OTHER))]


def test_of_an_annotators_sentences_half_are_quoted():
    gold = [["Bitcoin fell by 8.9 per cent .", "Ether fell by 13 per cent ."]]
    assert outside.quoted(gold, RIGHT) == 1 / 2


def test_an_outside_set_is_measured(tmp_path):
    (tmp_path / "sources.jsonl").write_text('{"id": "a", "text": "Tea is grown in Fujian."}')
    line = {"id": "1", "question": "Where is tea grown?", "gold_sources": ["a"], "answerable": True}
    (tmp_path / "questions.jsonl").write_text(json.dumps(line))
    figures = outside.measure(tmp_path, cache=tmp_path / "index")
    assert (figures["Success@1"], figures["answered"]) == (1.0, 1.0)


def test_a_folder_that_is_no_outside_set_is_told(tmp_path):
    with pytest.raises(ValueError, match=r"name a folder with sources.jsonl and questions.jsonl"):
        outside.measure(tmp_path)


def test_a_result_is_kept_compared_and_held_against_the_floors(tmp_path):
    old = Result("2026-01-01T10:00:00", {"held": {"nuggets": 0.5}}, {}, {}, {})
    new = replace(old, made="2026-01-02T10:00:00", halves={"held": {"nuggets": 0.75, "words": 9.0}})
    results.save(old, "first", tmp_path)
    results.save(new, "second", tmp_path)
    assert results.last(tmp_path) == new
    assert results.change(new, old) == {"held": {"nuggets": 0.25}}
    (tmp_path / "floors.toml").write_text("[halves.held]\nnuggets = 0.8\nmost_words = 8\n")
    assert len(results.below(new, tmp_path / "floors.toml")) == 2


def test_the_report_shows_every_case_and_escapes_what_it_shows(tmp_path):
    case = CASE.model_copy(update={"question": "<script>alert(1)</script>", "half": "held"})
    done = [Asked(case, RIGHT, judged(RIGHT)), Asked(CASE, RIGHT, judged(RIGHT))]
    figures = {half: running.figures([one for one in done if one.case.half == half]) for half in cases.HALVES}
    result = Result("2026-01-02T10:00:00", figures, {h: {"fact": f} for h, f in figures.items()}, {}, {})
    page = report.write(tmp_path, result, None, done).read_text()
    assert "&lt;script&gt;alert(1)" in page and "<script>alert(1)" not in page
    assert page.count('<section class="case"') == 2
    assert not re.search(r"(src|href)=.?(http|//)|@import|url\((?!#)", page)


def test_a_judge_model_gives_marks_and_what_is_no_mark_is_told():
    done = [Asked(CASE, RIGHT, judged(RIGHT))]
    model = FakeListChatModel(responses=['{"fluency": 4, "completeness": 5}', "Lovely!"])
    assert judge.mark(model, done) == {"fluency": 4, "completeness": 5}
    with pytest.raises(ValueError, match="Lovely"):
        judge.mark(model, done)


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
    assert len({case.id for case in asked}) == len(asked) >= 250
    assert all(cases.holding(case, pieces, texts) for case in asked if case.rests_on)


def test_words_that_a_source_does_not_hold_are_told():
    with pytest.raises(ValueError, match="c: wire does not hold"):
        cases.holding(CASE, [], {"wire": "Other words."})
