"""Whatever comes in, an answer or one line comes out: no traceback, no hang.

By default a hundred examples each; `make fuzz` runs ten thousand, each of which must be done within five seconds.
"""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import exchange, index, passages, sources
from bot.answering import Answerer
from bot.errors import BanbotError, SourceError
from bot.records import Question, Source, Turn
from tests.conftest import CORPUS, WordEmbeddings

# What breaks programs, beside what hypothesis thinks of: control marks, halves of characters, both languages' stops.
NASTY = st.sampled_from(
    [
        "",
        " ",
        "\0",
        "\ufeff",
        "\u202e",
        "\ud800",
        "。",
        "？",
        "[1]",
        "](",
        "<script>",
        "{{",
        "%s",
        "\\",
        "'",
        '"',
        "---\n",
    ]
) | st.sampled_from(
    ["Is it in force?", "2021年9月", "Bitcoin", "PBoC", "How many", "and", "24 September 2021", "8.9 per cent"]
)
TEXT = st.lists(NASTY | st.text(max_size=12), max_size=12).map("".join)
FIELDS = st.sampled_from([*Source.model_fields, "colour", "", "? ", "- ", "&a", "*a", "!!python/object:os.system"])
VALUES = TEXT | st.sampled_from(["2021-13-45", "notice", "en", "repealed", "[1, 2", "{a: b}", "|", "*a", "null", "1e9"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
TURNS = st.lists(
    st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant", "system"]) | JSON, "content": TEXT | JSON}),
    max_size=4,
)
LINES = st.fixed_dictionaries({}, optional={"id": JSON, "question": TEXT | JSON, "history": TURNS | JSON, "more": JSON})


@pytest.fixture(scope="module")
def answerer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("index")
    return Answerer(index.sync(folder, sources.read(CORPUS).documents, (), WordEmbeddings, model="words"))


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def read_or_refused(name: str, data: bytes) -> None:
    """The file is read into passages whose offsets are true, or refused with one line."""
    try:
        source, text = sources.parse(Path(name), data)
    except SourceError as error:
        assert "\n" not in str(error)
        return
    document = sources.Document(id=source.id, page_content=text, metadata={"head": source})
    for passage in passages.split(document):
        assert text[passage.metadata["start"] : passage.metadata["end"]] == passage.page_content
        for sentence in passages.sentences(passage):
            assert text[sentence.metadata["start"] : sentence.metadata["end"]] == sentence.page_content


@given(st.lists(st.tuples(FIELDS, VALUES), max_size=8), TEXT)
def test_any_head_is_read_or_refused_with_one_line(fields, text):
    head = "\n".join(f"{name}: {value}" for name, value in fields)
    read_or_refused("a.md", encoded(f"---\n{head}\n---\n{text}"))


@given(st.sampled_from(["a.md", "a.txt"]), st.binary(max_size=200) | TEXT.map(encoded))
def test_any_text_is_read_or_refused_with_one_line(name, data):
    read_or_refused(name, data)


@given(st.binary(max_size=200) | LINES.map(json.dumps).map(str.encode) | TEXT.map(encoded))
def test_any_line_gets_one_line_back(answerer, line):
    for told in exchange.batch(answerer, [line]):
        assert "error" in told or told["text"]
        assert "\n" not in str(told.get("error", ""))
        json.dumps(told, ensure_ascii=False).encode()


@given(TEXT, st.lists(st.builds(Turn, st.sampled_from(["user", "assistant"]), TEXT), max_size=6))
def test_any_conversation_gets_an_answer_whose_citations_are_true(answerer, text, history):
    try:
        answer = answerer.invoke(Question(text, tuple(history)))
    except BanbotError as error:
        assert "\n" not in str(error)
        return
    assert answer.done and answer.text
    for citation in answer.citations:
        whole = answerer.index.document(citation.source.id).page_content
        assert whole[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    "line",
    [
        {"question": "Why?", "history": [{"role": "user", "content": "a"}] * (exchange.MOST_TURNS + 1)},
        {"question": "Why?", "history": [{"role": "user", "content": "a" * (exchange.LONGEST_TURN + 1)}]},
        {"question": "a" * exchange.LONGEST_LINE},
        {"question": "a" * 5000},
    ],
    ids=["turns", "turn", "line", "question"],
)
def test_a_question_or_history_that_is_too_long_is_refused(answerer, line):
    (told,) = exchange.batch(answerer, [json.dumps(line).encode()])
    assert any(word in told["error"] for word in ("at most", "shorten"))
