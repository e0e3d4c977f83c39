"""Say what became of a repealed rule whenever an answer rests on it.

Standing is applied by code: the head of a repealed source says what replaced it and by which name other
sources speak of it (`called`), so an answer that quotes a newspaper on the rule is noticed too. Of a rule in force the
head says so, and the answer too if that is the question.
"""

import re
from dataclasses import replace

from langchain_core.documents import Document

from bot.citing import quoted
from bot.index import Index
from bot.phrases import phrases
from bot.records import Answer, Source
from bot.terms import content_terms, has_han, is_chinese, speaks_of_repeal

_HOLDS = re.compile(
    r"\b(?:in force|in effect|valid|apply|applies|repeal\w*|replaced|abolished|superseded|binding|dead letter"
    r"|still (?:stands?|holds?|counts?|good))\b|有效|废止|失效|适用",
    re.IGNORECASE,
)

_IN_FORCE = re.compile(
    r"\b(?:the )?(?:(?:current|present|latest|newest) (?:ban|rules?|notice|text|law)"
    r"|(?:ban|rules?|notice|text|law)(?: which is| that is)?(?: now| currently)? in force(?: now| today)?)\b",
    re.IGNORECASE,
)
"""What people call the newest rule that holds."""
_RULE = re.compile(r"\b(?:ban|rules?|text|document|order)\b", re.IGNORECASE)
"""What people call a notice."""
_STAYS = re.compile(
    r"\b(?:keeps?|remains?|stays?|still) .*\b(?:banned|forbidden|illegal|prohibited)\b|仍.*(?:禁止|非法)", re.IGNORECASE
)
"""What a note on a repeal had better say too: "no longer in force" alone is read as "allowed"."""


def standing_note(answer: Answer, index: Index) -> Answer:
    """The answer with one more cited sentence for each repealed rule it rests on without saying so."""
    for source in index.sources.values():
        if source.standing != "repealed" or not _rests_on(answer, source):
            continue
        said = any(_says_repeal(citation.quote, source) for citation in answer.citations)
        if not said and (note := _repeal(source, index)):
            answer = quoted(answer, note, index)
    return answer


def in_force_note(answer: Answer, index: Index) -> Answer:
    """Where the question is whether a rule holds that no source repeals: the answer says so first.

    What the answer quotes on the repeal of another rule is left out, so that nobody takes it for this one's.
    """
    rule = _asked_rule(answer.question.text, index) if _HOLDS.search(answer.question.text) else None
    if rule is None or rule.standing != "in force":
        return answer
    own = phrases(answer.question.text).in_force.format(rule.called)
    if answer.notes:  # sides that differ stand as they are
        return replace(answer, text=f"{own}\n{answer.text}", notes=(own, *answer.notes))
    about = [c for c in answer.citations if _speaks_of(c.quote, rule) or not speaks_of_repeal(c.quote)]
    text = " ".join((own, *(f"{c.quote} [{c.key}]" for c in about)))
    return replace(answer, text=text, citations=tuple(about), notes=(own,)) if about else answer


def in_force_named(query: str, index: Index) -> str:
    """The query with "the notice in force" under the name of the rule in force that was published last."""
    if has_han(query) or not _IN_FORCE.search(query):
        return query
    rules = [s for s in index.sources.values() if s.standing == "in force" and s.called and s.kind in ("notice", "law")]
    newest = max(rules, key=lambda rule: rule.published, default=None)
    return _IN_FORCE.sub(f"the {newest.called}", query) if newest else query


def _asked_rule(question: str, index: Index) -> Source | None:
    """The one rule whose name shares most words with the question, and at least two."""
    asked = set(content_terms(_RULE.sub("notice", question)))
    near = {id: len(asked & set(content_terms(s.called))) for id, s in index.sources.items() if s.called}
    best = [id for id in near if near[id] == max(near.values())]
    return index.sources[best[0]] if len(best) == 1 and near[best[0]] >= 2 else None


def _rests_on(answer: Answer, source: Source) -> bool:
    return any(c.source.id == source.id or _speaks_of(c.quote, source) for c in answer.citations)


def _speaks_of(text: str, source: Source) -> bool:
    return bool(source.called) and str(source.called).lower() in text.lower()


def _says_repeal(quote: str, source: Source) -> bool:
    """Whether the quote already tells the reader: it names the repealed rule and the repeal."""
    return _speaks_of(quote, source) and speaks_of_repeal(quote)


def _repeal(source: Source, index: Index) -> Document | None:
    """The sentence, in the repealed source's language, that says so: best one that also says what stays banned.

    Otherwise the first of the repealing source.
    """
    own = (source.repealed_by, f"{source.repealed_by}-{source.language}")
    said = [
        sentence
        for sentence in index.sentences
        if _says_repeal(sentence.page_content, source)
        and is_chinese(sentence.page_content) == (source.language == "zh")
        and (sentence.metadata["source"] in own or _STAYS.search(sentence.page_content))
    ]
    return next((each for each in said if _STAYS.search(each.page_content)), said[0] if said else None)
