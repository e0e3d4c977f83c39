"""What is installed, reachable and stale, and what to do about it."""

import sys
from dataclasses import dataclass

from bot import index, models, sources, views
from bot.chat_writer import opened
from bot.errors import BanbotError
from bot.settings import Settings


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    good: bool
    text: str


def examine(settings: Settings) -> list[Finding]:
    """Look at Python, the weights, the chat model if one is named, the sources and the index, in this order."""
    found = [Finding(sys.version_info >= (3, 11), f"Python {sys.version.split()[0]} (3.11 or newer is needed)")]
    try:
        found.append(Finding(True, f"weights of {models.MINILM}: {models.weights()}"))
    except BanbotError as error:
        found.append(Finding(False, str(error)))
    try:
        if opened(settings.model, settings.model_url)[0]:
            found.append(Finding(True, f"chat model {settings.model}: what it needs is here; it was not asked"))
    except BanbotError as error:
        found.append(Finding(False, str(error)))
    try:
        reading = sources.read(*settings.folders())
    except BanbotError as error:
        return [*found, Finding(False, str(error))]
    found.append(Finding(not reading.problems, f"{len(reading.documents)} sources in {settings.sources}"))
    found += [Finding(False, problem) for problem in (*reading.problems, *sources.check(reading.documents))]
    try:
        asked = [view for folder in settings.folders() for view in views.read(folder)]
        fresh = index.is_fresh(settings.index_folder(), reading.documents, asked, model=models.MINILM, bridged=True)
    except BanbotError as error:
        return [*found, Finding(False, str(error))]
    advice = "in step with the sources" if fresh else "missing or stale; run: banbot index"
    return [*found, Finding(fresh, f"index in {settings.index_folder()}: {advice}")]
