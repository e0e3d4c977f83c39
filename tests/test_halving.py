from dataclasses import replace

import pytest

from bot.halving import halves, joined
from bot.records import Answer, Question


@pytest.mark.parametrize(
    ("asked", "both"),
    [
        (
            "When did SparkPool close for good, and how many staff did it have?",
            ("When did SparkPool close for good?", "how many staff did it have?"),
        ),
        ("Who chaired the meeting and what did it decide?", ("Who chaired the meeting?", "what did it decide?")),
        (
            "How long did Zhao Dong get? And which prison is he in?",
            ("How long did Zhao Dong get?", "which prison is he in?"),
        ),
        (
            "Did Huobi leave the mainland, and did Binance follow?",
            ("Did Huobi leave the mainland?", "did Binance follow?"),
        ),
    ],
)
def test_a_question_of_two_questions_is_split(asked, both):
    assert halves(asked) == both


@pytest.mark.parametrize(
    "asked",
    [
        "Who signed the notices on trading and mining?",
        "How do the two notices differ in who led and how many signed?",
        "What happened to those who mined and who hid it?",
        "What is the name of the expert who said that coins may be owned and is protected by the law?",
        "What is the notice that says who may trade and how it is enforced?",
        "Federal Inquirer counts eleven agencies. Who got it wrong?",
        "Is it banned?",
        "When did it close and why?",  # the second half says nothing by itself
        "Were token sales banned before the exchanges closed, and which came first?",
        "When was it issued? Who signed it? What did it forbid?",
        "When was it issued? " * 150,
    ],
)
def test_what_is_one_question_is_not_split(asked):
    assert halves(asked) is None


def test_the_half_that_no_source_holds_is_told(ask):
    answer = ask("How many bodies issued the September 2021 trading notice, and how many judges wrote it?")
    assert answer.outcome == "partial" and "Ten bodies" in answer.text
    assert answer.text.endswith("The sources found do not say: “how many judges wrote it?”.")


@pytest.mark.parametrize(
    ("asked", "both"),
    [
        ("这份通知是几个部门发的，什么时候公布的？", ("这份通知是几个部门发的？", "什么时候公布的？")),
        ("條例何時生效？罰則是什麼？", ("條例何時生效？", "罰則是什麼？")),
        ("要是哪里又有新矿场，会怎么罚？", None),
        ("十几万投资人被骗，他们能拿回多少？", None),
        ("2013年的通知是谁发的？", None),
        ("两份通知有什么区别，哪份更严？", None),
    ],
)
def test_a_chinese_question_is_split_where_both_halves_ask(asked, both):
    assert halves(asked) == both


def test_both_halves_are_answered_each_sentence_once(ask):
    answer = ask("How many bodies issued the September 2021 trading notice, and how far did Bitcoin fall that day?")
    assert "Ten bodies" in answer.text and "8.9 per cent" in answer.text
    assert len({citation.quote for citation in answer.citations}) == len(answer.citations)
    assert answer.outcome == "answered"


@pytest.mark.parametrize(
    ("asked", "outcome"),
    [
        ("how many?", "answered"),
        ("What number?", "answered"),
        ("why?", "partial"),
        ("which judges?", "partial"),
    ],
)
def test_a_half_that_names_nothing_is_not_missing_where_the_other_one_counts(answerer, asked, outcome):
    who = "Who issued the September 2021 trading notice?"
    issued = answerer.invoke(Question(who))
    one = replace(issued, citations=tuple(c for c in issued.citations if "Ten bodies" in c.quote), notes=())
    other = Answer(Question(asked), outcome="declined")
    answer = joined(Answer(Question(f"{who} And {asked}")), [(who, one), (asked, other)], answerer.index)
    assert answer.outcome == outcome and "Ten bodies" in answer.text


def test_where_neither_half_is_held_the_question_is_declined(ask):
    assert ask("How many judges wrote the notice, and how many witnesses sang?").outcome == "declined"


def test_a_half_that_goes_on_about_what_no_source_mentions_is_not_answered_by_itself(ask):
    answer = ask("How many people did mBridge employ and how many bodies issued it?")
    assert answer.outcome == "declined" and answer.missing == ("mBridge",)
