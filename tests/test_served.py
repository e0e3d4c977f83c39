"""Embeddings from a server with OpenAI's interface, real but tiny: it hashes words, and fails as servers do."""

import http.server
import json
import subprocess
import sys
import threading

import pytest

from bot import models
from bot.answering import Answerer
from bot.doctor import examine
from bot.errors import ModelError
from bot.opening import open_index
from bot.records import Question
from bot.served import KEY
from bot.settings import Settings
from tests.conftest import CORPUS, PROJECT, WordEmbeddings
from tests.serving import collect, free_port

CALLED = "word-hashes"


class Server(http.server.BaseHTTPRequestHandler):
    """`/v1/embeddings` of one model; `fails` says in which way it does not, if it does not."""

    fails, asked, keys = "", [], []
    words = WordEmbeddings()

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked += asked["input"]
        self.keys.append(self.headers["Authorization"])
        known = self.path == "/v1/embeddings" and asked["model"] == CALLED and len(asked["input"]) <= 32
        vectors = self.words.embed_documents(asked["input"])
        if self.fails == "sizes":
            vectors[-1] = vectors[-1][:100]
        data = [{"object": "embedding", "index": n, "embedding": v} for n, v in enumerate(vectors)]
        said = {"nothing": {}, "fewer": {"data": data[1:]}, "no JSON": None}.get(self.fails, {"data": data})
        self.send_response(200 if known and self.fails != "refuses" else 404)
        self.send_header("Content-Type", "text/html" if said is None else "application/json")
        self.end_headers()
        self.wfile.write(b"<html>" if said is None else json.dumps(said).encode())

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server():
    """The class of the server that runs, and the address of its interface."""
    kind = type("Own", (Server,), {"asked": [], "keys": []})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield kind, f"http://127.0.0.1:{running.server_port}/v1"
        running.shutdown()
    collect()


def settings(tmp_path, url, name=CALLED) -> Settings:
    return Settings(CORPUS, tmp_path / "index", embeddings_model=name, embeddings_url=url)


def test_sources_and_questions_are_embedded_by_the_server_alone(server, tmp_path):
    kind, url = server
    index, _ = open_index(settings(tmp_path, url))
    stored = len(kind.asked)
    answer = Answerer(index).invoke(Question("How many per cent did Bitcoin fall?"))
    assert "8.9 per cent" in answer.text
    assert stored >= len(index.sentences) - len(index.chinese)
    assert kind.asked[stored:] == ["How many per cent did Bitcoin fall?"]
    assert len(index.store._collection.get(limit=1, include=["embeddings"])["embeddings"][0]) == 2048
    assert set(kind.keys) == {"Bearer none"}


def test_another_model_makes_the_index_anew_and_takes_no_vector_over(server, tmp_path, build):
    build()  # by a model called "words", of the same sources
    kind, url = server
    index, _ = open_index(settings(tmp_path, url))
    stored = len(kind.asked)
    open_index(settings(tmp_path, url))
    assert len(kind.asked) == stored >= len(index.sentences) - len(index.chinese)


@pytest.mark.parametrize(
    ("fails", "said"),
    [
        ("refuses", "does it run"),
        ("nothing", "gives no embeddings"),
        ("no JSON", "gives no embeddings"),
        ("fewer", "differ in size or number"),
        ("sizes", "differ in size or number"),
    ],
)
def test_a_server_that_fails_is_named_in_one_line_that_says_what_to_do(server, fails, said):
    kind, url = server
    kind.fails = fails
    with pytest.raises(ModelError, match=said) as caught:
        models.chosen(CALLED, url)[1]().embed_documents(["one", "two", "three"])
    assert url in str(caught.value) and "BANBOT_EMBEDDINGS" in str(caught.value) and "\n" not in str(caught.value)


def test_vectors_that_change_their_size_from_one_text_to_the_next_are_refused(server):
    kind, url = server
    model = models.chosen(CALLED, url)[1]()
    model.embed_query("one")
    kind.fails = "sizes"
    with pytest.raises(ModelError, match="differ in size"):
        model.embed_query("two")


def test_a_server_that_is_not_there_is_named_by_the_command(tmp_path):
    url = f"http://127.0.0.1:{free_port()}/v1"
    own = {"BANBOT_EMBEDDINGS_URL": url, "BANBOT_EMBEDDINGS_MODEL": CALLED, KEY: "a-secret-key"}
    command = [sys.executable, "-m", "bot", "index", "--sources", CORPUS, "--index", tmp_path / "index"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, env=own, check=False)
    assert run.returncode == 1 and run.stdout == "" and run.stderr.count("\n") == 1
    assert run.stderr.startswith(f"banbot: {url} gives no embeddings") and "a-secret-key" not in run.stderr


@pytest.mark.parametrize(
    ("name", "url", "said"),
    [
        (CALLED, "", "no address"),
        (CALLED, "here:8080", "no address"),
        (CALLED, "http://[", "no address"),
        ("", "http://127.0.0.1:8080/v1", "set BANBOT_EMBEDDINGS_MODEL"),
    ],
)
def test_half_a_setting_is_refused_before_anything_is_asked(name, url, said):
    with pytest.raises(ModelError, match=said):
        models.chosen(name, url)


def test_a_package_that_is_missing_is_named_with_how_to_install_it(tmp_path):
    (tmp_path / "langchain_openai.py").write_text("raise ImportError")
    code = "from bot.served import Served; Served('a', 'http://127.0.0.1:9/v1').embed_query('one')"
    own = {"PYTHONPATH": f"{tmp_path}:{PROJECT}"}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=own, check=False)
    assert run.stderr.rstrip().splitlines()[-1].endswith("-m pip install 'banbot[openai]'")


def test_the_server_gets_its_own_key_and_the_doctor_says_which_embeddings_are_used(server, tmp_path, monkeypatch):
    monkeypatch.setenv(KEY, "a-secret-key")
    monkeypatch.setenv("OPENAI_API_KEY", "another")
    kind, url = server
    findings = {finding.text: finding.good for finding in examine(settings(tmp_path, url))}
    assert findings[f"embeddings: {CALLED} from {url}, vectors of 2048 numbers"]
    assert kind.keys == ["Bearer a-secret-key"]
    kind.fails = "refuses"
    assert any(f"{url} gives no embeddings" in f.text for f in examine(settings(tmp_path, url)) if not f.good)
