"""Ask a web page of the open internet, and of nothing else, within bounds of time and size.

A name is looked up once for each step of the way; what is then connected to is the address that was looked at, so a
name that changes its mind leads nowhere.
"""

import ipaddress
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from bot import sources
from bot.errors import SourceError

SECONDS = 30
"""Longest a page may take."""
REDIRECTS = 5
Lookup = Callable[[str], Sequence[str]]
"""Gives the addresses at which a host may be asked; none if it must not be."""
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses behind which a translator asks the IPv4 address in their last four bytes (RFC 6052)."""


def fetch(url: str, lookup: Lookup) -> tuple[str, bytes]:
    """A name for the page and its bytes; raises SourceError."""
    import httpx

    deadline = time.monotonic() + SECONDS
    for _ in range(REDIRECTS + 1):
        asked = _pinned(url, lookup)
        try:
            with (
                httpx.Client(trust_env=False, timeout=10) as client,
                client.stream("GET", asked.address, headers=asked.headers, extensions=asked.extensions) as reply,
            ):
                if reply.is_redirect:
                    url = urljoin(url, reply.headers["location"])
                    continue
                reply.raise_for_status()
                return _named(url, reply.headers.get("content-type", "")), _bounded(url, reply.iter_bytes(), deadline)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise SourceError(f"{url}: cannot be read ({reason}); save the page and add the file") from error
    raise SourceError(f"{url}: redirects more than {REDIRECTS} times; save the page and add the file")


@dataclass(frozen=True)
class _Asked:
    """One step of the way: an address of the host in place of its name, which is still said to it and checked."""

    address: str
    headers: dict[str, str]
    extensions: dict[str, str]


def _pinned(url: str, lookup: Lookup) -> _Asked:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise SourceError(f"{url}: is no address ({error})") from error
    if parts.username or parts.password:
        raise SourceError("an address with a user or password in it would be kept with the source; leave them out")
    found = lookup(host) if host and parts.scheme in ("http", "https") else ()
    if not found:
        raise SourceError(f"{url}: only public addresses that begin with http:// or https:// are asked")
    at = f"[{found[0]}]" if ":" in found[0] else found[0]
    behind = f":{port}" if port else ""
    there = parts._replace(netloc=at + behind, fragment="").geturl()
    return _Asked(there, {"Host": host + behind, "User-Agent": "banbot"}, {"sni_hostname": host})


def addresses(host: str) -> Sequence[str]:
    """The addresses of the host, if every one of them is one of the open internet; else none."""
    try:
        found = [str(address[4][0]) for address in socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)]
    except (OSError, UnicodeError):
        return ()
    return found if all(map(is_public, found)) else ()


def is_public(address: str) -> bool:
    """Whether the address, and any that is wrapped in it, is one of the open internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner: list[ipaddress.IPv4Address | None] = []
    if isinstance(ip, ipaddress.IPv6Address):
        inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in _TRANSLATED:
            inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return all(one.is_global and not one.is_multicast for one in (ip, *filter(None, inner)))


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
