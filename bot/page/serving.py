"""Serve the page: it is there at once, while the index is opened and the models are warmed behind it."""

import json
import random
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from typing import Any

import gradio as gr

from bot.answering import Answerer
from bot.errors import PageError
from bot.guarding import QUEUE
from bot.holdings import Holdings
from bot.page.answers import Desk, Examples
from bot.page.layout import page
from bot.records import Question
from bot.suggesting import examples

_ASSETS = Path(__file__).parent
_FONTS = ["system-ui", "-apple-system", "Segoe UI", "Noto Sans", "Noto Sans CJK SC", "sans-serif"]


Around = Callable[["Future[Answerer]"], dict[str, Any]]
"""What is served beside the page and stands guard before it, as arguments of Gradio's `launch`."""


def serve(
    held: Holdings,
    build: Callable[[], Answerer],
    feedback: Path,
    host: str,
    port: int,
    around: Around = lambda ready: {},
) -> None:
    """Serve the page until interrupted, while the index is opened behind it; raises PageError."""
    _check_free(host, port)
    shown = threading.Event()  # the page is made first: it and the index want the same interpreter
    with ThreadPoolExecutor(2) as pool:
        desk = warming(build, feedback, pool, shown)
        try:
            demo = launch(desk, held, host, port, around)
        finally:
            shown.set()
        print(f"Banbot is at http://{host}:{port} (Ctrl+C stops it)", flush=True)
        desk.ready.result()  # an index that cannot be opened ends the command with its one line
        with suppress(KeyboardInterrupt):
            print("Ready to answer.", flush=True)
            threading.Event().wait()  # Gradio's own waiting ends with a line that nobody may be there to read
        demo.close(verbose=False)


def warming(
    build: Callable[[], Answerer], feedback: Path, pool: ThreadPoolExecutor, begin: threading.Event | None = None
) -> Desk:
    """What stands behind the page, while it is being made ready in the pool, from when `begin` is set."""
    ready = pool.submit(_warm, build, begin)
    return Desk(ready, pool.submit(_offer, ready), feedback)


def launch(desk: Desk, held: Holdings, host: str, port: int, around: Around = lambda ready: {}) -> gr.Blocks:
    """The page on an address, served from threads of its own; raises PageError."""
    demo = page(desk, held, f"http://{host}:{port}")
    demo.queue(**QUEUE)
    wanted: dict[str, Any] = {
        "server_name": host,
        "server_port": port,
        "prevent_thread_lock": True,
        "quiet": True,
        "mcp_server": True,
    }
    try:
        with redirect_stdout(StringIO()):  # Gradio announces its MCP server even when told to be quiet
            demo.launch(**wanted, **look(), **around(desk.ready))
    except OSError as error:
        raise PageError(f"the page cannot listen on {host}:{port} ({error}); choose another --port") from error
    _answer_tools_in_json(demo.mcp_server_obj)
    return demo


def _answer_tools_in_json(server: Any) -> None:
    """Gradio's MCP server writes a dictionary as Python does; programs that call the tool read JSON."""
    written = server.postprocess_output_data

    def in_json(data: list[Any], root: str) -> Any:
        return written([json.dumps(each, ensure_ascii=False) for each in data], root)

    server.postprocess_output_data = in_json


def _warm(build: Callable[[], Answerer], begin: threading.Event | None = None) -> Answerer:
    """The answerer after a first question, so that nobody waits for a model to load."""
    if begin:
        begin.wait()
    answerer = build()
    answerer.invoke(Question("What did China announce on 24 September 2021?"))
    return answerer


def _offer(ready: "Future[Answerer]") -> Examples:
    """Questions to begin with, other ones each time the page is served."""
    seed = random.randrange(1_000_000)
    return {language: examples(ready.result(), chinese=language == "zh", seed=seed) for language in ("en", "zh")}


def look() -> dict[str, Any]:
    """How the page looks and behaves in the browser: fonts of the machine, our style and one script."""
    return {
        "theme": gr.themes.Base(primary_hue="teal", neutral_hue="slate", font=_FONTS, font_mono=["monospace"]).set(
            button_primary_background_fill="*primary_700",  # Gradio's own shades are too pale to read
            button_primary_background_fill_dark="*primary_700",
            button_primary_background_fill_hover="*primary_800",
            button_primary_background_fill_hover_dark="*primary_600",
            button_primary_text_color="white",
            body_text_color_subdued="*neutral_600",
            body_text_color_subdued_dark="*neutral_300",
            block_label_text_color="*neutral_700",
            block_title_text_color="*neutral_700",
            input_placeholder_color="*neutral_500",
            input_placeholder_color_dark="*neutral_400",
        ),
        "css": "".join((_ASSETS / name).read_text(encoding="utf-8") for name in ("page.css", "tabs.css")),
        "js": (_ASSETS / "page.js").read_text(encoding="utf-8"),
        "footer_links": [],
        "ssr_mode": False,
    }


def _check_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PageError(f"{host}:{port} cannot be listened on ({error.strerror}); choose another --port") from error
