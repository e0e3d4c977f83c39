import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import models, retrieval
from bot.asking import asked_for, asks_at_present, lists, points_back
from bot.counting import counts
from bot.denying import denies
from bot.fusing import fuse, highest
from bot.kinds import swapped
from bot.queries import elliptic, searches
from bot.ranking import Ranker
from bot.records import Question, Turn
from bot.retrieval import DenseRetriever, LexicalRetriever, scored, searcher
from bot.spelling import Speller
from bot.terms import content_terms, is_chinese, numbers
from tests.conftest import digest


@pytest.fixture(params=["dense", "lexical", "whole passages", "fused"])
def retriever(request, build):
    index = build()
    return {
        "dense": lambda: DenseRetriever(index=index),
        "lexical": lambda: LexicalRetriever(index=index),
        "whole passages": lambda: LexicalRetriever(index=index, whole=True),
        "fused": lambda: searcher(index),
    }[request.param]()


def test_every_retriever_finds_the_sentences_about_bitcoins_fall(retriever):
    found = retriever.invoke("How many per cent did Bitcoin fall?")
    assert found[0].metadata["source"] == "wire-2021-report", [s.page_content for s in found]


def test_every_retriever_gives_scores_that_fall(retriever):
    scores = [s.metadata["score"] for s in retriever.invoke("overseas exchanges staff liable")]
    assert scores and scores == sorted(scores, reverse=True)


def test_a_question_of_stop_words_alone_breaks_no_retriever(retriever):
    assert isinstance(retriever.invoke("what is it?"), list)


def test_the_same_words_from_two_sources_are_two_finds(retriever):
    found = retriever.invoke("staff of overseas exchanges")
    assert {"pbc-2021-notice", "wire-2021-report"} <= {s.metadata["source"] for s in found}


def test_a_chinese_question_finds_chinese_sentences_first(build):
    found = searcher(build(bridge=models.bridge)).invoke("挖矿通知由几个部门印发？")
    assert [s.metadata["source"] for s in found][:1] == ["ndrc-2021-notice-zh"]


def test_a_chinese_question_finds_the_english_sentence_where_no_chinese_one_answers(build):
    found = searcher(build(bridge=models.bridge)).invoke("以太坊的价格下降了百分之几？")
    assert found[0].page_content.startswith("The price of Ether dropped 13 per cent")


def test_a_chinese_question_finds_no_english_sentence_of_a_source_that_is_translated(build, write):
    twins = {"a__md": digest("a", "Ether fell by 13 per cent."), "a-zh__md": digest("a-zh", "以太坊下跌13%。")}
    asked = "Ether 以太坊跌了多少？"
    found = searcher(build(write(**twins), bridge=models.bridge)).invoke(asked)
    assert {s.metadata["source"] for s in found} == {"a-zh"}


def test_an_english_question_is_not_answered_from_chinese_sentences(build):
    found = searcher(build(bridge=models.bridge)).invoke("surcharge per kilowatt-hour of the mining notice")
    assert not any(is_chinese(s.page_content) for s in found)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("bitcion fel by how mcuh", "bitcoin fel by how much"),  # three letters are too few to tell
        ("Exchnages and their staff", "Exchanges and their staff"),
        ("a plumber in Bitcoin", "a plumber in Bitcoin"),  # an English word that the sources do not hold
        ("the U.Today report, Holder.io", "the U.Today report, Holder.io"),
        ("比特币 exchnages 怎么样", "比特币 exchanges 怎么样"),
        ("where Stafe Zhuoer mined", "where Stafe Zhuoer mined"),  # a name, as a part of it is like no word
        ("how far did litecoin fall", "how far did litecoin fall"),  # another coin; nobody mistakes the first letter
        ("the mines of Liabla", "the mines of Liabla"),  # a name, and "liable" is none
        ("how many STAFFs are liabel", "how many STAFFs are liable"),  # an abbreviation
    ],
)
def test_misspelt_words_are_read_as_the_words_of_the_sources(asked, meant):
    assert (
        Speller(["Bitcoin fell by 8.9 per cent. How much? Staff of overseas exchanges are liable."]).repair(asked)
        == meant
    )


@pytest.mark.parametrize(
    ("asked", "text", "value"),
    [
        ("How many mines were shut?", "Sichuan closed 26 mines on 18 June 2021.", 1.0),
        ("How many people were arrested?", "Sichuan closed 26 mines on 18 June 2021.", 0.0),
        ("How many bodies signed?", "Ten agencies signed it.", 1.0),
        ("How many miners went bankrupt?", "China's share went from 46 per cent to zero.", 0.0),
        ("What share was Chinese?", "China had 46 per cent.", 1.0),
        ("Who signed?", "The bank signed.", 0.5),
        ("And how many were they?", "Ten.", 0.5),
    ],
)
def test_a_number_counts_only_beside_what_is_to_be_counted(asked, text, value):
    assert counts(asked, text) == value


def test_a_list_is_wanted_where_several_things_are_asked_for():
    listed = "The bodies were the bank, the police, the courts, the prosecutors and the planners."
    assert lists("Which bodies signed it?", listed) > 0.7
    assert lists("Which body signed it?", listed) == 0.0
    assert lists("Which bodies signed it?", "Ten bodies signed it.") == 0.0


def test_owning_and_possession_are_one_thing_and_count():
    assert content_terms("own it") == content_terms("possession of it") != ()


def test_fusing_one_ranking_gives_it_back():
    assert list(fuse([{"a": 9.0, "b": 2.0, "c": 1.0}], [1.0])) == ["a", "b", "c"]


def test_fusion_adds_weighed_standard_scores_and_the_absent_get_the_lowest():
    # Both rankings hold scores 3 and 1: mean 2, deviation 1, so standard scores +1 and -1.
    assert fuse([{"a": 3.0, "b": 1.0}, {"b": 3.0, "c": 1.0}], [1.0, 0.5]) == {
        "a": 1.0 - 0.5,
        "b": -1.0 + 0.5,
        "c": -1.0 - 0.5,
    }


@given(st.lists(st.integers(0, 9), max_size=60), st.integers(1, 30))
def test_the_highest_scores_are_those_that_sorting_all_would_give(scores, limit):
    sorted_all = sorted((i for i, score in enumerate(scores) if score > 0), key=lambda i: -scores[i])[:limit]
    assert highest(np.array(scores, float), limit) == sorted_all


def test_searching_for_several_questions_at_once_finds_the_same_as_one_by_one(retriever):
    asked = ["How many per cent did Bitcoin fall?", "what is it?", "挖矿通知", "overseas exchanges staff liable"]
    apart = [[(s.id, s.metadata["score"]) for s in retriever.invoke(each)] for each in asked]
    assert [[(s.id, s.metadata["score"]) for s in found] for found in retriever.batch(asked)] == apart


def test_a_follow_up_is_searched_for_with_the_turns_before_it():
    history = (Turn("user", "Who signed the mining notice?"), Turn("assistant", "Eleven bodies."))
    assert searches(Question("and the trading one?", history)) == (
        "and the trading one?",
        "Who signed the mining notice? and the trading one?",
        "Eleven bodies. and the trading one?",
    )


def test_a_follow_up_is_searched_for_with_the_names_of_the_turn_before_it():
    before = (
        Turn("user", "What did the exchange BTCC do?"),
        Turn("assistant", "It closed, said CoinDesk. It was old."),
    )
    assert searches(Question("Did it ever reopen?", before))[-1] == "BTCC CoinDesk Did it ever reopen?"


def test_evidence_is_keyed_in_order_and_holds_its_passages_whole(build):
    index = build()
    evidence = retrieval.gather(index, searcher(index).invoke("Ten bodies issued"), limit=2)
    assert [e.key for e in evidence] == ["1", "2"]
    for e in evidence:
        place = e.passage.metadata
        text = index.document(place["source"]).page_content
        assert text[place["start"] : place["end"]] == e.passage.page_content


@pytest.mark.parametrize(
    ("question", "sort"),
    [
        ("When was mining banned?", "when"),
        ("Since when has it been banned, and by whom?", "when"),
        ("The trading notice: when did it come out?", "when"),
        ("When people say that the network got stronger, what do they mean?", ""),
        ("What do people mean when they talk of mining?", ""),
        ("Why can nobody say how much it fell?", "why"),
        ("How far did it fall?", "how many"),
        ("How high up was it approved?", ""),
    ],
)
def test_the_sort_of_thing_asked_for_is_told_by_the_question_word_that_leads(question, sort):
    assert asked_for(question) == sort


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8.9 per cent", {"8.9"}),
        ("1,100 people", {"1100"}),
        ("0.30 yuan", {"0.3"}),
        ("银发〔2021〕237号", {"2021", "237"}),
        ("no number", set()),
    ],
)
def test_numbers_are_read_as_people_write_them(text, expected):
    assert numbers(text) == expected


def test_terms_join_spellings_that_mean_the_same():
    assert content_terms("Ten exchanges' bans") == content_terms("10 exchange ban")
    assert content_terms("虚拟货币") == ["虚拟", "拟货", "货币"]


@pytest.mark.parametrize("text", ["Is crypto trading illegal?", "Who may issue a stablecoin?", "交易是否合法"])
def test_a_question_in_the_present_is_known_by_its_verb(text):
    assert asks_at_present(text)


@pytest.mark.parametrize(
    "text", ["Was trading illegal?", "Is it true that Binance left in 2021?", "Who signed the notice?"]
)
def test_a_question_of_the_past_is_none(text):
    assert not asks_at_present(text)


def test_a_sentence_that_says_not_of_the_questions_own_words_is_known():
    text = "Five bodies signed the mining notice but not the trading notice."
    assert denies("Which bodies signed the trading notice?", text) == 1.0
    assert denies("Which bodies did not sign the trading notice?", text) == 0.0
    assert denies("Is holding Bitcoin illegal?", "Holding Bitcoin is not illegal.") == 0.0


def test_what_is_told_of_both_does_not_tell_how_many_of_one():
    text = "Six of the bodies signed both notices, the one on mining and the one on trading."
    assert denies("How many bodies signed the mining notice?", text) == 1.0
    assert denies("How many bodies signed both notices?", text) == 0.0
    assert denies("How many bodies signed the mining notice?", "Both Shanghai and Beijing have a court for it.") == 0.0


@pytest.mark.parametrize(
    "text", ["and mining?", "Who signed it?", "When?", "What about the other notice?", "它还有效吗？"]
)
def test_a_question_that_leans_on_the_turns_before_is_searched_with_them(text):
    before = (Turn("user", "Who issued the mining notice?"), Turn("assistant", "Eleven bodies did."))
    assert len(searches(Question(text, before))) > 1


RANKED = "How did China rank for adoption in 2022?"
SURCHARGE = "What does Hainan charge miners?"


@pytest.mark.parametrize(
    ("before", "text", "whole"),
    [
        (RANKED, "And in 2023?", "How did China rank for adoption in 2023?"),
        (RANKED, "and the year after that?", "How did China rank for adoption in 2023?"),
        (RANKED, "two years earlier?", "How did China rank for adoption in 2020?"),
        (SURCHARGE, "What about Zhejiang?", "What does Zhejiang charge miners?"),
        (SURCHARGE, "shandong too?", "What does shandong charge miners?"),
        (SURCHARGE, "And in March 2022?", "What does Hainan charge miners in March 2022?"),
        ("海南对挖矿加价多少？", "那浙江呢？", "浙江对挖矿加价多少？"),
        (
            "What was China's share of mining in 2022?",
            "and kazakhstan?",
            "What was kazakhstan's share of mining in 2022?",
        ),
        ("How did Russia see the ban in China?", "And Japan?", "How did Japan see the ban in China?"),
        (RANKED, "what was it in 2020?", "How did China rank for adoption in 2020?"),
        (
            "What did exchanges in China do in September 2017?",
            "And in October?",
            "What did exchanges in China do in October 2017?",
        ),
        ("2021年7月浙江查出多少矿机？", "那2022年呢？", "2022年浙江查出多少矿机？"),
    ],
)
def test_a_question_that_only_names_another_year_or_place_is_made_whole(before, text, whole):
    assert searches(Question(text, (Turn("user", before), Turn("assistant", "It is said here.")))) == (whole,)


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (SURCHARGE, "and mining?"),
        (SURCHARGE, "And Tencent?"),
        (SURCHARGE, "And in 2023, who was first?"),
        (SURCHARGE, "那浙江呢？"),
        ("Who may issue stablecoins in Hong Kong?", "And in 2023?"),
        ("What did exchanges in China do in September?", "And in October?"),
        ("2021年9月的虚拟货币交易通知禁止什么？", "那2017年呢？"),
        ("What did the 2021 notice forbid Chinese exchanges?", "In 2022?"),
        ("When did China ban Bitcoin?", "2021?"),
        ("Did Huobi move to Singapore?", "And from Japan?"),
        ("比特币中国何时关闭交易？", "以太坊呢？"),
        ("How many exchanges in China hold 2000 Bitcoin?", "a year later?"),
        (RANKED, "Had it been banned for two years after that?"),
    ],
)
def test_what_would_make_another_question_of_it_is_left_as_it_is(before, text):
    assert searches(Question(text, (Turn("user", before), Turn("assistant", "It is said here."))))[0] == text


def test_a_year_counted_from_the_turn_before_is_searched_for():
    history = (Turn("user", RANKED), Turn("assistant", "Tenth."))
    asked = ["What had its rank been a year earlier?", "What was it the year before it fell?"]
    assert [searches(Question(text, history))[0] for text in asked] == ["What had its rank been in 2021?", asked[1]]


@pytest.mark.parametrize(
    ("turns", "whole"),
    [
        ((RANKED, "And in 2023?", "2021?"), "How did China rank for adoption in 2021?"),
        ((RANKED, "and the year after that?", "and the year after that?"), "How did China rank for adoption in 2024?"),
        ((SURCHARGE, "And in 2022?", "And Zhejiang?"), "What does Zhejiang charge miners in 2022?"),
        ((RANKED, "Who was first?", "And in 2023?"), "And in 2023?"),
        ((RANKED, "And India?", "And in 2023?"), "How did India rank for adoption in 2023?"),
    ],
)
def test_what_was_made_whole_before_is_gone_on_from(turns, whole):
    *before, text = turns
    assert searches(Question(text, tuple(Turn("user", turn) for turn in before)))[0] == whole


def test_a_name_in_odd_letters_is_no_error():
    assert swapped("How does Ru\u017f\u017fia treat miners?", "Japan") == "How does Japan treat miners?"
    assert swapped("How does Ch\u0131na treat miners?", "\u0131ndia") == ""


def test_a_question_that_stands_alone_is_searched_alone_in_a_conversation_too():
    before = (Turn("user", "Who issued the mining notice?"), Turn("assistant", "Eleven bodies did."))
    text = "What was China's share of Bitcoin mining in July 2021?"
    assert searches(Question(text, before)) == (text,)


def test_a_chain_of_follow_ups_is_searched_for_with_the_turn_that_names_its_subject():
    said = ["What did Binance announce in October 2021?", "Who said so?"]
    history = tuple(Turn("user", text) for text in said)
    asked = searches(Question("And when was it?", history))
    assert f"{said[0]} And when was it?" in asked and f"{said[1]} And when was it?" in asked


@pytest.mark.parametrize("text", ["罚了多少钱？", "一共有多少家申请？", "最后是哪个法院判的？"])
def test_a_short_chinese_question_that_names_nothing_is_searched_for_with_the_turn_before(text):
    before = "香港发了稳定币牌照吗？"
    assert f"{before} {text}" in searches(Question(text, (Turn("user", before), Turn("assistant", "发了两张。"))))


@pytest.mark.parametrize("text", ["火币是谁创办的？", "94公告是哪七家发的？", "USDT算什么？"])
def test_a_short_chinese_question_that_names_something_stands_alone(text):
    assert searches(Question(text, (Turn("user", "香港发了稳定币牌照吗？"), Turn("assistant", "发了两张。")))) == (
        text,
    )


def test_a_long_chinese_question_is_no_mere_name():
    assert elliptic("USDT呢？") and elliptic("2022年？") and elliptic("新疆维吾尔自治区？")
    assert elliptic("2025年11月底把USDT算成什么了？") is None


@pytest.mark.parametrize("question", ["Who signed it?", "And when was it published?", "Why?", "谁签署的？"])
def test_a_question_that_names_nothing_points_back(question):
    assert points_back(question)


@pytest.mark.parametrize("question", ["And Binance?", "What about ether?", "Who signed the mining notice of 2021?"])
def test_a_question_that_names_something_does_not_merely_point_back(question):
    assert not points_back(question)


def test_what_holds_now_is_told_rather_by_sources_of_the_newest_year_and_the_one_before(write, build):
    text = "Mining is forbidden."
    files = {
        f"s{year}__md": digest(f"s{year}", text).replace("2021-05-01", f"{year}-05-01") for year in (2021, 2025, 2026)
    }
    ranker = Ranker(index := build(write(**files)))
    recent = {
        s.metadata["source"]: ranker.features("Is mining still banned now?", scored(s, 1.0)).recent
        for s in index.sentences
    }
    assert recent == {"s2021": 0.0, "s2025": 0.5, "s2026": 1.0}
