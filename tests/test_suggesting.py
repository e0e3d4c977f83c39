"""Questions that are offered come from the sources, are answered by them, and are new."""

import pytest

from bot import index as indexing
from bot import sources
from bot.answering import Answerer
from bot.records import Question
from bot.suggesting import examples, follow_ups
from bot.views import View
from tests.conftest import CORPUS

ISSUED = "Who issued the September 2021 trading notice?"
ETHER = "How far did the price of Ether drop on 24 September 2021?"
VIEWS = (
    View(source="pbc-2021-notice", starts="Ten bodies", questions=("issuers 2021", ISSUED)),
    View(source="wire-2021-report", starts="The price of Ether", questions=(ETHER,)),
    View(source="pbc-2026-notice", starts="Eight bodies", questions=("Should I sign the February 2026 notice?",)),
    View(source="ndrc-2021-notice-zh", starts="2021年9月的“挖矿”通知由", questions=("谁印发了“挖矿”通知？",)),
)


@pytest.fixture
def answerer(tmp_path, embeddings):
    documents = sources.read(CORPUS).documents
    return Answerer(indexing.sync(tmp_path / "index", documents, VIEWS, lambda: embeddings, model="words"))


def test_examples_are_questions_that_the_bot_answers_of_different_sources(answerer):
    assert sorted(examples(answerer, chinese=False, seed=1)) in ([ETHER], [ISSUED])  # of one year: only one is taken
    assert examples(answerer, chinese=False, seed=1) == examples(answerer, chinese=False, seed=1)


def test_follow_ups_lie_near_the_answer_and_were_not_asked(answerer):
    answer = answerer.invoke(Question("What was declared an illegal financial activity?"))
    assert ISSUED in follow_ups(answer, answerer.index, [])
    assert ISSUED not in follow_ups(answer, answerer.index, [ISSUED])


def test_neither_search_words_nor_advice_nor_another_language_is_offered(answerer):
    answer = answerer.invoke(Question("How many bodies signed the February 2026 notice?"))
    assert set(follow_ups(answer, answerer.index, [], count=9)) <= {ISSUED, ETHER}
