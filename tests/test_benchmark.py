"""The benchmark's rows, made-up passages and peers: that they are true, not how fast anything is."""

import json

import numpy as np

from eval import figures, scaling, speed
from eval.figures import Row, Speed
from eval.peers import PEERS, milliseconds

OTHERS = {"A": {"ask_s": 8.0, "warm_ms": 9.0, "index_s": 10.0, "passages": 20, "passages_per_s": 2.0}}


def measured() -> Speed:
    rows = [
        Row("ask in a fresh process", "s", 2.0, 2.5),
        Row("warm question, p50", "ms", 16.0, 15.0),
        Row("index from nothing", "s", 100.0),
        Row("index from nothing, passages", "a second", 4.0),
    ]
    ratios, mine = speed.beside(rows, OTHERS)
    scale = [{"passages": 10, "search_p50_ms": 1.0}, {"passages": 100, "search_p50_ms": 2.0}]
    return Speed("2026-11-22T10:00:00", {"cores": "2"}, [*rows, *ratios], {figures.OURS: mine, **OTHERS}, scale)


def test_a_row_tells_whether_its_target_is_met():
    assert Row("a", "s", 2.0, 2.5).met and not Row("a", "s", 2.0, 1.5).met
    assert Row("a", "s", 2.0, 1.5, least=True).met
    assert Row("a", "s", 2.0).met is None


def test_ours_is_held_against_the_fastest_peer():
    ratios = {row.name: row for row in measured().rows if row.unit == "times"}
    assert [row.value for row in ratios.values()] == [4.0, 2.0]
    assert all(row.met for row in ratios.values())


def test_a_run_is_kept_with_the_machines_words_and_drawn(tmp_path):
    kept = json.loads(figures.save(measured(), tmp_path).read_text())
    assert kept["machine"] == {"cores": "2"}
    assert [row["met"] for row in kept["rows"]] == [True, False, None, None, True, True]
    assert figures.plot(measured(), tmp_path).read_text().count("<svg") == 1


def test_made_up_passages_are_the_same_each_time_and_as_many_as_asked():
    one, again = ([d.page_content for d in scaling.documents(45)] for _ in range(2))
    assert one == again and len(one) == 3
    assert sum(text.count("\n\n") + 1 for text in one) == 45


def test_search_among_made_up_passages_runs_through_the_real_index(tmp_path):
    found = scaling.measure(30, tmp_path / "index", asked=20)
    assert (found["passages"], found["entries"]) == (30, 60)
    assert found["search_p50_ms"] > 0 and found["memory_mb"] > 0


def test_texts_that_share_words_point_the_same_way():
    one, near, far = np.array(scaling.Directions().embed_documents(["bank ban note", "bank ban coin", "sea sand sun"]))
    assert one @ near > 0.5 > one @ far


def test_the_first_question_which_loads_everything_is_not_counted():
    asked: list[str] = []
    assert len(milliseconds(asked.append, ["a", "b"])) == 2
    assert asked == ["a", "a", "b"]


def test_the_peers_are_three_and_none_is_imported_to_be_named():
    assert list(PEERS) == ["LangChain's tutorial", "LlamaIndex", "Haystack"]
