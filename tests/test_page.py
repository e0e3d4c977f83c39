"""What the page shows and keeps, without a browser; and the real command that serves it."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from bot.answering import Answerer
from bot.disagreements import Disagreement
from bot.page import conversation as talks
from bot.page import exporting
from bot.page.details import day, link, text_html
from bot.page.reading import source_html
from bot.page.rendering import conversation_html
from bot.page.words import CHINESE, ENGLISH
from bot.records import Filters, Question
from tests.conftest import CORPUS, PROJECT

ALL = Filters()
FELL = "How many per cent did Bitcoin fall?"
NOTICE = "What did the September 2021 trading notice declare?"


@pytest.fixture
def reply(answerer):
    """Makes the reply to a question, as the page keeps it."""

    def reply(text, filters=ALL):
        return talks.grown(talks.asked(text, filters), answerer.invoke(Question(text, (), filters)), 1)

    return reply


def test_text_of_others_is_shown_as_text():
    assert text_html("<script>*x*</script> 5 > 3") == "<bdi>&lt;script&gt;*x*&lt;/script&gt; 5 &gt; 3</bdi>"


def test_a_citation_opens_its_source_with_the_sentence_marked(answerer):
    (citation, *_) = answerer.invoke(Question(NOTICE)).citations
    to = link(citation.source.id, citation.start, citation.end).replace("&amp;", "&")
    shown = source_html(answerer.index, to, ENGLISH)
    assert f'<mark id="cited" tabindex="-1">{citation.quote}</mark>' in shown
    assert "https://example.org/pbc/notice" in shown and "repealed 6 Feb 2026" in shown


@pytest.mark.parametrize("to", ["#", "#source=none&start=1&end=2", "#source=pbc-2021-notice&start=x&end=2"])
def test_a_link_to_nothing_says_so(answerer, to):
    assert ENGLISH.unknown_source in source_html(answerer.index, to, ENGLISH)


def test_a_link_to_a_source_alone_opens_it_whole(answerer):
    shown = source_html(answerer.index, "#source=wire-2021-report&start=0&end=0", CHINESE)
    assert "Bitcoin fell by 8.9 per cent" in shown and "<mark" not in shown and "新闻" in shown


def test_the_conversation_comes_back_from_the_browser_as_it_was(reply):
    conversation = (reply(NOTICE), reply("Who won the 2018 World Cup?", Filters(official=True)))
    assert talks.kept(talks.stored(conversation)) == conversation
    assert [turn.role for turn in talks.turns(conversation)] == ["user", "assistant"] * 2


@pytest.mark.parametrize("stored", [None, "text", [{"line": {"question": 1}}], {"line": "x"}, [1]])
def test_what_is_not_ours_in_the_browser_is_an_empty_conversation(stored):
    assert talks.kept(stored) == ()


def test_a_reply_that_nobody_works_on_any_more_is_stopped(reply):
    growing = talks.asked("What?", Filters())
    assert talks.ended(growing).state == "stopped" and talks.ended(reply(NOTICE)).state == "done"
    assert talks.turns((talks.ended(growing),)) == ()


def test_every_statement_carries_its_citation(reply):
    done = reply(NOTICE)
    stated = [part for piece in talks.pieces(done.line) for part in piece.statements]
    assert [statement for statement, _ in stated] == [cited.quote for _, cited in stated]


def line(text, *places):
    """An answer with a citation (source, key) for each marker of its text."""
    head = {"title": "A title", "publisher": "P", "published": "2021", "url": "", "kind": "news"}
    cited = [head | {"source": s, "key": k, "quote": f"Of {s} {k}.", "start": 0, "end": 1} for s, k in places]
    return talks.Reply(line=talks.Line(question="What?", text=text, citations=cited), state="done")


def test_a_source_is_named_once_with_all_of_its_numbers():
    said = line("One. [1] Two. [2] Three. [3] Four. [1]", ("a", "1"), ("b", "2"), ("a", "3"), ("a", "1"))
    assert [(cited.source, keys) for cited, keys in talks.by_source(said.line)] == [("a", ("1", "3")), ("b", ("2",))]
    shown = conversation_html((said,), {}, ENGLISH)
    assert shown.count('<li><span class="key">') == 2 and shown.count('class="cite"') == 4
    assert exporting.as_text(said).splitlines()[2:] == ["[1][3] A title, P, 2021. (a)", "[2] A title, P, 2021. (b)"]
    text = exporting.as_markdown((said,))
    assert "One.[^1-1] Two.[^1-2] Three.[^1-1] Four.[^1-1]" in text
    assert "[^1-1]: A title, P, 2021. Of a 1. · Of a 3. (a)" in text and text.count("[^1-2]:") == 1


def test_paragraphs_and_lists_of_an_export_stand_apart():
    said = line("In order:\n- One. [1]\n- Two. [2]\n\nAfter. [1]", ("a", "1"), ("b", "2"), ("a", "1"))
    assert "\n\nIn order:\n\n- One.[^1-1]\n- Two.[^1-2]\n\nAfter.[^1-1]\n\n" in exporting.as_markdown((said,))


def test_what_was_searched_with_earlier_turns_names_them_apart_and_in_short(reply):
    first, second = reply(NOTICE), reply(FELL)
    queries = ("Why?", f"{FELL} Why?", f"{NOTICE} {FELL} Why?", f"{second.line.text} Why?")
    third = talks.Reply(line=talks.Line(question="Why?", searched=queries), state="done")
    shown = conversation_html((first, second, third), {}, ENGLISH).rpartition(ENGLISH.searched)[2]
    assert "<bdi>Why?</bdi></li>" in shown
    assert f"<bdi>Why?</bdi> (with the turn before: <bdi>{FELL}</bdi>)" in shown
    assert f"<bdi>Why?</bdi> (with the turns before: <bdi>{NOTICE} · {FELL}</bdi>)" in shown
    assert "the beginning of the answer before" in shown and second.line.text not in shown


def test_an_exported_file_is_named_by_the_day_and_the_first_words_asked(reply):
    day = date(2026, 11, 22)
    name = exporting.file_name((talks.asked("growing", ALL), reply(NOTICE)), day, "md")
    assert name == "banbot-2026-11-22-What-did-the-September-2021-trading-notice.md"
    assert exporting.file_name((reply("../../x: <b>?"),), day, "jsonl") == "banbot-2026-11-22-x-b.jsonl"
    assert exporting.file_name((), day, "md") == "banbot-2026-11-22.md"


def test_where_sources_differ_the_sides_are_rows_of_a_table(build):
    index = build()
    fell, dropped = (next(s for s in index.sentences if word in s.page_content) for word in ("8.9", "13 per cent"))
    differ = Disagreement("The fall of Bitcoin", {str(fell.id): "8.9 per cent", str(dropped.id): "13 per cent"}, ())
    question = Question("How many per cent did Bitcoin fall?")
    answer = Answerer(replace(index, disagreements=(differ,))).invoke(question)
    shown = conversation_html((talks.grown(talks.asked(question.text, Filters()), answer),), index.sources, ENGLISH)
    assert shown.count("<tr>") == 3
    assert '<td dir="auto"><bdi>13 per cent</bdi></td><td dir="auto"><bdi>The Wire, 2021-09-24</bdi>' in shown


def test_markdown_has_a_footnote_for_each_citation_and_no_markup_of_others(reply):
    text = exporting.as_markdown((reply(NOTICE), talks.asked("growing", Filters())))
    assert "\n[^1-1]: Notice on virtual currency trading, People's Bank of China, 2021-09-24. " in text
    assert exporting.DIGESTS in text and text.count("\n## ") == 1
    hostile = reply("# <b>![x](y)")
    assert "## \\# \\<b\\>!\\[x\\](y)" in exporting.as_markdown((hostile,))


@pytest.mark.parametrize(
    ("date", "english", "chinese"),
    [
        ("2026-02-06", "6 Feb 2026", "2026年2月6日"),
        ("2026-02", "Feb 2026", "2026年2月"),
        ("2026", "2026", "2026年"),
        ("", "", ""),
    ],
)
def test_dates_are_shown_as_people_write_them(date, english, chinese):
    assert (day(date, ENGLISH), day(date, CHINESE)) == (english, chinese)


def test_every_word_of_the_page_is_there_in_both_languages():
    for english, chinese in zip(vars(ENGLISH).items(), vars(CHINESE).items(), strict=True):
        assert bool(english[1]) == bool(chinese[1]), english[0]
        if isinstance(english[1], tuple):
            assert [key for key, _ in english[1]] == [key for key, _ in chinese[1]]


def test_the_command_serves_the_page_and_says_where(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "bot", "chat", "--port", port, "--sources", CORPUS, "--index", tmp_path / "index"]
    command += ["--feedback", tmp_path / "feedback.sqlite3"]
    # What starts the tests in the background lets them ignore Ctrl+C, and so the page that they start.
    attended = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    running = subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, text=True, cwd=PROJECT, preexec_fn=attended
    )
    with running as process:
        assert process.stdout.readline().strip() == f"Banbot is at http://127.0.0.1:{port} (Ctrl+C stops it)"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/zh") as answer:
            assert "Banbot" in answer.read().decode()
        assert process.stdout.readline().strip() == "Ready to answer."
        process.send_signal(signal.SIGINT)
    assert process.returncode in (0, 130, -signal.SIGINT), os.strerror(abs(process.returncode))
