"""What the commands show beside their results, on standard error: problems, and a bar while something is made."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.filling import Progress


@contextmanager
def progress_bar() -> "Iterator[Progress]":
    """A bar that is made when there is something to show."""
    with ExitStack() as stack:
        bars: list[tuple[Any, Any]] = []

        def show(done: int, total: int) -> None:
            if not bars:
                from rich import progress
                from rich.console import Console

                bar = stack.enter_context(progress.Progress(console=Console(stderr=True), transient=True))
                bars.append((bar, bar.add_task("Indexing")))
            ((bar, task),) = bars
            bar.update(task, completed=done, total=total)

        yield show


def tell(problems: Sequence[str]) -> None:
    """Print problems, one line each and their count, on standard error."""
    for problem in problems:
        print(f"banbot: {problem}", file=sys.stderr)
    if problems:
        print(f"banbot: {len(problems)} problems", file=sys.stderr)
