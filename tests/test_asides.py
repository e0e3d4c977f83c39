import pytest
from rapidfuzz import fuzz, process

from bot import asides, index, sources
from bot.answering import Answerer
from bot.asides import Aside
from bot.classifying import Classifier, pieces
from bot.errors import SourceError
from bot.passages import cut
from bot.records import Question, Turn
from bot.scope import without_orders
from eval import cases, classifying
from tests.conftest import CORPUS, PROJECT

OURS = PROJECT / "sources"
SHORT = 12
"""Characters of what anybody may say: "Since when?"."""
HELD = (
    Aside(sort="forecast", question="Will the trading ban be lifted one day?"),
    Aside(sort="chat", question="Thanks, that was kind."),
    Aside(sort="fact", question="Who could be held liable?"),
    Aside(sort="advice", question="我该把币卖掉吗？"),
)


@pytest.fixture
def knowing(tmp_path, embeddings):
    """An answerer of the tiny corpus that knows some asides."""

    def opened(held=HELD):
        documents, gaps = sources.read(CORPUS).documents, [asides.left_open(held)] if held else []
        built = index.sync(tmp_path / "index", documents, (), lambda: embeddings, model="words", gaps=gaps)
        return Answerer(built)

    return opened


def test_a_forecast_is_out_of_scope_where_asides_are_known(knowing):
    answer = knowing().invoke(Question("Any chance that the trading ban gets lifted one day?"))
    assert answer.outcome == "out_of_scope"


def test_a_question_of_fact_is_answered_beside_asides(knowing):
    answer = knowing().invoke(Question("How many bodies issued the September 2021 trading notice?"))
    assert answer.outcome == "answered" and "Ten bodies" in answer.text


def test_half_a_question_that_is_taken_for_an_aside_is_told_as_missing(knowing):
    asked = "How many bodies issued the September 2021 trading notice, and will the ban be lifted one day?"
    answer = knowing().invoke(Question(asked))
    assert answer.outcome == "partial" and answer.text.endswith("do not say: “will the ban be lifted one day?”.")


def test_without_asides_only_what_scope_knows_is_none(knowing):
    assert knowing(()).search(Question("Are you a person or a machine?")).aside == float("-inf")


def test_an_aside_in_chinese_is_told_by_its_words(knowing):
    answerer = knowing()
    assert answerer.search(Question("我手里有两个币，现在卖掉安全吗？")).aside > 0
    assert answerer.search(Question("2021年9月的挖矿通知由几个部门印发？")).aside < 0


def test_a_question_that_leans_on_a_turn_must_look_more_like_an_aside(knowing):
    before = (Turn("user", "Who issued the trading notice?"), Turn("assistant", "Ten bodies."))
    alone, leaning = (knowing().search(Question("And who else?", turns)).aside for turns in ((), before))
    assert leaning < alone
    alone, leaning = (knowing().search(Question("卖掉安全吗？", turns)).aside for turns in ((), before))
    assert leaning < alone


def test_an_aside_is_neither_quoted_nor_taken_for_a_gap(knowing):
    found = knowing().search(Question("Will the September 2021 trading notice be lifted?")).ranked
    assert found[0].metadata["asides"] and not found[0].metadata["gaps"]
    assert all("lifted" not in sentence.page_content for sentence in found)


def test_only_english_asides_are_embedded_and_facts_never():
    assert asides.left_open(HELD).questions == ("Will the trading ban be lifted one day?", "Thanks, that was kind.")


def test_an_example_that_stands_twice_or_is_a_view_is_told():
    twice = (HELD[0], HELD[0])
    assert asides.check(twice, ()) == [f"asides.jsonl: {HELD[0].question!r} stands there twice; remove one"]
    assert "is a view" in asides.check(HELD[:1], [HELD[0].question])[0]
    assert asides.check(asides.read(OURS), ()) == []


def test_a_torn_line_of_examples_is_told_with_its_number(tmp_path):
    (tmp_path / "asides.jsonl").write_text('{"sort": "advice", "question": "Sell?"}\n{"sort": "wish"}\n')
    with pytest.raises(SourceError, match=r"asides\.jsonl: line 2"):
        asides.read(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "Odds of the ban being scrapped before 2040?",
        "Was it wise of Beijing to chase the miners away?",
        "Walk me through getting coins out past the customs desk.",
        "My cousin still runs a rig. What happens to him?",
        "Good evening, how are you?",
        "比特币明年会涨到多少？",
    ],
)
def test_the_words_of_an_aside_tell(text):
    assert asides.words().log_odds(text) > 0


@pytest.mark.parametrize(
    "text",
    [
        "Which bodies signed the notice on mining?",
        "What did analysts expect after the notice of 2021?",
        "How did miners hide from inspectors in Zhejiang?",
        "币安什么时候停止人民币交易？",
    ],
)
def test_the_words_of_a_question_of_fact_tell(text):
    assert asides.words().log_odds(text) < 0


def test_words_a_classifier_does_not_know_weigh_nothing():
    known = Classifier(-1.0, {"sell": 2.0})
    assert known.log_odds("zyx") == known.log_odds("") == -1.0
    assert known.log_odds("Sell") == 1.0


def test_case_numbers_and_the_form_of_han_characters_do_not_matter():
    assert pieces("Sell 12 coins?") == pieces("SELL 3 coins?")
    assert pieces("賣幣") == pieces("卖币")


@pytest.mark.parametrize("name", ["asides", "gaps", "orders"])
def test_the_weights_are_those_that_the_examples_give(name):
    texts, kind = classifying.examples(OURS)[name]
    again, area = classifying.fitted(texts, kind)
    kept = Classifier.read(name)
    assert all(abs(again.log_odds(text) - kept.log_odds(text)) < 0.1 for text in texts[::20])
    assert area > 0.9


@pytest.mark.parametrize("name", ["asides", "gaps", "orders"])
def test_no_case_of_the_question_set_or_sentence_of_one_is_all_but_an_example(name):
    questions = [case.question for half in ("tune", "held") for case in cases.load(half)]
    parts = [part.casefold() for question in questions for part in (question, *cut(question)) if len(part) > SHORT]
    marked = classifying.marked(OURS)[name]
    near = process.cdist([text.casefold() for text in marked], parts, scorer=fuzz.ratio, score_cutoff=88)
    assert [text for text, row in zip(marked, near, strict=True) if row.any()] == []


def test_a_statement_that_the_question_leans_on_is_kept():
    asked = "TokenPocket told mainland clients that it would stop. Did imToken do the same?"
    assert without_orders(asked) == asked
