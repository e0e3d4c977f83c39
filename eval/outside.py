"""Outside sets: a folder with `sources.jsonl` and `questions.jsonl`, on text that nobody here wrote.

`sources.jsonl` holds `{"id", "text"}`; `questions.jsonl` holds `{"id", "question", "history"?, "gold_sources",
"gold_sentences"?, "answerable"}`, where `gold_sentences` are lists of sentences, one list for each annotator.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import fmean, median
from tempfile import TemporaryDirectory
from typing import Any

from platformdirs import user_cache_path
from rich.console import Console
from rich.progress import track

from bot import index, models, sources
from bot.answering import Answerer
from bot.records import Answer, Question, Turn
from bot.terms import content_terms
from eval import measures
from eval.measures import gives_answer
from eval.results import Figures


def measure(folder: Path, cache: Path | None = None) -> Figures:
    """The measures that the set has gold for; raises ValueError where a file is missing or torn.

    The index is kept in `cache`, by default in the platform's cache folder.
    """
    answerer, questions = opened(folder, cache)
    done: list[tuple[dict[str, Any], Answer, list[str]]] = []
    for line in track(questions, f"Asking {folder.name}", console=Console(stderr=True), transient=True):
        asked = question(line)
        ranked = answerer.search(asked).ranked
        found = list(dict.fromkeys(str(sentence.metadata["source"]) for sentence in ranked))
        done.append((line, answerer.invoke(asked), found))
    return {name: round(value, 4) for name, value in {**_searching(done), **_answering(done)}.items()}


def _searching(done: Sequence[tuple[dict[str, Any], Answer, list[str]]]) -> dict[str, float]:
    gold = {line["id"]: set(line["gold_sources"]) for line, _, _ in done if line.get("gold_sources")}
    scores = measures.retrieval(gold, {line["id"]: found for line, _, found in done})
    return {name: fmean(by_case.values()) for name, by_case in scores.items()}


def _answering(done: Sequence[tuple[dict[str, Any], Answer, list[str]]]) -> dict[str, float]:
    answerable = [bool(line["answerable"]) for line, _, _ in done]
    answered = [gives_answer(answer) for _, answer, _ in done]
    precision, recall = measures.declining(answerable, answered)
    found = {
        "telling": measures.telling(answerable, [answer.odds for _, answer, _ in done]),
        "answered": fmean(given for given, held in zip(answered, answerable, strict=True) if held),
        "decline_precision": precision,
        "decline_recall": recall,
        "sentences": median(len(answer.citations) for _, answer, _ in done if gives_answer(answer)),
        "milliseconds": median(answer.timings["total_ms"] for _, answer, _ in done),
    }
    marked = [quoted(line["gold_sentences"], answer) for line, answer, _ in done if line.get("gold_sentences")]
    return found | ({"quoted": fmean(marked)} if marked else {})


def quoted(gold: Sequence[Sequence[str]], answer: Answer) -> float:
    """Share of an annotator's sentences that the answer quotes, of the annotator who is met best.

    A sentence counts as quoted if four fifths of its words stand in one quote: texts are cut differently by others.
    """
    quotes = [set(content_terms(citation.quote)) for citation in answer.citations]

    def held(sentence: str) -> bool:
        words = set(content_terms(sentence))
        return any(len(words & quote) >= 0.8 * len(words) for quote in quotes)

    return max((fmean(held(sentence) for sentence in sentences) for sentences in gold if sentences), default=0.0)


def opened(folder: Path, cache: Path | None = None) -> tuple[Answerer, list[dict[str, Any]]]:
    """An answerer over the set's sources, and its questions; raises ValueError."""
    questions = _lines(folder / "questions.jsonl")
    cache = cache or user_cache_path("banbot", appauthor=False) / f"outside-{folder.resolve().name}"
    with TemporaryDirectory() as scratch:
        for line in _lines(folder / "sources.jsonl"):
            (Path(scratch) / f"{line['id']}.txt").write_text(line["text"], encoding="utf-8")
        documents = sources.read(Path(scratch)).documents
    built = index.sync(cache, documents, (), models.embeddings, model=models.MINILM, bridge=models.bridge)
    return Answerer(built), questions


def question(line: dict[str, Any]) -> Question:
    """The question of a line, with the turns before it."""
    history: Iterable[dict[str, Any]] = line.get("history") or ()
    return Question(line["question"], tuple(Turn(turn["role"], turn["content"]) for turn in history))


def _lines(file: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except OSError as error:
        raise ValueError(f"{file}: {error.strerror}; name a folder with sources.jsonl and questions.jsonl") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"{file}: not JSON lines: {error}") from error
