"""What the ranker knows of a question and a sentence, and the weights fitted to it by `python -m eval fit`."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Features:
    """What is known of a question and a sentence; all but `fused` lie between 0 and 1."""

    fused: float
    """Standard score of the fused search."""
    alike: float
    """Cosine of the question and the likest that the sentence answers, or of the sentence where none is known; 0 where
    the embedder did not rank the sentence."""
    cover: float
    """Share of the question's terms, weighed by rarity, that stand in the sentence."""
    cover_head: float
    """The same with the source's title, publisher and date counted in and, of prose, the passage around it."""
    kind: float
    """1 if the sentence holds what the question asks for: a date, a number, a name, a reason, a definition."""
    phrase: float
    """Share of the question's pairs of neighbouring terms that stand in the sentence."""
    official: float
    """1 if the source is official."""
    year: float
    """1 if the question names a year that the sentence names too, half if only the source's date does."""
    recent: float
    """1 if the question asks for what holds now, half if in the present, and the source is of the newest year; half of
    that if it is of the year before."""
    read: float
    """1 if the publication was read at all, 0 if the source is from memory."""
    focus: float
    """Share of the terms of the sentence's leading clause, weighed by rarity, that the question has."""
    whole: float
    """1 if the sentence ends with a stop, 0 for a headline or an item."""
    listed: float
    """How far the sentence lists what the question asks to be listed."""
    counted: float
    """1 if the sentence counts what the question asks to be counted, half if it asks for no count."""
    stale: float
    """1 if the question asks in the present and the sentence rests on a repealed rule without saying so."""
    denied: float
    """1 if the question asks who, what or which and the sentence says "not" of its very words."""
    asked: float
    """How alike in words the question and the likest that the sentence answers are, squared: near equality counts."""
    subject: float
    """How much nearer than usual the question comes to the opening of the source, in cosine; 0 for a digest."""


WEIGHTS = Features(
    fused=1.0,
    alike=3.0,
    cover=4.7,
    cover_head=3.5,
    kind=1.0,
    phrase=3.5,
    official=0.7,
    year=3.4,
    recent=3.9,
    read=2.0,
    focus=2.0,
    whole=1.0,
    listed=4.0,
    counted=0.7,
    stale=-4.6,
    denied=-4.0,
    asked=6.0,
    subject=24.0,
)
"""Fitted by `python -m eval fit` on the tuning half and two public sets; those named in `FIXED` there set by hand."""


SUBJECT = 0.4
"""Cosine of a question and the opening of a source on its subject that tells nothing."""
NEAR = 0.55
"""Cosine of a question and the nearest sentence above which nearly all lie that have an answer."""
USUAL = -0.1
"""How much nearer the nearest gap comes to a question than the nearest sentence where it tells nothing."""
FAR = -0.2
"""How much farther than usual the nearest gap may lie and still tell more: far from all gaps is no answer."""


@dataclass(frozen=True)
class Summary:
    """What the best sentences tell together about whether they hold an answer."""

    cosine: float
    cover: float
    """The share of the question's terms in the first sentence with its head."""
    counted: float
    """1 if the first sentence counts what is asked to be counted."""
    gap: float
    """How much nearer than usual the nearest gap comes to the question, against the sentences; 0 where none is near."""
    subject: float = 0.0
    """How much nearer than usual the question comes to the opening of a source."""
    asked: float = 0.0
    """The likest question answered, as in `Features`, where a gap is near: `gap` holds it at too high a weight."""
    nearer: float = 0.0
    """How much nearer the nearest gaps lie than the likest questions that sentences answer, by their cosines alone; one
    that asks for another sort of thing or of another time lies farther."""
    worded: float = 0.0
    """Log odds, by its words, that the question is one that the sources leave open."""
    far: float = 0.0
    """How much farther than `NEAR` the nearest sentence lies, in cosine: then something else is asked about."""


def summary(best: Sequence[Features], gap: float = 0.0) -> Summary:
    """The summary of the five best sentences' features, of which there must be one, and of the gap that is nearest.

    `gap` is its cosine and its likeness together, 0 if there is none.
    """
    nearest = max(f.alike + math.sqrt(f.asked) for f in best[:5])
    cosine, cover = max(f.alike for f in best[:5]), best[0].cover_head
    far = max(0.0, NEAR - cosine)
    told = Summary(cosine, cover, best[0].counted, 0.0, max(f.subject for f in best[:5]), far=far)
    if not gap:
        return told
    return replace(told, gap=max(FAR, gap - nearest - USUAL), asked=max(f.asked for f in best[:5]))


ENOUGH = (0.0, Summary(0.0, 3.8, 1.2, -8.4, asked=-5.6, nearer=-13.0, worded=-0.15, far=-15.0))
"""Bias and weights of the log odds that the evidence is enough, set on the tuning half; that of `worded` is less than
what fits there best, as writers of one kind share words."""
ENOUGH_ALONE = (-1.75, Summary(2.3, 2.4, 1.8, 0.0))
"""The same where no gaps are known."""
ENOUGH_PROSE = (-2.33, Summary(1.0, 2.2, 0.25, 0.0, 4.2))
"""The same where the first sentence is prose: a few weights, set on two public sets. The bias declines one of ten
that the harder of them can answer."""
ENOUGH_CHINESE = (-1.54, Summary(4.7, 0.0, 0.0, -6.3, nearer=-7.0, worded=-0.4))
"""The same for Chinese questions, whose cosines are those of another model; set on the tuning half."""
ENOUGH_CHINESE_ALONE = (-2.8, Summary(6.0, 0.0, 0.0, 0.0))
"""The same for Chinese questions where no gaps are known."""
