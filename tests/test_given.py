import pytest

from bot import index, sources
from bot.answering import Answerer
from bot.given import beside, gives
from bot.records import Citation, Question, Source
from tests.conftest import digest


def quoted(text):
    return (Citation("1", Source(id="a", title="A report", publisher="Caixin Global"), text, 0, len(text)),)


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        (
            "When is the draft of October 2020 to come into force?",
            "A draft made public in October 2020 would ban tokens.",
        ),
        ("By what deadline did they have to leave, as of January 2018?", "In January 2018 they were asked to leave."),
        (
            "What is the maximum fine under the law of August 2021?",
            "A law of August 2021 limits what firms may gather.",
        ),
        ("How many customers did Huobi lose?", "Huobi retired accounts of customers by 31 December 2021 (24:00)."),
        ("Which exchanges were on the list of 124?", "The 124 platforms served users in China, said Caixin Global."),
        ("What was the name of the expert?", "The Chinese expert argued that Bitcoin is property."),
        ("What share did China have in 2023?", "China had 22.3 per cent in September 2021."),
        ("What fee was charged?", "The bank charged a fee."),
        ("What fee was charged?", "A third bank charged a fee in the second quarter, the fifth so far."),
        ("What was the price in October 2021?", "From 24 September 2021 the price was 41,000 dollars."),
        ("What did the bank say in September 2023?", "The bank said in September 2022 that it had won."),
    ],
)
def test_a_sentence_that_lacks_the_asked_for_detail_does_not_answer(question, quote):
    assert not gives(question, quoted(quote))


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("When was the draft of October 2020 withdrawn?", "The draft of October 2020 was withdrawn on 3 March 2021."),
        ("What share did China have in September 2021?", "China had 22.3 per cent in September 2021."),
        ("Which exchanges left after the ban of 2021?", "Binance and OKEx left in 2022."),
        ("Does the ban touch coins that I bought in 2020?", "No notice forbids holding coins."),
        ("What is the maximum fine?", "A fine of up to 50,000 yuan is possible."),
        ("How many customers did Huobi lose?", "Huobi lost 12,000 customers by 31 December 2021."),
        ("Which exchanges were on the list?", "Binance and OKEx stood on the list of August 2018."),
        ("Who was asked to leave?", "Local authorities asked the exchanges to leave."),
        ("Who may not sell machines?", "Makers may not sell machines."),
        ("What does the notice forbid?", "Everything."),
        ("Which coin price portals went dark?", "CoinGecko went dark."),
        ("Which price and market-data sites went dark?", "CoinGecko went dark."),
        ("How many persons were punished?", "The case led to penalties for 48 people."),
        ("What is a differential electricity price?", "It is an addition for eliminated industries."),
        ("What does hash rate mean?", "It is the sum of computing power."),
        ("What price did the coin sink to?", "The coin fell to 2,860 dollars."),
        ("How much of the network is covered?", "Roughly a third of the network is covered."),
        ("剑桥的数据覆盖多少算力？", "数据约占网络的三分之一。"),
        ("How many ministries stood behind it?", "Eleven bodies signed the notice."),
        ("Could one still sign up in October 2021?", "From 24 September 2021 nobody could sign up."),
        ("What did the London paper say was lost?", "A trillion US dollars was lost, said The Times of London."),
        ("What turnover was reported?", "Users traded 90 billion dollars in a month."),
    ],
)
def test_a_sentence_with_the_asked_for_detail_does(question, quote):
    assert gives(question, quoted(quote))


def test_a_thing_counted_may_be_called_otherwise_in_a_question_that_the_quote_answers():
    quote = quoted("Qian defrauded about 128,000 investors.")
    assert gives("How many people were hit?", quote, [("How many people did Qian defraud?",)])
    assert not gives("How many people were hit?", quote, [("How many investors lost money?",)])
    assert gives("How many savers were hit?", quote, [("How many investors lost money?",)], sure=True)


@pytest.mark.parametrize(
    ("question", "quote", "given"),
    [
        ("What share of mining was done in Sichuan?", "Jiangsu did 20 per cent of all mining.", False),
        ("What share of mining was done in Sichuan?", "Sichuan did 20 per cent of all mining, Jiangsu 10.", True),
        ("What share of mining was done in Sichuan?", "In the south-west 20 per cent of all mining was done.", True),
        ("What share of mining was done in Sichuan?", "内蒙古约占全球挖矿的8%。", False),
        ("新疆占全球挖矿的百分之几？", "内蒙古约占全球挖矿的8%。", False),
        ("內蒙古佔全球挖礦的百分之幾？", "内蒙古约占全球挖矿的8%。", True),
        ("How far did Ether fall?", "Bitcoin fell by 8.9 per cent.", False),
        ("How far did bitcoin and the rest fall?", "Ether fell by 8.9 per cent.", True),
        ("Did Beijing police sell coins?", "Coins were sold in Hong Kong.", True),
        ("Can you tell us where miners went?", "Miners went to Kazakhstan.", True),
        ("Did US exchanges profit?", "Exchanges of Singapore profited.", False),
        ("How far did coins fall in June 2021?", "Coins fell by 8.4 per cent in May 2021.", False),
        ("How far did coins fall in June 2021?", "Coins fell by 8.4 per cent in June 2021, after May 2021.", True),
    ],
)
def test_what_holds_of_another_of_its_kind_does_not_answer(question, quote, given):
    assert gives(question, quoted(quote)) is given


def test_a_text_of_one_of_two_times_asked_about_is_on_point():
    text, source = "In 2024 a third was sold in China.", Source(id="a", title="A report", published="2025-01")
    assert not beside("What was sold in China in 2022 next to 2024?", text, source)
    assert beside("What was sold in China in 2022?", text, source)
    assert not beside("What was sold in China after 2022?", text, source)


def test_the_thing_asked_about_may_stand_in_a_question_that_the_quote_answers():
    asked = ("What share of mining was done in Sichuan?",)
    assert gives(asked[0], quoted("The province did 20 per cent of all mining, Jiangsu 10."), [asked])


RULE = "Anyone could buy Bitcoin under the notice of December 2013."


@pytest.mark.parametrize(
    ("question", "said", "holds"),
    [
        ("In 2014, could anyone buy Bitcoin?", RULE, True),
        ("Could anyone buy Bitcoin in 2012?", RULE, False),
        ("What did Bitcoin do in 2014?", RULE, False),
        ("Was trading legal in 2016?", "Trading was legal until September 2017.", True),
        ("Was trading legal in 2019?", "Trading was legal until September 2017.", False),
        ("Was trading legal in 2019?", "Trading was legal from 2013 to 2015.", False),
        ("In 2019, was it legal?", "It fell under ten in 2015.", False),
    ],
)
def test_what_held_from_an_earlier_or_until_a_later_time_tells_whether_it_held(question, said, holds):
    assert gives(question, quoted(said)) == holds


def test_what_is_asked_about_anew_must_be_spoken_of():
    assert not gives("And Kraken?", quoted("Binance stopped its trade in yuan."))
    assert gives("And Kraken?", quoted("Kraken stopped its trade in yuan."))
    assert gives("And OKX?", quoted("OKEx stopped its trade in yuan."))
    assert gives("And can the PBOC fine them?", quoted("The central bank may fine them."))
    assert gives("And Kraken?", quoted("Such exchanges stopped their trade in yuan."), [("Did Kraken stop?",)])


def test_a_year_that_is_asked_about_anew_is_asked_about():
    assert not gives("And in 2023?", quoted("China held tenth place in 2022."))
    assert gives("And in 2022?", quoted("China held tenth place in 2022."))


def test_the_days_of_a_chinese_date_are_no_count():
    assert not gives("一共有多少个账户？", quoted("币安2021年10月13日宣布停止人民币交易。"))


def test_a_source_of_the_year_that_is_asked_about_speaks_of_it():
    source = Source(id="a", title="A report", publisher="Caixin Global", published="2021-09-24")
    said = (Citation("1", source, "Trading was forbidden.", 0, 22),)
    assert gives("What was said in September 2021?", said) and not gives("What was said in October 2021?", said)


def test_what_tells_of_another_day_of_the_month_gives_nothing():
    source = Source(id="a", title="A report", published="2021-09-28")
    said = (Citation("1", source, "Coinbase lost 2.9 per cent on 24 September 2021.", 0, 47),)
    assert gives("How much did Coinbase lose on 24 September 2021?", said)
    assert gives("How much did Coinbase lose on September 24, 2021?", said)
    assert gives("How much had Coinbase lost by 27 September 2021?", said)
    assert not gives("How much did Coinbase lose on 27 September 2021?", said)
    lasting = (Citation("1", source, "Coinbase lost money from 24 September 2021 on.", 0, 46),)
    assert gives("What did Coinbase lose on 27 September 2021?", lasting)
    spanned = (Citation("1", source, "Coinbase lost 2.9 per cent from 24 to 27 September 2021.", 0, 55),)
    assert gives("How much did Coinbase lose on 24 September 2021?", spanned)


JIANGSU = "The state offices of Jiangsu hid 68 crypto mining machines."
SICHUAN = "Sichuan had 41 crypto mining machines."
PEPPER = "Sichuan grows 12 sorts of pepper."
ASKED = "How many crypto mining machines hid in the state offices of Sichuan?"


@pytest.fixture
def quotes(write, tmp_path, embeddings):
    def quotes(asked, **files):
        read = sources.read(write(**files)).documents
        built = index.sync(tmp_path / "index", read, (), lambda: embeddings, model="words")
        return [citation.quote for citation in Answerer(built).invoke(Question(asked)).citations]

    return quotes


def test_what_holds_of_another_place_gives_way_to_what_holds_of_the_one_asked_about(quotes):
    assert quotes(ASKED, jiangsu__md=digest("jiangsu", JIANGSU)) == []
    assert quotes(ASKED, sichuan__md=digest("sichuan", SICHUAN)) == [SICHUAN]


def test_it_does_not_give_way_to_what_shares_only_the_place(quotes):
    assert quotes(ASKED, jiangsu__md=digest("jiangsu", JIANGSU), pepper__md=digest("pepper", PEPPER)) == []
