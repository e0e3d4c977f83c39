"""Fit the ranker's weights and the bar for answering on the tuning half and on outside sets: `python -m eval fit`.

The ranker learns from pairs of a right and a wrong sentence of one question (Joachims, "Optimizing Search Engines
using Clickthrough Data", 2002); the bar is a logistic regression on the best sentences' features.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.answering import Answerer
from bot.features import WEIGHTS, Features, summary
from eval import cases, outside, running

STRENGTH = 0.003
"""Inverse strength of regularisation: few cases, so strong."""
NEGATIVES = 30
LOST = 0.03
"""Share of the answerable that may be declined: users forgive a nearest source shown sooner than no answer."""
FIXED = ("read", "whole", "denied", "asked")
"""Features that no set varies enough to learn from; their weights are set by hand."""


@dataclass(frozen=True)
class Example:
    """A question: its candidates' features, best first, which of them are right, and whether it has an answer."""

    features: tuple[Features, ...]
    right: tuple[bool, ...]
    wrong: tuple[bool, ...]
    answerable: bool
    gap: float = 0.0
    """Cosine and likeness of the nearest gap."""


def own(answerer: Answerer) -> list[Example]:
    """The tuning half: right is a sentence that holds the quoted words; its passage's other sentences are not wrong."""
    held = running.texts(answerer)
    found = []
    for case in cases.load("tune"):
        if case.history or case.kind == "chinese":
            continue
        ranked = answerer.search(case.asked()).ranked
        gold = cases.holding(case, answerer.index.sentences, held)
        around = cases.holding(case, answerer.index.passages, held)
        right = tuple(str(s.id) in gold for s in ranked)
        wrong = tuple(str(s.id).rpartition(".")[0] not in around for s in ranked)
        gap = answerer.searching.ranker.gap(case.question, ranked)
        found.append(Example(tuple(s.metadata["features"] for s in ranked), right, wrong, case.answerable, gap))
    return found


def others(folder: Path) -> list[Example]:
    """An outside set: right are the two best sentences of a right source; turns before the last are left out."""
    answerer, lines = outside.opened(folder)
    found = []
    for line in lines:
        ranked = answerer.search(outside.question({**line, "history": ()})).ranked
        held = [str(s.metadata["source"]) in line["gold_sources"] for s in ranked]
        right = tuple(hit and sum(held[:n]) < 2 for n, hit in enumerate(held))
        wrong = tuple(not hit for hit in held)
        found.append(Example(tuple(s.metadata["features"] for s in ranked), right, wrong, bool(line["answerable"])))
    return found


def weights(examples: Iterable[Example]) -> dict[str, float]:
    """The weight of each feature, scaled so that the fused search weighs 1."""
    names = [field.name for field in fields(Features) if field.name not in FIXED]
    columns = [n for n, field in enumerate(fields(Features)) if field.name in names]
    differences, shares = [], []
    for example in examples:
        table = np.array([astuple(f) for f in example.features], float).reshape(-1, len(fields(Features)))[:, columns]
        right, wrong = table[np.array(example.right, bool)], table[np.array(example.wrong, bool)][:NEGATIVES]
        for row in right:
            differences.append(row - wrong)
            shares.append(np.full(len(wrong), 1 / len(right)))
    pairs, share = np.concatenate(differences), np.concatenate(shares)
    scale = pairs.std(axis=0) + 1e-9
    model = LogisticRegression(C=STRENGTH, fit_intercept=False, max_iter=1000)
    outcome = np.r_[np.ones(len(pairs)), np.zeros(len(pairs))]
    model.fit(np.r_[pairs, -pairs] / scale, outcome, sample_weight=np.r_[share, share])
    learned = model.coef_[0] / scale
    fixed = {name: getattr(WEIGHTS, name) for name in FIXED}
    return {name: round(float(w / learned[0]), 2) for name, w in zip(names, learned, strict=True)} | fixed


def bar(examples: Sequence[Example]) -> dict[str, float]:
    """Bias and weights of the score above which an answer is given: all but `LOST` of the answerable lie above 0."""
    asked = [example for example in examples if example.features]
    table = np.array([astuple(summary(example.features, example.gap)) for example in asked])
    model = LogisticRegression(C=1.0, max_iter=1000).fit(table, [example.answerable for example in asked])
    told = table @ model.coef_[0]
    bias = -float(np.quantile(told[[example.answerable for example in asked]], LOST))
    learned: Mapping[str, float] = dict(
        zip((field.name for field in fields(summary(asked[0].features))), model.coef_[0], strict=True)
    )
    return {"bias": round(bias, 2), **{name: round(float(w), 2) for name, w in learned.items()}}
