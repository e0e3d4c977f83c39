"""A file without a head is prose: its sentences lean on each other, so they are found and quoted together."""

import pytest

from bot import entries, index, passages, sources
from bot.adding import add
from bot.answering import Answerer
from bot.entries import BRIDGE, QUESTIONS, SENTENCES
from bot.records import Question
from tests.conftest import digest

FERRY = """The Red Ferry

The red ferry crosses the harbour. It carries ninety people. They sit on two decks. Its captain wears a blue cap.
In winter the crossing takes an hour.
"""
TRAM = """The Green Tram

The green tram climbs the hill. Its captain wears a cap. It carries forty people. They stand.
"""


@pytest.fixture
def answerer_of(write, tmp_path, embeddings):
    """An answerer over files of the given names and texts."""

    def opened(**files):
        read = sources.read(write(**files)).documents
        return Answerer(index.sync(tmp_path / "index", read, (), lambda: embeddings, model="words"))

    return opened


def quotes(answer):
    return [citation.quote for citation in answer.citations]


def test_prose_is_quoted_at_more_length_than_a_digest(answerer_of, tmp_path):
    text = FERRY.partition("\n\n")[2].strip()
    asked = Question("What does the red ferry cross?")
    assert len(quotes(answerer_of(ferry__md=digest("ferry", text)).invoke(asked))) == 1
    (tmp_path / "sources" / "ferry.md").unlink()
    assert len(quotes(answerer_of(ferry__txt=FERRY).invoke(asked))) == 4


def test_further_sentences_of_prose_stand_in_the_order_of_the_text(answerer_of):
    answer = answerer_of(ferry__txt=FERRY, tram__txt=TRAM).invoke(
        Question("What blue cap does the captain of the ferry wear?")
    )
    first, *others = answer.citations
    assert "captain" in first.quote
    assert {citation.source.id for citation in answer.citations} == {"ferry"}
    assert [c.start for c in others] == sorted(c.start for c in others)


def test_a_side_of_a_comparison_is_not_called_missing_for_its_name_alone(answerer_of):
    text = "The red ferry crosses the harbour with people. Others cross the harbour by ship, with four hundred people."
    answer = answerer_of(ferry__txt=text).invoke(
        Question("What is the difference between the red ferry and the ships which cross the harbour with people?")
    )
    assert answer.outcome == "answered" and len(answer.citations) == 2


def test_a_heading_is_not_quoted(answerer_of):
    answer = answerer_of(ferry__txt=FERRY).invoke(Question("What is the red ferry?"))
    assert quotes(answer) and "The Red Ferry" not in quotes(answer)


def test_a_sentence_that_two_sources_share_is_quoted_from_the_one_on_the_subject(answerer_of):
    for subject, named in (("ferry", "red ferry"), ("tram", "green tram")):
        found = answerer_of(ferry__txt=FERRY, tram__txt=TRAM).search(Question(f"captain of the {named}, what cap?"))
        assert found.ranked[0].metadata["source"] == subject


def test_a_sentence_is_found_by_a_name_that_the_one_before_it_holds(answerer_of):
    moved = "Lindqvist closed a desk. Its machines were shipped north. Snow lay on the hills.\n"
    found = answerer_of(moved__txt=moved, other__txt="Machines were shipped south. It was late.\n")
    assert found.search(Question("Where were the machines of Lindqvist shipped?")).ranked[0].page_content in moved


def test_an_opening_is_never_quoted_and_stands_for_no_sentence(answerer_of):
    found = answerer_of(ferry__txt=FERRY).search(Question("The Red Ferry crosses the harbour"))
    assert found.ranked and not any(entries.stands_beside(str(sentence.id)) for sentence in found.ranked)


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("How can I cross the harbour with the red ferry?", "answered"),
        ("How can I buy Bitcoin on the red ferry?", "out_of_scope"),
    ],
)
def test_how_to_do_a_thing_is_no_advice_where_a_manual_tells_it(answerer_of, question, outcome):
    assert answerer_of(ferry__txt=FERRY).invoke(Question(question)).outcome == outcome


def test_a_file_that_was_added_stays_prose(write, tmp_path):
    added = sources.load(add(str(write(ferry__txt=FERRY) / "ferry.txt"), tmp_path / "mine"))
    assert added.metadata["head"].prose


def test_the_first_model_embeds_no_chinese_the_second_chinese_too_and_the_first_two_english_questions(write):
    (document,) = sources.read(write(ferry__md=digest("ferry", "The ferry crosses the harbour."))).documents
    sentences = [s for p in passages.split(document) for s in passages.sentences(p)]
    views = {"ferry#1.1": ("What crosses?", "What is crossed?", "Which boat is it?", "什么船过港？")}
    held = entries.of([document], sentences, views, {"ferry": ("Who steers?", "谁掌舵？")})
    assert [key for key, _ in held[SENTENCES]] == ["ferry#1.1"]
    assert [key for key, _ in held[QUESTIONS]] == ["ferry#1.1?1", "ferry#1.1?2", "ferry#1.1?3", "?ferry.1"]
    assert [key for key, _ in held[BRIDGE]] == ["ferry#1.1", "ferry#1.1?1", "ferry#1.1?2", "ferry#1.1?4", "?ferry.2"]
