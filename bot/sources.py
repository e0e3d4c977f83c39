"""A file becomes a Document, or a problem that names the file, the field and the remedy.

A source file is Markdown with a YAML head between `---` lines; its text begins on the line after the head.
Files without a head are read too: their id is the file's name, their title the first short line.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml
from langchain_core.documents import Document
from pydantic import BaseModel, ValidationError

from bot import confined
from bot.errors import SourceError
from bot.formats import FORMATS, Found
from bot.records import Source
from bot.terms import has_han

Line = TypeVar("Line", bound=BaseModel)
MAX_BYTES = 20_000_000
READ = (".md", ".txt", *FORMATS)
"""Kinds of files that are read, by their suffix."""
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Every value stays the text that was written; the loader in C, where there is one, is ten times as fast."""
_HEAD = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_BESIDE = (
    "README.md",
    "asides.jsonl",
    "coverage.csv",
    "disagreements.jsonl",
    "figures.jsonl",
    "gaps.jsonl",
    "glossary.csv",
    "timeline.jsonl",
    "views.jsonl",
)
"""Files beside the sources that are no sources."""
_DATED = re.compile(r"^\W*(?:date|dated|published|updated)\b\W*(\d{4}-\d{2}-\d{2})", re.I | re.M)


@dataclass(frozen=True)
class Reading:
    """What a folder of sources holds: the documents in the order of their ids, and one line for each file left out."""

    documents: tuple[Document, ...]
    problems: tuple[str, ...]


def read(*folders: Path) -> Reading:
    """Read every source in the folders and below them; a file that cannot be read is named and left out.

    Raises SourceError if a folder is missing or nothing can be read.
    """
    for folder in folders:
        if not folder.is_dir():
            raise SourceError(f"{folder}: no such folder; name a folder of source files with --sources")
    documents: dict[str, Document] = {}
    problems: list[str] = []
    with confined.reader() as reader:
        for path in [path for folder in folders for path in sorted(_candidates(folder))]:
            try:
                document = load(path, reader)
                if other := documents.get(str(document.id)):
                    taken = f"{document.id!r} is taken by {other.metadata['file']}"
                    raise SourceError(f"{path.name}: id: {taken}; rename one")
            except SourceError as error:
                problems.append(str(error))
            else:
                documents[str(document.id)] = document
    if not documents:
        reason = problems[0] if problems else f"put {', '.join(sorted(READ))} files there"
        raise SourceError(f"{folders[0]}: no source can be read; {reason}")
    return Reading(tuple(documents[key] for key in sorted(documents)), tuple(problems))


def _candidates(folder: Path) -> Iterable[Path]:
    """Files that may be sources: not hidden, and none of those that stand beside sources."""
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and path.name not in _BESIDE:
            yield path


def load(path: Path, reader: confined.Reader | None = None) -> Document:
    """Read one file as a Document whose `metadata["head"]` is its Source; raises SourceError.

    `reader` reads what is not plain text; without one, a reader of its own.
    """
    source, text = parse(path, content(path), reader)
    return Document(id=source.id, page_content=text, metadata={"head": source, "file": path.name})


def content(path: Path) -> bytes:
    """The bytes of a file of a kind that is read; raises SourceError."""
    _suffix(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceError(f"{path.name}: larger than {MAX_BYTES // 1_000_000} MB; split it")
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path.name}: cannot be opened ({error.strerror}); check its permissions") from error


def parse(path: Path, data: bytes, reader: confined.Reader | None = None) -> tuple[Source, str]:
    """The head and the text of a file's bytes, read as its suffix tells; raises SourceError."""
    if _suffix(path) not in FORMATS:
        source, text = _read_text(path, data)
    elif reader is None:
        with confined.reader() as own:
            return parse(path, data, own)
    else:
        found = reader.read(_suffix(path), path.name, data)
        source, text = _made(path, found), found.text
    if not text.strip():
        raise SourceError(f"{path.name}: holds no text; write some or remove the file")
    return source, text


def _suffix(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix not in READ:
        raise SourceError(f"{path.name}: not a kind that is read; use {', '.join(sorted(READ))}")
    return suffix


def _read_text(path: Path, data: bytes) -> tuple[Source, str]:
    text = _decode(path, data)
    if path.suffix.lower() == ".md" and text.startswith("---"):
        head = _HEAD.match(text)
        if head is None:
            raise SourceError(f"{path.name}: the head has no closing line; end it with ---")
        return _head(path, head.group(1)), text[head.end() :]
    first = next((line.strip("# \t") for line in text.splitlines() if line.strip("# \t")), "")
    dated = _DATED.search(text[:1000])
    return _made(path, Found(text, first if len(first) <= 160 else "", published=dated[1] if dated else "")), text


def _decode(path: Path, data: bytes) -> str:
    if b"\0" in data:
        raise SourceError(f"{path.name}: is binary, not text; convert it to UTF-8 text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{path.name}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _head(path: Path, text: str) -> Source:
    try:
        fields = yaml.load(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f" at line {where.line + 2}" if where else ""
        raise SourceError(f"{path.name}: the head is not YAML{line}; quote values that hold a colon") from error
    if not isinstance(fields, dict):
        raise SourceError(f"{path.name}: the head holds no fields; write lines like `title: …`")
    try:
        return Source.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else "head"
        remedy = f"fields are {', '.join(Source.model_fields)}" if first["type"] == "extra_forbidden" else "mend it"
        raise SourceError(f"{path.name}: {field}: {first['msg']}, not {first['input']!r:.80}; {remedy}") from error


def _made(path: Path, found: Found) -> Source:
    """The head of a file that has none, from its name and what was found in it."""
    fields = {
        "id": path.stem,
        "title": found.title.strip() or path.stem,
        "author": found.author,
        "publisher": found.publisher,
        "published": found.published,
        "language": "zh" if has_han(found.text[:400]) else "en",
        "prose": True,
    }
    try:
        return Source.model_validate(fields)
    except ValidationError as error:
        raise SourceError(f"{path.name}: {error.errors()[0]['msg']}; rename the file or mend its date") from error


def check(documents: Sequence[Document]) -> list[str]:
    """What is wrong between sources: references, standing, publications held twice; one line each."""
    heads: dict[str, Source] = {str(d.id): d.metadata["head"] for d in documents}
    problems = [problem for source in heads.values() for problem in _check_standing(source, heads)]
    publications: dict[tuple[str, str], str] = {}
    for source in heads.values():
        if source.url and (other := publications.setdefault((source.url, source.language), source.id)) != source.id:
            problems.append(f"{source.id}: url: the same publication as {other}; keep one of them")
    return problems


def _check_standing(source: Source, heads: dict[str, Source]) -> Iterable[str]:
    rule = source.kind in ("notice", "law")
    if rule and source.standing is None:
        yield f"{source.id}: standing: a {source.kind} needs one; write in force, repealed or draft"
    if not rule and source.standing is not None:
        yield f"{source.id}: standing: only a notice or a law has one; remove it"
    repealed = source.standing == "repealed"
    if repealed and not (source.repealed_by and source.repealed_on):
        yield f"{source.id}: repealed_by, repealed_on: needed where standing is repealed; add both"
    if not repealed and (source.repealed_by or source.repealed_on):
        yield f"{source.id}: repealed_by, repealed_on: only where standing is repealed; remove them"
    if source.repealed_by and source.repealed_by not in heads:
        yield f"{source.id}: repealed_by: {source.repealed_by!r} is no source; name the id of one"


def check_tables(folder: Path, documents: Sequence[Document]) -> list[str]:
    """What is wrong in the tables beside the sources: ids that name no source, facts that no source states."""
    ids = {str(document.id) for document in documents}
    problems = []
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            for number, row in enumerate(csv.DictReader(lines), 2):
                named = (row.get("sources") or "").split()
                unknown = [id for id in named if id not in ids]
                if unknown or not named:
                    lacking = f"{unknown[0]!r} is no source" if unknown else "names no source"
                    problems.append(f"{file.name}: line {number}: sources: {lacking}; name the id of one")
    return problems


def lines(file: Path, model: type[Line]) -> Iterable[Line]:
    """The records of a file of JSON lines beside the sources; none if there is no such file. Raises SourceError."""
    if not file.is_file():
        return
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            yield model.model_validate_json(line)
        except ValidationError as error:
            reason = error.errors()[0]["msg"]
            raise SourceError(f"{file.name}: line {number}: {reason}; mend or remove the line") from error
