"""A tiny true corpus, an embedding whose nearness is shared words, and a real Chroma in a temporary folder."""

import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from bot import index, sources
from bot.answering import Answerer
from bot.index import Index
from bot.records import Evidence, Question, Source
from bot.retrieval import scored
from bot.terms import content_terms

settings.register_profile("quick", deadline=None)
settings.register_profile("full", max_examples=10_000, deadline=5000)
settings.load_profile("quick")

CORPUS = Path(__file__).parent / "corpus"
PROJECT = Path(__file__).parent.parent


class WordEmbeddings(Embeddings):
    """Texts that share words lie close together; nothing else does. Counts what it embedded."""

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_query(self, text: str) -> list[float]:
        vector = np.zeros(2048)
        for term in content_terms(text):
            vector[zlib.crc32(term.encode()) % 2048] += 1.0
        vector[0] += 1e-6  # the zero vector has no direction
        return (vector / np.linalg.norm(vector)).tolist()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.embedded += texts
        return [self.embed_query(text) for text in texts]


@pytest.fixture
def embeddings() -> WordEmbeddings:
    return WordEmbeddings()


@pytest.fixture
def build(tmp_path: Path, embeddings: WordEmbeddings) -> Callable[..., Index]:
    """Syncs the index in a temporary folder with a folder of sources."""

    def sync(folder: Path = CORPUS, **options: object) -> Index:
        documents = sources.read(folder).documents
        return index.sync(tmp_path / "index", documents, (), lambda: embeddings, model="words", **options)

    return sync


@pytest.fixture
def answerer(build: Callable[..., Index]) -> Answerer:
    return Answerer(build())


@pytest.fixture
def ask(answerer: Answerer) -> Callable[..., object]:
    """Asks a question of the tiny corpus."""
    return lambda text, *history: answerer.invoke(Question(text, tuple(history)))


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes files into a folder of sources and returns the folder."""
    folder = tmp_path / "sources"
    folder.mkdir()

    def put(**files: str | bytes) -> Path:
        for name, content in files.items():
            path = folder / name.replace("__", ".")
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return put


def digest(id: str, text: str) -> str:
    """A source file with a head, as ours are: sentences made to be quoted singly."""
    return f"---\nid: {id}\ntitle: {id}\npublished: 2021-05-01\n---\n{text}\n"


def evidence(key: str, *texts: str, source: str = "a", score: float = 1.0) -> Evidence:
    """Evidence whose passage is the given sentences, ranked in their order."""
    whole = " ".join(texts)
    found = []
    for n, text in enumerate(texts):
        start = whole.index(text)
        place = {"source": source, "start": start, "end": start + len(text)}
        found.append(scored(Document(id=f"{source}#1.{n + 1}", page_content=text, metadata=place), score - n / 100))
    passage = Document(id=f"{source}#1", page_content=whole, metadata={"source": source, "start": 0, "end": len(whole)})
    return Evidence(key, passage, Source(id=source, title=source), score, tuple(found))
