"""What `banbot doctor` says of the common failures, each with what to do."""

import json

import pytest

from bot import index, locking, models, sources, views
from bot.doctor import examine
from bot.settings import Settings
from tests.conftest import CORPUS, WordEmbeddings


@pytest.fixture
def told(tmp_path):
    """What the doctor says of an index of the tiny corpus, good findings and bad."""
    name = index.named(models.MINILM, models.adapter(models.MINILM))
    options = {"model": name, "bridge": WordEmbeddings}
    index.sync(tmp_path / "index", sources.read(CORPUS).documents, views.read(CORPUS), WordEmbeddings, **options)

    def examined(**more):
        findings = examine(Settings(CORPUS, tmp_path / "index", **more))
        return ["\n".join(f.text for f in findings if f.good is good) for good in (True, False)]

    return examined


def test_a_good_index_has_nothing_bad_to_tell(told):
    good, bad = told()
    assert "in step with the sources" in good and bad == ""


def test_a_damaged_index_is_told(told, tmp_path):
    (database,) = (tmp_path / "index").glob("chroma-*/chroma.sqlite3")
    database.write_bytes(b"x" * 5000)
    assert "database is damaged; run: banbot index" in told()[1]


def test_a_file_of_vectors_that_is_gone_is_told(told, tmp_path):
    file = tmp_path / "index" / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"seals": {"chroma/a/header.bin": "100-0"}}))
    assert "chroma/a/header.bin is damaged" in told()[1]


def test_who_is_indexing_is_told(told, tmp_path):
    with locking.held(tmp_path / "index"):
        assert "is indexing in" in told()[0]


def test_a_store_that_cannot_be_reached_is_told(told):
    assert "http://127.0.0.1:9" in told(store="http://127.0.0.1:9")[1]
