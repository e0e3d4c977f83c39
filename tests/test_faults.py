"""What goes wrong outside: kills, full disks, damage, two indexers. The old index answers, the next run mends."""

import logging
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot import adding, index, locking, manifest, sources
from bot.errors import IndexUnusable, SourceError
from tests.conftest import CORPUS, PROJECT, WordEmbeddings

POINTS = 50
SAMPLE = random.Random(20210924).sample


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """Runs the work of `killing.py` in a copy of a good state, killed as asked; the folder, status and cost."""
    base = tmp_path_factory.mktemp("killed")
    shutil.copytree(CORPUS, base / "good" / "mine")
    (base / "good" / "new.txt").write_text("A ferry report\n\nThe harbour ferry stops on 3 May 2024.\n")
    index.sync(base / "good" / "index", sources.read(CORPUS).documents, (), WordEmbeddings, model="words")
    command = [sys.executable, "-m", "tests.killing"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as runner:

        def run(how, where):
            folder = Path(shutil.copytree(base / "good", base / f"{how}-{where}"))
            print(how, where, folder, file=runner.stdin, flush=True)
            status, seconds = runner.stdout.readline().split()
            return folder, int(status), float(seconds)

        yield run


@pytest.fixture(scope="module")
def points(killed):
    """The points at which work is killed: half at a call of a function, half after a time."""
    folder, status, seconds = killed("never", 0)
    assert status == 0
    calls = int((folder / "calls").read_text())
    half = POINTS // 2
    at_calls = [("call", at) for at in SAMPLE(range(1, calls), half)]
    return at_calls + [("after", round(seconds * at / 1000, 4)) for at in SAMPLE(range(1, 1000), half)]


@pytest.mark.parametrize("number", range(POINTS))
def test_killed_at_any_point_nothing_is_lost_the_old_index_answers_and_the_next_run_mends(number, killed, points):
    folder, status, _ = killed(*points[number])
    assert status in (-9, 0)  # 0: it was done before the time was over
    for file in CORPUS.iterdir():
        assert (folder / "mine" / file.name).read_bytes() == file.read_bytes()
    added = sources.read(folder / "mine")
    assert added.problems == ()
    old = [d for d in added.documents if "ferry" not in str(d.id)]
    new = added.documents if index.is_fresh(folder / "index", added.documents, (), model="words") else old
    embedded = WordEmbeddings()
    answers = index.sync(folder / "index", new, (), lambda: embedded, model="words")
    assert answers.store.similarity_search("How many bodies signed?", k=1) and embedded.embedded == []
    if len(added.documents) == len(old):
        adding.add(str(folder / "new.txt"), folder / "mine")
    mended = index.sync(folder / "index", sources.read(folder / "mine").documents, (), WordEmbeddings, model="words")
    assert "ferry" in mended.store.similarity_search("When does the harbour ferry stop?", k=1)[0].page_content
    held = {path.name.rpartition("-")[2] for path in (folder / "index").glob("chroma*")}
    known = manifest.read(folder / "index")
    assert held <= {known.generation, known.previous}


@pytest.fixture
def large(tmp_path):
    """A folder of sources with so many sentences that Chroma keeps them in files beside its database."""
    folder = tmp_path / "large"
    folder.mkdir()
    # Unlike each other: among a thousand neighbours all equally far, Chroma's approximate search may miss the nearest.
    words = [f"word{n}" for n in range(300)]
    lines = [f"Sentence {n} tells of {' '.join(SAMPLE(words, 8))}." for n in range(1200)]
    (folder / "large.txt").write_text("\n\n".join(lines))
    return folder


def vectors(folder: Path) -> list[Path]:
    return sorted(folder.glob("index/chroma-*/*/*"))


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("data_level0.bin", lambda data: b""),
        ("data_level0.bin", lambda data: b"x" * len(data)),
        ("header.bin", lambda data: data[: len(data) // 2]),
        ("link_lists.bin", None),
    ],
    ids=["empty", "overwritten", "cut", "gone"],
)
def test_a_damaged_file_of_vectors_is_noticed_and_the_index_made_anew(build, large, tmp_path, caplog, name, damage):
    sought = next(line for line in (large / "large.txt").read_text().splitlines() if "Sentence 777 " in line)
    assert build(large).store.similarity_search(sought, k=1)[0].page_content.startswith(sought)
    (file,) = [file for file in vectors(tmp_path) if file.name == name]
    data = file.read_bytes()
    file.unlink()
    if damage:
        file.write_bytes(damage(data))
    assert build(large).store.similarity_search(sought, k=1)[0].page_content.startswith(sought)
    assert "damaged" in caplog.text


@pytest.mark.parametrize("damage", [lambda data: b"x" * len(data), lambda data: data[: len(data) // 2]])
def test_a_damaged_database_is_noticed_and_made_anew_by_the_next_run(tmp_path, damage):
    script = (
        "from pathlib import Path; import sys; from bot import index, sources; from tests.conftest import *\n"
        "built = index.sync(Path(sys.argv[1]), sources.read(CORPUS).documents, (), WordEmbeddings, model='words')\n"
        "print(built.store.similarity_search('bodies', k=1)[0].id)"
    )

    def run():
        command = [sys.executable, "-c", script, tmp_path]
        return subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=True)

    first = run()
    (database,) = tmp_path.glob("chroma-*/chroma.sqlite3")
    database.write_bytes(damage(database.read_bytes()))
    second = run()
    assert second.stdout == first.stdout
    assert "the store is damaged; it is made anew" in second.stderr


HOLD = """
import sys
from pathlib import Path
from bot import locking
with locking.held(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path):
    """Another process that holds the index's lock until it is let go."""
    (tmp_path / "index").mkdir()
    command = [sys.executable, "-c", HOLD, tmp_path / "index"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_indexer_names_the_first_and_gives_up_in_the_end(build, other):
    with pytest.raises(IndexUnusable, match=rf"process {other.pid} on \S+ since .*--index"):
        build(patience=0.1)


def test_a_second_indexer_says_for_whom_it_waits_and_goes_on(build, other, caplog):
    class LetGo(logging.Handler):
        def emit(self, record):
            other.stdin.close()

    log = logging.getLogger(locking.__name__)
    handler = LetGo()
    log.addHandler(handler)
    try:
        assert build(patience=60).sentences
    finally:
        log.removeHandler(handler)
    assert f"waiting for process {other.pid}" in caplog.text


def test_an_indexer_that_died_holds_no_lock(build, other):
    other.kill()
    other.wait()
    assert build(patience=0.1).sentences


def test_an_index_in_step_is_opened_while_another_holds_the_lock(build, tmp_path):
    build()
    with locking.held(tmp_path / "index"):
        assert build(patience=0.0).sentences


def test_a_clock_that_went_back_changes_nothing(build, embeddings, tmp_path):
    folder = Path(shutil.copytree(CORPUS, tmp_path / "copy"))
    build(folder)
    for file in (tmp_path / "index").rglob("*"):
        os.utime(file, (4e9, 4e9))
    embedded = len(embeddings.embedded)
    build(folder)
    assert len(embeddings.embedded) == embedded
    (folder / "new.txt").write_text("Litecoin fell too.")
    os.utime(folder / "new.txt", (0, 0))
    ids = {str(hit.id) for hit in build(folder).store.similarity_search("Litecoin", k=2)}
    assert ids == {"new#1.1", "#new"}  # the sentence, and the text's opening, which is no more than it


FULL = """
import resource, sys
from pathlib import Path
from bot import errors, index, sources
from tests.conftest import WordEmbeddings
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)
try:
    index.sync(Path(sys.argv[1]), sources.read(Path(sys.argv[2])).documents, (), WordEmbeddings, model="words")
except errors.IndexUnusable as error:
    sys.exit(str(error))
"""


@pytest.mark.parametrize("room", [20_000, 400_000])
def test_a_full_disk_is_told_and_the_old_index_still_answers(build, large, tmp_path, room):
    build(CORPUS)
    command = [sys.executable, "-c", FULL, tmp_path / "index", large, str(room)]
    full = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)
    assert full.returncode == 1
    assert "Traceback" not in full.stderr and "make room or name another with --index" in full.stderr, full.stderr
    assert build(CORPUS).store.similarity_search("How many bodies signed?", k=1)
    assert build(large).store.similarity_search("word777", k=1)


def test_a_source_that_cannot_be_written_is_told_and_leaves_nothing(tmp_path):
    (tmp_path / "new.txt").write_text("A ferry report\n\nThe ferry stops.\n")
    (tmp_path / "mine").write_text("a file in the way")
    with pytest.raises(SourceError, match="mine"):
        adding.add(str(tmp_path / "new.txt"), tmp_path / "mine")


def test_what_a_full_disk_leaves_of_a_source_is_no_source(tmp_path):
    (tmp_path / "new.txt").write_text("A ferry report\n\nThe ferry stops.\n")
    script = (
        "import resource, sys; from pathlib import Path; from bot import adding\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))\n"
        "adding.add(sys.argv[1], Path(sys.argv[2]))"
    )
    mine = Path(shutil.copytree(CORPUS, tmp_path / "mine"))
    command = [sys.executable, "-c", script, tmp_path / "new.txt", mine]
    full = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)
    assert "SourceError" in full.stderr and "make room" in full.stderr
    assert len(list(mine.iterdir())) == 5 and sources.read(mine).problems == ()
