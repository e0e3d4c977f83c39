"""What brings questions that ask the same nearer together: learnt, kept, and used for questions alone."""

import numpy as np
import pytest
import torch

from bot import index, models, sources
from bot.adapting import Adapted, Adapter
from bot.answering import Answerer
from bot.gaps import Gap
from bot.records import Question
from bot.terms import is_chinese
from bot.views import View
from eval import adapting
from tests.conftest import CORPUS, PROJECT

VIEWS = (View(source="pbc-2021-notice", starts="Ten bodies", questions=("How large was the committee?",)),)
OPEN = (Gap(source="pbc-2021-notice", questions=("How old was the committee?",)),)


@pytest.fixture
def turned():
    """An adapter that turns the first direction into the last."""
    down, up = np.zeros((1, 2048), np.float32), np.zeros((2048, 1), np.float32)
    down[0, 0], up[-1, 0] = 1.0, 3.0
    return Adapter(down, up, "a-digest")


def test_adapted_vectors_have_length_one(turned):
    vectors = np.eye(2048)[:3]
    adapted = np.array(turned.of(vectors.tolist()))
    assert np.allclose(np.linalg.norm(adapted, axis=1), 1)
    assert np.allclose(adapted[0, [0, -1]], np.array([1, 3]) / np.sqrt(10)) and np.allclose(adapted[1:], vectors[1:])
    assert turned.of([]) == []


def test_questions_are_kept_adapted_and_sentences_as_the_model_embeds_them(tmp_path, embeddings, turned):
    documents = sources.read(CORPUS).documents
    built = index.sync(
        tmp_path / "index", documents, VIEWS, lambda: embeddings, model="words", gaps=OPEN, adapter=turned
    )
    held = built.asked._collection.get(include=["embeddings", "documents"])
    assert sorted(held["documents"]) == ["How large was the committee?", "How old was the committee?"]
    asked = Adapted(embeddings, turned).embed_documents(held["documents"])
    assert np.allclose(held["embeddings"], asked, atol=1e-6)
    (near, *_) = Answerer(built).search(Question("How large was the committee?")).ranked
    assert near.page_content.startswith("Ten bodies") and near.metadata["alike"] == pytest.approx(1, abs=1e-5)
    said = built.store._collection.get(include=["embeddings", "documents"])
    assert np.allclose(said["embeddings"], embeddings.embed_documents(said["documents"]), atol=1e-6)


def test_an_index_is_made_anew_where_the_adapter_is_another(tmp_path, embeddings, turned):
    documents = sources.read(CORPUS).documents
    options = {"model": "words", "gaps": OPEN}
    index.sync(tmp_path / "index", documents, VIEWS, lambda: embeddings, **options)
    assert index.is_fresh(tmp_path / "index", documents, VIEWS, **options)
    assert not index.is_fresh(tmp_path / "index", documents, VIEWS, **options, adapter=turned)


def test_the_adapter_is_for_the_default_model_alone():
    adapter = models.adapter(models.MINILM)
    assert adapter and adapter.down.shape == adapter.up.T.shape == (adapting.RANK, 384)
    assert models.adapter("another") is None


def test_what_asks_the_same_is_brought_nearer_than_what_is_left_open():
    chance = np.random.default_rng(5)
    told, noise = chance.normal(size=(40, 1, 384)), chance.normal(size=(40, 4, 384))
    told[..., 8:] = 0  # what is asked lies in a few directions, how it is worded in all others
    vectors = torch.nn.functional.normalize(torch.tensor(3 * told + noise, dtype=torch.float32), dim=2)
    answers = torch.arange(40).where(torch.arange(40) < 20, -1).repeat_interleave(4)
    flat = vectors.reshape(-1, 384)
    down, up = adapting.learn(flat, answers, epochs=60)
    adapted = torch.tensor(Adapter(down.numpy(), up.numpy()).of(flat.tolist()))

    def told_apart(vectors):
        votes = vectors @ vectors.T - 2 * torch.eye(len(vectors))
        return (answers[votes.argmax(1)] == answers).float().mean()

    assert told_apart(adapted) > told_apart(flat) + 0.2


def test_examples_are_the_english_questions_answered_by_a_sentence_or_left_open():
    asked = adapting.examples(PROJECT / "sources")
    assert len(asked.questions) == len(asked.answers) and -1 in asked.answers and max(asked.answers) > 500
    assert not any(map(is_chinese, asked.questions))
