"""Answers as the page shows them: HTML, in which everything that others wrote is text. Pure, no Gradio."""

import html
from collections.abc import Sequence
from itertools import groupby, repeat

from bot.labels import published_by
from bot.page.conversation import Cited, Conversation, Paragraph, Reply, by_source, pieces
from bot.page.details import Sources, filters_text, link, standing_chip, text_html
from bot.page.exporting import about, as_text
from bot.page.why import why_html
from bot.page.wording import Words
from bot.phrases import phrases
from bot.terms import is_chinese

_THUMB = (
    '<path d="M2 9h3v9H2zM6 9l4-7c1.4 0 2 1 2 2l-.6 4H17a1.5 1.5 0 0 1 1.5 1.8l-1.2 6.7A1.8 1.8 0 0 1 15.5 18H6z"/>'
)
SIGNS = {"partial": "◐", "declined": "○", "clarify": "?", "out_of_scope": "–", "failed": "!", "stopped": "■"}


def conversation_html(conversation: Conversation, sources: Sources, own: Words) -> str:
    """The whole conversation; the last question can be asked again or edited."""
    last = len(conversation) - 1
    turns = [reply_html(r, conversation[:at], sources, own, last=at == last) for at, r in enumerate(conversation)]
    return f'<h2 class="unseen">{own.conversation}</h2>{"".join(turns)}'


def welcome_html(examples: tuple[str, ...], own: Words, *, warming: bool) -> str:
    """What stands there before the first question."""
    wait = f'<p class="quiet warming" role="status">{own.warming}</p>' if warming else ""
    offered = _offered(examples, own.examples, "examples") if examples else ""
    return f'<div class="welcome"><p>{own.empty}</p>{wait}{offered}</div>'


def reply_html(reply: Reply, before: Conversation, sources: Sources, own: Words, *, last: bool) -> str:
    """One question with its answer, after those before."""
    at = len(before)
    asked = (
        f'<h3 class="asked" dir="auto"><span class="unseen">{own.asked}: </span>{text_html(reply.line.question)}</h3>'
    )
    within = filters_text(reply.filters, own)
    within = f'<p class="within">{own.within} {html.escape(within)}</p>' if within else ""
    return f'<article class="turn" data-at="{at}">{asked}{within}{_answer(reply, before, sources, own, last)}</article>'


def _answer(reply: Reply, before: Conversation, sources: Sources, own: Words, last: bool) -> str:
    at = len(before)
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
        f"{_cited(reply, sources, own)}{why_html(reply, before, sources, own)}{_actions(reply, at, own, last)}</div>"
        f"{follow}"
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
    shown = cited.model_copy(update={"publisher": published_by(cited.publisher, own.code)})
    title = html.escape(about(shown))
    return (
        f'<a class="cite" href="{to}" aria-label="{own.source} {html.escape(cited.key)}: {title}" '
        f'data-about="{title}" data-quote="{html.escape(cited.quote)}">{html.escape(cited.key)}</a>'
    )


def _cited(reply: Reply, sources: Sources, own: Words) -> str:
    """The sources of the answer, each once with the numbers it has in the text; a number opens its sentence."""
    places = {c.key: link(c.source, c.start, c.end) for c in reversed(reply.line.citations)}
    rows = []
    for cited, keys in by_source(reply.line):
        who = ", ".join(part for part in (published_by(cited.publisher, own.code), cited.published) if part)
        head = sources.get(cited.source)
        chip = standing_chip(head, sources, own) if head else ""
        numbers = " ".join(
            f'<a href="{places[key]}" aria-label="{own.source} {html.escape(key)}">{html.escape(key)}</a>'
            for key in keys
        )
        rows.append(
            f'<li><span class="key">{numbers}</span> <span><a href="{places[keys[0]]}" dir="auto">'
            f'{text_html(cited.title)}</a> <span class="quiet" dir="auto">{text_html(who)}</span> {chip}</span></li>'
        )
    return f'<h4>{own.sources_cited}</h4><ul class="cited">{"".join(rows)}</ul>' if rows else ""


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


def _lang(text: str) -> str:
    return ' lang="zh"' if is_chinese(text) else ""
