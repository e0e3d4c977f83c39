"""Bring a file or a web page into a folder of one's own sources, with a head made from what it says."""

import os
import re
from pathlib import Path

import yaml

from bot import fetching, sources
from bot.errors import SourceError
from bot.records import Source


def add(what: str, folder: Path, lookup: fetching.Lookup = fetching.addresses) -> Path:
    """Write the file or page named by `what` into the folder as a source file and return its path.

    Raises SourceError; nothing is written then. `lookup` gives the addresses at which a host may be asked.
    """
    url = what if re.match(r"^[a-z]+://", what, re.IGNORECASE) else ""
    name, data = fetching.fetch(url, lookup) if url else _local(Path(what))
    source, text = sources.parse(Path(name), data)
    head = source.model_copy(update={"id": _id(source), "url": url or source.url})
    path = folder / f"{head.id}.md"
    if path.exists():
        raise SourceError(f"{path.name}: is already in {folder}; remove it first to add it anew")
    try:
        _write(path, head, text)
    except OSError as error:
        raise SourceError(f"{folder}: cannot be written ({error.strerror}); make room there or name another") from error
    return path


def _write(path: Path, head: Source, text: str) -> None:
    """Write the source file in one step: it is whole or not there, whatever ends the process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")  # hidden: what is left of a killed run is no source
    fields = {name: value for name, value in head.model_dump().items() if value}
    with draft.open("w", encoding="utf-8") as file:
        file.write(f"---\n{yaml.safe_dump(fields, allow_unicode=True, sort_keys=False)}---\n{text}")
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


def _local(path: Path) -> tuple[str, bytes]:
    if not path.is_file():
        raise SourceError(f"{path}: no such file; name a file or an address that begins with https://")
    return path.name, sources.content(path)


def _id(source: Source) -> str:
    words = re.sub(r"[^\w]+", "-", source.title.lower()).strip("-")[:60].strip("-") or source.id
    return "-".join(part for part in (source.published, words) if part)
