"""The only place where Chroma is opened: embedded in a folder, or on a server."""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore

from bot.errors import IndexUnusable
from bot.manifest import REMEDY

if TYPE_CHECKING:
    from chromadb.api import ClientAPI as ClientAPI

PATIENCE = 10.0
"""Seconds within which a server must say that it is there."""


def texts(client: "ClientAPI", name: str) -> dict[str, str]:
    """The texts of a collection by their ids."""
    held = client.get_collection(name).get(include=["documents"])
    return dict(zip(held["ids"], held["documents"] or [], strict=True))


def vectors(client: "ClientAPI", name: str, ids: list[str] | None = None) -> dict[str, list[float]]:
    """The vectors of a collection, of all entries or of those named, by the texts they stand for."""
    held = client.get_collection(name).get(ids=ids, include=["documents", "embeddings"])
    texts, found = held["documents"] or [], held["embeddings"]
    return {} if found is None else {t: [float(x) for x in v] for t, v in zip(texts, found, strict=True)}


def holds(client: "ClientAPI", name: str, entries: int) -> bool:
    """Whether the store has the collection, whole."""
    names = {collection.name for collection in client.list_collections()}
    return name in names and client.get_collection(name).count() == entries


@dataclass(frozen=True)
class Place:
    """Where the vectors are kept: in the index's folder, or on the server at an address, shown a token.

    In the folder each generation has a folder of its own, so that one is changed while another is read.
    """

    folder: Path
    store: str = ""
    token: str = field(default="", repr=False)
    patience: float = PATIENCE
    generation: str = ""

    def at(self, generation: str) -> "Place":
        """The same place at another generation."""
        return replace(self, generation=generation)

    @property
    def path(self) -> Path:
        """The generation's folder."""
        return self.folder / (f"chroma-{self.generation}" if self.generation else "chroma")

    def client(self) -> "ClientAPI":
        """The embedded Chroma in the folder, or the server's; raises IndexUnusable and what Chroma raises."""
        import chromadb
        from chromadb.config import Settings

        quiet = Settings(anonymized_telemetry=False)
        if not self.store:
            return chromadb.PersistentClient(str(self.path), settings=quiet)
        address = urlsplit(self.store)
        secure = address.scheme == "https"
        if not address.hostname or address.scheme not in ("http", "https"):
            raise IndexUnusable("--store is no address; write http://host:port or https://host:port")
        if address.username or address.password:
            raise IndexUnusable("--store holds a password; set it in BANBOT_STORE_TOKEN instead")
        if self.token and not secure and address.hostname not in ("127.0.0.1", "::1", "localhost"):
            raise IndexUnusable(f"{self.store}: a token is sent over https:// only; mend the address")
        port = address.port or (443 if secure else 8000)
        shown = {"Authorization": f"Bearer {self.token}", "X-Chroma-Token": self.token} if self.token else {}
        self._knock(f"{address.scheme}://{address.netloc}" + ("" if address.port else f":{port}"), shown)
        return chromadb.HttpClient(address.hostname, port, ssl=secure, headers=shown, settings=quiet)

    def _knock(self, address: str, headers: dict[str, str]) -> None:
        """Ask whether the server is there; Chroma's own client would wait for ever."""
        import httpx

        httpx.get(f"{address}/api/v2/heartbeat", headers=headers, timeout=self.patience).raise_for_status()

    def is_damaged(self) -> bool:
        """Whether the embedded store is no database that can be read."""
        file = self.path / "chroma.sqlite3"
        if self.store or not file.is_file():
            return False
        try:
            with closing(sqlite3.connect(f"file:{quote(str(file.resolve()))}?mode=ro", uri=True)) as database:
                return bool(database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",))
        except sqlite3.OperationalError:
            return False  # locked or not to be opened is not damaged
        except sqlite3.DatabaseError:
            return True

    def begin_as(self, other: "Place") -> None:
        """Copy another generation of the embedded store, which nobody may be writing."""
        shutil.copytree(other.path, self.path)

    def keep_only(self, *generations: str) -> None:
        """Remove every other generation of the embedded store."""
        kept = {self.at(generation).path for generation in generations}
        for folder in self.folder.glob("chroma*"):
            if folder not in kept:
                shutil.rmtree(folder, ignore_errors=True)

    def clear(self) -> None:
        """Remove the embedded store and its manifest; the sources hold all that was in them."""
        from chromadb.api.shared_system_client import SharedSystemClient

        SharedSystemClient.clear_system_cache()  # it would hand out the damaged one again
        (self.folder / "manifest.json").unlink(missing_ok=True)
        self.keep_only()


def rename(client: "ClientAPI", name: str, new: str) -> None:
    """Give a collection another name."""
    client.get_collection(name).modify(name=new)


def expect(client: "ClientAPI", name: str, entries: int) -> None:
    """Let a collection that is there write its graph when so many entries have changed, so that no rest is left."""
    client.get_collection(name).modify(configuration={"hnsw": {"sync_threshold": max(2, entries)}})


def collection(client: "ClientAPI", name: str, embeddings: Embeddings, entries: int) -> Any:
    """A collection as LangChain's VectorStore, made for so many entries if it is not there."""
    from langchain_chroma import Chroma

    # Chroma's default distance is L2; a search of this width misses five of the nearest 150 in a thousand, none of 20.
    search: Any = {"space": "cosine", "ef_construction": 200, "ef_search": 200}
    # Chroma writes its graph whenever so many entries are new, and adds the rest anew at each opening: leave no rest.
    search |= {"batch_size": max(2, min(100, entries)), "sync_threshold": max(2, entries)}
    return Chroma(
        collection_name=name, client=client, embedding_function=embeddings, collection_configuration={"hnsw": search}
    )


def nearest(
    store: VectorStore, vectors: Sequence[Sequence[float]], count: int, ids: list[str] | None = None
) -> list[dict[str, float]]:
    """The cosines of the entries, of all or of those named, that lie closest to each vector, by their ids, best first.

    Only the ids are asked for: reading the entries' texts, which the index holds in memory, takes twice the search.
    """
    held: Any = store
    with usable(Path("index"), "the store" if _is_server(held._client) else ""):
        found = held._collection.query(query_embeddings=vectors, n_results=count, ids=ids, include=["distances"])
    return [
        {key: 1 - distance for key, distance in zip(keys, distances, strict=True)}
        for keys, distances in zip(found["ids"], found["distances"], strict=True)
    ]


def _is_server(client: "ClientAPI") -> bool:
    return bool(client.get_settings().chroma_server_host)


def refusals() -> tuple[type[Exception], ...]:
    """What Chroma and the way to its server raise."""
    import httpx
    from chromadb.errors import ChromaError

    return ChromaError, ValueError, httpx.HTTPError


@contextmanager
def usable(folder: Path, store: str) -> Iterator[None]:
    """What Chroma or the disk refuses becomes an IndexUnusable with its remedy."""
    try:
        yield
    except OSError as error:
        raise IndexUnusable(
            f"{folder}: {error.strerror or error}; free the folder or name another with --index"
        ) from error
    except refusals() as error:
        said = (str(error).splitlines() or [type(error).__name__])[0]
        raise IndexUnusable(f"{folder}: Chroma says {said}; {_remedy(said, store)}") from error


def _remedy(said: str, store: str) -> str:
    if store:
        if "CERTIFICATE_VERIFY_FAILED" in said:
            return "if its certificate is one of your own, name the file of who signed it in SSL_CERT_FILE"
        denied = any(word in said for word in ("401", "403", "Unauthorized", "Forbidden"))
        return (
            "set its token in BANBOT_STORE_TOKEN" if denied else f"is {store} the right address of a server that runs?"
        )
    full = any(word in said for word in ("disk is full", "disk I/O error", "No space", "File too large"))
    locked = "readonly" in said or "unable to open" in said
    if full or locked:
        return f"{'make room' if full else 'make the folder writable'} or name another with --index"
    return REMEDY
