"""What each event of the chat does: the conversation comes from the browser, goes back to it, and is shown."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import gradio as gr

from bot.page import conversation as talks
from bot.page.answers import Desk, replies
from bot.page.exporting import file_name
from bot.page.rendering import conversation_html, welcome_html
from bot.page.wording import Words
from bot.records import Filters

Update = tuple[Any, ...]
"""What an event gives back, one value for each of its outputs."""
ASKING: tuple[Any, Any] = (gr.update(visible=False), gr.update(visible=True))
"""The buttons to ask and to stop while an answer grows."""
IDLE: tuple[Any, Any] = (gr.update(visible=True), gr.update(visible=False))


@dataclass(frozen=True)
class Talking:
    """The events of one chat in one language; `stored` is always the conversation as the browser keeps it."""

    desk: Desk
    own: Words

    def asked(self, stored: Any, text: str, since: str, until: str, language: str, official: bool) -> Update:
        """Begin to answer what was typed: the conversation, the box, the chat, the welcome and the two buttons."""
        return self._begin(talks.kept(stored), text, Filters(since, until, official, language))

    def taken(self, stored: Any, since: str, until: str, language: str, official: bool, event: gr.EventData) -> Update:
        """The same for a question that was offered."""
        return self._begin(talks.kept(stored), str(event.text), Filters(since, until, official, language))

    def again(self, stored: Any, since: str, until: str, language: str, official: bool) -> Update:
        """The same for the last question once more, in place of its answer."""
        now = talks.kept(stored)
        return self._begin(now[:-1], now[-1].line.question, Filters(since, until, official, language))

    def mended(self, stored: Any, since: str, until: str, language: str, official: bool, event: gr.EventData) -> Update:
        """The same for the last question in other words."""
        return self._begin(talks.kept(stored)[:-1], str(event.text), Filters(since, until, official, language))

    def _begin(self, before: talks.Conversation, text: str, filters: Filters) -> Update:
        if not text.strip():
            return (gr.skip(), text, gr.skip(), gr.skip(), *IDLE)
        if before and before[-1].state == "growing":  # one answer at a time
            return (gr.skip(), text, gr.skip(), gr.skip(), *ASKING)
        now = (*before, talks.asked(text, filters))
        return (talks.stored(now), "", self.view(now), "", *ASKING)

    def answered(self, stored: Any) -> Iterator[Update]:
        """The conversation, the chat and the two buttons each time the answer to the last question has grown."""
        now = talks.kept(stored)
        if not now or now[-1].state != "growing":
            yield (gr.skip(), gr.skip(), *IDLE)
            return
        *before, reply = now
        for grown in replies(self.desk, reply, tuple(before)):
            now = (*before, grown)
            if grown.state == "growing":
                yield (gr.skip(), self.view(now), *ASKING)
        yield (talks.stored(now), self.view(now), *IDLE)  # kept as soon as it is seen: the next question follows it

    def stopped(self, stored: Any) -> Update:
        """The conversation, the chat and the two buttons when nobody waits for the answer any more."""
        now = tuple(talks.ended(reply) for reply in talks.kept(stored))
        return (talks.stored(now), self.view(now), *IDLE)

    def rated(self, stored: Any, event: gr.EventData) -> Update:
        """The conversation and the chat when a reader has said what an answer is worth."""
        now = self.desk.rate(talks.kept(stored), int(event.at), str(event.rated), str(event.reason))
        return talks.stored(now), self.view(now)

    def restored(self, stored: Any) -> Update:
        """The conversation, the chat and the filters as they were when the page was left.

        What need not be written is not: a question may have been asked since.
        """
        before = talks.kept(stored)
        if not before:
            return (gr.skip(),) * 6
        now = tuple(talks.ended(reply) for reply in before)
        filters = now[-1].filters
        chosen = [filters.get(name, "") for name in ("since", "until", "language")]
        written = gr.skip() if now == before else talks.stored(now)
        return (written, self.view(now), *chosen, bool(filters.get("official")))

    def cleared(self) -> Update:
        """An empty conversation, the chat, the two buttons and the link that is open."""
        return ([], "", *IDLE, "")

    def greeted(self, stored: Any, language: str) -> Iterator[str]:
        """What stands there before the first question; examples once they are ready."""
        if talks.kept(stored):
            yield ""
            return
        yield welcome_html((), self.own, warming=not self.desk.ready.done())
        yield welcome_html(self.desk.examples(language), self.own, warming=False)

    def view(self, conversation: talks.Conversation) -> str:
        """The conversation as HTML."""
        return conversation_html(conversation, self.desk.sources(), self.own) if conversation else ""


def written(write: Callable[[talks.Conversation], str], ending: str) -> Callable[[Any], str]:
    """An event that exports the conversation: its file's name and text, as JSON for the page's script."""

    def export(stored: Any) -> str:
        now = talks.kept(stored)
        return json.dumps({"name": file_name(now, date.today(), ending), "text": write(now)})

    return export
