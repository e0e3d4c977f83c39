"""Why an answer reads as it does: what was searched, found, chosen and left out, as HTML. Pure, no Gradio."""

import html

from bot.citing import MARKER
from bot.page.conversation import Conversation, Found, Reply, turns
from bot.page.details import Sources, link, text_html
from bot.page.wording import Words


def why_html(reply: Reply, before: Conversation, sources: Sources, own: Words) -> str:
    """What was searched, found, chosen and left out, how well it matches, and how long it took."""
    line = reply.line
    if not line.searched:
        return ""
    asked = "".join(f'<li dir="auto">{_searched(query, before, own)}</li>' for query in line.searched)
    keys = {cited.key for cited in line.citations}
    best = max((found.score for found in line.evidence), default=0.0)
    groups = ""
    for title, chosen in ((own.chosen, True), (own.left_out, False)):
        found = [f for f in line.evidence if (f.key in keys) == chosen]
        if not chosen:  # the best passage of each source
            found = list({f.source: f for f in reversed(found)}.values())[::-1]
        rows = [_found(f, best, sources, own, f.key if chosen else "") for f in found]
        groups += f'<h5>{title}</h5><ul class="found">{"".join(rows)}</ul>' if rows else ""
    spent = {name: line.timings.get(f"{name}_ms", 0.0) for name in ("search", "write", "total")}
    checked = f"<p>{own.checked}</p>" if line.citations else ""
    return (
        f'<details class="why"><summary>{own.why}</summary><h5>{own.searched}</h5><ul>{asked}</ul>{groups}{checked}'
        f'<p class="quiet">{own.times.format(**spent)}</p></details>'
    )


def _searched(query: str, before: Conversation, own: Words) -> str:
    """What was searched for; the turns before that it begins with are named apart from it, an answer in short."""
    said = turns(before)
    asked = [turn.content for turn in said if turn.role == "user"][-2:]
    both = [(asked, own.with_turns)] if len(asked) > 1 else []
    for earlier, named in (*both, (asked[-1:], own.with_turn)):
        beginning = " ".join(earlier)
        if earlier and query.startswith(f"{beginning} "):
            told = named.format(text_html(" · ".join(earlier)))
            return f"{text_html(query.removeprefix(beginning).strip())} ({told})"
    answer = " ".join(said[-1].content.split()) if said else ""
    if answer and query.startswith(answer[:40]):
        short = MARKER.sub("", answer)[:60].rpartition(" ")[0] or answer[:30]
        return own.with_answer.format(text_html(f"{short} …"))
    return text_html(query)


def _found(found: Found, best: float, sources: Sources, own: Words, number: str) -> str:
    """One passage, under its number in the text if it has one; how well it matches beside the best: in three steps."""
    share = found.score / best if best > 0 else 0.0
    steps = 3 if share >= 0.8 else 2 if share >= 0.5 else 1
    head = sources.get(found.source)
    title = head.title if head else found.source
    to = link(found.source, found.start, found.end)
    return (
        f'<li>{html.escape(number)} <a href="{to}" dir="auto">{text_html(title)}</a> '
        f'<span class="match" aria-hidden="true">{"●" * steps}{"○" * (3 - steps)}</span> '
        f'<span class="quiet">{(own.weak, own.fair, own.strong)[steps - 1]}</span></li>'
    )
