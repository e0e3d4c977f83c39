"""What readers say of answers, kept in a local SQLite file that `python -m eval feedback` makes new cases from."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.errors import FeedbackError

_TABLE = """
CREATE TABLE IF NOT EXISTS feedback (
    id INTEGER PRIMARY KEY,
    told TEXT NOT NULL,
    good INTEGER NOT NULL,
    reason TEXT NOT NULL,
    history TEXT NOT NULL,
    answer TEXT NOT NULL
) STRICT
"""


@dataclass(frozen=True)
class Told:
    """One reader's word on one answer; `answer` is the answer as `ask --json` writes it, `history` the turns before."""

    told: str
    good: bool
    reason: str
    history: tuple[Mapping[str, str], ...]
    answer: Mapping[str, Any]


def keep(
    file: Path, *, good: bool, reason: str, history: Sequence[Mapping[str, str]], answer: Mapping[str, Any]
) -> None:
    """Add one reader's word, whole or not at all; raises FeedbackError."""
    row = (
        datetime.now(UTC).isoformat(timespec="seconds"),
        int(good),
        reason,
        json.dumps(list(history), ensure_ascii=False),
        json.dumps(answer, ensure_ascii=False),
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    with _opened(file) as connection, connection:
        connection.execute("BEGIN IMMEDIATE")  # waits for its turn; a lock that is raised later is refused at once
        connection.execute(_TABLE)
        connection.execute("INSERT INTO feedback (told, good, reason, history, answer) VALUES (?, ?, ?, ?, ?)", row)


def read(file: Path) -> tuple[Told, ...]:
    """All that was told, oldest first; nothing where there is no file yet. Raises FeedbackError."""
    if not file.is_file():
        return ()
    with _opened(file) as connection:
        rows = connection.execute("SELECT told, good, reason, history, answer FROM feedback ORDER BY id").fetchall()
    return tuple(Told(t, bool(g), reason, tuple(json.loads(h)), json.loads(a)) for t, g, reason, h, a in rows)


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(file, timeout=10)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise FeedbackError(f"{file}: feedback cannot be kept or read ({error}); move the file away") from error
