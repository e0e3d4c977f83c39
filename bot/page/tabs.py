"""The tabs beside the chat: Timeline, Figures, Sources and About."""

from pathlib import Path

import gradio as gr

from bot import figures
from bot.holdings import Holdings
from bot.labels import SERIES, say
from bot.page.about import about
from bot.page.tables import COLUMNS, NEWEST, Order, event_table, point_table, source_table

_SCRIPT = (Path(__file__).parent / "tabs.js").read_text(encoding="utf-8")
CHAT = "chat"
"""The id of the tab that holds the question."""


def tabs(held: Holdings, question: gr.Textbox, around: gr.Tabs, language: str = "en") -> None:
    """Add the tabs to those around them.

    What is chosen there is opened by its link, as a citation is; what is asked about is asked in the chat.
    """
    with gr.Tab(say("Timeline", language), id="timeline"):
        _timeline(held, question, around, language)
    with gr.Tab(say("Figures", language), id="figures"):
        _figures(held, language)
    with gr.Tab(say("Sources", language), id="sources"):
        _sources(held, language)
    with gr.Tab(say("About", language), id="about"):
        gr.HTML(about(held.sources, language=language), apply_default_css=False)


def _timeline(held: Holdings, question: gr.Textbox, around: gr.Tabs, language: str) -> None:
    if held.events:
        _picture(figures.timeline(held.events, language), say("Timeline", language))
        gr.HTML(f"<p class='hint'>{say(_TIMELINE, language)}</p>")
    table = gr.HTML(event_table(held.events, language), js_on_load=_SCRIPT, apply_default_css=False)

    def put(event: gr.EventData) -> tuple[str, gr.Tabs]:
        return str(event.text), gr.Tabs(selected=CHAT)

    send = "() => setTimeout(() => document.querySelector('#send')?.click(), 200)"
    table.ask(put, None, [question, around], api_visibility="private").then(None, js=send)


_TIMELINE = (
    "A mark opens its sentence in the source. Years are drawn as wide as they are full. The same events stand in the "
    "table below."
)


def _figures(held: Holdings, language: str) -> None:
    for series, title in SERIES[language].items():
        gr.HTML(f"<h2 class='part'>{title}</h2>", apply_default_css=False)
        mine = [point for point in held.points if point.series == series]
        if mine:
            drawn = (
                figures.hash_rate(mine, language)
                if series == "hash-rate"
                else figures.price_reports(mine, series, language)
            )
            _picture(drawn, title)
        gr.HTML(point_table(held.points, series, language), apply_default_css=False)
    gr.HTML(f"<p class='hint'>{say(_FIGURES, language)}</p>")


_FIGURES = (
    "A bar or dot opens its sentence in the source. Only what a source gives is drawn; the axis of prices does not "
    "begin at zero."
)


def _picture(figure: object, label: str) -> None:
    with gr.HTML(label, html_template="@children", js_on_load=_SCRIPT, elem_classes="picture"):
        gr.Plot(figure, label=label, show_label=False, container=False)


def _sources(held: Holdings, language: str) -> None:
    order = gr.State(NEWEST)
    wanted = gr.Textbox(
        label=say("Filter the sources", language),
        placeholder=say("A word of the title, publisher, date, kind or standing", language),
        max_length=200,
    )
    table = gr.HTML(source_table(held.sources, language=language), js_on_load=_SCRIPT, apply_default_css=False)

    def filtered(text: str, by: Order) -> str:
        return source_table(held.sources, text, by, language)

    def arrange(text: str, by: Order, event: gr.EventData) -> tuple[Order, str]:
        column = event.column if event.column in COLUMNS else by[0]
        new = (column, not by[1]) if column == by[0] else (column, False)
        return new, filtered(text, new)

    wanted.change(filtered, [wanted, order], table, api_visibility="private", show_progress="hidden")
    table.arrange(arrange, [wanted, order], [order, table], api_visibility="private", show_progress="hidden")
