"""What of a chat model's draft holds: each sentence is bound to sentences of its sources, replaced by one, or removed.

A sentence is admitted only with a marker that names evidence, or as a quote to the letter, and only if each number,
date and name of it stands in the sentences it is bound to or in their sources' heads, none of them denies it, and it
says little beyond them. How well that tells true from altered statements: `python -m eval support`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings

from bot import passages
from bot.citing import MARKER
from bot.prompting import MISSING
from bot.records import Citation, Evidence
from bot.support import broken, head, overlap, score
from bot.terms import content_terms, is_chinese
from bot.writers import choose, repeats

NEAR = 0.6
"""Least support score; of 180 true English restatements of sources 2 in 100 lie below 0.77."""
_SHARE, _ROW = {False: 0.6, True: 0.5}, {False: 2, True: 5}
"""Least share of a statement's terms that its sources hold, and most in a row that they do not; True for Chinese."""
_QUOTES = 2
"""Most sentences that one statement may be bound to."""

_STOP = "[.!?。！？…]+[\"”'’)）]*"
_GROUP = re.compile(r"\s*[\[【]([^\[\]【】\n]{1,60})[\]】]")
_AFTER_STOP = re.compile(rf"({_STOP})((?:\s*[\[【][^\[\]【】\n]{{1,60}}[\]】])+)(?=\s|$|[^\s\w])")
_BULLET = re.compile(r"^\s*(?:[-*•#>]+|\d{1,2}[.)])\s+")
_TAG = re.compile(r"</?[a-z][^<>]{0,200}>")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+")
_MISSING = re.compile(rf"^\W*{MISSING[:-1]}\W*[:：](.*)$", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class Checked:
    """What holds of a draft: its text with a marker for each citation, in their order, and what became of the rest."""

    text: str = ""
    citations: tuple[Citation, ...] = ()
    admitted: int = 0
    replaced: int = 0
    removed: tuple[str, ...] = ()
    """The sentences that did not hold, those that were replaced too, each after the reason and a colon."""
    missing: tuple[str, ...] = ()
    """What the model says the evidence does not hold, in words of the question; empty text for other words."""

    @property
    def drafted(self) -> int:
        """How many sentences were checked."""
        return self.admitted + len(self.removed)

    @property
    def holds(self) -> bool:
        """Whether at least half of the draft was admitted."""
        return bool(self.admitted) and 2 * self.admitted >= self.drafted


@dataclass(frozen=True)
class _Said:
    """A sentence of a draft without its markers; `keys` are those that name evidence."""

    text: str
    keys: tuple[str, ...]
    unknown: tuple[str, ...] = field(default=())


def check(draft: str, evidence: Sequence[Evidence], question: str, embeddings: Embeddings) -> Checked:
    """Check each sentence of a draft against the evidence that its markers name."""
    draft = draft.rpartition("</think>")[2]
    by_key = {each.key: each for each in evidence}
    quotes = {quote.key: quote.sentence for quote in reversed(choose(evidence, 4, 4.0))}
    checked = Checked(missing=tuple(_in_question(part.strip(), question) for part in _MISSING.findall(draft)))
    said: list[str] = []
    for sentence in dict.fromkeys(sentences(_MISSING.sub("", draft), evidence)):
        if any(set(content_terms(sentence.text)) <= set(content_terms(other)) for other in said):
            continue  # said already: a model that goes round in circles
        citations, fault = bind(sentence.text, [by_key[key] for key in sentence.keys], embeddings)
        if any(key in sentence.text for key in by_key):
            citations, fault = (), "shows a key"
        if citations:
            said.append(sentence.text)
            checked = _with(checked, sentence.text, citations)
            checked = replace(checked, admitted=checked.admitted + 1)
            continue
        fault = "no such evidence" if sentence.unknown and not sentence.keys else fault
        checked = replace(checked, removed=(*checked.removed, f"{fault}: {sentence.text}"))
        quote = next((_citation(by_key[key], quotes[key]) for key in sentence.keys if key in quotes), None)
        if quote and quote not in checked.citations and not any(repeats(quote.quote, other) for other in said):
            said.append(quote.quote)
            checked = replace(_with(checked, quote.quote, (quote,)), replaced=checked.replaced + 1)
    return checked


def sentences(draft: str, evidence: Sequence[Evidence]) -> list[_Said]:
    """The draft's sentences with the keys they cite; a marker behind the stop belongs to the sentence before it."""
    known = {each.key for each in evidence}
    held = " ".join(each.passage.page_content for each in evidence)
    keys = "|".join(known)
    round_brackets = re.compile(rf"\s?[(（]((?:{keys})(?:[,;，、 ]+(?:{keys}))*)[)）]")
    found: list[_Said] = []
    for line in draft.splitlines():
        line = _BULLET.sub("", _TAG.sub("", line)).replace("**", "").replace("`", "")
        line = _AFTER_STOP.sub(r"\2\1", round_brackets.sub(r" [\1]", line))
        for piece in passages.sentences(Document(id="draft", page_content=line)):
            cited, unknown = list[str](), list[str]()
            text = piece.page_content
            for group in list(_GROUP.finditer(text)):
                if group[0].strip() in held:
                    continue  # "Yinfa [2021] No. 237"
                for key in re.findall(r"\w+", group[1]):
                    (cited if key in known else unknown).append(key)
                text = text.replace(group[0], "", 1)
            text = " ".join(text.split())
            if not cited and not unknown:  # what is quoted word for word needs no marker to be found
                cited = [e.key for e in evidence if any(s.page_content == text for s in e.sentences)][:1]
            if content_terms(text):
                found.append(_Said(text, tuple(dict.fromkeys(cited)), tuple(unknown)))
    return found


def bind(statement: str, cited: Sequence[Evidence], embeddings: Embeddings) -> tuple[tuple[Citation, ...], str]:
    """The fewest sentences of the cited evidence that carry the statement; or none, and why."""
    if not cited:
        return (), "no source"
    if MARKER.search(f"{statement} "):
        return (), "brackets"
    left = set(content_terms(statement))
    candidates = [(each, sentence) for each in cited for sentence in each.sentences]
    chosen: list[tuple[Evidence, Document]] = []
    fault = "no support"
    while candidates and len(chosen) < _QUOTES:
        best = max(candidates, key=lambda pair: len(left & set(content_terms(pair[1].page_content))))
        gain = left & set(content_terms(best[1].page_content))
        if not gain and chosen:
            break
        chosen.append(best)
        candidates.remove(best)
        left -= gain
        fault = _fault(statement, chosen, embeddings)
        if not fault:
            return tuple(_citation(each, sentence) for each, sentence in chosen), ""
    return (), fault


def _fault(statement: str, chosen: Sequence[tuple[Evidence, Document]], embeddings: Embeddings) -> str:
    """Why the chosen sentences together do not carry the statement; empty if they do."""
    texts = [sentence.page_content for _, sentence in chosen]
    held = " ".join((*texts, *(head(each.source) for each, _ in chosen)))
    for text in texts:
        if rule := broken(statement, text, held):
            return rule
    if any(address not in held for address in _ADDRESS.findall(statement)):
        return "address"
    share, row = overlap(statement, held)
    han = is_chinese(statement)
    if share < _SHARE[han] or row > _ROW[han]:
        return "words of its own"
    return "" if statement in held or score(statement, [" ".join(texts), *texts], embeddings) >= NEAR else "no support"


def ended(statement: str) -> str:
    """The statement with a stop at its end, where its marker is looked for."""
    if re.search(rf"{_STOP}$", statement):
        return statement
    return f"{statement}{'。' if is_chinese(statement) else '.'}"


def _with(checked: Checked, statement: str, citations: tuple[Citation, ...]) -> Checked:
    marked = "".join([ended(statement), *(f" [{citation.key}]" for citation in citations)])
    return replace(checked, text=f"{checked.text} {marked}".strip(), citations=(*checked.citations, *citations))


def _citation(evidence: Evidence, sentence: Document) -> Citation:
    start, end = sentence.metadata["start"], sentence.metadata["end"]
    return Citation(evidence.key, evidence.source, sentence.page_content, start, end)


def _in_question(part: str, question: str) -> str:
    """What is said to be missing, if it is said in the question's words; else nothing, for it may be anything."""
    part = part.strip(' .。!?？"“”[]')
    share, _ = overlap(part, question)
    return part if share == 1.0 and not broken(part, question) else ""
