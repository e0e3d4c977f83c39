"""Bring a file or a web page into a folder of one's own sources, with a head made from what it says."""

import ipaddress
import os
import re
import socket
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import yaml

from bot import sources
from bot.errors import SourceError
from bot.records import Source

SECONDS = 30
"""Longest a page may take."""
REDIRECTS = 5


def add(what: str, folder: Path, public: Callable[[str], bool] | None = None) -> Path:
    """Write the file or page named by `what` into the folder as a source file and return its path.

    Raises SourceError; nothing is written then. `public` tells whether a host may be asked (default: `is_public`).
    """
    url = what if re.match(r"^[a-z]+://", what, re.IGNORECASE) else ""
    name, data = fetch(url, public or is_public) if url else _local(Path(what))
    source, text = sources.parse(Path(name), data)
    head = source.model_copy(update={"id": _id(source), "url": url or source.url})
    path = folder / f"{head.id}.md"
    if path.exists():
        raise SourceError(f"{path.name}: is already in {folder}; remove it first to add it anew")
    folder.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    fields = {name: value for name, value in head.model_dump().items() if value}
    draft.write_text(f"---\n{yaml.safe_dump(fields, allow_unicode=True, sort_keys=False)}---\n{text}", encoding="utf-8")
    os.replace(draft, path)
    return path


def _local(path: Path) -> tuple[str, bytes]:
    if not path.is_file():
        raise SourceError(f"{path}: no such file; name a file or an address that begins with https://")
    return path.name, sources.content(path)


def _id(source: Source) -> str:
    words = re.sub(r"[^\w]+", "-", source.title.lower()).strip("-")[:60].strip("-") or source.id
    return "-".join(part for part in (source.published, words) if part)


def fetch(url: str, public: Callable[[str], bool]) -> tuple[str, bytes]:
    """A name for the page and its bytes, asked of public hosts only, within bounds of time and size."""
    import httpx

    deadline = time.monotonic() + SECONDS
    for _ in range(REDIRECTS + 1):
        host = urlsplit(url).hostname
        if urlsplit(url).scheme not in ("http", "https") or not host or not public(host):
            raise SourceError(f"{url}: only public addresses that begin with http:// or https:// are asked")
        try:
            with httpx.stream("GET", url, timeout=10, trust_env=False) as reply:
                if reply.is_redirect:
                    url = urljoin(url, reply.headers["location"])
                    continue
                reply.raise_for_status()
                return _named(url, reply.headers.get("content-type", "")), _bounded(url, reply.iter_bytes(), deadline)
        except httpx.HTTPError as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise SourceError(f"{url}: cannot be read ({reason}); save the page and add the file") from error
    raise SourceError(f"{url}: redirects more than {REDIRECTS} times; save the page and add the file")


def _bounded(url: str, pieces: Iterable[bytes], deadline: float) -> bytes:
    data = bytearray()
    for piece in pieces:
        data += piece
        if len(data) > sources.MAX_BYTES or time.monotonic() > deadline:
            raise SourceError(f"{url}: takes too long or is larger than {sources.MAX_BYTES // 1_000_000} MB")
    return bytes(data)


def _named(url: str, content_type: str) -> str:
    kinds = {"text/html": ".html", "application/pdf": ".pdf", "text/plain": ".txt", "text/markdown": ".md"}
    suffix = kinds.get(content_type.split(";")[0].strip(), Path(urlsplit(url).path).suffix or ".html")
    return f"{Path(urlsplit(url).path).stem or urlsplit(url).hostname}{suffix}"


def is_public(host: str) -> bool:
    """Whether every address of the host is one of the open internet."""
    try:
        found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    except OSError:
        return False
    return all(ipaddress.ip_address(address[4][0]).is_global for address in found)
