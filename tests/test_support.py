import json

import pytest

from bot.records import Source
from bot.support import broken, score
from eval import supporting
from tests.conftest import WordEmbeddings

HELD = "On 18 June 2021 the Sichuan energy bureau told firms not to serve 26 mines, Reuters reported."


@pytest.mark.parametrize(
    ("claim", "rule"),
    [
        ("Reuters reported that 26 mines in Sichuan were not to be served from June 18, 2021.", ""),
        ("Firms were told not to serve twenty-six mines.", "number"),
        ("Firms were told not to serve 62 mines.", "number"),
        ("On 18 June 2021 firms were told not to serve 18 mines.", "number"),
        ("On 18 July 2021 firms were told not to serve 26 mines.", "date"),
        ("On 26 June 2021 firms were told not to serve 26 mines.", "date"),
        ("Firms in Yunnan were told not to serve 26 mines.", "name"),
        ("The Sichuan energy bureau told firms to serve 26 mines.", "negation"),
    ],
)
def test_a_statement_that_changes_its_source_breaks_the_rule_for_it(claim, rule):
    assert broken(claim, HELD) == rule


def test_opposite_words_are_a_contradiction():
    assert broken("The notice allows new mines.", "The notice forbids new mines.") == "negation"
    assert broken("The price rose on Friday.", "The price fell on Friday.") == "negation"


def test_publisher_and_date_may_come_from_the_head():
    assert broken("Mines were shut, The Wire wrote in 2021.", "Mines were shut.") == "number"
    assert broken("Mines were shut, The Wire wrote in 2021.", "Mines were shut.", "The Wire 2021-09-24") == ""


def test_dates_in_chinese_are_the_same_dates():
    assert broken("2021年6月18日关停矿场。", "四川2021年6月18日下令关停矿场。") == ""
    assert broken("2021年6月19日关停矿场。", "四川2021年6月18日下令关停矿场。") in ("number", "date")


def test_the_score_is_nearness_to_the_closest_sentence():
    words = WordEmbeddings()
    assert score("Bitcoin fell", ["Bitcoin fell", "Rain fell"], words) == pytest.approx(1.0, abs=1e-4)
    assert score("Bitcoin fell", [], words) == 0.0


def test_the_caught_and_the_lost_are_counted_by_hand_worked_fractions(tmp_path):
    lines = [
        {"source": "a", "quote": "26 mines shut.", "claim": "26 mines shut.", "supported": True, "swap": ""},
        {"source": "a", "quote": "26 mines shut.", "claim": "27 mines shut.", "supported": False, "swap": "number"},
        {"source": "a", "quote": "Zeng paid Li.", "claim": "Li paid Zeng.", "supported": False, "swap": "name"},
    ]
    file = tmp_path / "swaps.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    counted = supporting.swaps({"a": Source(id="a", title="A")}, file)
    assert counted == {"caught": 1 / 2, "caught name": 0.0, "caught number": 1.0, "lost": 0.0}
    passed = supporting.admitted({"a": Source(id="a", title="A")}, lambda claim: WordEmbeddings(), file)
    assert passed == {"admitted swapped": 1 / 2, "admitted true": 1.0}


def test_answers_marked_faithful_score_above_those_that_are_not(tmp_path):
    lines = [
        {"answer": "Bitcoin fell.", "contexts": ["Bitcoin fell. Rain came."], "faithfulness": 4.0},
        {"answer": "Tea is green.", "contexts": ["Bitcoin fell. Rain came."], "faithfulness": 1.0},
    ]
    file = tmp_path / "marked.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    assert supporting.faithfulness(file, WordEmbeddings()) == 1.0
