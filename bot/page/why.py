"""Why an answer reads as it does: what was searched, found, chosen and left out, as HTML. Pure, no Gradio."""

from bot.page.conversation import Found, Reply
from bot.page.details import Sources, link, text_html
from bot.page.words import Words


def why_html(reply: Reply, sources: Sources, own: Words) -> str:
    """What was searched, found, chosen and left out, how well it matches, and how long it took."""
    line = reply.line
    if not line.searched:
        return ""
    asked = "".join(
        f'<li dir="auto">{text_html(query)}{f" ({own.searched_before})" if number else ""}</li>'
        for number, query in enumerate(line.searched)
    )
    keys = {cited.key for cited in line.citations}
    best = max((found.score for found in line.evidence), default=0.0)
    groups = ""
    for title, chosen in ((own.chosen, True), (own.left_out, False)):
        rows = [_found(f, best, sources, own) for f in line.evidence if (f.key in keys) == chosen]
        groups += f'<h5>{title}</h5><ul class="found">{"".join(rows)}</ul>' if rows else ""
    spent = {name: line.timings.get(f"{name}_ms", 0.0) for name in ("search", "write", "total")}
    checked = f"<p>{own.checked}</p>" if line.citations else ""
    return (
        f'<details class="why"><summary>{own.why}</summary><h5>{own.searched}</h5><ul>{asked}</ul>{groups}{checked}'
        f'<p class="quiet">{own.times.format(**spent)}</p></details>'
    )


def _found(found: Found, best: float, sources: Sources, own: Words) -> str:
    """One passage that was found, and how well it matches beside the best one: in words and a bar of three steps."""
    share = found.score / best if best > 0 else 0.0
    steps = 3 if share >= 0.8 else 2 if share >= 0.5 else 1
    head = sources.get(found.source)
    title = head.title if head else found.source
    to = link(found.source, found.start, found.end)
    return (
        f'<li><a href="{to}" dir="auto">{text_html(title)}</a> <span class="match" aria-hidden="true">{"●" * steps}'
        f'{"○" * (3 - steps)}</span> <span class="quiet">{(own.weak, own.fair, own.strong)[steps - 1]}</span></li>'
    )
