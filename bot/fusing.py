"""Several rankings become one: fused by id, the highest kept, the reader's language first. Pure functions."""

from collections.abc import Sequence, Set
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.terms import has_han

Ranking = dict[str, float]
"""Scores by the ids of sentences, best first."""
FOREIGN = 1.0
"""What a sentence in another language than a Chinese question loses: between equals the reader's language wins."""


def fuse(rankings: Sequence[Ranking], weights: Sequence[float]) -> Ranking:
    """One ranking by the weighted sum of standard scores; who misses in a ranking gets the ranking's lowest.

    Standard scores keep how far apart neighbours are, which reciprocal ranks throw away.
    """
    totals: Ranking = dict.fromkeys((key for ranking in rankings for key in ranking), 0.0)
    for ranking, weight in zip(rankings, weights, strict=True):
        if not ranking:
            continue
        scores = np.fromiter(ranking.values(), float)
        mean, deviation = float(scores.mean()), float(scores.std()) or 1.0
        lowest = float(scores.min())
        for key in totals:
            totals[key] += weight * (ranking.get(key, lowest) - mean) / deviation
    return _ordered(totals)


def _ordered(scores: Ranking) -> Ranking:
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))


def highest(scores: NDArray[Any], limit: int) -> list[int]:
    """Where the highest scores above zero stand, best first and equal ones in their order, `limit` at most."""
    if len(scores) > limit:
        least = np.partition(scores, -limit)[-limit]
        places = np.flatnonzero((scores >= least) & (scores > 0))
    else:
        places = np.flatnonzero(scores > 0)
    best: list[int] = places[np.argsort(-scores[places], kind="stable")][:limit].tolist()
    return best


def same_language(query: str, found: Ranking, chinese: Set[str], translated: Set[str] = frozenset()) -> Ranking:
    """The sentences in the question's language before the others: an English question's others are left out.

    A Chinese question keeps English sentences, with `FOREIGN` off their scores, where they are not `translated`.
    `chinese` holds the ids of the Chinese sentences.
    """
    if has_han(query):
        kept = {key: score - FOREIGN * (key not in chinese) for key, score in found.items() if key not in translated}
        return _ordered(kept)
    return {key: score for key, score in found.items() if key not in chinese} or found
