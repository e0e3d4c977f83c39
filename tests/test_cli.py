"""The commands, run as a user runs them, in processes of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CORPUS, PROJECT


def banbot(*args: object, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", *map(str, args)]
    return subprocess.run(
        command,
        input=stdin,
        capture_output=True,
        text=True,
        cwd=PROJECT,
        timeout=120,
        check=False,
        env=os.environ | env,
    )


def one_line(run: subprocess.CompletedProcess[str]) -> str:
    assert run.returncode == 1, run
    (line,) = run.stderr.strip().splitlines()
    assert line.startswith("banbot: ")
    return line


def test_help_needs_neither_model_nor_index():
    code = "import sys; import bot.cli; print([m for m in ('torch', 'chromadb', 'gradio') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT, check=True)
    assert run.stdout.strip() == "[]"
    assert all(word in banbot("--help").stdout for word in ("chat", "ask", "index", "sources", "doctor"))


@pytest.mark.parametrize("args", [("nonsense",), ("ask",), ("ask", "--colour", "q"), ("chat", "--port", "x")])
def test_wrong_usage_exits_with_2(args):
    assert banbot(*args).returncode == 2


def test_an_empty_question_is_one_line_with_what_to_do():
    assert "empty" in one_line(banbot("ask", " "))


def test_a_question_of_100_kilobytes_is_one_line_with_what_to_do():
    assert "shorten" in one_line(banbot("ask", "x" * 100_000))


def test_a_missing_folder_of_sources_is_one_line_with_what_to_do(tmp_path):
    assert "--sources" in one_line(banbot("ask", "--sources", tmp_path / "none", "Who?"))


def test_check_names_each_problem_and_exits_with_1(tmp_path):
    (tmp_path / "bad.md").write_text("---\nid: a\ntitle: A\ncolour: red\n---\nText.")
    (tmp_path / "good.txt").write_text("A good text.")
    run = banbot("sources", "check", "--sources", tmp_path)
    assert run.returncode == 1 and "colour" in run.stderr


def test_the_list_shows_every_source():
    run = banbot("sources", "list", "--sources", CORPUS)
    assert run.returncode == 0
    assert all(path.stem in run.stdout for path in CORPUS.glob("*.md"))


def test_a_taken_port_is_one_line_with_what_to_do():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert "--port" in one_line(banbot("chat", "--port", taken.getsockname()[1]))


def test_importing_does_nothing():
    code = (
        "import os; before = set(os.listdir('.')); import bot.cli, bot.answering; print(set(os.listdir('.')) - before)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT, check=True)
    assert run.stdout.strip() == "set()" and run.stderr == ""


@pytest.fixture(scope="module")
def reports(tmp_path_factory) -> tuple[Path, Path]:
    """A user's own two reports as plain text, and a folder for their index."""
    folder = tmp_path_factory.mktemp("reports")
    (folder / "one.txt").write_text(
        "Harbour ferry stops running\n\nThe harbour ferry stops on 3 May 2024. The city blames a broken engine.\n"
    )
    (folder / "two.txt").write_text("date 2024-05-04 The ferry company will hire a bus until June. Tickets stay valid.")
    return folder, tmp_path_factory.mktemp("index")


def test_with_the_real_model_a_users_own_texts_are_quoted_to_the_letter(reports):
    folder, index = reports
    lines = "".join(
        json.dumps({"id": n, "question": q}) + "\n"
        for n, q in enumerate(
            ["When does the harbour ferry stop?", "Until when will the company hire a bus?", "Who won the World Cup?"]
        )
    )
    run = banbot("ask", "--json", "-", "--sources", folder, "--index", index, stdin=lines)
    assert run.returncode == 0, run.stderr
    when, what, who = map(json.loads, run.stdout.splitlines())
    assert "3 May 2024" in when["citations"][0]["quote"]
    assert "bus" in what["citations"][0]["quote"]
    assert who["outcome"] == "declined"
    for citation in (*when["citations"], *what["citations"]):
        text = (folder / f"{citation['source']}.txt").read_text()
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_a_bad_line_in_a_batch_exits_with_1_and_the_others_are_answered(reports):
    folder, index = reports
    run = banbot(
        "ask", "--json", "-", "--sources", folder, "--index", index, stdin='{"x": 1}\n{"question": "Ferry?"}\n'
    )
    assert run.returncode == 1
    bad, good = map(json.loads, run.stdout.splitlines())
    assert "question" in bad["error"] and good["text"]


def test_missing_and_altered_weights_say_what_to_install(tmp_path):
    from bot.errors import ModelError
    from bot.models import verified

    with pytest.raises(ModelError, match="pip install"):
        verified(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"not the official weights")
    with pytest.raises(ModelError, match="pip install"):
        verified(tmp_path)


GUARDED = """
import sys

def guard(event, args):
    if event == "socket.getaddrinfo" and args[0] not in ("127.0.0.1", "localhost", "::1", None):
        raise SystemExit(f"looked up {args[0]}")
    if event == "socket.connect" and isinstance(args[1], tuple) and args[1][0] not in ("127.0.0.1", "::1"):
        raise SystemExit(f"connected to {args[1]}")

sys.addaudithook(guard)
sys.argv = ["banbot", *sys.argv[1:]]
from bot.cli import main
main()
"""


def test_nothing_is_looked_up_or_connected_to_outside_the_machine(reports):
    folder, index = reports
    command = [sys.executable, "-c", GUARDED, "ask", "--sources", folder, "--index", index, "When does the ferry stop?"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    assert "3 May 2024" in run.stdout


def test_an_added_file_stands_in_the_users_own_folder_and_is_read_from_then_on(tmp_path):
    (tmp_path / "ferry.txt").write_text("Ferry report\n\nThe ferry stops on 3 May 2024.")
    added = banbot("sources", "add", tmp_path / "ferry.txt", XDG_DATA_HOME=str(tmp_path))
    assert added.returncode == 0 and str(tmp_path / "banbot") in added.stdout
    listed = banbot("sources", "list", XDG_DATA_HOME=str(tmp_path))
    assert "ferry-report" in listed.stdout and "pbc-2021-09-24-trading-notice" in listed.stdout


def test_the_projects_own_sources_are_not_changed_by_add(tmp_path):
    (tmp_path / "ferry.txt").write_text("The ferry stops.")
    line = one_line(banbot("sources", "add", tmp_path / "ferry.txt", "--sources", PROJECT / "sources"))
    assert "not changed" in line


def test_a_page_for_others_without_a_password_is_one_line_with_what_to_do():
    assert "--open" in one_line(banbot("chat", "--host", "0.0.0.0"))


def test_secrets_of_the_environment_are_never_repeated():
    secret = {"BANBOT_AUTH": "ann hidden-word", "BANBOT_STORE_TOKEN": "hidden-word"}
    for args in (("chat", "--help"), ("chat",), ("doctor", "--store", "http://127.0.0.1:9", "--sources", CORPUS)):
        run = banbot(*args, **secret)
        assert "hidden-word" not in run.stdout + run.stderr


def test_a_log_that_cannot_be_written_is_one_line_with_what_to_do(tmp_path):
    assert "--log" in one_line(banbot("chat", "--log", tmp_path / "none" / "log.jsonl"))


def test_adding_names_each_file_that_cannot_be_added_and_adds_the_others(tmp_path):
    (tmp_path / "good.txt").write_text("The ferry stops.")
    run = banbot("sources", "add", tmp_path / "none.txt", tmp_path / "good.txt", "--sources", tmp_path / "mine")
    assert run.returncode == 1 and "none.txt" in run.stderr
    assert len(list((tmp_path / "mine").iterdir())) == 1
