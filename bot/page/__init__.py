"""The page: a Gradio chat beside the source that a citation opens. The only room that imports Gradio."""

from bot.page.serving import serve

__all__ = ["serve"]
