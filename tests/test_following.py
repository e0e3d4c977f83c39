"""Follow-ups: what was said before changes which sentence comes first."""

from langchain_core.documents import Document

from bot.following import together
from bot.records import Question, Turn
from bot.retrieval import scored

TALK = ("Ten bodies issued the notice.", "Their notice named staff.", "Kazakhstan took in miners.")


def rankings(*orders):
    """Rankings of the talk's three sentences, the first two of one source, each by its order."""
    sentences = [
        Document(id=f"s#{n}", page_content=text, metadata={"source": "notice" if n < 2 else "wire"})
        for n, text in enumerate(TALK)
    ]
    return [[scored(sentences[n], 3.0 - place) for place, n in enumerate(order)] for order in orders]


def after(answer, *orders):
    """What a follow-up finds after an answer, best first."""
    history = (Turn("user", "Who issued the notice?"), Turn("assistant", answer))
    return together(Question("And whom did it name?", history), rankings(*orders))


def test_what_an_answer_quoted_comes_after_what_it_did_not():
    followed = after(f"{TALK[0]} [1]", (0, 1, 2), (0, 2, 1))
    assert followed.ranked[-1].page_content == TALK[0]
    assert followed.repeats


def test_the_source_that_was_quoted_last_is_read_on():
    quoted, other = after(f"{TALK[0]} [1]", (2, 1, 0), (1, 2, 0)), after("Nobody knows.", (2, 1, 0), (1, 2, 0))
    assert (quoted.ranked[0].page_content, quoted.stays) == (TALK[1], 1.0)
    assert (other.ranked[0].page_content, other.stays) == (TALK[2], 0.5)


def test_an_answer_before_the_last_was_read_too():
    turns = (Turn("assistant", TALK[0]), Turn("user", "And where did miners go?"), Turn("assistant", TALK[2]))
    followed = together(Question("Who else?", (Turn("user", "Who issued it?"), *turns)), rankings((0, 2, 1), (2, 0, 1)))
    assert followed.ranked[0].page_content == TALK[1]


def test_one_search_stays_as_it_is():
    assert [s.page_content for s in after(TALK[2], (2, 0, 1)).ranked] == [TALK[2], TALK[0], TALK[1]]
