"""Repair misspelt words of a question: words that neither the sources nor an English dictionary hold."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files

from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel

_WORD = re.compile(r"(?<![\w.-])(?![a-z]+[A-Z])[A-Za-z]{4,}(?![\w'’-])")
"""A word; what begins small and goes on with a capital is a name, "mBridge", and no slip."""
_NAMED = re.compile(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+)+\b")
"""Names of several words, such as a person's."""
_BEGINS = re.compile(r"(?:^|[.?!:\"“] )$")
"""What stands before the first word of a sentence."""
_ABBREVIATED = re.compile(r"[A-Z]{2}")
NEAR = 0.74
"""Least similarity of a repair: one slip in four letters, two in eight. Nobody mistakes the first letter."""


class Speller:
    """Knows the words of some texts, how often each stands there, and which mostly stand with a capital letter."""

    def __init__(self, texts: Iterable[str]) -> None:
        written = Counter(word for text in texts for word in _WORD.findall(text))
        self._counts: Counter[str] = Counter()
        for word, count in written.items():
            self._counts[word.lower()] += count
        capital = {word.lower(): count for word, count in written.items() if word[0].isupper()}
        self._names = {word for word, count in capital.items() if 2 * count > self._counts[word]}

    def repair(self, text: str) -> str:
        """The text with each unknown word replaced by the likeliest word of the sources that is spelt nearly so; what
        is written as a name, by a name alone. No slip is an abbreviation, unless all is in capitals, nor a part of a
        name of which another is like no word."""
        shouted = text.isupper()
        words = text.split()
        titled = sum(word[0].isupper() for word in words) > 0.6 * len(words) and len(words) > 3
        found = [] if titled else _NAMED.finditer(text)
        named = [m.span() for m in found if any(self._is_strange(word) for word in m[0].split())]

        def mended(found: re.Match[str]) -> str:
            word, begins = found[0], _BEGINS.search(text, 0, found.start())
            part = any(start <= found.start() < end for start, end in named)
            if not shouted and (part or _ABBREVIATED.match(word)):
                return word
            return self._mended(word, name=word[0].isupper() and not (begins or titled or shouted))

        return _WORD.sub(mended, text)

    def _is_strange(self, word: str) -> bool:
        """Whether the word is neither known nor spelt nearly like one that is."""
        return bool(_WORD.fullmatch(word)) and not self._is_known(word) and self._mended(word) == word

    def _is_known(self, word: str) -> bool:
        return word.lower() in self._counts or word.lower() in english()

    def _mended(self, word: str, name: bool = False) -> str:
        lower = word.lower()
        if self._is_known(word):
            return word
        known = [each for each in (self._names if name else self._counts) if each[0] == lower[0]]
        near = process.extract(lower, known, scorer=OSA.normalized_similarity, score_cutoff=NEAR, limit=5)
        if not near:
            return word
        best: str = max(near, key=lambda found: (round(found[1], 2), self._counts[found[0]]))[0]
        return best.capitalize() if word[0].isupper() else best


def near(word: str, words: Collection[str], least: float) -> bool:
    """Whether any of the words is spelt nearly like the word, by difflib's ratio, which the longest common
    subsequence bounds from above and sifts much faster."""
    sifted = process.extract(word, words, scorer=Indel.normalized_similarity, score_cutoff=least - 1e-9, limit=None)
    return any(SequenceMatcher(None, found[0], word).ratio() >= least for found in sifted)


@cache
def english() -> frozenset[str]:
    """The words of the English frequency dictionary that comes with symspellpy."""
    lines = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig")
    return frozenset(line.partition(" ")[0] for line in lines.splitlines())
