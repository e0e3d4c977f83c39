"""What there is to say on the page; `words` says it in English and in Chinese."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The page's own words in one language."""

    code: str
    tagline: str
    chat: str
    programs: str
    conversation: str
    question: str
    placeholder: str
    ask: str
    stop: str
    new: str
    export_text: str
    export_json: str
    to_answer: str
    more: str
    since: str
    until: str
    official: str
    language: str
    any: str
    examples: str
    empty: str
    warming: str
    asked: str
    answering: str
    sources_cited: str
    source: str
    next: str
    copy: str
    copied: str
    retry: str
    edit: str
    send: str
    good: str
    bad: str
    reason: str
    thanks: str
    why: str
    searched: str
    with_turn: str
    with_turns: str
    with_answer: str
    chosen: str
    left_out: str
    strong: str
    fair: str
    weak: str
    checked: str
    times: str
    within: str
    says: str
    by: str
    close: str
    back: str
    published: str
    undated: str
    kind: str
    kinds: tuple[tuple[str, str], ...]
    is_official: str
    not_official: str
    standing: str
    in_force: str
    repealed: str
    draft: str
    read: str
    seen: tuple[tuple[str, str], ...]
    digest: str
    original: str
    no_original: str
    unknown_source: str
    outcomes: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]
