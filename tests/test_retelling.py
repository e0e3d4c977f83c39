import pytest

from bot import index, models, sources
from bot.answering import Answerer
from bot.phrases import ENGLISH
from bot.records import Question, Turn
from bot.retelling import asks_for_language
from bot.turns import wanted
from tests.conftest import CORPUS

SAID = "Eight bodies signed the February 2026 notice."
TWIN = """---
id: pbc-2026-notice-zh
title: 关于虚拟货币风险的通知
publisher: 中国人民银行
published: 2026-02-06
kind: notice
language: zh
url:
standing: in force
---
2026年2月的通知由八个部门签署。2026年2月的通知于2026年2月6日废止2021年9月的交易通知。
"""


@pytest.fixture
def talk(tmp_path, embeddings, write):
    """Asks something after an answer that quoted a sentence, with or without a Chinese twin of its source."""

    def ask(text, said=SAID, **files):
        documents = sources.read(CORPUS, write(**files)).documents
        built = index.sync(tmp_path / "index", documents, (), lambda: embeddings, model="words", bridge=models.bridge)
        history = (Turn("user", "Who signed the 2026 notice?"), Turn("assistant", f"{said} [1]"))
        ask.bot = Answerer(built)
        return ask.bot.invoke(Question(text, history))

    return ask


@pytest.mark.parametrize("order", ["in Chinese please", "用中文回答"])
def test_the_last_answer_comes_again_in_chinese_from_the_sources_twin(talk, order):
    answer = talk(order, twin__md=TWIN)
    assert answer.text == "2026年2月的通知由八个部门签署。 [1]"
    assert [(c.source.id, c.quote) for c in answer.citations] == [
        ("pbc-2026-notice-zh", "2026年2月的通知由八个部门签署。")
    ]


def test_what_has_no_twin_is_declined_with_the_reason(talk):
    answer = talk("Now in Chinese", note__txt="A note\n2026-02-07\n\nNothing of weight.\n")
    assert answer.outcome == "declined" and answer.text == "刚才引用的来源没有中文摘要。"


RULE = """---
id: pbc-2021-notice-zh
title: 关于虚拟货币交易的通知
publisher: 中国人民银行
published: 2021-09-24
kind: notice
language: zh
url:
standing: repealed
repealed_by: pbc-2026-notice
repealed_on: 2026-02-06
called: 2021年9月的交易通知
---
2021年9月的交易通知由十个部门发布，其中有中国人民银行。
"""


def test_a_repealed_rule_said_again_comes_with_its_repeal(talk):
    said = "Ten bodies issued the September 2021 trading notice, among them the People's Bank of China."
    answer = talk("in Chinese please", said, rule__md=RULE, twin__md=TWIN)
    assert answer.citations[0].source.id == "pbc-2021-notice-zh"
    assert any("废止" in c.quote or "repealed" in c.quote for c in answer.citations), answer.text


@pytest.mark.parametrize("text", ["What is mining called in Chinese?", "in China please", "in Chinese law"])
def test_a_question_that_speaks_of_a_language_asks_for_no_other(text):
    assert not asks_for_language(Question(text, (Turn("assistant", SAID),)))


def test_with_nothing_said_before_there_is_nothing_to_say_again():
    assert not asks_for_language(Question("in Chinese please"))


@pytest.mark.parametrize(
    "turn", ["source?", "What's your source for that?", "says who? I need a source", "出处呢？", "are you sure??"]
)
def test_asked_what_it_rests_on_the_bot_lists_the_sources_of_its_last_answer(talk, turn):
    answer = talk(turn)
    head = answer.citations[0].source
    assert answer.outcome == "answered" and [c.quote for c in answer.citations] == [SAID]
    assert all(part in answer.text for part in (head.title, head.publisher, head.published))


def test_asked_for_it_in_short_the_bot_says_its_first_sentence_again(talk):
    second = "The February 2026 notice repealed the September 2021 trading notice on 6 February 2026."
    answer = talk("Ok, can you say that in one sentence please?", f"{SAID} [1] {second}")
    assert answer.text == f"{SAID} [1]"


@pytest.mark.parametrize("turn", ["Thanks!", "ok, got it, thank you very much", "好的，谢谢！"])
def test_thanks_are_answered_with_the_question_what_else(talk, turn):
    answer = talk(turn)
    assert answer.outcome == "clarify" and not answer.citations and answer.text.endswith(("?", "？"))


def test_what_the_bot_asked_in_between_is_not_its_last_answer(talk):
    answer = talk("source?", f"{SAID} [1]")
    later = Question(
        "source?", (*answer.question.history, Turn("user", "thanks"), Turn("assistant", ENGLISH.what_else))
    )
    assert talk.bot.invoke(later).citations == answer.citations


@pytest.mark.parametrize(
    "turn",
    ["What is the source of the 2021 notice?", "who signed that", "Thanks. And who signed it?", "is that still true?"],
)
def test_a_turn_that_asks_anything_of_the_sources_is_searched_for(turn):
    assert wanted(Question(turn, (Turn("user", "a"), Turn("assistant", SAID)))) == ""
