"""Pipelines that find pieces of the sources for a question: ours, ours with a part taken out, and its peers.

A pipeline has a name and one function, from a question to pieces (LangChain Documents with `source`, `start` and
`end`), best first.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from bot import retrieval
from bot.answering import Answerer
from bot.index import Index, passage_id
from bot.records import Question

DEPTH = 10
"""Pieces that a pipeline returns."""


@dataclass(frozen=True)
class Pipeline:
    """A way to find pieces for a question."""

    name: str
    about: str
    pieces: Sequence[Document]
    """All that it may find."""
    find: Callable[[Question], Sequence[Document]]


def peers(answerer: Answerer, bare: Answerer, embeddings: Embeddings) -> tuple[Pipeline, ...]:
    """Ours first, then its ablations, then the plain ways; `bare` is ours over an index without question views."""
    index = answerer.index
    dense = retrieval.DenseRetriever(index=bare.index)
    lexical = retrieval.LexicalRetriever(index=bare.index, whole=True)
    fused = retrieval.searcher(index)
    whole, plain = index.passages, bare.index.passages
    return (
        Pipeline("ours", "as it answers", whole, lambda q: _passages(index, answerer.search(q).ranked)),
        Pipeline("no views", "without question views", plain, lambda q: _passages(bare.index, bare.search(q).ranked)),
        Pipeline("no ranker", "the fused search as it is", whole, lambda q: _passages(index, fused.invoke(q.text))),
        Pipeline("no turns", "without the turns before", whole, lambda q: _alone(answerer, q)),
        Pipeline("dense", "sentences by cosine", plain, lambda q: _passages(bare.index, dense.invoke(q.text))),
        Pipeline("lexical", "passages by BM25", plain, lambda q: _passages(bare.index, lexical.invoke(q.text))),
        tutorial(index.documents, embeddings),
    )


def _alone(answerer: Answerer, question: Question) -> Sequence[Document]:
    return _passages(answerer.index, answerer.search(replace(question, history=())).ranked)


def _passages(index: Index, ranked: Sequence[Document]) -> list[Document]:
    """The passages of the best sentences, each once."""
    held = {str(p.id): p for p in index.passages}
    found: Iterator[Document] = (held[key] for key in dict.fromkeys(passage_id(s) for s in ranked))
    return list(islice(found, DEPTH))


def tutorial(documents: Sequence[Document], embeddings: Embeddings) -> Pipeline:
    """LangChain's retrieval tutorial: recursive splitter of 1000 characters with 200 overlap, Chroma, the top four."""
    from langchain_chroma import Chroma
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
    texts = [Document(page_content=d.page_content, metadata={"source": str(d.id)}) for d in documents]
    chunks = [piece for piece in splitter.split_documents(texts) if piece.page_content]
    for number, piece in enumerate(chunks):
        piece.id = f"chunk-{number}"
        piece.metadata["start"] = piece.metadata["start_index"]
        piece.metadata["end"] = piece.metadata["start"] + len(piece.page_content)
    store = Chroma("tutorial", embedding_function=embeddings)
    store.reset_collection()
    for start in range(0, len(chunks), 1000):
        store.add_documents(chunks[start : start + 1000])

    def find(question: Question) -> Sequence[Document]:
        return store.similarity_search(question.text, k=4)

    return Pipeline("tutorial", "LangChain's tutorial pipeline", chunks, find)
