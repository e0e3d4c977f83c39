"""From a chat model's words to an answer: a draft that grows, then what holds of it, or why nothing does."""

import time
from collections.abc import Generator
from dataclasses import dataclass, replace

from langchain_core.runnables import RunnableConfig

from bot.chat_writer import ChatWriter
from bot.checking import Checked, check
from bot.errors import WritingError
from bot.index import Index
from bot.phrases import Phrases, phrases
from bot.prompting import keyed, readable
from bot.records import Answer, Question
from bot.scope import orders_about
from bot.terms import is_chinese
from bot.writers import Brief


@dataclass(frozen=True)
class Written:
    """What came of asking a chat model: the answer as far as it holds, and what is to be told of it behind it."""

    answer: Answer
    notes: tuple[str, ...]
    failed: bool = False
    """Whether the sources have to be quoted instead; the answer then holds no text."""


def drafted(
    writer: ChatWriter, asked: Answer, question: Question, index: Index, begun: float, config: RunnableConfig | None
) -> Generator[Answer, None, Written]:
    """Yield the answer while the model writes it; return what holds. `begun` is when the question came."""
    own = phrases(asked.question.text)
    evidence = keyed(asked.evidence, question.text)
    # Nothing in a passage that orders its reader about is worth the risk.
    shown = tuple(e for e in evidence if not orders_about(e.passage.page_content))
    draft = ""
    timings: dict[str, float] = {}
    try:
        for piece in writer.stream(Brief(question, shown), config):
            draft += piece
            timings.setdefault("first_token_ms", _milliseconds(begun))
            yield replace(asked, text=readable(draft, shown), writer=writer.model)
    except WritingError as error:
        return failed(replace(asked, timings=timings), error.reason)
    start = time.perf_counter()
    store = index.bridge if index.bridge and is_chinese(draft) else index.store
    assert store.embeddings is not None  # ours are always made with one
    checked = check(draft, shown, question.text, store.embeddings)
    timings["check_ms"] = _milliseconds(start)
    answer = replace(asked, timings=timings, drafted=checked.drafted, removed=checked.removed)
    if not checked.holds and not (checked.missing and not checked.drafted):
        return failed(answer, "unsupported")
    answer = replace(answer, text=checked.text, citations=checked.citations, evidence=evidence, writer=writer.model)
    return Written(replace(answer, outcome="partial") if checked.missing else answer, _notes(checked, own))


def failed(asked: Answer, reason: str) -> Written:
    """The answer without text, and why the model did not give it."""
    own = phrases(asked.question.text)
    return Written(asked, (own.without_model.format(own.reasons[reason]),), failed=True)


def told(answer: Answer, notes: tuple[str, ...]) -> Answer:
    """The answer with notes on the model behind it, if there are any."""
    return replace(
        answer, text="\n".join(part for part in (answer.text, *notes) if part), notes=(*answer.notes, *notes)
    )


def _notes(checked: Checked, own: Phrases) -> tuple[str, ...]:
    gone = len(checked.removed) - checked.replaced
    counted = ((gone, own.removed), (checked.replaced, own.replaced))
    notes = [one if n == 1 else several.format(n) for n, (one, several) in counted if n]
    return (*notes, *(own.not_given.format(part) for part in checked.missing if part and checked.citations))


def _milliseconds(since: float) -> float:
    return round(1000 * (time.perf_counter() - since), 2)
