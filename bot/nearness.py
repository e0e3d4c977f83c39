"""What lies near a question: sentences, the questions that they answer, and what stands beside them. Pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType

from bot.entries import sentence_id, stands_beside
from bot.fusing import Ranking
from bot.views import Views

OWN = 0.4
"""What the sentence's own cosine counts beside that of the likest question it answers, of 1."""


@dataclass(frozen=True)
class Near:
    """Cosines by the ids of sentences and of what stands beside them."""

    cosines: Mapping[str, float]
    """Of the sentences."""
    alike: Mapping[str, float]
    """Of the likest question that each answers; of the sentence itself where none is known."""
    beside: Mapping[str, float] = field(default_factory=dict)
    """Of gaps, asides and openings."""

    def together(self, limit: int) -> Ranking:
        """One ranking of the sentences by both cosines."""
        both = {key: OWN * cosine + (1 - OWN) * self.alike[key] for key, cosine in self.cosines.items()}
        return dict(islice(sorted(both.items(), key=lambda item: -item[1]), limit))


NOTHING = Near(MappingProxyType({}), MappingProxyType({}))


def best(entries: Ranking) -> Ranking:
    """The cosines of what entries stand for, each that of its best entry."""
    cosines: Ranking = {}
    for key, cosine in entries.items():
        cosines.setdefault(sentence_id(key), cosine)
    return cosines


def by_each(said: Ranking, asked: Ranking, views: Views) -> Near:
    """What two searches found, one of sentences, one of questions.

    What one of them did not find lies as far as the farthest that it found.
    """
    far_said, far_asked = min(said.values(), default=0.0), min(asked.values(), default=0.0)
    beside = {key: cosine for each in (said, asked) for key, cosine in each.items() if stands_beside(key)}
    keys = [key for key in {**said, **asked} if not stands_beside(key)]
    cosines = {key: said.get(key, far_said) for key in keys}
    alike = {key: asked.get(key, far_asked if key in views else cosines[key]) for key in keys}
    return Near(cosines, alike, beside)


def by_both(entries: Ranking) -> Near:
    """What one search found among sentences and questions together, by a model of several languages."""
    cosines = {key: cosine for key, cosine in entries.items() if not stands_beside(key)}
    return Near(cosines, cosines, {key: cosine for key, cosine in entries.items() if stands_beside(key)})
