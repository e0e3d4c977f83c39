"""The page: a Gradio chat beside the source that a citation opens. The only place that imports Gradio."""

import html
import re
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlencode

import gradio as gr

from bot.answering import LONGEST, Answerer
from bot.citing import parts
from bot.errors import BanbotError, PageError
from bot.phrases import phrases
from bot.records import OFFICIAL, QUOTES, Answer, Citation, Question, Source, Turn

EXAMPLES = (
    "What did China announce on 24 September 2021?",
    "Is the 2021 trading notice still in force?",
    "Which activities are illegal financial activities?",
    "How much did Bitcoin fall that day?",
    "现在哪份通知有效？",
)
_ASSETS = Path(__file__).parent
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+.!|~$-])")
_FONTS = ["system-ui", "-apple-system", "Segoe UI", "Noto Sans", "Noto Sans CJK SC", "sans-serif"]


def serve(build: Callable[[], Answerer], host: str, port: int) -> None:
    """Serve the page until interrupted, while the index is opened behind it; raises PageError."""
    _check_free(host, port)
    with ThreadPoolExecutor(1) as pool:
        ready = pool.submit(_warm, build)
        demo = page(ready)
        try:
            demo.launch(server_name=host, server_port=port, prevent_thread_lock=True, quiet=True, **look())
        except OSError as error:
            raise PageError(f"the page cannot listen on {host}:{port} ({error}); choose another --port") from error
        print(f"Banbot is at http://{host}:{port} (Ctrl+C stops it)", flush=True)
        ready.result()  # an index that cannot be opened ends the command with its one line
        print("Ready to answer.", flush=True)
        demo.block_thread()


def _warm(build: Callable[[], Answerer]) -> Answerer:
    """The answerer after a first question, so that nobody waits for a model to load."""
    answerer = build()
    answerer.invoke(Question(EXAMPLES[0]))
    return answerer


def look() -> dict[str, Any]:
    """How the page looks and behaves in the browser: fonts of the machine, our style and one script."""
    return {
        "theme": gr.themes.Base(primary_hue="teal", neutral_hue="slate", font=_FONTS, font_mono=["monospace"]),
        "css": (_ASSETS / "page.css").read_text(),
        "js": (_ASSETS / "page.js").read_text(),
        "footer_links": [],
        "ssr_mode": False,
    }


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
                panel = gr.HTML(_EMPTY, elem_id="source", label="Source")
        opened = gr.Textbox(visible="hidden", elem_id="opened")

        def respond(text: str, past: tuple[Turn, ...], shown: list[Any]) -> Iterator[tuple[Any, ...]]:
            yield from _respond(ready, text, past, shown)

        def show(link: str) -> str:
            return open_source(ready.result(), link)

        for trigger in (box.submit, send.click):
            trigger(respond, [box, turns, chat], [box, turns, chat], api_visibility="private")
        opened.change(show, opened, panel, api_visibility="private", show_progress="hidden")
        chat.clear(lambda: ((), _EMPTY, ""), None, [turns, panel, opened], api_visibility="private")
    return cast(gr.Blocks, demo)


_EMPTY = "<p class='hint'>Click a number in an answer to read the sentence in its source.</p>"


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
            yield "", past, with_reply(as_message(answer) if answer.done else as_draft(answer))
        yield "", (*past, Turn("user", text), Turn("assistant", answer.text)), with_reply(as_message(answer))
    except BanbotError as error:
        yield text, past, with_reply(f"⚠ {plain(str(error))}")


def as_draft(answer: Answer) -> str:
    """The growing answer as Markdown; what a chat model writes is called a draft until it is checked."""
    said = plain(answer.text)
    return said if answer.writer == QUOTES else f"*{phrases(answer.question.text).draft}*\n\n{said}"


def as_message(answer: Answer) -> str:
    """The checked answer as Markdown: each marker a link that opens its source at the sentence."""
    if not answer.citations:
        return plain(answer.text) + _nearest(answer)
    pieces = []
    for text, citations in parts(answer):
        marks = "".join(f"&nbsp;{_mark(citation)}" for citation in citations)
        listed = "- " if f"\n- {text}" in answer.text else ""
        pieces.append(f"{listed}{plain(text)}{marks}")
    named = {c.key: f"<small>**{c.key}** [{plain(about(c.source))}]({link(c)})</small>" for c in answer.citations}
    return "\n\n".join([*pieces, "  \n".join(named.values())])


def _mark(citation: Citation) -> str:
    return f'<a class="cite" href="{link(citation)}" title="{html.escape(about(citation.source))}">{citation.key}</a>'


def _nearest(answer: Answer) -> str:
    if answer.outcome != "declined" or not answer.evidence:
        return ""
    near = {e.source.id: e for e in reversed(answer.evidence[:3])}.values()
    links = [f"- [{plain(about(e.source))}]({_link(e.source.id, **_span(e.passage.metadata))})" for e in reversed(near)]
    return "\n\n<small>The nearest that was found</small>\n" + "\n".join(links)


def _span(metadata: dict[str, Any]) -> dict[str, int]:
    return {"start": metadata["start"], "end": metadata["end"]}


def link(citation: Citation) -> str:
    """Where the page's script looks for what to open: the source and the quote's offsets."""
    return _link(citation.source.id, citation.start, citation.end)


def _link(source: str, start: int, end: int) -> str:
    return "#" + urlencode({"source": source, "start": start, "end": end})


def about(source: Source) -> str:
    """Title, publisher and date of a source in one line."""
    return ", ".join(part for part in (source.title, source.publisher, source.published) if part)


def open_source(answerer: Answerer, link: str) -> str:
    """The whole source as HTML with the linked sentence highlighted; a link to nothing gives a hint."""
    try:
        wanted = {name: values[0] for name, values in parse_qs(link.lstrip("#"), strict_parsing=True).items()}
        document = answerer.index.document(wanted["source"])
        start, end = int(wanted["start"]), int(wanted["end"])
    except (KeyError, ValueError):
        return _EMPTY
    source: Source = document.metadata["head"]
    text = document.page_content
    marked = (
        f"{html.escape(text[:start])}<mark id='cited'>{html.escape(text[start:end])}</mark>{html.escape(text[end:])}"
    )
    return f"<article>{_card(source)}<div class='text'>{marked}</div></article>"


def _card(source: Source) -> str:
    facts = {
        "Publisher": source.publisher,
        "Author": source.author,
        "Published": source.published or "date not known",
        "Kind": f"{source.kind} ({'official' if source.kind in OFFICIAL else 'not official'})",
        "Standing": f"repealed on {source.repealed_on}" if source.repealed_on else source.standing or "",
        "Read for this digest": {"full": "the whole original", "excerpt": "an excerpt", "memory": "nothing"}[
            source.seen
        ],
    }
    rows = "".join(f"<dt>{name}</dt><dd>{html.escape(value)}</dd>" for name, value in facts.items() if value)
    original = (
        f"<a href='{html.escape(source.url)}' target='_blank' rel='noopener noreferrer'>Open the original</a>"
        if source.url
        else "<span>The original's address is not known.</span>"
    )
    return f"<h2>{html.escape(source.title)}</h2><dl>{rows}</dl><p>{original}</p>"


def plain(text: str) -> str:
    """Text that Markdown and HTML show as it is."""
    return _MARKDOWN.sub(r"\\\1", html.escape(text, quote=False))


def _check_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PageError(f"{host}:{port} cannot be listened on ({error.strerror}); choose another --port") from error
