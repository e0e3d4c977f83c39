import pytest

from bot import index, sources
from bot.answering import Answerer
from bot.comparing import sides
from bot.records import Question, Turn
from tests.conftest import digest


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("What is the difference between the trading notice and the mining notice?", {"trade"}, {"mine"}),
        ("How did the 2013 notice differ from the 2021 notice?", {"2013"}, {"2021"}),
        ("Compare Hong Kong with the mainland on licences", {"hong", "kong"}, {"mainland"}),
        ("Compare how the 2013 and the 2021 texts treat banks", {"2013"}, {"2021"}),
        ("Surcharge: Zhejiang vs Sichuan?", {"zhejiang", "surcharg"}, {"sichuan"}),
        ("2013年的通知和2021年的通知有什么不同？", {"2013"}, {"2021"}),
    ],
)
def test_the_two_sides_of_a_comparison_are_told_apart(question, one, other):
    found = [set(side.telling) for side in sides(question)]
    assert len(found) == 2 and one & found[0] and other & found[1], found


@pytest.mark.parametrize(
    "question",
    ["Who signed the mining notice?", "How far did Bitcoin and Ether fall?", "What is the difference?", ""],
)
def test_a_question_that_sets_nothing_side_by_side_has_no_sides(question):
    assert sides(question) == ()


FERRY = "The red ferry carried ninety people to the harbour in 2021."
TRAIN = "The blue train carried four hundred people to the harbour in 2021."
ASIDE = "Snow lay on the hills. The market opened late."


@pytest.fixture
def ask_of(write, tmp_path, embeddings):
    """Asks a question of sources with the given texts."""

    def ask(question, **texts):
        folder = write(**{f"{name}__md": digest(name, f"{text} {ASIDE}") for name, text in texts.items()})
        built = index.sync(tmp_path / "index", sources.read(folder).documents, (), lambda: embeddings, model="words")
        return Answerer(built).invoke(Question(question))

    return ask


def test_a_comparison_comes_in_two_marked_halves_each_cited(ask_of):
    answer = ask_of("How did the red ferry differ from the blue train?", ferry=FERRY, train=TRAIN)
    assert [citation.quote for citation in answer.citations] == [FERRY, TRAIN]
    assert answer.text.index("The red ferry:") < answer.text.index("The blue train:")


def test_a_comparison_that_stands_alone_is_not_searched_with_the_turns_before_it(write, tmp_path, embeddings):
    class Noting(Answerer):
        """Notes with how many turns before it each question was searched."""

        def search(self, question, config=None):
            turns.append(len(question.history))
            return super().search(question, config)

    turns = []
    folder = write(ferry__md=digest("ferry", f"{FERRY} {ASIDE}"), train__md=digest("train", f"{TRAIN} {ASIDE}"))
    built = index.sync(tmp_path / "index", sources.read(folder).documents, (), lambda: embeddings, model="words")
    before = (Turn("user", "Which tram climbs the hill?"), Turn("assistant", "The green tram climbs the hill."))
    Noting(built).invoke(Question("Compare the red ferry of the Harbour Company with the blue train", before))
    assert turns == [2, 0, 0]


def test_a_side_of_which_nothing_is_held_is_named(ask_of):
    answer = ask_of("How did the red ferry differ from the green tram?", ferry=FERRY, train=TRAIN)
    assert answer.outcome == "partial" and "the green tram" in answer.text
    assert [citation.quote for citation in answer.citations] == [FERRY]


def test_a_sentence_that_tells_of_both_sides_is_enough(ask_of):
    both = "The red ferry carried ninety people, but the blue train four hundred in 2021."
    answer = ask_of("Compare the red ferry with the blue train", ferry=FERRY, train=TRAIN, both=both)
    assert answer.text.startswith(both)


def test_a_sentence_that_merely_names_both_sides_compares_nothing(ask_of):
    named = "The red ferry and the blue train were named in one report of 2021."
    answer = ask_of("Compare the red ferry with the blue train", ferry=FERRY, train=TRAIN, named=named)
    assert [citation.quote for citation in answer.citations] == [FERRY, TRAIN]
