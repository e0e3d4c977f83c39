"""Search among many passages, made up by a seed, through the same index and the same search as real sources.

`python -m eval.scaling PASSAGES FOLDER` measures one size: the store is filled in one process and searched in another,
as a page that is started again does.

Each word has a random direction and a text the mean of its words' directions, so that no model is needed: what is
measured is the search, not the embedding of the question.
"""

import json
import random
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import numpy as np
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from bot import index
from bot.answering import Answerer
from bot.records import Question, Source

SEED = 9
WORDS = 20_000
BATCH = 20
"""Passages of a source."""


class Directions(Embeddings):
    """The mean of the words' random directions, a unit vector of 384 numbers."""

    @cached_property
    def _table(self) -> Any:
        return np.random.default_rng(SEED).standard_normal((1 << 15, 384), dtype=np.float32)

    def embed_query(self, text: str) -> list[float]:
        rows = [zlib.crc32(word.encode()) % (1 << 15) for word in text.lower().split()]
        mean = self._table[rows or [0]].mean(axis=0)
        vector: list[float] = (mean / np.linalg.norm(mean)).tolist()
        return vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]


def documents(passages: int) -> Iterator[Document]:
    """Sources of made-up words, as frequent as Zipf's law says, two sentences a passage."""
    chance = random.Random(SEED)
    vocabulary = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(4, 9))) for _ in range(WORDS)]
    weights = list(np.cumsum(1 / np.arange(1, WORDS + 1)))

    def sentence() -> str:
        return " ".join(chance.choices(vocabulary, cum_weights=weights, k=14)).capitalize() + "."

    for number in range(-(-passages // BATCH)):
        head = Source(id=f"made-{number:07}", title=f"Report {number}", published="2021-09-24")
        count = min(BATCH, passages - number * BATCH)
        text = "\n\n".join(f"{sentence()} {sentence()}" for _ in range(count))
        yield Document(id=head.id, page_content=text, metadata={"head": head, "file": head.id})


def opened(passages: int, folder: Path) -> tuple[index.Index, float]:
    """The index of so many passages, filled if it is not there yet, and the seconds it took."""
    made = list(documents(passages))
    begun = time.perf_counter()
    return index.sync(folder, made, (), Directions, model="made up"), time.perf_counter() - begun


def measure(passages: int, folder: Path, asked: int = 100) -> dict[str, float]:
    """Seconds to fill and to open again, milliseconds of a search, megabytes of memory while searching."""
    import psutil

    filling = f"from eval import scaling; print(scaling.opened({passages}, scaling.Path({str(folder)!r}))[1])"
    filled = subprocess.run([sys.executable, "-c", filling], capture_output=True, text=True, check=True)
    held, opening = opened(passages, folder)
    begun = time.perf_counter()
    answerer = Answerer(held)
    chance = random.Random(SEED + 1)
    sentences = answerer.index.sentences
    questions = [" ".join(chance.choice(sentences).page_content.split()[:8]) + "?" for _ in range(asked + 1)]
    answerer.search(Question(questions.pop()))
    ready = time.perf_counter()
    taken = []
    for question in questions:
        start = time.perf_counter()
        answerer.search(Question(question))
        taken.append(1000 * (time.perf_counter() - start))
    return {
        "passages": len(answerer.index.passages),
        "entries": len(sentences),
        "fill_s": float(filled.stdout.splitlines()[-1]),
        "open_s": opening + ready - begun,
        "search_p50_ms": median(taken),
        "search_p95_ms": quantiles(taken, n=20)[-1],
        "memory_mb": psutil.Process().memory_info().rss / 1e6,
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), Path(sys.argv[2]))))
