"""The page's components and what each of them does."""

from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any, cast

import gradio as gr

from bot.answering import LONGEST, Answerer
from bot.errors import BanbotError
from bot.page.rendering import EMPTY, as_message, open_source, plain
from bot.records import Answer, Question, Turn

EXAMPLES = (
    "What did China announce on 24 September 2021?",
    "Is the 2021 trading notice still in force?",
    "Which activities are illegal financial activities?",
    "How much did Bitcoin fall that day?",
    "现在哪份通知有效？",
)


def page(ready: "Future[Answerer]") -> gr.Blocks:
    """The page; it is there at once and answers when `ready` holds an answerer."""
    with gr.Blocks(title="Banbot", analytics_enabled=False, fill_width=True) as demo:
        turns = gr.State(())
        gr.HTML(
            "<header><h1>Banbot</h1><p>What China's cryptocurrency ban says, who issued it, what came before and "
            "after: every sentence rests on a source that you can open.</p></header>"
        )
        with gr.Row(elem_id="columns"):
            with gr.Column(scale=3, min_width=320):
                chat = gr.Chatbot(
                    label="Conversation",
                    show_label=False,
                    height="58vh",
                    latex_delimiters=[],
                    buttons=["copy"],
                    feedback_options=None,
                    placeholder="Ask about the ban, or take one of the questions below.",
                )
                with gr.Row():
                    box = gr.Textbox(
                        label="Your question",
                        show_label=False,
                        placeholder="Your question",
                        max_length=LONGEST,
                        scale=8,
                        autofocus=True,
                        elem_id="question",
                    )
                    send = gr.Button("Ask", variant="primary", scale=1, min_width=80)
                gr.Examples([[example] for example in EXAMPLES], box, label="For example", elem_id="examples")
            with gr.Column(scale=2, min_width=320):
                panel = gr.HTML(EMPTY, elem_id="source", label="Source")
        opened = gr.Textbox(visible="hidden", elem_id="opened")

        def respond(text: str, past: tuple[Turn, ...], shown: list[Any]) -> Iterator[tuple[Any, ...]]:
            yield from _respond(ready, text, past, shown)

        def show(link: str) -> str:
            return open_source(ready.result(), link)

        for trigger in (box.submit, send.click):
            trigger(respond, [box, turns, chat], [box, turns, chat], api_visibility="private")
        opened.change(show, opened, panel, api_visibility="private", show_progress="hidden")
        chat.clear(lambda: ((), EMPTY, ""), None, [turns, panel, opened], api_visibility="private")
    return cast(gr.Blocks, demo)


def _respond(
    ready: "Future[Answerer]", text: str, past: tuple[Turn, ...], shown: list[Any]
) -> Iterator[tuple[Any, ...]]:
    """The box, the turns and the chat, each time the answer has grown."""
    if not text.strip():
        yield text, past, shown
        return
    shown = [*shown, {"role": "user", "content": plain(text)}]

    def with_reply(content: str) -> list[Any]:
        return [*shown, {"role": "assistant", "content": content}]

    if not ready.done():
        yield "", past, with_reply("*Getting ready: the sources are being indexed …*")
    try:
        answer = Answer(Question(text))
        for answer in ready.result().stream(Question(text, past)):
            yield "", past, with_reply(plain(answer.text) if not answer.done else as_message(answer))
        yield "", (*past, Turn("user", text), Turn("assistant", answer.text)), with_reply(as_message(answer))
    except BanbotError as error:
        yield text, past, with_reply(f"⚠ {plain(str(error))}")
