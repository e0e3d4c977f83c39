"""One Chroma server for any number of pages: a real `chroma run`, behind a door that wants a token."""

import contextlib
import http.server
import shutil
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import trustme
from chromadb.api.shared_system_client import SharedSystemClient

from bot import index, sources
from bot.answering import Answerer
from bot.errors import IndexUnusable
from bot.records import Question
from bot.settings import Settings
from tests.conftest import CORPUS, WordEmbeddings
from tests.serving import collect, free_port, serving

TOKEN = "a-token-of-some-length"


@contextlib.contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of a real Chroma server that keeps its data in the folder."""
    port = free_port()
    chroma = Path(sys.executable).with_name("chroma")
    command = [chroma, "run", "--path", folder, "--port", str(port), "--host", "127.0.0.1"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        address = f"http://127.0.0.1:{port}"
        while process.poll() is None:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{address}/api/v2/heartbeat", trust_env=False).is_success:
                    break
            time.sleep(0.05)  # between one look and the next
        yield address
        process.kill()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a real Chroma server."""
    with running(tmp_path_factory.mktemp("server")) as address:
        yield address
    SharedSystemClient.clear_system_cache()
    collect()


class Door(http.server.BaseHTTPRequestHandler):
    """Lets those to the server who show the token."""

    protocol_version = "HTTP/1.1"
    behind = ""

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, said = 401, b'{"error": "Unauthorized", "message": "token"}'
        if self.headers["Authorization"] == f"Bearer {TOKEN}":
            kind = {"Content-Type": "application/json"}
            reply = httpx.request(self.command, self.behind + self.path, content=body, headers=kind, trust_env=False)
            status, said = reply.status_code, reply.content
        self.send_response(status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_GET = do_POST = do_DELETE = do_PUT = _any

    def log_message(self, *args: object) -> None:
        pass


@contextlib.contextmanager
def guarded(server: str, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """The port of a door before the server, which speaks TLS if told how."""
    kind = type("Here", (Door,), {"behind": server})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind) as guard:
        if tls:
            guard.socket = tls.wrap_socket(guard.socket, server_side=True)
        threading.Thread(target=guard.serve_forever, daemon=True).start()
        yield guard.server_port
        guard.shutdown()


@pytest.fixture(scope="module")
def door(server):
    """The address of the server behind its door."""
    with guarded(server) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def secured(server, tmp_path):
    """The address of the same door over TLS, and the file of the authority that signed its certificate."""
    authority, tls = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(tls)
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    with guarded(server, tls) as port:
        yield f"https://localhost:{port}", tmp_path / "authority.pem"


def sync(folder, store, token="", embeddings=WordEmbeddings, corpus=CORPUS):
    documents = sources.read(corpus).documents
    return index.sync(folder, documents, (), embeddings, model="words", store=store, token=token)


def test_an_index_on_a_server_answers_as_the_embedded_one_does(tmp_path, door, build):
    question = Question("How many bodies issued the trading notice?")
    far = Answerer(sync(tmp_path / "far", door, TOKEN)).invoke(question)
    near = Answerer(build()).invoke(question)
    assert (far.text, far.outcome) == (near.text, near.outcome)


def test_a_wrong_token_is_told_with_where_to_set_it_and_never_shown(tmp_path, door):
    with pytest.raises(IndexUnusable, match="BANBOT_STORE_TOKEN") as refused:
        sync(tmp_path, door, "wrong-token")
    assert "wrong-token" not in str(refused.value)


def test_a_token_goes_over_tls_or_stays_on_this_machine(tmp_path):
    with pytest.raises(IndexUnusable, match="https://") as refused:
        sync(tmp_path, "http://store.invalid:8000", TOKEN)
    assert TOKEN not in str(refused.value)


def test_a_store_is_asked_over_tls_and_only_if_its_certificate_is_trusted(tmp_path, secured, monkeypatch):
    address, authority = secured
    with pytest.raises(IndexUnusable, match="SSL_CERT_FILE"):
        sync(tmp_path / "index", address, TOKEN)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    held = sync(tmp_path / "index", address, TOKEN)
    assert Answerer(held).invoke(Question("How many bodies issued the trading notice?")).citations


def test_a_password_in_the_stores_address_is_not_shown(tmp_path):
    with pytest.raises(IndexUnusable, match="BANBOT_STORE_TOKEN") as refused:
        sync(tmp_path, "http://ann:secret@127.0.0.1:8000")
    assert "secret" not in str(refused.value)


def test_the_settings_never_show_the_token():
    assert TOKEN not in repr(Settings(store_token=TOKEN))


def test_two_pages_share_one_server_and_one_goes_on_when_the_other_ends(tmp_path, server):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with serving(tmp_path / "one", store=server) as one:
        with serving(tmp_path / "two", store=server) as two:
            health = [httpx.get(f"{address}/health", trust_env=False).json() for address in (one, two)]
            assert health[0] == health[1] and health[0]["ready"]
        assert httpx.get(f"{one}/health", trust_env=False).json()["ready"]


def test_an_answerer_keeps_answering_while_another_indexes_anew(tmp_path, server):
    answerer = Answerer(sync(tmp_path / "one", server))
    corpus = Path(shutil.copytree(CORPUS, tmp_path / "corpus"))
    (corpus / "new.txt").write_text("Litecoin fell too.")
    sync(tmp_path / "one", server, corpus=corpus)
    assert answerer.invoke(Question("How many bodies issued the trading notice?")).citations


def test_a_store_that_goes_away_is_told_while_answering(tmp_path, server):
    (tmp_path / "server").mkdir()
    with running(tmp_path / "server") as address:
        answerer = Answerer(sync(tmp_path / "index", address))
    with pytest.raises(IndexUnusable, match="right address"):
        answerer.invoke(Question("How many bodies issued the trading notice?"))


def test_a_server_that_never_answers_is_not_waited_for(tmp_path):
    import socket

    from bot import store

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        place = store.Place(tmp_path, f"http://127.0.0.1:{silent.getsockname()[1]}", patience=0.2)
        with pytest.raises(httpx.TimeoutException):
            place.client()
