"""Seals of the index's files: a file that was cut, emptied or overwritten is noticed before Chroma reads it.

Chroma reads such a file without looking: it finds other sentences, or ends the whole process.
"""

import zlib
from collections.abc import Mapping
from pathlib import Path

_EDGE = 65_536
"""Bytes at each end of a file that its seal covers, so that a large index opens as fast as a small one."""

Seals = Mapping[str, str]
"""The seal of each file, by its path inside the folder."""


def seal(folder: Path, store: Path) -> dict[str, str]:
    """The seals of all files of vectors in a store within the folder."""
    # A collection that is small still lies in Chroma's database alone: files without this one mean nothing.
    kept = sorted(file.parent for file in store.glob("*/index_metadata.pickle"))
    vectors = [path for held in kept for path in sorted(held.iterdir()) if path.is_file()]
    return {str(path.relative_to(folder)): _sealed(path) for path in vectors}


def broken(folder: Path, seals: Seals) -> list[str]:
    """The names of the files that are gone or are not what was sealed."""
    return [name for name, sealed in seals.items() if not (folder / name).is_file() or _sealed(folder / name) != sealed]


def _sealed(path: Path) -> str:
    size = path.stat().st_size
    with path.open("rb") as file:
        crc = zlib.crc32(file.read(_EDGE))
        file.seek(max(_EDGE, size - _EDGE) if size > _EDGE else 0)
        crc = zlib.crc32(file.read(_EDGE), crc)
    return f"{size}-{crc:08x}"
