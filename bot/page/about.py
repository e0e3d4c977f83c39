"""What is held and how good the answers are, as HTML: counted and read, never written down here."""

import html
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.labels import say
from bot.page.words import words
from bot.records import OFFICIAL, Source
from bot.settings import PROJECT

RESULTS = PROJECT / "eval" / "results"
"""Where the evaluation keeps its results; a package that is installed may lack it."""
_MEASURES = {
    "outcome": "of the questions are answered where the sources hold an answer, and declined where they hold none",
    "nuggets": "of what a right answer must say is said",
    "cited": "of the sentences carry a citation",
    "carried": "of the citations are exact and carry their statement",
    "clean": "of the answers say nothing that must not be said",
    "decline_precision": "of the declined questions have no answer in the sources",
    "decline_recall": "of the questions without an answer in the sources are declined",
}
"""The measures shown, shares from 0 to 1, in plain words."""


def about(sources: Sequence[Source], results: Path = RESULTS, language: str = "en") -> str:
    """What the collection holds and does not, up to which date, and how good the answers are."""
    return f"<div class='about'>{_held(sources, language)}{_good(latest(results), language)}</div>"


def _held(sources: Sequence[Source], language: str) -> str:
    dates = sorted(source.published for source in sources if source.published and source.seen != "memory")
    years = f"{dates[0][:4]} – {dates[-1][:4]}" if dates else say("unknown", language)
    own = words(language)
    official = sum(source.kind in OFFICIAL for source in sources)
    facts = {
        "Sources": str(len(sources)),
        "Official": str(official),
        "Kinds": _counted(dict(own.kinds)[source.kind] for source in sources),
        "Languages": _counted(dict(own.languages).get(source.language, source.language) for source in sources),
        "Years of publication": years,
        "Newest": max(dates, default=say("unknown", language)),
        "Without a date": str(sum(not source.published for source in sources)),
        "Originals read whole": str(sum(source.seen == "full" for source in sources)),
        "Originals read in part": str(sum(source.seen == "excerpt" for source in sources)),
        "Background that was not read anywhere": str(sum(source.seen == "memory" for source in sources)),
    }
    rows = "".join(f"<dt>{say(name, language)}</dt><dd>{html.escape(value)}</dd>" for name, value in facts.items())
    limits = say(
        "Each source is a digest, not the original; its card links to the original where the address is known. What "
        "happened after the newest source is not known here, and no answer is legal or financial advice.",
        language,
    )
    return f"<h2>{say('What is held', language)}</h2><dl>{rows}</dl><p>{limits}</p>"


def _counted(values: Iterable[str]) -> str:
    return ", ".join(f"{value} {count}" for value, count in Counter(values).most_common())


def _good(result: Mapping[str, Any] | None, language: str) -> str:
    title = f"<h2>{say('How good the answers are', language)}</h2>"
    if result is None:
        told = say("No result of the evaluation is here. This command measures the answers:", language)
        return f"{title}<p>{told} <code>python -m eval</code></p>"
    figures = result["halves"]["held"]
    rows = "".join(
        f"<tr><td>{_share(figures, name, language)}</td><td>{say(text, language)}</td></tr>"
        for name, text in _MEASURES.items()
        if name in figures
    )
    told = say("Measured on {} with the half of the questions that is held back while building.", language)
    told = told.format(html.escape(str(result["made"])[:10]))
    read = say("Shares from 0 to 1; in brackets their 95 per cent intervals.", language)
    return f"{title}<p>{told} {read}</p><table>{rows}</table>"


def _share(figures: Mapping[str, float], name: str, language: str) -> str:
    share = f"<b>{_decimal(figures[name])}</b>"
    low, high = figures.get(f"{name}_low"), figures.get(f"{name}_high")
    if low is None or high is None:
        return share
    return f"{share} ({say('{} to {}', language).format(_decimal(low), _decimal(high))})"


def _decimal(share: float) -> str:
    """Three decimals, as in the README; nothing short of all is shown as all."""
    return f"{share if share == 1 else min(share, 0.999):.3f}"


def latest(folder: Path) -> Mapping[str, Any] | None:
    """The newest kept result of the evaluation that has figures of its held half; None where there is none."""
    kept = []
    for file in folder.glob("*.json"):
        try:
            result = json.loads(file.read_text(encoding="utf-8"))
            if result["halves"]["held"]:
                kept.append(result)
        except (OSError, ValueError, KeyError, TypeError):
            continue  # no result, or one of another shape
    return max(kept, key=lambda result: str(result.get("made", "")), default=None)
