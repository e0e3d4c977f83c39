"""One indexer at a time: a lock that says who holds it. It is the system's own, so a process that dies lets go."""

import json
import logging
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import IndexUnusable

MOMENT = 1.0
"""Seconds after which one who waits is told for whom."""
PATIENCE = 900.0
"""Seconds after which one who waits gives up."""


@contextmanager
def held(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the folder's lock; raises IndexUnusable, naming who holds it, when `patience` is at its end."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / "lock")
    try:
        lock.acquire(timeout=min(MOMENT, patience))
    except Timeout:
        owner = _owner(folder)
        logging.getLogger(__name__).warning("banbot: %s: waiting for %s, which is indexing", folder, owner)
        try:
            lock.acquire(timeout=max(0.0, patience - MOMENT))
        except Timeout:
            raise IndexUnusable(
                f"{folder}: {owner} is still indexing; wait for it, end it, or name another folder with --index"
            ) from None
    try:
        me = {"pid": os.getpid(), "host": socket.gethostname(), "since": time.strftime("%Y-%m-%d %H:%M:%S")}
        (folder / "lock.owner").write_text(json.dumps(me))
        yield
    finally:
        lock.release()


def holder(folder: Path) -> str:
    """Who holds the folder's lock at this moment; empty if nobody does."""
    from filelock import FileLock, Timeout

    if not (folder / "lock").exists():
        return ""
    try:
        with FileLock(folder / "lock", timeout=0):
            return ""
    except Timeout:
        return _owner(folder)


def _owner(folder: Path) -> str:
    """Who holds the lock, as far as it was written down."""
    try:
        told = json.loads((folder / "lock.owner").read_text())
        return f"process {told['pid']} on {told['host']} since {told['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
