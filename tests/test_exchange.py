import json

import pytest

from bot import exchange
from bot.errors import QuestionError
from bot.exchange import as_json
from bot.records import Answer, Citation, Question, Source
from bot.verifying import verify

CITATION = {"key", "source", "title", "publisher", "published", "url", "kind", "standing", "quote", "start", "end"}


@pytest.fixture
def batch(answerer):
    """Sends lines and returns the lines that come back."""
    return lambda *lines: list(exchange.batch(answerer, [line.encode() + b"\n" for line in lines]))


def test_a_line_in_is_a_line_out_in_the_same_order_and_the_same_shape(batch):
    asked = [{"id": n, "question": q} for n, q in enumerate(["How many bodies signed?", "Who won the World Cup?"])]
    lines = batch(*map(json.dumps, asked))
    assert [line["id"] for line in lines] == [0, 1]
    assert list(lines[0]) == ["id", "question", "outcome", "text", "searched", "citations", "evidence", "timings"]
    assert all(set(citation) == CITATION for citation in lines[0]["citations"])
    assert all(set(e) == {"key", "source", "start", "end", "text", "score"} for e in lines[0]["evidence"])
    assert set(lines[0]["timings"]) == {"search_ms", "write_ms", "total_ms"}


def test_every_marker_of_the_text_has_a_citation_and_every_citation_evidence(batch):
    (line,) = batch('{"question": "How many bodies issued the trading notice?"}')
    keys = {citation["key"] for citation in line["citations"]}
    assert keys and all(f"[{key}]" in line["text"] for key in keys)
    assert keys <= {evidence["key"] for evidence in line["evidence"]}


@pytest.mark.parametrize(
    "bad",
    [
        "not JSON",
        "[]",
        '"text"',
        '{"id": 7}',
        '{"id": 7, "question": 5}',
        '{"id": 7, "question": ""}',
        '{"id": 7, "question": "why", "history": "x"}',
        '{"id": 7, "question": "why", "history": [{"role": "system", "content": "x"}]}',
        '{"id": 7, "question": "' + "x" * 100_000 + '"}',
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        "[" * 100_000,
    ],
)
def test_a_bad_line_gets_one_error_and_the_batch_goes_on(batch, bad):
    bad_line, good = batch(bad, '{"id": "x", "question": "How many bodies signed?"}')
    assert set(bad_line) == {"id", "error"} and "\n" not in bad_line["error"]
    assert bad_line["id"] in (None, 7)
    assert good["id"] == "x" and good["text"]


def test_empty_lines_are_no_questions(batch):
    assert batch("", "   ") == []


def test_history_is_part_of_what_is_searched(batch):
    history = [{"role": "user", "content": "Who issued the trading notice?"}]
    (line,) = batch(json.dumps({"question": "How many bodies?", "history": history}))
    assert line["searched"] == ["How many bodies?", "Who issued the trading notice? How many bodies?"]


def test_the_terminal_gets_the_answer_and_a_line_for_each_source(ask):
    text = exchange.as_text(ask("How many per cent did Bitcoin fall?"))
    assert "[1]" in text.splitlines()[0]
    assert "The Wire, 2021-09-24, https://example.org/wire/report" in text


def test_a_source_stands_in_one_line_with_all_its_numbers_and_without_empty_brackets():
    bare = Source(id="a", title="A file of mine")
    citations = (Citation("1", bare, "One.", 0, 4), Citation("2", bare, "Two.", 9, 13))
    answer = Answer(Question("?"), text="One. [1] Two. [2]", citations=citations)
    assert exchange.as_text(answer) == "One. [1] Two. [2]\n\n[1] [2] A file of mine"


def test_an_exported_answer_is_verified_against_the_sources(answerer, tmp_path):
    answer = as_json(answerer.invoke(Question("How many per cent did Bitcoin fall?")))
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(answer))
    held = {str(document.id): document for document in answerer.index.documents}
    assert verify(file, held) == (len(answer["citations"]), [])
    answer["citations"][0]["start"] += 1
    answer["citations"][0]["standing"] = "draft"
    file.write_text(json.dumps(answer))
    assert "holds these words elsewhere now" in verify(file, held)[1][0]
    assert "is not held" in verify(file, {})[1][0]


@pytest.mark.parametrize("content", ["{", '{"question": "?"}', "[]"])
def test_a_file_that_holds_no_answer_is_told(tmp_path, content):
    (tmp_path / "answer.json").write_text(content)
    with pytest.raises(QuestionError, match="--json"):
        verify(tmp_path / "answer.json", {})


def test_a_text_that_was_altered_is_noticed_and_bad_lines_of_a_batch_are_passed_over(answerer, tmp_path):
    answer = as_json(answerer.invoke(Question("How many bodies signed the February 2026 notice?")))
    held = {str(document.id): document for document in answerer.index.documents}
    altered = answer | {"text": answer["text"].replace("Eight", "Nine")}
    file = tmp_path / "answers.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in (altered, {"id": 1, "error": "empty"})))
    checked, problems = verify(file, held)
    assert checked == len(answer["citations"]) and "a number that the quote does not" in problems[0]
