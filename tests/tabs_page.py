"""A page of the tabs alone over our own sources, for tests in a browser: `python -m tests.tabs_page`."""

import gradio as gr

from bot import sources
from bot.holdings import hold
from bot.page.serving import look
from bot.page.tabs import tabs
from tests.conftest import PROJECT

held = hold(sources.read(PROJECT / "sources").documents, PROJECT / "sources")
with gr.Blocks(analytics_enabled=False) as demo:
    with gr.Tabs() as around:
        with gr.Tab("Chat", id="chat"):
            question = gr.Textbox(label="Your question", elem_id="question")
        tabs(held, question, around)
    opened = gr.Textbox(visible="hidden", elem_id="opened")
    panel = gr.HTML(elem_id="source")
    opened.change(lambda link: f"<p>{link}</p>", opened, panel)
_, address, _ = demo.launch(prevent_thread_lock=True, quiet=True, **look())
print(address, flush=True)
demo.block_thread()
