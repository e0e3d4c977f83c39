"""Learn the adapter of `bot/adapting.py` from the questions beside the sources: `python -m eval adapter`.

Each question is asked of all others, which vote by how near they lie (Goldberger, Roweis, Hinton and Salakhutdinov,
"Neighbourhood Components Analysis", 2004): whether it is answered or left open, and, if answered, by which sentence.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from langchain_core.embeddings import Embeddings
from rich.console import Console
from rich.progress import track
from safetensors.torch import save_file
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, normalize

from bot import gaps, views
from bot.adapting import FILE
from bot.terms import is_chinese

RANK = 128
"""Directions in which a vector is changed; 384 tell no better."""
WARMTH = 0.1
"""How far a vote reaches: votes fall by e with each such step of cosine."""
EPOCHS, BATCH, RATE = 8, 512, 1e-3


@dataclass(frozen=True)
class Asked:
    """Questions with the number of the sentence that answers each, or -1 where none does."""

    questions: tuple[str, ...]
    answers: tuple[int, ...]


def examples(folder: Path) -> Asked:
    """The English questions beside the sources of a folder, those that are answered first."""
    bound: dict[tuple[str, str], int] = {}
    found: list[tuple[str, int]] = []
    for view in views.written(folder):
        number = bound.setdefault((view.source, view.starts), len(bound))
        found += [(question, number) for question in view.questions]
    found += [(question, -1) for gap in gaps.read(folder) for question in gap.questions]
    kept = [(question, number) for question, number in found if not is_chinese(question)]
    return Asked(*zip(*kept, strict=True))


def learn(vectors: Tensor, answers: Tensor, epochs: int = EPOCHS) -> tuple[Tensor, Tensor]:
    """The matrices `down` and `up` for the questions' vectors, a row each."""
    torch.manual_seed(0)
    width = vectors.shape[1]
    down = torch.nn.init.kaiming_uniform_(torch.empty(RANK, width), a=5**0.5).requires_grad_()
    up = torch.zeros(width, RANK, requires_grad=True)
    learner = torch.optim.AdamW([down, up], RATE, weight_decay=0.01)
    batches = list(_batches(len(vectors), epochs))
    pace = torch.optim.lr_scheduler.OneCycleLR(learner, RATE, total_steps=len(batches))
    for batch in track(batches, "Learning", console=Console(stderr=True), transient=True):
        adapted = normalize(vectors + vectors @ down.T @ up.T, dim=1)
        loss = _loss(adapted, answers, batch)
        learner.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        learner.step()
        pace.step()
    return down.detach(), up.detach()


def _loss(adapted: Tensor, answers: Tensor, batch: Tensor) -> Tensor:
    """How wrongly the others vote on the questions of a batch."""
    votes = adapted[batch] @ adapted.T / WARMTH
    votes = votes.masked_fill(batch[:, None] == torch.arange(len(adapted)), -torch.inf)  # none votes on itself
    answered = answers >= 0
    pro = votes.masked_fill(~answered, -torch.inf).logsumexp(1)
    con = votes.masked_fill(answered, -torch.inf).logsumexp(1)
    open_or_not = binary_cross_entropy_with_logits(pro - con, answered[batch].float())
    same = (answers[batch][:, None] == answers) & answered[batch][:, None] & (votes > -torch.inf)
    told = same.any(1)
    which = votes[told].logsumexp(1) - votes[told].masked_fill(~same[told], -torch.inf).logsumexp(1)
    return open_or_not + which.mean()


def _batches(count: int, epochs: int) -> Iterator[Tensor]:
    """The places of all questions, shuffled anew for each epoch, in batches."""
    chance = np.random.default_rng(0)
    for _ in range(epochs):
        order = chance.permutation(count)
        yield from (torch.tensor(order[start : start + BATCH]) for start in range(0, count, BATCH))


def write(folder: Path, model: Embeddings, file: Path = FILE) -> int:
    """Learn from the questions beside the sources, and keep the adapter; returns how many questions there were."""
    asked = examples(folder)
    vectors: Sequence[Any] = model.embed_documents(list(asked.questions))
    down, up = learn(torch.tensor(vectors), torch.tensor(asked.answers))
    save_file({"down": down.contiguous(), "up": up.contiguous()}, file)
    return len(asked.questions)
