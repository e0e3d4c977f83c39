"""The commands under `banbot sources`: what is held, whether it is right, and bringing one's own."""

import sys
from typing import Annotated

import typer

from bot import options
from bot.errors import SourceError
from bot.settings import DEFAULT, Settings
from bot.terminal import tell

app = typer.Typer(help="What is held, and whether every head is right.", no_args_is_help=True)


@app.command("list")
def list_sources(sources: options.Sources = DEFAULT.sources) -> None:
    """Show a table of the sources."""
    from rich.console import Console
    from rich.table import Table

    from bot.sources import read

    table = Table("id", "published", "kind", "publisher", "title", "standing", "language", "seen")
    reading = read(*Settings(sources).folders())
    for document in reading.documents:
        head = document.metadata["head"]
        standing = f"repealed by {head.repealed_by}" if head.repealed_by else head.standing or ""
        table.add_row(
            head.id, head.published, head.kind, head.publisher, head.title, standing, head.language, head.seen
        )
    Console(width=None if sys.stdout.isatty() else 240).print(table)
    tell(reading.problems)


@app.command("check")
def check_sources(sources: options.Sources = DEFAULT.sources) -> None:
    """Tell whether every head and every reference between sources is right."""
    from bot import asides, disagreements, gaps, passages, points, views
    from bot.sources import check, check_tables, read

    reading = read(*Settings(sources).folders())
    sentences = [s for d in reading.documents for p in passages.split(d) for s in passages.sentences(p)]
    problems = [*reading.problems, *check(reading.documents), *check_tables(sources, reading.documents)]
    problems += views.check(asked := views.read(sources), sentences)
    problems += gaps.check(gaps.read(sources), asked, {str(d.id) for d in reading.documents})
    problems += asides.check(asides.read(sources), (question for view in asked for question in view.questions))
    problems += disagreements.check(disagreements.read(sources), sentences)
    events, figures = points.read(sources)
    problems += points.check((*events, *figures), sentences)
    tell(problems)
    print(f"{len(reading.documents)} sources read, {len(problems)} problems")
    raise typer.Exit(int(bool(problems)))


@app.command("add")
def add_sources(
    what: Annotated[list[str], typer.Argument(metavar="PATH_OR_URL…", help="Files or web pages to add.")],
    sources: options.AddTo = None,
) -> None:
    """Bring your own files and web pages into your own folder of sources."""
    from bot.adding import add
    from bot.settings import own_sources

    folder = sources or own_sources()
    if folder.resolve() == DEFAULT.sources.resolve():
        raise SourceError(f"{folder}: the project's own sources are not changed by add; leave out --sources")
    problems = []
    for item in what:
        try:
            print(f"added {add(item, folder)}")
        except SourceError as error:
            problems.append(str(error))
    tell(problems)
    raise typer.Exit(int(bool(problems)))
