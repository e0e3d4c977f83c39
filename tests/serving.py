"""A page over the tiny corpus with the words' embedding, in a process of its own: quick to start, real to ask."""

import contextlib
import gc
import json
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

from bot import guarding, index, sources, watching
from bot.answering import Answerer
from bot.holdings import hold
from tests.conftest import CORPUS, PROJECT, WordEmbeddings


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def collect() -> None:
    """Close what clients leave open for the garbage collector: OpenAI's and Chroma's their connections."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@contextlib.contextmanager
def serving(folder: Path, **rules: object) -> Iterator[str]:
    """The address of a page under these rules; what it says goes into `said.txt` of the folder."""
    port = free_port()
    command = [sys.executable, "-m", "tests.serving", folder, port, json.dumps(rules)]
    with (
        (folder / "said.txt").open("w") as said,
        subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=said, text=True, cwd=PROJECT) as run,
    ):
        (folder / "pid").write_text(str(run.pid))
        for line in run.stdout:  # ends, too, if the page does not start
            said.write(line)
            if line.startswith("Ready"):
                break
        else:
            raise AssertionError((folder / "said.txt").read_text())
        yield f"http://127.0.0.1:{port}"
        run.kill()


def main(folder: str, port: str, rules: str) -> None:
    from bot.page import serve

    options = json.loads(rules)
    store = {"store": options.pop("store", ""), "token": options.pop("token", "")}
    asked = {name: options.pop(name, default) for name, default in (("questions", False), ("metrics", False))}
    host = options.pop("host", "127.0.0.1")

    def build() -> Answerer:
        documents = sources.read(CORPUS).documents
        built = index.sync(Path(folder) / "index", documents, (), WordEmbeddings, model="words", **store)
        return watching.Watched(Answerer(built), journal)

    with watching.journal(str(Path(folder) / "log.jsonl"), **asked) as journal:
        around = watching.around(guarding.rules(host, **options), journal)
        held = hold(sources.read(CORPUS).documents, CORPUS)
        serve(held, build, Path(folder) / "feedback.sqlite3", host, int(port), around=around)


if __name__ == "__main__":
    main(*sys.argv[1:])
