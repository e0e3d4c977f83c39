"""Who may ask the page, how often and how much, and what a browser may do with it: ASGI middleware around the page.

The page listens on this machine alone unless its owner says otherwise. What the page does not use is closed.
"""

import asyncio
import base64
import hmac
import ipaddress
import math
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import PageError

LARGEST = 2_000_000
"""Most bytes of a request: a question with the conversation before it."""
SECONDS = 20.0
"""Longest that a request may take to arrive."""
CLIENTS = 10_000
"""Most clients whose rate is remembered."""
QUEUE = {"max_size": 200, "default_concurrency_limit": 8}
"""Questions that may wait, and how many are answered at a time; who comes later is told that the queue is full."""
SESSIONS = 200
"""Most browsers whose state Gradio keeps, 0.2 MB each; the longest unused makes room and loses no conversation."""
_CLOSED = re.compile(
    r"/(?:gradio_api/)?(?:upload|proxy=|process_recording|vibe|undo-vibe|dev/|deep_link|monitoring|run-history|runs|stream/)"
)
"""Paths of Gradio that write files, ask other servers or tell about other visitors."""
_FREE = ("/health", "/gradio_api/startup-events")
"""Paths that need no password: what a load balancer asks, and what Gradio asks itself when it starts."""
_SCRIPT = re.compile(rb"<script(?=[\s>])")
# Gradio fills its own HTML templates by eval; a script that a text smuggles in still has no nonce and does not run.
_POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@dataclass(frozen=True)
class Rules:
    """Who may ask; made by `rules`."""

    local: bool
    """Whether only this machine may ask: its names alone are answered to."""
    auth: str = field(default="", repr=False)
    """`USER:PASSWORD` that every request must show; empty for none."""
    per_minute: int = 0
    """Most questions a client may send in a minute; 0 for no bound."""


def rules(host: str, auth: str = "", everyone: bool = False, per_minute: int | None = None) -> Rules:
    """The rules for a page that listens on `host`; raises PageError if it would be open to others unasked."""
    if auth and not re.fullmatch(r"[^:\s]+:\S{8,}", auth):
        raise PageError("--auth must be USER:PASSWORD with at least 8 characters of password; say it in BANBOT_AUTH")
    local = is_loopback(host)
    if not (local or auth or everyone):
        raise PageError(
            f"--host {host} lets others ask; set BANBOT_AUTH=USER:PASSWORD, or say --open to let in everyone"
        )
    usual = 0 if local else 60
    return Rules(local and not auth and not everyone, auth, usual if per_minute is None else per_minute)


def middleware(rules: Rules, refused: Callable[[int], None] = lambda status: None) -> list[Middleware]:
    """The guard for Starlette's list of middleware; `refused` is told the status of each refusal."""
    return [Middleware(_Guard, rules=rules, refused=refused)]


def is_loopback(host: str) -> bool:
    """Whether the host names this machine and no other can reach it there."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


class _Guard:
    def __init__(self, app: ASGIApp, rules: Rules, refused: Callable[[int], None]) -> None:
        self._app = app
        self._rules = rules
        self._refused = refused
        self._rate = Rate(rules.per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        if scope["type"] != "http":
            return await send({"type": "websocket.close", "code": 1008})
        nonce = secrets.token_urlsafe(16)
        send = _Reply(send, nonce)
        if refusal := self._refusal(scope):
            self._refused(refusal.status_code)
            return await refusal(scope, receive, send)
        await self._app(scope, _bounded(receive), send)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        """What is sent instead of the page, if the request is not let in."""
        headers, path = Headers(scope=scope), scope["path"]
        host, origin = headers.get("host", ""), headers.get("origin", "")
        if self._rules.local and not is_loopback(re.sub(r":\d+$", "", host)):
            return _no(421, "this page answers on this machine only; open it by 127.0.0.1")
        if origin and scope["method"] not in ("GET", "HEAD") and origin.partition("://")[2] != host:
            return _no(403, "another site may not ask in your name")
        if _CLOSED.match(path):
            return _no(404, "closed")
        let_in = path in _FREE or not self._rules.auth or _shows(headers, self._rules.auth)
        if (scope["method"] == "POST" or not let_in) and (wait := self._rate.wait(_client(scope))):
            return _no(429, f"too many questions; ask again in {wait} seconds", {"Retry-After": str(wait)})
        if not let_in:
            return _no(401, "user and password are needed", {"WWW-Authenticate": 'Basic realm="Banbot"'})
        return None


def _no(status: int, reason: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"detail": reason}, status, headers)


def _shows(headers: Headers, auth: str) -> bool:
    """Whether the request shows user and password, compared in constant time."""
    scheme, _, shown = headers.get("authorization", "").partition(" ")
    wanted = base64.b64encode(auth.encode()).decode()
    return scheme.lower() == "basic" and hmac.compare_digest(shown.strip().encode(), wanted.encode())


def _client(scope: Scope) -> str:
    """The address that asks; of IPv6 its network, since a house has as many addresses as it wants."""
    address = scope["client"][0] if scope.get("client") else ""
    return ":".join(address.split(":")[:4]) if ":" in address else address


class Rate:
    """A bucket of questions for each client, filled evenly over the minute; the oldest client is forgotten first."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str) -> int:
        """Take one question of the client's; 0, or the seconds to wait if none is left."""
        if not self._per_minute:
            return 0
        now, a_second = self._clock(), self._per_minute / 60
        left, seen = self._held.pop(client, (float(self._per_minute), now))
        left = min(self._per_minute, left + (now - seen) * a_second)
        self._held[client] = (max(0.0, left - 1) if left >= 1 else left, now)
        if len(self._held) > CLIENTS:
            self._held.popitem(last=False)
        return 0 if left >= 1 else math.ceil((1 - left) / a_second)


def _bounded(receive: Receive) -> Receive:
    """The request's body within bounds of size and time; FastAPI turns what is raised into the reply."""
    got, whole, deadline = 0, False, time.monotonic() + SECONDS

    async def bounded() -> Message:
        nonlocal got, whole
        if whole:  # what comes now is the client's leaving, which may take as long as the answer
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), deadline - time.monotonic())
        except TimeoutError:
            raise HTTPException(408, f"the request took longer than {SECONDS:.0f} seconds") from None
        got += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        if got > LARGEST:
            raise HTTPException(413, f"larger than {LARGEST} bytes; begin a new conversation")
        return message

    return bounded


class _Reply:
    """Sends with the strict headers; the scripts of our own pages get the nonce without which none runs."""

    def __init__(self, send: Send, nonce: str) -> None:
        self._send = send
        self._nonce = nonce
        self._start: Message | None = None
        self._page = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update({**_HEADERS, "Content-Security-Policy": _POLICY.format(self._nonce)})
            if headers.get("content-type", "").startswith("text/html"):
                self._start = message
                return
        elif self._start is not None:
            self._page += message.get("body", b"")
            if message.get("more_body"):
                return
            message = await self._with_nonce(self._start, bytes(self._page))
        await self._send(message)

    async def _with_nonce(self, start: Message, page: bytes) -> dict[str, Any]:
        body = _SCRIPT.sub(b'<script nonce="' + self._nonce.encode() + b'"', page)
        headers = MutableHeaders(scope=start)
        if "content-length" in headers:
            headers["content-length"] = str(len(body))
        await self._send(start)
        return {"type": "http.response.body", "body": body}
