"""The page, in a real browser where there is one; its pieces without."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from bot.answering import Answerer
from bot.disagreements import Disagreement
from bot.page import layout, rendering
from bot.records import Question
from tests.conftest import CORPUS, PROJECT

CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]
needs_browser = pytest.mark.skipif(
    not CHROMIUM and not os.environ.get("CI"), reason="no browser: install Debian's chromium (apt-get install chromium)"
)


def test_text_of_sources_is_shown_as_text_not_run():
    assert rendering.plain("<script>*x*</script> [a](javascript:b) 5 > 3") == (
        "&lt;script&gt;\\*x\\*&lt;/script&gt; \\[a\\]\\(javascript:b\\) 5 &gt; 3"
    )


def test_a_citation_opens_its_source_with_the_sentence_highlighted(answerer):
    (citation, *_) = answerer.invoke(Question("How many per cent did Bitcoin fall?")).citations
    shown = rendering.open_source(answerer, rendering.link(citation))
    assert f"<mark id='cited'>{citation.quote}</mark>" in shown
    assert "The Wire" in shown and "2021-09-24" in shown and "https://example.org/wire/report" in shown


@pytest.mark.parametrize("link", ["", "#", "#source=none&start=1&end=2", "#source=pbc-2021-notice&start=x&end=2"])
def test_a_link_to_nothing_gives_a_hint(answerer, link):
    assert rendering.open_source(answerer, link) == rendering.EMPTY


def test_a_declined_answer_shows_the_nearest_sources(answerer):
    message = rendering.as_message(answerer.invoke(Question("Who won the 2018 World Cup?")))
    assert message.startswith(rendering.plain("The sources do not say."))
    assert "#source=" in message and "People's Bank of China" in message


def test_where_sources_differ_the_page_lists_the_sides_each_with_its_mark(build):
    index = build()
    fell, dropped = (next(s for s in index.sentences if word in s.page_content) for word in ("8.9", "13 per cent"))
    differ = Disagreement("The fall of Bitcoin", {str(fell.id): "8.9 per cent", str(dropped.id): "13 per cent"}, ())
    answerer = Answerer(replace(index, disagreements=(differ,)))
    message = rendering.as_message(answerer.invoke(Question("How many per cent did Bitcoin fall?")))
    assert rendering.plain("Sources differ on this (The fall of Bitcoin):") in message
    assert message.count("\n- ") == 2 and message.count('class="cite"') == 3


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of the page that the real command serves, in a process of its own, over the tiny corpus."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    index = tmp_path_factory.mktemp("served")
    command = [sys.executable, "-m", "bot", "chat", "--port", port, "--sources", CORPUS, "--index", index]
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True, cwd=PROJECT) as process:
        said = []
        for line in process.stdout:  # ends, too, if the command does
            said.append(line.strip())
            if line.startswith("Ready"):
                break
        assert said[0] == f"Banbot is at http://127.0.0.1:{port} (Ctrl+C stops it)"
        yield f"http://127.0.0.1:{port}"
        process.send_signal(signal.SIGINT)


@pytest.fixture
def browser_page(served):
    """A browser on the page, with every request and every error of the console noted."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        tab = browser.new_page()
        requested: list[str] = []
        errors: list[str] = []
        tab.on("request", lambda request: requested.append(request.url))
        tab.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.goto(served)
        yield tab
        browser.close()
        hosts = {urlsplit(url).hostname for url in requested if url.startswith(("http", "ws"))}
        assert hosts == {"127.0.0.1"}
        assert errors == []


@needs_browser
def test_a_person_asks_reads_and_opens_the_cited_sentence(browser_page):
    browser_page.fill("#question textarea", "How many per cent did Bitcoin <b>fall</b>?")
    browser_page.keyboard.press("Enter")
    browser_page.locator("a.cite").first.click()
    mark = browser_page.locator("#source mark")
    mark.wait_for()
    assert "8.9 per cent" in mark.inner_text()
    assert "The Wire" in browser_page.locator("#source").inner_text()
    assert "<b>fall</b>" in browser_page.locator(".user").first.inner_text()


@needs_browser
def test_an_example_can_be_taken_and_a_decline_looks_like_one(browser_page):
    browser_page.get_by_text(layout.EXAMPLES[1]).click()
    browser_page.get_by_role("button", name="Ask").click()
    browser_page.locator("a.cite").first.wait_for()
    browser_page.fill("#question textarea", "Who won the 2018 World Cup?")
    browser_page.keyboard.press("Enter")
    browser_page.get_by_text("The sources do not say.").wait_for()
