"""The page's components and which event does what; one route for each language."""

from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import gradio as gr

from bot.answering import LONGEST
from bot.holdings import Holdings
from bot.page import exporting
from bot.page.answers import Desk
from bot.page.programs import endpoint, programs_html
from bot.page.reading import source_html
from bot.page.rendering import welcome_html
from bot.page.tabs import CHAT, tabs
from bot.page.talking import Talking, written
from bot.page.wording import Words
from bot.page.words import words

_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""No event but `/ask` can be called from outside."""
_EVENTS = """
const events = ["ask", "again", "mend", "rate"];
element.addEventListener("click", ({ target }) => {
  const button = target.closest("button[data-event]");
  if (button) trigger(button.dataset.event, { text: button.dataset.text || "" });
});
element.addEventListener("submit", (event) => {
  event.preventDefault();
  const { at, rate } = event.target.dataset;
  const text = event.target.elements[0].value;
  if (rate) trigger("rate", { at: Number(at), rated: rate, reason: text });
  else trigger("mend", { text });
});
"""
"""What the HTML of the chat and of the welcome tells the server."""
_SAVE = "(exported) => window.banbot.save(exported)"


@dataclass(frozen=True)
class _Chat:
    """The components of the chat."""

    kept: gr.BrowserState
    welcome: gr.HTML
    talk: gr.HTML
    question: gr.Textbox
    send: gr.Button
    stop: gr.Button
    filters: tuple[Any, ...]
    new: gr.Button
    as_text: gr.Button
    as_lines: gr.Button
    exported: gr.Textbox


def page(desk: Desk, held: Holdings, url: str) -> gr.Blocks:
    """The page in English, and in Chinese under `/zh`."""
    with gr.Blocks(title="Banbot", analytics_enabled=False, fill_width=True) as demo:
        _page(demo, desk, held, url, "en")
        gr.api(endpoint(desk.ready), api_name="ask", concurrency_limit=8)  # type: ignore[attr-defined]
    with demo.route("中文", "/zh", show_in_navbar=False):
        _page(demo, desk, held, url, "zh")
    return cast(gr.Blocks, demo)


def _page(demo: gr.Blocks, desk: Desk, held: Holdings, url: str, language: str) -> None:
    own = words(language)
    gr.Navbar(visible=False)  # type: ignore[attr-defined]
    other = '<a href="./zh" lang="zh" data-language="zh">中文</a>'
    if language == "zh":
        other = '<a href="./" lang="en" data-language="en">English</a>'
    gr.HTML(
        elem_id="head",
        apply_default_css=False,
        value=f"<header><div><h1>Banbot</h1><p>{own.tagline}</p></div><nav>{other}</nav></header>"
        f'<div id="live" class="unseen" aria-live="polite" data-busy="{own.answering}"></div>',
    )
    with gr.Row(elem_id="columns"):
        with gr.Column(scale=3, min_width=320, elem_id="main"), gr.Tabs(elem_id="tabs") as around:
            with gr.Tab(own.chat, id=CHAT):
                chat = _chat(own, held)
            tabs(held, chat.question, around, language)
            with gr.Tab(own.programs, id="programs"):
                gr.HTML(programs_html(url, language), elem_classes="programs", apply_default_css=False)
        with gr.Column(scale=2, min_width=320, elem_id="reading"):
            panel = gr.HTML("", elem_id="source", apply_default_css=False)
    opened = gr.Textbox(visible="hidden", elem_id="opened")
    opened.change(lambda link: source_html(desk.index(), link, own) if link else "", opened, panel, **_QUIET)
    _wire(demo, chat, opened, Talking(desk, own), language)


def _chat(own: Words, held: Holdings) -> _Chat:
    kept = gr.BrowserState([], storage_key="banbot-conversation", secret="banbot")
    plain: dict[str, Any] = {"js_on_load": _EVENTS, "apply_default_css": False}
    welcome = gr.HTML(welcome_html((), own, warming=True), elem_id="welcome", **plain)
    talk = gr.HTML("", elem_id="talk", **plain)
    with gr.Column(elem_id="composer"):
        return _Chat(kept, welcome, talk, *_composer(own, held))


def _composer(own: Words, held: Holdings) -> tuple[Any, ...]:
    """The question with its buttons, the filters, and what is done with the conversation, as `_Chat` takes them."""
    with gr.Row(elem_id="asking"):
        question = gr.Textbox(
            label=own.question,
            placeholder=own.placeholder,
            max_length=LONGEST,
            max_lines=6,
            scale=8,
            autofocus=True,
            elem_id="question",
        )
        send = gr.Button(own.ask, variant="primary", scale=1, min_width=80, elem_id="send")
        stop = gr.Button(own.stop, variant="stop", scale=1, min_width=80, visible=False, elem_id="stop")
        gr.HTML(
            f'<button id="skip" type="button">{own.to_answer}</button>'
            f'<button id="more" type="button" aria-expanded="false" aria-label="{own.more}" title="{own.more}">'
            f'<span aria-hidden="true">⋯</span></button>',
            elem_id="beside",
            apply_default_css=False,
        )
    with gr.Row(elem_id="filters"):
        filters = _filters(own, held)
    with gr.Row(elem_id="doing"):
        new = gr.Button(own.new, size="sm", elem_id="new")
        as_text = gr.Button(own.export_text, size="sm", elem_id="export-text")
        as_lines = gr.Button(own.export_json, size="sm", elem_id="export-json")
    return question, send, stop, filters, new, as_text, as_lines, gr.Textbox(visible="hidden")


def _filters(own: Words, held: Holdings) -> tuple[Any, ...]:
    published = sorted({source.published[:4] for source in held.sources if source.published})
    years = [(own.any, ""), *((year, year) for year in published)]
    languages = [(own.any, ""), *((name, key) for key, name in own.languages)]
    chosen = ((own.since, years, "since"), (own.until, years, "until"), (own.language, languages, "language"))
    boxes = [
        gr.Dropdown(choices, value="", label=label, min_width=110, filterable=False, elem_id=f"filter-{name}")
        for label, choices, name in chosen
    ]
    return (*boxes, gr.Checkbox(label=own.official, min_width=160, elem_id="filter-official"))


def _wire(demo: gr.Blocks, chat: _Chat, opened: gr.Textbox, does: Talking, language: str) -> None:
    kept, talk, buttons = chat.kept, chat.talk, [chat.send, chat.stop]
    answering = []
    for trigger, begin, inputs in (
        (chat.question.submit, does.asked, [kept, chat.question]),
        (chat.send.click, does.asked, [kept, chat.question]),
        (chat.welcome.ask, does.taken, [kept]),
        (talk.ask, does.taken, [kept]),
        (talk.again, does.again, [kept]),
        (talk.mend, does.mended, [kept]),
    ):
        outputs = [kept, chat.question, talk, chat.welcome, *buttons]
        begun = trigger(begin, [*inputs, *chat.filters], outputs, **_QUIET)
        answering.append(begun.then(does.answered, kept, [kept, talk, *buttons], **_QUIET))
    for over in (chat.stop, chat.new):
        for answer in answering:  # a list of them is gone through slowly, and would give up what was asked meanwhile
            over.click(None, cancels=answer, **_QUIET)
    chat.stop.click(does.stopped, kept, [kept, talk, *buttons], **_QUIET)
    talk.rate(does.rated, kept, [kept, talk], **_QUIET)
    greet = partial(does.greeted, language=language)
    demo.load(does.restored, kept, [kept, talk, *chat.filters], **_QUIET).then(greet, kept, chat.welcome, **_QUIET)
    cleared = chat.new.click(does.cleared, None, [kept, talk, *buttons, opened], **_QUIET)
    cleared.then(greet, kept, chat.welcome, **_QUIET)
    for button, write, ending in (
        (chat.as_text, exporting.as_markdown, "md"),
        (chat.as_lines, exporting.as_lines, "jsonl"),
    ):
        told = button.click(written(write, ending), kept, chat.exported, **_QUIET)
        told.then(None, chat.exported, None, js=_SAVE, api_visibility="private")
