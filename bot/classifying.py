"""Linear classifiers over the words of a text: which messages ask for no fact, which questions are left
open by the sources, which sentences order the bot about.

Their weights are fitted by `python -m eval classifiers` on examples and kept as data beside this file. Words and pairs
of words are as good as more on short texts: Wang and Manning, "Baselines and Bigrams" (2012).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from pathlib import Path

from bot.terms import simplified

WEIGHTS = Path(__file__).parent / "weights"

_WORD = re.compile(r"[^\W\d_一-鿿㐀-䶿]+(?:'[^\W\d_一-鿿㐀-䶿]+)*|\d+|[^\w\s]|[一-鿿㐀-䶿]")


@dataclass(frozen=True)
class Classifier:
    """A bias and the weights of words and pairs of words; those it does not know weigh nothing."""

    bias: float
    weights: Mapping[str, float]

    @classmethod
    def read(cls, name: str) -> "Classifier":
        """The classifier of that name."""
        return cls(**json.loads((WEIGHTS / f"{name}.json").read_text(encoding="utf-8")))

    def log_odds(self, text: str) -> float:
        """Log odds that the text is of the kind."""
        found = pieces(text)
        return self.bias + sum(self.weights.get(piece, 0.0) for piece in found) / sqrt(len(found) or 1)


def pieces(text: str) -> set[str]:
    """The words of a text and their pairs, in lower case: each number is "0", each Han character, in its simplified
    form, and each stop a word."""
    text = simplified(text).lower().replace("’", "'")
    words = ["0" if word.isdigit() else word for word in _WORD.findall(text)]
    return {*words, *map(" ".join, pairwise(words))}
