"""The gate: a part of the question set, asked of the real index with the real model, stays above the floors."""

import subprocess
import sys

from tests.conftest import PROJECT


def test_a_part_of_the_question_set_stays_above_the_floors():
    run = subprocess.run(
        [sys.executable, "-m", "eval", "answers", "--every", "3"], capture_output=True, text=True, cwd=PROJECT
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
