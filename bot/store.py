"""The only place where Chroma is opened: embedded in a folder, or on a server."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore

from bot.errors import IndexUnusable
from bot.manifest import REMEDY

if TYPE_CHECKING:
    from chromadb.api import ClientAPI as ClientAPI


def vectors(client: "ClientAPI", name: str) -> dict[str, list[float]]:
    """The vectors of a collection by the texts they stand for."""
    held = client.get_collection(name).get(include=["documents", "embeddings"])
    texts, found = held["documents"] or [], held["embeddings"]
    return {} if found is None else {t: [float(x) for x in v] for t, v in zip(texts, found, strict=True)}


def holds(client: "ClientAPI", name: str, entries: int) -> bool:
    """Whether the store has the collection, whole."""
    names = {collection.name for collection in client.list_collections()}
    return name in names and client.get_collection(name).count() == entries


def client(folder: Path, store: str) -> "ClientAPI":
    """The embedded Chroma in a folder, or the server at an address; raises IndexUnusable."""
    import chromadb
    from chromadb.config import Settings

    quiet = Settings(anonymized_telemetry=False)
    if not store:
        return chromadb.PersistentClient(str(folder / "chroma"), settings=quiet)
    from urllib.parse import urlsplit

    address = urlsplit(store)
    secure = address.scheme == "https"
    if not address.hostname:
        raise IndexUnusable(f"--store {store!r} is no address; write http://host:port")
    port = address.port or (443 if secure else 8000)
    return chromadb.HttpClient(address.hostname, port, ssl=secure, settings=quiet)


def collection(client: "ClientAPI", name: str, embeddings: Embeddings, entries: int) -> Any:
    """A collection as LangChain's VectorStore, made for so many entries if it is not there."""
    from langchain_chroma import Chroma

    # Chroma's default distance is L2; a wide search costs little and misses nothing.
    search: Any = {"space": "cosine", "ef_construction": 200, "ef_search": 500}
    # Chroma writes its graph whenever so many entries are new, and adds the rest anew at each opening: leave no rest.
    search |= {"batch_size": max(2, min(100, entries)), "sync_threshold": max(2, entries)}
    return Chroma(
        collection_name=name, client=client, embedding_function=embeddings, collection_configuration={"hnsw": search}
    )


def nearest(
    store: VectorStore, texts: Sequence[str], count: int, ids: list[str] | None = None
) -> list[dict[str, float]]:
    """The cosines of the entries, of all or of those named, that lie closest to each text, by their ids, best first.

    Only the ids are asked for: reading the entries' texts, which the index holds in memory, takes twice the search.
    """
    held: Any = store
    vectors = [store.embeddings.embed_query(text) for text in texts] if store.embeddings else []
    found = held._collection.query(query_embeddings=vectors, n_results=count, ids=ids, include=["distances"])
    return [
        {key: 1 - distance for key, distance in zip(keys, distances, strict=True)}
        for keys, distances in zip(found["ids"], found["distances"], strict=True)
    ]


@contextmanager
def usable(folder: Path, store: str) -> Iterator[None]:
    """What Chroma or the disk refuses becomes an IndexUnusable with its remedy."""
    from chromadb.errors import ChromaError

    try:
        yield
    except OSError as error:
        raise IndexUnusable(
            f"{folder}: {error.strerror or error}; free the folder or name another with --index"
        ) from error
    except (ChromaError, ValueError) as error:
        remedy = f"is {store} the right address of a server that runs?" if store else REMEDY
        raise IndexUnusable(f"{folder}: Chroma says {str(error).splitlines()[0]}; {remedy}") from error
