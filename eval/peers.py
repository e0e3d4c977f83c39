"""Peers as commands: LangChain's tutorial, LlamaIndex and Haystack as their documentation shows them, and ours.

Each has the same sources and the same weights, keeps its index in a folder in its own documented way, and is run in a
process of its own by `eval/speed.py`: `python -m eval.peers NAME index|ask|warm FOLDER [QUESTION…]`.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.settings import Settings

Find = Callable[[str], Sequence[str]]
QUIET = {"HAYSTACK_TELEMETRY_ENABLED": "False", "OPENBLAS_NUM_THREADS": "1", "TQDM_DISABLE": "1"}


@dataclass(frozen=True)
class Peer:
    """A pipeline that builds an index in a folder, and opens it to find passages for a question."""

    package: str
    build: Callable[[Path, Mapping[str, str]], int]
    """From the texts of the sources by their ids; returns how many passages were stored."""
    open: Callable[[Path], Find]


def _weights() -> str:
    from bot.models import weights

    return str(weights())


def _langchain_embeddings() -> Any:
    from langchain_huggingface import HuggingFaceEmbeddings

    return HuggingFaceEmbeddings(model_name=_weights())


def _langchain_build(folder: Path, texts: Mapping[str, str]) -> int:
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
    chunks = splitter.split_documents([Document(text, metadata={"source": key}) for key, text in texts.items()])
    store = Chroma("tutorial", _langchain_embeddings(), persist_directory=str(folder))
    for start in range(0, len(chunks), 1000):
        store.add_documents(chunks[start : start + 1000])
    return len(chunks)


def _langchain_open(folder: Path) -> Find:
    from langchain_chroma import Chroma

    store = Chroma("tutorial", _langchain_embeddings(), persist_directory=str(folder))
    return lambda question: [found.page_content for found in store.similarity_search(question)]


def _llamaindex_embeddings() -> Any:
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    return HuggingFaceEmbedding(model_name=_weights())


def _llamaindex_build(folder: Path, texts: Mapping[str, str]) -> int:
    from llama_index.core import Document, VectorStoreIndex

    documents = [Document(text=text, id_=key) for key, text in texts.items()]
    index = VectorStoreIndex.from_documents(documents, embed_model=_llamaindex_embeddings())
    index.storage_context.persist(persist_dir=str(folder))
    return len(index.docstore.docs)


def _llamaindex_open(folder: Path) -> Find:
    from llama_index.core import StorageContext, load_index_from_storage

    stored = StorageContext.from_defaults(persist_dir=str(folder))
    retriever = load_index_from_storage(stored, embed_model=_llamaindex_embeddings()).as_retriever()
    return lambda question: [found.text for found in retriever.retrieve(question)]


def _haystack_build(folder: Path, texts: Mapping[str, str]) -> int:
    from haystack import Document
    from haystack.components.preprocessors import DocumentSplitter
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersDocumentEmbedder

    documents = [Document(content=text, meta={"source": key}) for key, text in texts.items()]
    embedder = SentenceTransformersDocumentEmbedder(model=_weights(), progress_bar=False)
    store = InMemoryDocumentStore()
    store.write_documents(embedder.run(DocumentSplitter().run(documents)["documents"])["documents"])
    folder.mkdir(parents=True, exist_ok=True)
    store.save_to_disk(str(folder / "store.json"))
    return int(store.count_documents())


def _haystack_open(folder: Path) -> Find:
    from haystack import Pipeline
    from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersTextEmbedder

    store = InMemoryDocumentStore.load_from_disk(str(folder / "store.json"))
    pipeline = Pipeline()
    pipeline.add_component("embedder", SentenceTransformersTextEmbedder(model=_weights(), progress_bar=False))
    pipeline.add_component("retriever", InMemoryEmbeddingRetriever(store))
    pipeline.connect("embedder.embedding", "retriever.query_embedding")
    return lambda question: [
        found.content for found in pipeline.run({"embedder": {"text": question}})["retriever"]["documents"]
    ]


PEERS = {
    "LangChain's tutorial": Peer("langchain_text_splitters", _langchain_build, _langchain_open),
    "LlamaIndex": Peer("llama_index", _llamaindex_build, _llamaindex_open),
    "Haystack": Peer("haystack", _haystack_build, _haystack_open),
}


def milliseconds(find: Callable[[Any], Any], questions: Sequence[Any]) -> list[float]:
    """How long each question took, after one that is not counted."""
    find(questions[0])
    taken = []
    for question in questions:
        begun = time.perf_counter()
        find(question)
        taken.append(1000 * (time.perf_counter() - begun))
    return taken


def main(name: str, what: str, folder: Path, questions: Sequence[str]) -> Any:
    """Do one thing with a peer in this process; what is returned goes out as JSON."""
    peer = PEERS[name]
    if what == "ask":
        return peer.open(folder)(questions[0])
    if what == "warm":
        return milliseconds(peer.open(folder), questions)
    from bot import sources

    texts = {str(d.id): d.page_content for d in sources.read(Settings.sources).documents}
    begun = time.perf_counter()
    passages = peer.build(folder, texts)
    return {"passages": passages, "seconds": time.perf_counter() - begun}


def settle() -> None:
    """The environment that our commands run in, and silence from the peers."""
    from bot.cli import QUIET as OURS

    os.environ.update(OURS | QUIET)


if __name__ == "__main__":
    settle()
    print(json.dumps(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4:])))
