import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from contextlib import closing
from pathlib import Path

import pytest

from bot import index, sources, views
from bot.entries import sentence_id
from bot.errors import IndexUnusable, SourceError
from bot.terms import is_chinese
from tests.conftest import CORPUS, PROJECT, WordEmbeddings


def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CORPUS, tmp_path / "copy"))


def test_the_store_measures_by_cosine_not_by_chromas_default(build):
    collection = build().store._collection
    assert collection.configuration["hnsw"]["space"] == "cosine"


def test_an_unchanged_folder_is_not_embedded_again(build, embeddings):
    build()
    embedded = len(embeddings.embedded)
    build()
    assert len(embeddings.embedded) == embedded > 0


def test_only_what_changed_is_embedded_again(build, embeddings, tmp_path):
    folder = copy(tmp_path)
    build(folder)
    embeddings.embedded.clear()
    with (folder / "wire-2021-report.md").open("a") as file:
        file.write("\nLitecoin fell too, The Wire reported.\n")
    built = build(folder)
    assert [text.split(" (")[0] for text in embeddings.embedded] == ["Litecoin fell too, The Wire reported."]
    assert built.store.similarity_search("Litecoin", k=1)[0].page_content.startswith("Litecoin")


def test_a_removed_source_is_no_longer_found(build, tmp_path):
    folder = copy(tmp_path)
    build(folder)
    (folder / "wire-2021-report.md").unlink()
    found = build(folder).store.similarity_search("Bitcoin fell 8.9 per cent", k=50)
    assert found and not [hit.id for hit in found if hit.id.startswith("wire")]


def test_a_rebuild_embeds_everything_and_leaves_one_manifest(build, embeddings, tmp_path):
    build()
    first = list(embeddings.embedded)
    build(rebuild=True)
    assert embeddings.embedded == first * 2
    assert not list((tmp_path / "index").glob("*.new"))


def test_an_index_of_another_version_is_refused_with_the_way_out(build, tmp_path):
    build()
    file = tmp_path / "index" / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "format": 99}))
    with pytest.raises(IndexUnusable, match=r"format 99.*--rebuild"):
        build()
    assert build(rebuild=True).sentences


def test_an_index_of_an_older_version_is_built_anew(build, tmp_path):
    build()
    file = tmp_path / "index" / "manifest.json"
    file.write_text(json.dumps({"format": 1, "collection": "sentences-0"}))
    assert build().store.similarity_search("Bitcoin", k=1)
    assert json.loads(file.read_text())["format"] > 1


def test_an_index_with_a_bridge_holds_every_entry_twice(build, embeddings):
    built = build(bridge=lambda: embeddings)
    assert (
        built.bridge.similarity_search("Bitcoin fell", k=1)[0].id
        == built.store.similarity_search("Bitcoin fell", k=1)[0].id
    )


@pytest.mark.parametrize("content", ["", "{}", "not JSON", "[1]"])
def test_a_manifest_that_cannot_be_read_is_refused_with_the_way_out(build, tmp_path, content):
    build()
    (tmp_path / "index" / "manifest.json").write_text(content)
    with pytest.raises(IndexUnusable, match="--rebuild"):
        build()


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    documents = sources.read(CORPUS).documents
    with pytest.raises(IndexUnusable, match="--index"):
        index.sync(tmp_path / "file" / "index", documents, (), WordEmbeddings, model="words")


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.conftest import WordEmbeddings
from bot import index, sources

class Fatal(WordEmbeddings):
    def embed_documents(self, texts):
        os.kill(os.getpid(), signal.SIGKILL)

documents = sources.read(Path(sys.argv[1])).documents
index.sync(Path(sys.argv[2]), documents, (), Fatal, model="words")
"""


def test_an_indexer_killed_midway_leaves_the_old_index_working(build, tmp_path):
    folder = copy(tmp_path)
    before = len([s for s in build(folder).sentences if not is_chinese(s.page_content)])
    (folder / "new.txt").write_text("A new text stands here.")
    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED), folder, tmp_path / "index"], check=False)
    assert killed.returncode == -signal.SIGKILL
    manifest = json.loads((tmp_path / "index" / "manifest.json").read_text())
    assert manifest["entries"] == {"sentences": before, "questions": 0}
    (folder / "new.txt").unlink()
    assert build(folder).store.similarity_search("bodies", k=1)


def test_a_changed_index_leaves_nothing_to_be_linked_at_each_opening(build, tmp_path):
    folder = tmp_path / "large"
    folder.mkdir()
    for name, numbers in (("old", range(400)), ("new", range(400, 440))):
        lines = [f"Sentence {n} tells of bitcoin and word{n}." for n in numbers]
        (folder / f"{name}.txt").write_text("\n\n".join(lines))
        build(folder)
    generation = json.loads((tmp_path / "index" / "manifest.json").read_text())["generation"]
    with closing(sqlite3.connect(tmp_path / "index" / f"chroma-{generation}" / "chroma.sqlite3")) as database:
        (waiting,) = database.execute("SELECT count(*) FROM embeddings_queue").fetchone()
    assert waiting < 4


def test_two_sources_that_say_the_same_are_two_sentences_of_the_index(build):
    same = [s.metadata["source"] for s in build().sentences if s.page_content.startswith("Staff of overseas")]
    assert same == ["pbc-2021-notice", "wire-2021-report"]


def test_a_question_view_finds_its_sentence(tmp_path, embeddings):
    view = views.View(source="pbc-2026-notice", starts="Eight bodies", questions=("How large was the committee?",))
    built = index.sync(tmp_path / "index", sources.read(CORPUS).documents, (view,), lambda: embeddings, model="words")
    (hit,) = built.asked.similarity_search("committee", k=1)
    assert sentence_id(hit.id) == "pbc-2026-notice#1.2"


def test_a_view_of_a_sentence_that_changed_is_left_out(tmp_path, embeddings):
    view = views.View(source="pbc-2026-notice", starts="Nine bodies", questions=("Who signed?",))
    built = index.sync(tmp_path / "index", sources.read(CORPUS).documents, (view,), lambda: embeddings, model="words")
    assert built.views == {}


def test_views_that_are_not_views_are_refused(tmp_path):
    (tmp_path / "views.jsonl").write_text('{"source": "a"}\n')
    with pytest.raises(SourceError, match=r"views\.jsonl"):
        views.read(tmp_path)


NOBODY = """
import os, sys
from pathlib import Path
from bot import errors, index, sources, store
from tests.conftest import CORPUS, WordEmbeddings
import filelock, langchain_chroma
store.Place(Path(sys.argv[2])).client().list_collections()  # all that is loaded late is there before root steps down
documents = sources.read(CORPUS).documents
if os.geteuid() == 0:
    os.setuid(65534)
try:
    index.sync(Path(sys.argv[1]), documents, (), WordEmbeddings, model="words")
except errors.IndexUnusable as error:
    sys.exit(str(error))
"""


@pytest.mark.parametrize("there", [False, True], ids=["no index", "an index"])
def test_a_folder_that_may_not_be_written_is_named_with_what_to_do(tmp_path, there):
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to others
        folder = Path(name)
        if there:
            index.sync(folder, sources.read(CORPUS).documents, (), WordEmbeddings, model="words")
        for path in (*folder.rglob("*"), folder):
            path.chmod(0o555 if path.is_dir() else 0o444)
        command = [sys.executable, "-c", NOBODY, folder, tmp_path]
        run = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755)
    assert run.returncode == 1 and "--index" in run.stderr and "Traceback" not in run.stderr, run.stderr
    assert (there and "make the folder writable" in run.stderr) or "ermission" in run.stderr


def test_a_store_that_cannot_be_reached_is_named(tmp_path):
    documents = sources.read(CORPUS).documents
    with pytest.raises(IndexUnusable, match=r"http://127\.0\.0\.1:9"):
        index.sync(tmp_path, documents, (), WordEmbeddings, model="words", store="http://127.0.0.1:9")


@pytest.fixture
def grown(tmp_path, embeddings):
    """An index of thirty sources, and what makes it again after a change."""
    folder = tmp_path / "many"
    folder.mkdir()
    for n in range(30):
        (folder / f"s{n}.txt").write_text(f"Source {n} tells of word{n}. Its second sentence speaks of ferry{n}.")

    def sync():
        documents = sources.read(folder).documents
        return index.sync(tmp_path / "index", documents, (), lambda: embeddings, model="words")

    sync()
    embeddings.embedded.clear()
    return folder, sync


def test_a_small_change_is_made_in_a_copy_of_the_store(grown, embeddings, tmp_path):
    folder, sync = grown
    (folder / "s7.txt").write_text("Source 7 tells of harbours now.")
    (folder / "s9.txt").unlink()
    found = {text: index_of(sync(), text) for text in ("harbours", "word7", "word9", "word3")}
    assert [found["harbours"], found["word3"]] == ["s7", "s3"]
    assert len(embeddings.embedded) == 2  # the sentence and its source's opening
    assert "s9" not in found.values()
    assert len(list((tmp_path / "index").glob("chroma-*"))) == 2  # the new one, and the one a page may still read


def index_of(built, text):
    (hit,) = built.store.similarity_search(text, k=1)
    return str(hit.id).lstrip("#").partition("#")[0]


def test_a_page_that_is_open_answers_from_the_old_store_while_the_new_one_is_made(grown):
    folder, sync = grown
    opened = sync()
    (folder / "s7.txt").unlink()
    sync()
    assert index_of(opened, "word7") == "s7"
