"""Fit the ranker's weights and the bar for answering on the tuning half and on outside sets: `python -m eval fit`.

The ranker learns from pairs of a right and a wrong sentence of one question (Joachims, "Optimizing Search Engines
using Clickthrough Data", 2002); the bar is a logistic regression on the best sentences' features.
"""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.answering import Answerer
from bot.features import WEIGHTS, Features, Summary
from eval import cases, outside, running

STRENGTH = 0.003
"""Inverse strength of regularisation: few cases, so strong."""
NEGATIVES = 30
LOST = 0.03
"""Share of the answerable that may be declined: users forgive a nearest source shown sooner than no answer."""
APART = ("chinese", "out-of-scope", "injection")
"""Kinds of cases that are told by other weights."""
FIXED = ("read", "whole", "denied", "asked")
"""Features that no set varies enough to learn from; their weights are set by hand."""


@dataclass(frozen=True)
class Example:
    """A question: its candidates' features, best first, which of them are right, and whether it has an answer."""

    features: tuple[Features, ...]
    right: tuple[bool, ...]
    wrong: tuple[bool, ...]
    answerable: bool
    told: Summary
    """What the best of them tell together."""


def own(answerer: Answerer) -> list[Example]:
    """The tuning half: right is a sentence that holds the quoted words; its passage's other sentences are not wrong."""
    held = running.texts(answerer)
    found = []
    for case in cases.load("tune"):
        if case.history or case.kind in APART or not (ranked := answerer.search(case.asked()).ranked):
            continue
        gold = cases.holding(case, answerer.index.sentences, held)
        around = cases.holding(case, answerer.index.passages, held)
        right = tuple(str(s.id) in gold for s in ranked)
        wrong = tuple(str(s.id).rpartition(".")[0] not in around for s in ranked)
        told = answerer.searching.ranker.summary(case.question, ranked)
        found.append(Example(tuple(s.metadata["features"] for s in ranked), right, wrong, case.answerable, told))
    return found


def others(folder: Path) -> list[Example]:
    """An outside set: right are the two best sentences of a right source; turns before the last are left out."""
    answerer, lines = outside.opened(folder)
    found = []
    for line in lines:
        asked = outside.question({**line, "history": ()})
        if not (ranked := answerer.search(asked).ranked):
            continue
        told = answerer.searching.ranker.summary(asked.text, ranked)
        held = [str(s.metadata["source"]) in line["gold_sources"] for s in ranked]
        right = tuple(hit and sum(held[:n]) < 2 for n, hit in enumerate(held))
        wrong = tuple(not hit for hit in held)
        features = tuple(s.metadata["features"] for s in ranked)
        found.append(Example(features, right, wrong, bool(line["answerable"]), told))
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
    table = np.array([astuple(example.told) for example in examples])
    answerable = np.array([example.answerable for example in examples])
    scale = table.std(axis=0) + 1e-9
    learned = LogisticRegression(max_iter=1000).fit(table / scale, answerable).coef_[0] / scale
    bias = -float(np.quantile((table @ learned)[answerable], LOST))
    named = zip((field.name for field in fields(Summary)), learned, strict=True)
    return {"bias": round(bias, 2), **{name: round(float(weight), 2) for name, weight in named}}
