import pytest

from bot import gaps, index, sources
from bot.answering import Answerer
from bot.errors import SourceError
from bot.gaps import Gap
from bot.likeness import Likeness, apart, wording
from bot.records import Filters, Question
from bot.views import View
from tests.conftest import CORPUS

VIEWS = (View(source="pbc-2021-notice", starts="Ten bodies", questions=("Who issued the trading notice?",)),)
OPEN = (Gap(source="pbc-2021-notice", questions=("Which judge wrote the trading notice by hand?",)),)


@pytest.fixture
def knowing(tmp_path, embeddings):
    """The tiny corpus with one gap."""

    def opened(open=OPEN):
        documents = sources.read(CORPUS).documents
        return index.sync(tmp_path / "index", documents, VIEWS, lambda: embeddings, model="words", gaps=open)

    return opened


def odds(built, question):
    return Answerer(built).search(Question(question)).odds


def test_a_question_like_a_gap_is_less_likely_to_be_answered_than_without_it(knowing):
    asked = "Which judge issued the trading notice by hand?"
    assert odds(knowing(), asked) < odds(knowing(()), asked)


def viewed(built, question):
    """The ranker, and the one sentence that has a view as the only one found."""
    answerer = Answerer(built)
    found = [s for s in answerer.search(Question(question)).ranked if str(s.id) in built.views]
    return answerer.searching.ranker, found


def test_words_that_gaps_are_asked_with_make_an_answer_less_likely(knowing):
    sounding, unlike = "What is the name of the clerk who typed it?", "Which bodies signed the notice on mining?"
    assert gaps.words().log_odds(sounding) > 0 > gaps.words().log_odds(unlike)
    ranker, found = viewed(knowing(), sounding)
    assert ranker.summary(sounding, found).worded > 0 > ranker.summary(unlike, found).worded


def test_what_is_far_from_every_sentence_is_less_likely_answered_unless_it_leans_on_a_turn(knowing):
    asked = "Why is the sky blue?"
    ranker, found = viewed(knowing(), asked)
    assert ranker.summary(asked, found).far > 0
    assert ranker.odds(asked, found) < ranker.odds(asked, found, leans=True)
    assert odds(knowing(), asked) < 0


def test_where_no_gap_is_near_gaps_tell_nothing(knowing):
    asked = "Who issued the trading notice?"
    ranker, found = viewed(knowing(), asked)
    alone = [s.model_copy(update={"metadata": {**s.metadata, "gaps": {}}}) for s in found]
    assert ranker.summary(asked, found).nearer < 0 == ranker.summary(asked, alone).nearer


def test_a_source_of_ones_own_may_fill_a_gap(tmp_path, embeddings, write):
    folder = write(diary__md="# Diary\n\nJudge Li wrote the trading notice by hand.\n")
    documents = sources.read(CORPUS, folder).documents
    built = index.sync(tmp_path / "index", documents, VIEWS, lambda: embeddings, model="words", gaps=OPEN)
    answer = Answerer(built).invoke(Question("Which judge wrote the trading notice by hand?"))
    assert answer.outcome == "answered" and "Judge Li" in answer.text


def test_a_question_that_a_sentence_answers_is_answered_beside_a_gap(knowing):
    asked = "How many bodies issued the September 2021 trading notice?"
    answer = Answerer(knowing()).invoke(Question(asked))
    assert answer.outcome == "answered" and "Ten bodies" in answer.text


def test_a_gap_is_never_quoted(knowing):
    answer = Answerer(knowing()).invoke(Question("Which judge wrote the trading notice by hand?"))
    assert "by hand" not in "".join(e.passage.page_content for e in answer.evidence)


def test_a_gap_of_a_source_that_does_not_pass_the_filters_is_not_searched(knowing):
    found = Answerer(knowing()).search(Question("Which judge wrote the notice?", filters=Filters(since="2026")))
    assert found.ranked and not found.ranked[0].metadata["gaps"]


def test_a_new_gap_makes_the_index_stale(tmp_path, knowing):
    built = knowing()
    about = {"model": "words", "gaps": OPEN}
    assert index.is_fresh(tmp_path / "index", built.documents, VIEWS, **about)
    assert not index.is_fresh(tmp_path / "index", built.documents, VIEWS, **{**about, "gaps": ()})


def test_gaps_of_a_source_that_is_not_there_are_left_out(knowing):
    assert knowing((Gap(source="nobody", questions=("Who?",)),)).gaps == {}


@pytest.mark.parametrize(
    ("open", "told"),
    [
        ((Gap(source="nobody", questions=("Who?",)),), "no source is called nobody"),
        ((*OPEN, *OPEN), "pbc-2021-notice has 2 lines"),
        ((*OPEN, Gap(source="wire-2021-report", questions=OPEN[0].questions)), "stands there twice"),
        ((Gap(source="wire-2021-report", questions=("How far did Bitcoin fall?",)),), "is a view of a sentence"),
    ],
)
def test_a_gap_that_cannot_be_right_is_named(open, told):
    views = [View(source="wire-2021-report", starts="Bitcoin fell", questions=("How far did Bitcoin fall?",))]
    problems = gaps.check(open, views, {"pbc-2021-notice", "wire-2021-report"})
    assert any(told in problem for problem in problems), problems


def test_right_gaps_are_no_problem():
    assert not gaps.check(OPEN, (), {"pbc-2021-notice"})


def test_gaps_that_are_not_gaps_are_refused(tmp_path):
    (tmp_path / "gaps.jsonl").write_text('{"source": "a"}\n')
    with pytest.raises(SourceError, match=r"gaps\.jsonl: line 1"):
        gaps.read(tmp_path)


QUESTIONS = ("When did the ferry sink?", "Who sank the ferry?", "How many people drowned?", "Where did the ferry sink?")


@pytest.mark.parametrize(
    ("question", "nearer", "farther"),
    [
        ("When did the ferry sink?", "when was it that the ferry sank", "Where did the ferry sink?"),
        ("How many people drowned in 2021?", "How many drowned in 2021?", "How many people drowned in 2023?"),
        ("Who sank the ferry?", "Who was it that sank the ferry?", "Who sank only the ferry?"),
        ("谁弄沉了渡船？", "是谁弄沉了渡船？", "谁只弄沉了渡船？"),
    ],
)
def test_questions_are_told_apart_by_question_word_date_and_small_words_that_bind(question, nearer, farther):
    likeness = Likeness(QUESTIONS)
    asked = wording(question)
    assert likeness.of(asked, wording(nearer)) > likeness.of(asked, wording(farther))


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("When did the ferry sink?", "How many people drowned on the ferry?", True),
        ("How many drowned in May 2021?", "How many drowned in September 2021?", True),
        ("How many drowned in May 2021?", "How many people drowned in 2021?", False),
        ("Who drowned on the ferry?", "Did anyone drown on the ferry?", False),
    ],
)
def test_questions_for_other_things_or_of_other_times_are_apart(one, other, differ):
    assert apart(one, other) == apart(other, one) == differ


def test_whether_something_is_so_may_be_known_where_its_date_or_amount_is_not():
    assert apart("Does the ferry pay interest?", "What interest rate does the ferry pay?")
    assert not apart("What interest rate does the ferry pay?", "Does the ferry pay interest?")
    assert not apart("Did the ferry sink?", "Who sank the ferry?")


def test_a_question_is_wholly_like_itself_and_not_at_all_like_one_without_a_common_word():
    likeness = Likeness(QUESTIONS)
    assert likeness.of(wording(QUESTIONS[0]), wording(QUESTIONS[0])) == pytest.approx(1.0)
    assert likeness.of(wording("Who drowned?"), wording("When did it sink?")) == 0.0
