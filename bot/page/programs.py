"""The page for programs: the one endpoint `/ask`, over Gradio's API and as an MCP tool, and how it is described."""

import html
import json
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from bot.answering import Answerer
from bot.exchange import answered


def endpoint(ready: "Future[Answerer]") -> Callable[..., dict[str, Any]]:
    """The function that programs call; its docstring is what they are told of it."""

    def ask(question: str, history: list[dict[str, str]] = [], filters: dict[str, Any] = {}) -> dict[str, Any]:  # noqa: B006
        """Answer a question about China's cryptocurrency ban (2013 to 2026) from a fixed collection of sources.

        Every sentence of the answer's text is quoted word for word from a source and followed by a marker like [1];
        citations give the source's title, publisher, date, address, kind, standing (in force or repealed) and the
        character offsets of the quote. The outcome is answered, partial (one half is not in the sources), declined
        (the sources do not say), clarify (a question back) or out_of_scope (advice, forecasts or other subjects; what
        the sources say in general may be quoted beside the refusal).

        Args:
            question: The question, in English or Chinese, of at most 4000 characters.
            history: The turns before, oldest first, each with role (user or assistant) and content.
            filters: Which sources count: since, until (years as text), official (true), language (en, zh).

        Returns:
            The answer: id, question, outcome, text, searched, citations, evidence and timings; or id and error.
        """
        line = json.dumps({"question": question, "history": history or [], "filters": filters or {}})
        return answered(ready.result(), line.encode())

    return ask


_PYTHON = """from gradio_client import Client

answer = Client("{url}").predict(
    question="Is the 2021 trading notice still in force?",
    history=[],                      # turns before, each with role and content
    filters={{"official": True}},      # also since, until, language
    api_name="/ask",
)
print(answer["outcome"], answer["text"], [c["quote"] for c in answer["citations"]])"""
_MCP = """{{"mcpServers": {{"banbot": {{"url": "{url}/gradio_api/mcp/"}}}}}}"""
_TEXT = {
    "en": (
        "For programs",
        "This page answers programs too, with the same JSON as <code>banbot ask --json</code>. Over Gradio's API "
        "(install <code>gradio_client</code>):",
        "As a tool for assistants that speak the Model Context Protocol (streamable HTTP), one tool named "
        "<code>ask</code>:",
        "A line of the answer:",
    ),
    "zh": (
        "程序接口",
        "本页也回答程序，返回与 <code>banbot ask --json</code> 相同的 JSON。通过 Gradio 接口（需安装 "
        "<code>gradio_client</code>）：",
        "作为模型上下文协议（MCP，streamable HTTP）的工具，名为 <code>ask</code>：",
        "一行回答：",
    ),
}
_ANSWER = """{"id", "question", "outcome", "text", "searched": [queries],
 "citations": [{"key", "source", "title", "publisher", "published", "url", "kind", "standing",
                "quote", "start", "end"}],
 "evidence": [{"key", "source", "start", "end", "text", "score"}],
 "timings": {"search_ms", "write_ms", "total_ms"}}"""


def programs_html(url: str, language: str) -> str:
    """How programs use the page at an address."""
    title, api, mcp, line = _TEXT[language]
    code = [html.escape(text) for text in (_PYTHON.format(url=url), _MCP.format(url=url), _ANSWER)]
    code = [text.replace(url, f'<span class="origin">{url}</span>') for text in code]
    parts = zip((api, mcp, line), code, strict=True)
    return f"<h2>{title}</h2>" + "".join(f'<p>{text}</p><pre tabindex="0"><code>{c}</code></pre>' for text, c in parts)
