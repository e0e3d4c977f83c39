"""What readers say of answers is kept, and becomes candidates for cases."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot import feedback
from bot.errors import FeedbackError
from bot.exchange import as_json
from bot.records import Question
from eval.cases import Case, candidates
from tests.conftest import PROJECT

NOTICE = "What did the September 2021 trading notice declare?"


@pytest.fixture
def line(answerer):
    return as_json(answerer.invoke(Question(NOTICE)))


def test_what_is_told_is_kept_in_order_and_read_again(tmp_path, line):
    file = tmp_path / "new" / "feedback.sqlite3"
    assert feedback.read(file) == ()
    turns = [{"role": "user", "content": "Before?"}]
    feedback.keep(file, good=True, reason="", history=turns, answer=line)
    feedback.keep(file, good=False, reason="old", history=[], answer=line)
    first, second = feedback.read(file)
    assert (first.good, first.history, first.answer) == (True, tuple(turns), line)
    assert (second.good, second.reason) == (False, "old")


def test_many_tell_at_once_and_nothing_is_lost(tmp_path, line):
    file = tmp_path / "feedback.sqlite3"

    def tell(number):
        feedback.keep(file, good=True, reason=str(number), history=[], answer=line)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(tell, range(40)))
    assert sorted(int(each.reason) for each in feedback.read(file)) == list(range(40))


def test_a_file_that_is_no_database_is_named(tmp_path, line):
    file = tmp_path / "feedback.sqlite3"
    file.write_text("not a database, but long enough to be looked at" * 30)
    with pytest.raises(FeedbackError, match=r"feedback\.sqlite3: feedback cannot be kept or read"):
        feedback.read(file)


def test_a_good_answer_is_a_case_that_rests_on_its_quotes_and_a_bad_one_keeps_the_question(tmp_path, line):
    file = tmp_path / "feedback.sqlite3"
    feedback.keep(file, good=True, reason="", history=[], answer=line)
    other = {**line, "question": "Who won?"}
    feedback.keep(file, good=True, reason="", history=[], answer=other)
    feedback.keep(file, good=False, reason="wrong", history=[], answer=other)
    good, bad = candidates(feedback.read(file))
    assert (good.kind, good.question, good.rests_on[0].source) == ("feedback", NOTICE, "pbc-2021-notice")
    assert (bad.kind, bad.question, bad.rests_on) == ("feedback-bad", "Who won?", ())


def test_the_command_prints_lines_that_are_cases(tmp_path, line):
    file = tmp_path / "feedback.sqlite3"
    feedback.keep(file, good=True, reason="clear", history=[], answer=line)
    command = [sys.executable, "-m", "eval", "feedback", "--file", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=True)
    assert Case.model_validate(json.loads(done.stdout)).question == NOTICE
    assert done.stderr.strip() == f"{NOTICE}: good, clear"
