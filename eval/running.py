"""Ask the cases and sum up how the answers did: per case, per kind, per half."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from rich.console import Console
from rich.progress import track

from bot.answering import Answerer
from bot.records import QUOTES, Answer
from eval import cases, measures
from eval.cases import Case
from eval.measures import SHARES, Verdict, gives_answer
from eval.pipelines import Pipeline
from eval.results import Figures

ALL = "all"
"""The name under which all kinds are summed up."""


@dataclass(frozen=True)
class Asked:
    """A case, the answer it got and the verdict on it."""

    case: Case
    answer: Answer
    verdict: Verdict


def texts(answerer: Answerer) -> dict[str, str]:
    """The whole text of each source, by its id."""
    return {str(document.id): document.page_content for document in answerer.index.documents}


def load(every: int = 1) -> list[Case]:
    """The cases of both halves; with `every` above 1 only each such one of the tuning half, which is eight times the
    held one: of a part of that a floor would tell little."""
    return [*cases.load("tune")[::every], *cases.load("held")]


def ask(answerer: Answerer, asked: Sequence[Case]) -> list[Asked]:
    """Every case answered and judged."""
    held = texts(answerer)
    done = []
    for case in _shown(asked, "Answering"):
        answer = answerer.invoke(case.asked())
        done.append(Asked(case, answer, measures.judge(case, answer, held)))
    return done


def find(pipeline: Pipeline, asked: Sequence[Case], held: Mapping[str, str]) -> dict[str, Figures]:
    """The measures of retrieval for each case that has gold, by the case's id."""
    gold: dict[str, set[str]] = {}
    found: dict[str, list[str]] = {}
    for case in _shown([case for case in asked if case.rests_on], f"Searching: {pipeline.name}"):
        found[case.id] = measures.ids(pipeline.find(case.asked()))
        gold[case.id] = cases.holding(case, pipeline.pieces, held)
    scores = measures.retrieval(gold, found)
    return {key: {name: scores[name][key] for name in scores} for key in gold}


def kinds(asked: Iterable[Case]) -> dict[str, list[Case]]:
    """The cases of each kind, and last all of them."""
    found: dict[str, list[Case]] = defaultdict(list)
    everyone = list(asked)
    for case in everyone:
        found[case.kind].append(case)
    return {**found, ALL: everyone}


def mean(scores: Mapping[str, Figures], asked: Iterable[Case], intervals: bool = False) -> dict[str, float]:
    """Means of per-case figures over those of the cases that have them; nothing where none has."""
    rows = [scores[case.id] for case in asked if case.id in scores]
    return _means({name: [row[name] for row in rows] for name in rows[0]}, intervals) if rows else {}


def _means(values: Mapping[str, Sequence[float]], intervals: bool) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, measured in values.items():
        found[name] = round(fmean(measured), 4)
        if intervals:
            low, high = measures.interval(measured)
            found |= {f"{name}_low": round(low, 4), f"{name}_high": round(high, 4)}
    return found


def figures(done: Sequence[Asked], intervals: bool = False) -> dict[str, float]:
    """All measures of answers and of declining over some answered cases."""
    shares = {
        name: [float(value) for one in done if (value := getattr(one.verdict, name)) is not None] for name in SHARES
    }
    found = _means({name: values for name, values in shares.items() if values}, intervals)
    answerable = [one.case.answerable for one in done]
    answered = [gives_answer(one.answer) for one in done]
    precision, recall = measures.declining(answerable, answered)
    found |= {"decline_precision": precision, "decline_recall": recall}
    if len(set(answerable)) == 2:
        found["telling"] = measures.telling(answerable, [one.answer.odds for one in done])
    found["unsupported"] = sum(one.verdict.unsupported for one in done)
    found["words"] = median(one.verdict.words for one in done)
    found["milliseconds"] = median(one.verdict.milliseconds for one in done)
    return {name: round(value, 4) for name, value in found.items()}


def drafts(done: Sequence[Asked]) -> dict[str, float]:
    """What became of a chat model's drafts; nothing where none was written."""
    drafted = [one.answer for one in done if one.answer.drafted]
    first = [one.answer.timings[FIRST] for one in done if FIRST in one.answer.timings]
    if not drafted:
        return {}
    sentences = sum(answer.drafted for answer in drafted)
    return {
        "draft sentences": sentences,
        "of them held": 1 - sum(len(answer.removed) for answer in drafted) / sentences,
        "answers by the model": sum(answer.writer != QUOTES for answer in drafted) / len(drafted),
        "milliseconds to the first word": median(first),
        "milliseconds of checking": median(answer.timings["check_ms"] for answer in drafted),
    }


FIRST = "first_token_ms"


def _shown(asked: Sequence[Case], title: str) -> Iterable[Case]:
    return track(asked, title, console=Console(stderr=True), transient=True)
