"""A page over the tiny corpus and a hostile source, in a process of its own, and a browser on it."""

import json
import os
import shutil
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot import disagreements, guarding, index, sources, views, watching
from bot.answering import Answerer
from bot.cli import QUIET
from bot.holdings import hold
from bot.page.serving import launch, warming
from bot.writers import QuotingWriter
from tests.conftest import CORPUS, PROJECT, WordEmbeddings

CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]
needs_browser = pytest.mark.skipif(
    not CHROMIUM and not os.environ.get("CI"), reason="no browser: install Debian's chromium (apt-get install chromium)"
)
HOSTILE = (
    "<img src=x onerror=\"window.ran='img'\"> <script>window.ran='script'</script> "
    "[click](javascript:window.ran='link') ![picture](https://example.org/p.png) ${window.ran='template'} "
    "{{value}} \u202etxet desrever\u202c " + "Pneumono" * 40
)
"""What must be shown as text and do nothing."""
_HEAD = """---
id: {id}
title: "{title}"
publisher: The Other Wire
published: 2021-09-25
kind: news
language: en
url: https://example.org/{id}
seen: memory
---
"""
_VIEWS = (
    ("pbc-2026-notice", "Eight bodies", "How many bodies signed the February 2026 notice?"),
    ("pbc-2021-notice", "Ten bodies", "Who issued the September 2021 trading notice?"),
    ("hostile", "The zebra clause", "What did the zebra clause say?"),
    ("wire-2021-report", "The price of Ether", "How far did the price of Ether drop on 24 September 2021?"),
)


class Slowly(QuotingWriter):
    """Stops after the first piece of an answer to a question with the word slowly, until somebody writes to a pipe."""

    def __init__(self, pipe: Path) -> None:
        super().__init__()
        self.pipe = pipe

    def stream(self, input, config=None, **kwargs):
        for number, piece in enumerate(super().stream(input, config, **kwargs)):
            yield piece
            if number == 0 and "slowly" in input.question.text:
                self.pipe.read_text()


class Served:
    """A page in a process of its own: its address, its sources, its file of feedback and the pipe it waits for."""

    def __init__(self, folder: Path) -> None:
        self.sources, self.feedback, self.pipe = (folder / name for name in ("sources", "feedback.sqlite3", "pipe"))
        _write(self.sources)
        os.mkfifo(self.pipe)
        command = [sys.executable, "-m", "tests.browsing", str(folder)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT)
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http"), "the page did not start"

    def close(self) -> None:
        """Stop serving."""
        self.process.communicate("stop")


def main(folder: Path) -> None:
    """Serve the page over the sources in the folder until standard input ends."""
    documents = sources.read(folder / "sources").documents

    def build() -> Answerer:
        words = WordEmbeddings()
        asked = views.read(folder / "sources")
        built = index.sync(folder / "index", documents, asked, lambda: words, model="words")
        differ = disagreements.bind(disagreements.read(folder / "sources"), built.sentences)
        return Answerer(replace(built, disagreements=differ), Slowly(folder / "pipe"))

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with ThreadPoolExecutor(2) as pool:
        desk = warming(build, folder / "feedback.sqlite3", pool)
        desk.ready.result()
        guard = watching.around(guarding.rules("127.0.0.1"), watching.Journal())
        demo = launch(desk, hold(documents, folder / "sources"), "127.0.0.1", port, guard)
        print(f"http://127.0.0.1:{port}", flush=True)
        sys.stdin.read()
        demo.close(verbose=False)


def _write(folder: Path) -> None:
    shutil.copytree(CORPUS, folder)
    differing = "Bitcoin fell by 7 per cent on 24 September 2021, The Other Wire reported."
    (folder / "other.md").write_text(_HEAD.format(id="other", title="Other figures") + differing)
    title = HOSTILE.replace("\\", "").replace('"', "'")
    (folder / "hostile.md").write_text(_HEAD.format(id="hostile", title=title) + f"The zebra clause said {HOSTILE}.")
    lines = [{"source": s, "starts": start, "questions": [question]} for s, start, question in _VIEWS]
    (folder / "views.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    sides = [
        {"source": "wire-2021-report", "starts": "Bitcoin fell by 8.9", "says": "8.9 per cent"},
        {"source": "other", "starts": "Bitcoin fell by 7", "says": "7 per cent"},
    ]
    differ = {"about": "Bitcoin's fall on 24 September 2021", "sides": sides}
    (folder / "disagreements.jsonl").write_text(json.dumps(differ) + "\n")


class Tab:
    """A browser on the page; notes every request and every error of the console."""

    def __init__(self, browser, url: str, **options) -> None:
        self.context = browser.new_context(**options)
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page = self.context.new_page()
        self.requested: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.requested.append(request.url))
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(url)
        self.page.locator("#talk").wait_for(state="attached")
        self.page.locator(".welcome, .turn").first.wait_for()
        self.page.wait_for_function("document.activeElement?.matches('#question textarea')")  # the page gives the focus

    def ask(self, text: str):
        """The answer to a question that is typed, once it is done."""
        count = self.page.locator(".turn").count()
        self.send(text)
        self.page.locator(".turn").nth(count).locator(".actions").wait_for()
        return self.page.locator(".turn").nth(count)

    def send(self, text: str) -> None:
        """Type a question and press Enter in its box, wherever the focus has gone meanwhile."""
        box = self.page.locator("#question textarea")
        box.fill(text)
        box.press("Enter")

    def reload(self) -> None:
        """Load the page anew; what the one that is left breaks off, of which Gradio tells the console, is no fault."""
        self.page.evaluate("console.error = () => {}")
        self.page.reload()

    def check(self) -> None:
        """Nothing left this machine, and nothing failed in the browser."""
        hosts = {urlsplit(url).hostname for url in self.requested if url.startswith(("http", "ws"))}
        assert hosts == {"127.0.0.1"}
        assert self.errors == [], self.errors
        assert self.page.evaluate("window.ran") is None


if __name__ == "__main__":
    os.environ.update(QUIET)
    main(Path(sys.argv[1]))
    os._exit(0)  # a writer may still wait at its pipe
