"""Answers as the page shows them: HTML, in which everything that others wrote is text. Pure, no Gradio."""

import html
from collections.abc import Mapping, Sequence
from itertools import groupby, repeat
from urllib.parse import urlencode

from bot.page.conversation import Cited, Conversation, Found, Paragraph, Reply, about, as_text, pieces
from bot.page.words import Words
from bot.phrases import phrases
from bot.records import Source
from bot.terms import is_chinese

Sources = Mapping[str, Source]
"""The heads of the sources by id; empty while they are being read."""
_THUMB = (
    '<path d="M2 9h3v9H2zM6 9l4-7c1.4 0 2 1 2 2l-.6 4H17a1.5 1.5 0 0 1 1.5 1.8l-1.2 6.7A1.8 1.8 0 0 1 15.5 18H6z"/>'
)
SIGNS = {"partial": "◐", "declined": "○", "clarify": "?", "out_of_scope": "–", "failed": "!", "stopped": "■"}


def conversation_html(conversation: Conversation, sources: Sources, own: Words) -> str:
    """The whole conversation; the last question can be asked again or edited."""
    last = len(conversation) - 1
    turns = [reply_html(r, at, sources, own, last=at == last) for at, r in enumerate(conversation)]
    return f'<h2 class="unseen">{own.conversation}</h2>{"".join(turns)}'


def welcome_html(examples: tuple[str, ...], own: Words, *, warming: bool) -> str:
    """What stands there before the first question."""
    wait = f'<p class="quiet warming" role="status">{own.warming}</p>' if warming else ""
    offered = _offered(examples, own.examples, "examples") if examples else ""
    return f'<div class="welcome"><p>{own.empty}</p>{wait}{offered}</div>'


def reply_html(reply: Reply, at: int, sources: Sources, own: Words, *, last: bool) -> str:
    """One question with its answer."""
    asked = (
        f'<h3 class="asked" dir="auto"><span class="unseen">{own.asked}: </span>{text_html(reply.line.question)}</h3>'
    )
    within = filters_text(reply.filters, own)
    within = f'<p class="within">{own.within} {html.escape(within)}</p>' if within else ""
    return f'<article class="turn" data-at="{at}">{asked}{within}{_answer(reply, at, sources, own, last)}</article>'


def _answer(reply: Reply, at: int, sources: Sources, own: Words, last: bool) -> str:
    if reply.state == "growing":
        said = "".join(_paragraph(each, own) for each in pieces(reply.line))
        doing = phrases(reply.line.question).draft if reply.line.writer else own.answering
        return f'<div class="answer growing" aria-busy="true">{said}<p class="quiet">{doing}</p></div>'
    outcome = reply.line.outcome if reply.state == "done" else reply.state
    title = dict(own.outcomes).get(outcome)
    head = f'<p class="outcome"><span aria-hidden="true">{SIGNS[outcome]}</span> {title}</p>' if title else ""
    if reply.state != "done":
        body = f"<p>{text_html(reply.failure)}</p>" if reply.failure else ""
        return f'<div class="answer boxed {outcome}">{head}{body}{_actions(reply, at, own, last)}</div>'
    boxed = " boxed" if title else ""
    follow = _offered(reply.follow_ups, own.next, "next") if reply.follow_ups else ""
    return (
        f'<div class="answer{boxed} {outcome}">{head}<div class="said">{_said(reply, own)}</div>'
        f"{_cited(reply, sources, own)}{_why(reply, sources, own)}{_actions(reply, at, own, last)}</div>{follow}"
    )


def _said(reply: Reply, own: Words) -> str:
    """The paragraphs of the text; neighbouring items become a table of the sides that differ, or a list."""
    parts: list[str] = []
    for listed, group in groupby(pieces(reply.line), key=lambda each: each.item):
        each = list(group)
        parts.append(
            _listed([p.statements[0] for p in each], own) if listed else "".join(map(_paragraph, each, repeat(own)))
        )
    return "".join(parts)


def _listed(items: Sequence[tuple[str, Cited | None]], own: Words) -> str:
    sides = [_side(statement, cited, own) for statement, cited in items]
    if not all(sides):
        rows = (f'<li dir="auto"{_lang(text)}>{text_html(text)}{_marked(cited, own)}</li>' for text, cited in items)
        return f'<ul class="listed">{"".join(rows)}</ul>'
    head = f'<tr><th scope="col">{own.says}</th><th scope="col">{own.by}</th></tr>'
    return f'<table class="sides"><thead>{head}</thead><tbody>{"".join(sides)}</tbody></table>'


def _side(statement: str, cited: Cited | None, own: Words) -> str:
    """A row for an item that names its publisher and date at its end, as sides that differ do; empty for others."""
    who = ", ".join(part for part in (cited.publisher, cited.published) if part) if cited else ""
    if not who or not statement.endswith(f" ({who})"):
        return ""
    said = text_html(statement.removesuffix(f" ({who})"))
    return f'<tr><td dir="auto">{said}</td><td dir="auto">{text_html(who)}{_marked(cited, own)}</td></tr>'


def _paragraph(each: Paragraph, own: Words) -> str:
    return "".join(
        f'<p dir="auto"{_lang(statement)}>{text_html(statement)}{_marked(cited, own)}</p>'
        for statement, cited in each.statements
    )


def _marked(cited: Cited | None, own: Words) -> str:
    return f" {_mark(cited, own)}" if cited else ""


def _mark(cited: Cited, own: Words) -> str:
    """The number of a citation: a link to the sentence, with what the preview shows."""
    to = link(cited.source, cited.start, cited.end)
    title = html.escape(about(cited))
    return (
        f'<a class="cite" href="{to}" aria-label="{own.source} {html.escape(cited.key)}: {title}" '
        f'data-about="{title}" data-quote="{html.escape(cited.quote)}">{html.escape(cited.key)}</a>'
    )


def _cited(reply: Reply, sources: Sources, own: Words) -> str:
    """The sources of the answer, numbered as in its text."""
    rows: dict[str, str] = {}
    for cited in {c.key: c for c in reversed(reply.line.citations)}.values():  # each key's first citation
        who = ", ".join(part for part in (cited.publisher, cited.published) if part)
        head = sources.get(cited.source)
        chip = standing_chip(head, sources, own) if head else ""
        to = link(cited.source, cited.start, cited.end)
        rows[cited.key] = (
            f'<li><span class="key">{html.escape(cited.key)}</span> <span><a href="{to}" dir="auto">'
            f'{text_html(cited.title)}</a> <span class="quiet" dir="auto">{text_html(who)}</span> {chip}</span></li>'
        )
    keys = sorted(rows, key=lambda key: (len(key), key))
    return f'<h4>{own.sources_cited}</h4><ul class="cited">{"".join(rows[key] for key in keys)}</ul>' if rows else ""


def _why(reply: Reply, sources: Sources, own: Words) -> str:
    """What was searched, found, chosen and left out, how well it matches, and how long it took."""
    line = reply.line
    if not line.searched:
        return ""
    asked = "".join(
        f'<li dir="auto">{text_html(query)}{f" ({own.searched_before})" if number else ""}</li>'
        for number, query in enumerate(line.searched)
    )
    keys = {cited.key for cited in line.citations}
    best = max((found.score for found in line.evidence), default=0.0)
    groups = ""
    for title, chosen in ((own.chosen, True), (own.left_out, False)):
        rows = [_found(f, best, sources, own) for f in line.evidence if (f.key in keys) == chosen]
        groups += f'<h5>{title}</h5><ul class="found">{"".join(rows)}</ul>' if rows else ""
    spent = {name: line.timings.get(f"{name}_ms", 0.0) for name in ("search", "write", "total")}
    checked = f"<p>{own.checked}</p>" if line.citations else ""
    return (
        f'<details class="why"><summary>{own.why}</summary><h5>{own.searched}</h5><ul>{asked}</ul>{groups}{checked}'
        f'<p class="quiet">{own.times.format(**spent)}</p></details>'
    )


def _found(found: Found, best: float, sources: Sources, own: Words) -> str:
    """One passage that was found, and how well it matches beside the best one: in words and a bar of three steps."""
    share = found.score / best if best > 0 else 0.0
    steps = 3 if share >= 0.8 else 2 if share >= 0.5 else 1
    head = sources.get(found.source)
    title = head.title if head else found.source
    to = link(found.source, found.start, found.end)
    return (
        f'<li><a href="{to}" dir="auto">{text_html(title)}</a> <span class="match" aria-hidden="true">{"●" * steps}'
        f'{"○" * (3 - steps)}</span> <span class="quiet">{(own.weak, own.fair, own.strong)[steps - 1]}</span></li>'
    )


def _actions(reply: Reply, at: int, own: Words, last: bool) -> str:
    done = reply.state == "done"
    question = html.escape(reply.line.question)
    buttons = [f'<button data-copy="{html.escape(as_text(reply))}" data-said="{own.copied}">{own.copy}</button>'] * done
    if last:
        buttons.append(f'<button data-event="again" data-at="{at}">{own.retry}</button>')
        buttons.append(f'<button data-edit="{question}" data-at="{at}">{own.edit}</button>')
    if done:
        for value, turn, name in (("up", "", own.good), ("down", ' transform="rotate(180 10 10)"', own.bad)):
            pressed = f'aria-pressed="{str(reply.rated == value).lower()}"'
            buttons.append(
                f'<button data-rate="{value}" {pressed} aria-label="{name}" title="{name}">'
                f'<svg viewBox="0 0 20 20" width="15" height="15" fill="currentColor" aria-hidden="true"><g{turn}>'
                f"{_THUMB}</g></svg></button>"
            )
    form = (
        f'<form class="reason" data-at="{at}" hidden><label>{own.reason} <input name="reason" maxlength="500"></label>'
        f'<button type="submit">{own.send}</button></form>'
    )
    thanks = f'<p class="quiet" role="status">{own.thanks}</p>' if reply.rated else ""
    return f'<div class="actions">{"".join(buttons)}</div>{form if done else ""}{thanks}'


def _offered(questions: tuple[str, ...], title: str, kind: str) -> str:
    buttons = "".join(
        f'<button data-event="ask" data-text="{html.escape(text)}" dir="auto">{text_html(text)}</button>'
        for text in questions
    )
    return f'<div class="offered {kind}"><h4>{title}</h4>{buttons}</div>'


def filters_text(filters: Mapping[str, str | bool], own: Words) -> str:
    """The filters in words; empty where there are none."""
    since, until = str(filters.get("since") or ""), str(filters.get("until") or "")
    parts = [f"{since or '…'}–{until or '…'}" if since or until else ""]
    parts.append(own.official if filters.get("official") else "")
    parts.append(dict(own.languages).get(str(filters.get("language") or ""), ""))
    return " · ".join(part for part in parts if part)


def standing_chip(source: Source, sources: Sources, own: Words) -> str:
    """What became of a rule; of a repealed one when, and a link to what repealed it. Empty for other sources."""
    if source.standing is None:
        return ""
    if source.standing != "repealed":
        word = own.in_force if source.standing == "in force" else own.draft
        return f'<span class="chip {source.standing.replace(" ", "-")}">{word}</span>'
    by = sources.get(source.repealed_by or "")
    to = f' → <a href="{link(by.id)}" dir="auto">{text_html(by.called or by.title)}</a>' if by else ""
    return (
        f'<span class="chip repealed">{text_html(own.repealed.format(day(source.repealed_on or "", own)))}{to}</span>'
    )


def day(date: str, own: Words) -> str:
    """A date as people write it: 2026-02-06 as 6 Feb 2026 or 2026年2月6日, 2026-02 as Feb 2026 or 2026年2月."""
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    year, *rest = date.split("-")
    if date and own.code == "zh":
        return f"{year}年" + "".join(f"{int(part)}{unit}" for part, unit in zip(rest, "月日", strict=False))
    return " ".join(
        [*([str(int(rest[1]))] if len(rest) > 1 else []), *([months[int(rest[0]) - 1]] if rest else []), year]
    )


def link(source: str, start: int = 0, end: int = 0) -> str:
    """Where the page's script looks for what to open: the source and the offsets of what is marked in it."""
    return html.escape("#" + urlencode({"source": source, "start": start, "end": end}))


def text_html(text: str) -> str:
    """Text that HTML shows as it is; every direction mark ends where the text does."""
    return f"<bdi>{html.escape(text)}</bdi>"


def _lang(text: str) -> str:
    return ' lang="zh"' if is_chinese(text) else ""
