"""An adapter: a small change of a question's vector after which questions that ask the same lie nearer together.

A residual of low rank beside the vector (Houlsby et al., "Parameter-Efficient Transfer Learning for NLP", 2019), learnt
by `python -m eval adapter` from the questions that sentences answer and those that the sources leave open. It serves to
compare questions with questions; sentences are compared as the model embeds them.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings

from bot.encoding import Array, tensors

FILE = Path(__file__).parent / "weights" / "questions.safetensors"


@dataclass(frozen=True, eq=False)
class Adapter:
    """Two matrices, `down` (rank by width) and `up` (width by rank), and the digest of the file that holds them."""

    down: Array
    up: Array
    digest: str = ""

    @classmethod
    def read(cls, file: Path = FILE) -> "Adapter":
        """The adapter that is kept beside the code."""
        held = tensors(file)
        return cls(held["down"], held["up"], hashlib.sha256(file.read_bytes()).hexdigest()[:12])

    def of(self, vectors: Sequence[Sequence[float]]) -> list[list[float]]:
        """The vectors, changed and of length one again."""
        if not vectors:
            return []
        plain = np.asarray(vectors, np.float32)
        changed = plain + (plain @ self.down.T) @ self.up.T
        adapted: list[list[float]] = (changed / np.linalg.norm(changed, axis=1, keepdims=True)).tolist()
        return adapted


class Adapted(Embeddings):
    """An embedding model and the adapter of its vectors."""

    def __init__(self, model: Embeddings, adapter: Adapter) -> None:
        self._model = model
        self._adapter = adapter

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._adapter.of(self._model.embed_documents(texts))

    def embed_query(self, text: str) -> list[float]:
        return self._adapter.of([self._model.embed_query(text)])[0]
