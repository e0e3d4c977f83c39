"""How well `bot.support` tells supported statements from others: `python -m eval support`.

`cases/swaps.jsonl` holds true restatements of our sources' sentences, and others with one number, date, name or
negation swapped. An outside file of marked answers holds `{"answer", "contexts", "faithfulness"}` a line; marks go
from 1 to 4.
"""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import sentencex
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from sklearn.metrics import roc_auc_score

from bot.checking import bind
from bot.records import Evidence, Source
from bot.support import broken, score
from eval.cases import CASES


def swaps(heads: dict[str, Source], file: Path = CASES / "swaps.jsonl") -> dict[str, float]:
    """Shares of the true statements that are lost and of the swapped ones that are caught, by what was swapped."""
    counts: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    for line in file.read_text(encoding="utf-8").splitlines():
        claim = json.loads(line)
        head = heads[claim["source"]]
        flagged = bool(broken(claim["claim"], claim["quote"], f"{head.publisher} {head.published}"))
        for name in ("lost",) if claim["supported"] else ("caught", f"caught {claim['swap']}"):
            counts[name] += 1
            caught[name] += flagged
    return {name: caught[name] / counts[name] for name in sorted(counts)}


def admitted(
    heads: dict[str, Source], embeddings: Callable[[str], Embeddings], file: Path = CASES / "swaps.jsonl"
) -> dict[str, float]:
    """Shares of the true and of the swapped statements that a chat model's draft would get past the whole check."""
    counts: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for line in file.read_text(encoding="utf-8").splitlines():
        claim = json.loads(line)
        place = {"source": claim["source"], "start": 0, "end": len(claim["quote"])}
        sentence = Document(page_content=claim["quote"], metadata=place)
        cited = Evidence("1", sentence, heads[claim["source"]], 0.0, (sentence,))
        name = "admitted true" if claim["supported"] else "admitted swapped"
        counts[name] += 1
        passed[name] += bool(bind(claim["claim"], [cited], embeddings(claim["claim"]))[0])
    return {name: passed[name] / counts[name] for name in sorted(counts)}


def faithfulness(file: Path, embeddings: Embeddings, unfaithful: float = 3.0) -> float:
    """Area under the ROC curve: answers whose mean rating is below `unfaithful` against the rest."""
    scores, good = [], []
    for line in file.read_text(encoding="utf-8").splitlines():
        marked = json.loads(line)
        held = [s for context in marked["contexts"] for s in sentencex.segment("en", context) if s.strip()]
        said = [s for s in sentencex.segment("en", marked["answer"]) if s.strip()]
        scores.append(sum(score(s, held, embeddings) for s in said) / (len(said) or 1))
        good.append(marked["faithfulness"] >= unfaithful)
    return float(roc_auc_score(good, scores))
