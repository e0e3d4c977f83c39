"""Add a file and index it, killed at a chosen point; run by test_faults.py, each time in a fork of one warm process.

A line of input is `how where folder`: `how` is `never`, `call` (killed at that call of a function) or `after` (killed
that many seconds after its start, inside native code as well). A line of output is the exit status and what it cost.
"""

import os
import signal
import sys
import time
from pathlib import Path

import filelock  # noqa: F401
import langchain_chroma  # noqa: F401

from bot import adding, index, sources
from tests.conftest import WordEmbeddings


def work(folder: Path) -> None:
    """What a user does: bring a file, and ask for the index to be in step."""
    mine = folder / "mine"
    for file in (folder / "new.txt",):
        if not list(mine.glob("a-ferry*")):
            adding.add(str(file), mine)
    index.sync(folder / "index", sources.read(mine).documents, (), WordEmbeddings, model="words")


def child(how: str, where: str, folder: Path) -> None:
    calls = 0

    def count(frame: object, event: str, arg: object) -> None:
        nonlocal calls
        calls += 1
        if how == "call" and calls >= int(where):
            os.kill(os.getpid(), signal.SIGKILL)

    if how != "after":
        sys.setprofile(count)
    work(folder)
    sys.setprofile(None)
    (folder / "calls").write_text(str(calls))
    os._exit(0)


def main() -> None:
    for line in sys.stdin:
        how, where, folder = line.split()
        begun = time.monotonic()
        if not (pid := os.fork()):
            child(how, where, Path(folder))
        if how == "after":
            time.sleep(float(where))
            os.kill(pid, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        print(status, time.monotonic() - begun, flush=True)


if __name__ == "__main__":
    main()
