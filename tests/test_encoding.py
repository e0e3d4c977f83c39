"""Questions are embedded in numpy by the same weights that sentence-transformers runs."""

import subprocess
import sys

import numpy as np
import pytest

from bot import models
from bot.encoding import LONGEST, Encoder
from bot.errors import ModelError
from tests.conftest import PROJECT, WordEmbeddings

TEXTS = [
    "What did China announce on 24 September 2021?",
    "",
    "银发〔2021〕237号 is no longer in force",
    "A text that is cut. " * LONGEST,
    *(f"Ten bodies issued notice number {n}." for n in range(models.FEW)),
]


@pytest.fixture(scope="module")
def model():
    return models.embeddings()


def test_the_vectors_in_numpy_are_those_of_sentence_transformers(model):
    few = TEXTS[: models.FEW]
    assert models.difference(model.quick.embed_documents(few), model.reference.embed_documents(few)) < models.EQUAL


def test_a_text_has_one_vector_whatever_stands_beside_it():
    encoder = Encoder(models.weights())
    together = encoder.embed_documents(TEXTS[:3])
    assert models.difference(together, [encoder.embed_query(text) for text in TEXTS[:3]]) < 1e-6
    assert np.allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-6)


def test_many_texts_are_embedded_by_the_reference_and_few_without_it():
    reference, quick = WordEmbeddings(), WordEmbeddings()
    model = models.Proven(reference, quick)
    model.embed_documents(TEXTS[: models.FEW])
    assert reference.embedded == []
    model.embed_documents(TEXTS)
    assert reference.embedded == TEXTS


def test_a_quick_model_that_differs_from_the_reference_is_refused():
    class Other(WordEmbeddings):
        def embed_query(self, text: str) -> list[float]:
            return (np.roll(super().embed_query(text), 1)).tolist()

    with pytest.raises(ModelError, match="pip install"):
        models.Proven(WordEmbeddings(), Other()).embed_documents(TEXTS)


def test_a_question_is_embedded_without_torch():
    code = (
        "import sys; from bot import models; models.embeddings().embed_query('Who?');"
        " print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT, check=True)
    assert run.stdout.strip() == "[]"
