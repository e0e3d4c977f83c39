"""The soak in a short form: a real page, several people, no error, memory that stays."""

import pytest

from eval import soak
from tests.serving import serving

QUESTIONS = ["How many per cent did Bitcoin fall?", "Who won the World Cup?", "Is the trading notice still in force?"]


def test_several_people_ask_a_real_page_without_an_error(tmp_path):
    with serving(tmp_path) as address:
        seen = soak.run(address, int((tmp_path / "pid").read_text()), QUESTIONS, people=3, seconds=3)
    assert seen.errors == [] and len(seen.times) >= 3
    assert len(seen.memory) > 1 and soak.report(tmp_path / "report", seen).is_file()


def test_a_page_that_refuses_is_counted_as_errors(tmp_path):
    with serving(tmp_path, per_minute=1) as address:
        seen = soak.run(address, int((tmp_path / "pid").read_text()), QUESTIONS, people=2, seconds=1)
    assert any("status 429" in error for error in seen.errors) and soak.verdict(seen.figures())


@pytest.mark.parametrize(("late", "steady"), [(100.0, True), (150.0, False)])
def test_memory_that_grows_is_not_steady(late, steady):
    seen = soak.Soak([1.0, 2.0], [], [(float(n), 100.0 if n < 50 else late) for n in range(100)], 100.0)
    assert (soak.verdict(seen.figures()) == []) is steady
