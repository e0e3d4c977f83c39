"""Comparisons: where a question sets two things side by side, each side is answered from sentences about it.

What ranks first for such a question is often about one side alone; the other is then searched for by itself.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from langchain_core.documents import Document

from bot.citing import quoted
from bot.phrases import phrases
from bot.records import Answer
from bot.terms import content_terms

if TYPE_CHECKING:
    from bot.index import Index
    from bot.searching import Found

EACH = 2
"""Sentences of a side."""
MARGIN = 2.0
"""How far below a side's first sentence its second may rank."""

_SIDE = r"(?:[^,;?？]{2,70}?)"
_END = (
    r"(?=[?？.,;]|$| (?:for|when|as|at|with regard|regarding|concerning|about|over"
    r"|treat\w*|handle\w*|deal\w*|say\w*|said|define\w*|regulate\w*)\b| (?:in|on|by) (?![A-Z\d]))"
)
_ASKED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:differences?|distinction|contrast) between (?P<one>{_SIDE}) and (?P<other>{_SIDE}){_END}",
        rf"\b(?:compare|contrast) (?:how |what )?(?P<one>{_SIDE}) "
        rf"(?:and|with|to|against|versus|vs\.?) (?P<other>{_SIDE}){_END}",
        rf"\b(?:do|does|did|is|are|was|were) (?P<one>{_SIDE}) "
        rf"(?:differ from|different (?:from|to|than)|go (?:beyond|further than)) (?P<other>{_SIDE}){_END}",
        rf"(?P<one>(?:the )?[\w’'-]+(?: [\w’'-]+)?),? (?:versus|vs\.?|(?:as )?compared (?:with|to)|as opposed to) "
        rf"(?P<other>{_SIDE}){_END}",
        r"(?P<one>[^，。？?]{2,24}?)(?:和|与|與|跟|同)(?P<other>[^，。？?]{2,24}?)(?:有|之间|的)?(?:什么|何|哪些)?"
        r"(?:不同|区别|區別|差别|差異|差异)",
    )
)


_TIMES = re.compile(r"\b(?:before|after)\b", re.IGNORECASE)
"""Words of a comparison in time, whose sides no words of a sentence tell apart."""


_CONTRAST = re.compile(
    r"\b(?:but|while|whereas|than|unlike|both|differ\w*|compar\w*|chang\w*|versus|vs|against|between|next to|or|new"
    r"|beyond|further)\b|而|不同|区别|区別|新|比",
    re.IGNORECASE,
)
"""Words by which a text sets two things against each other rather than names them one after the other."""


@dataclass(frozen=True)
class Side:
    """One of two things that are compared, and the terms that tell it from the other."""

    name: str
    telling: frozenset[str]

    def holds(self, text: str) -> bool:
        """Whether the text is about this side: it has the numbers that tell it or, without any, half the words."""
        terms = set(content_terms(text))
        numbers = {term for term in self.telling if term.isdigit()}
        return numbers <= terms if numbers else 2 * len(self.telling & terms) >= len(self.telling)


def sides(query: str) -> tuple[Side, ...]:
    """The two things that the query compares; none where it compares nothing that its words tell apart."""
    found = next((match for pattern in _ASKED if (match := pattern.search(query))), None)
    if found is None:
        return ()
    one, other = found["one"].strip(' "“”'), found["other"].strip(' "“”')
    mine, theirs = set(content_terms(one)), set(content_terms(other))
    if not mine - theirs or not theirs - mine or _TIMES.search(found[0]):
        return ()
    return Side(one, frozenset(mine - theirs)), Side(other, frozenset(theirs - mine))


def both_sides(
    answer: Answer, first: Document | None, search: "Callable[[str], Found]", index: "Index"
) -> Answer | None:
    """The answer in two marked halves; None where nothing is compared or the `first` sentence sets both sides against
    each other, itself or by a question that it answers.

    A side on which nothing is found is named as missing; not so in prose, whose sentences may tell of a side without
    its name.
    """
    query = answer.searched[0]
    pair = sides(query)
    told = (first.page_content, *index.views.get(str(first.id), ())) if first else ()
    if not pair or any(_CONTRAST.search(text) and all(side.holds(text) for side in pair) for text in told):
        return None
    found = [_about(side, other, query, search) for side, other in (pair, pair[::-1])]
    prose = first is not None and index.sources[first.metadata["source"]].prose
    if not any(found) or (prose and not all(found)):
        return None
    own = phrases(answer.question.text)
    answer = replace(answer, text="", citations=())
    for side, sentences in zip(pair, found, strict=True):
        note = own.side.format(side.name[:1].upper() + side.name[1:]) if sentences else own.not_given.format(side.name)
        answer = replace(answer, text=f"{answer.text}\n{note}".strip(), notes=(*answer.notes, note))
        for sentence in sentences:
            answer = quoted(answer, sentence, index, f"\n- {sentence.page_content}")
    return answer if all(found) else replace(answer, outcome="partial")


def _about(side: Side, other: Side, query: str, search: "Callable[[str], Found]") -> list[Document]:
    """The best sentences about the side rather than the other."""
    found = search(f"{side.name} {_rest(query)}".strip())
    held = found.ranked if found.odds > 0 else ()
    mine = [s for s in held if side.holds(s.page_content) and not other.holds(s.page_content)]
    return [s for s in mine[:EACH] if s.metadata["score"] > mine[0].metadata["score"] - MARGIN]


def _rest(query: str) -> str:
    """What the query says beside the two things and how they are compared."""
    for pattern in _ASKED:
        query = pattern.sub(" ", query)
    return " ".join(query.split())
