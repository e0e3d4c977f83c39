"""Fit the classifiers of `bot/classifying.py` on examples, and write their weights: `python -m eval classifiers`."""

import json
from collections.abc import Mapping, Sequence
from math import sqrt
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict

from bot import asides, gaps, views
from bot.classifying import WEIGHTS, Classifier, pieces
from bot.passages import sentences, split
from bot.sources import lines, read
from eval import cases

STRENGTH = 30.0
"""Inverse strength of regularisation; 10 and 100 do as well."""
SELDOM = 2
"""Examples in which a piece must stand to be weighed."""
EVERY = 8
"""Of the sentences of the sources, and of the questions that they answer, every eighth stands for what is no order."""
LIGHT = 0.05
"""Weights nearer to nothing are left out."""


class Sentence(BaseModel):
    """An example of a sentence of a message: an order to the bot, talk around a question, or a question."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    sentence: str
    sort: str


def marked(folder: Path) -> Mapping[str, list[str]]:
    """The texts that were written as examples for each classifier."""
    return {
        "asides": [aside.question for aside in asides.read(folder)],
        "gaps": [question for gap in gaps.read(folder) for question in gap.questions],
        "orders": [each.sentence for each in lines(cases.CASES / "orders.jsonl", Sentence)],
    }


def examples(folder: Path) -> Mapping[str, tuple[list[str], list[bool]]]:
    """The texts of each classifier, and which of them are of its kind."""
    beside = asides.read(folder)
    ordered = list(lines(cases.CASES / "orders.jsonl", Sentence))
    asked = [question for view in views.written(folder) for question in view.questions]
    left = [question for gap in gaps.read(folder) for question in gap.questions]
    said = [
        piece.page_content
        for document in read(folder).documents
        for passage in split(document)
        for piece in sentences(passage)
    ][::EVERY]
    none = [*asked[::EVERY], *said, *(aside.question for aside in beside if aside.sort != "chat")]
    return {
        "asides": ([a.question for a in beside], [a.sort != "fact" for a in beside]),
        "gaps": (asked + left, [False] * len(asked) + [True] * len(left)),
        "orders": ([s.sentence for s in ordered] + none, [s.sort != "question" for s in ordered] + [False] * len(none)),
    }


def fitted(texts: Sequence[str], kind: Sequence[bool]) -> tuple[Classifier, float]:
    """The classifier, and the area under the ROC curve in ten-fold cross-validation."""
    found = [dict.fromkeys(each, 1 / sqrt(len(each))) for each in map(pieces, texts)]
    counted = DictVectorizer().fit(found)
    matrix = counted.transform(found)
    often = np.asarray((matrix > 0).sum(axis=0)).ravel() >= SELDOM
    matrix, names = matrix[:, often], counted.get_feature_names_out()[often]
    model = LogisticRegression(C=STRENGTH, max_iter=1000)
    told = cross_val_predict(model, matrix, kind, cv=10, method="decision_function")
    model.fit(matrix, kind)
    weights = {str(name): round(float(w), 2) for name, w in zip(names, model.coef_[0], strict=True) if abs(w) > LIGHT}
    return Classifier(round(float(model.intercept_[0]), 2), weights), float(roc_auc_score(kind, told))


def write(folder: Path) -> Mapping[str, float]:
    """Fit and keep every classifier; returns the area of each."""
    areas = {}
    for name, (texts, kind) in examples(folder).items():
        found, areas[name] = fitted(texts, kind)
        kept = {"bias": found.bias, "weights": dict(sorted(found.weights.items()))}
        (WEIGHTS / f"{name}.json").write_text(json.dumps(kept, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    return areas
