"""The commands: chat, ask, index, sources, doctor. One edge of the program: errors become one line here."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import BanbotError, SourceError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.answering import Answerer
    from bot.index import Index, Progress

app = typer.Typer(
    help="Answers questions about China's cryptocurrency ban, each sentence cited to its source.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
sources_app = typer.Typer(help="What is held, and whether every head is right.", no_args_is_help=True)
app.add_typer(sources_app, name="sources")

Sources = Annotated[Path, typer.Option("--sources", help="Folder of source files.", show_default="the project's")]
IndexFolder = Annotated[Path | None, typer.Option("--index", help="Folder of the index.", show_default="in the cache")]
Store = Annotated[str, typer.Option("--store", help="Address of a Chroma server.", show_default="embedded")]

AddTo = Annotated[Path | None, typer.Option("--sources", help="Folder to add to.", show_default="your own")]

DEFAULT = Settings()


def main() -> None:
    """Run a command; what a user can mend is told in one line, with exit code 1."""
    os.environ.update(QUIET)
    try:
        app()
    except BanbotError as error:
        sys.exit(f"banbot: {error}")


QUIET = {
    "ANONYMIZED_TELEMETRY": "False",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_ALLOWED_PATHS": "",
    "GRADIO_SHARE": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "LANGSMITH_TRACING": "false",
    "TOKENIZERS_PARALLELISM": "false",
}
"""Nothing phones home and no more is served, whatever the environment says."""


@app.command()
def chat(
    sources: Sources = DEFAULT.sources,
    index: IndexFolder = None,
    store: Store = "",
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 7860,
    auth: Annotated[str, typer.Option(metavar="USER:PASSWORD", envvar="BANBOT_AUTH", help="Who may ask.")] = "",
    everyone: Annotated[bool, typer.Option("--open", help="Let everyone ask who reaches --host.")] = False,
    per_minute: Annotated[
        int | None, typer.Option(help="Questions a client may ask in a minute, 0 for any.", min=0)
    ] = None,
    log: Annotated[str, typer.Option(envvar="BANBOT_LOG", help="File for a JSON line per answer, - for stderr.")] = "",
    log_questions: Annotated[bool, typer.Option("--log-questions", help="Write the questions' text too.")] = False,
    metrics: Annotated[bool, typer.Option("--metrics", help="Serve figures for Prometheus at /metrics.")] = False,
) -> None:
    """Index if needed, then serve the page to chat in."""
    from bot import guarding

    rules = guarding.rules(host, auth, everyone, per_minute)
    from bot import watching
    from bot.page import serve

    settings = Settings(sources, index, store)
    with watching.journal(log, log_questions, metrics) as journal:
        serve(
            lambda: watching.Watched(_answerer(settings), journal), host, port, around=watching.around(rules, journal)
        )


@app.command()
def ask(
    question: Annotated[
        list[str], typer.Argument(help="The question; with --json, - reads JSON lines from standard input.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON for each answer.")] = False,
    sources: Sources = DEFAULT.sources,
    index: IndexFolder = None,
    store: Store = "",
) -> None:
    """Answer one question, or a batch of JSON lines."""
    from bot import exchange
    from bot.records import Question

    settings = Settings(sources, index, store)
    if as_json and question == ["-"]:
        failed = False
        for line in exchange.batch(_answerer(settings), sys.stdin.buffer):
            failed |= "error" in line
            print(json.dumps(line, ensure_ascii=False), flush=True)
        raise typer.Exit(int(failed))
    answer = _answerer(settings).invoke(Question(" ".join(question)))
    print(json.dumps(exchange.as_json(answer), ensure_ascii=False) if as_json else exchange.as_text(answer))


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="What ask --json wrote.")], sources: Sources = DEFAULT.sources
) -> None:
    """Check every citation of exported answers against the sources again."""
    from bot.sources import read
    from bot.verifying import verify

    documents = {str(document.id): document for document in read(*Settings(sources).folders()).documents}
    checked, problems = verify(file, documents)
    _tell(problems)
    print(f"{checked} citations checked, {len(problems)} no longer hold")
    raise typer.Exit(int(bool(problems)))


@app.command("index")
def build(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Embed everything again.")] = False,
    sources: Sources = DEFAULT.sources,
    index: IndexFolder = None,
    store: Store = "",
) -> None:
    """Build the index, or bring it in step with the sources."""
    settings = Settings(sources, index, store)
    built, left_out = _open(settings, rebuild=rebuild)
    print(f"{len(built.documents)} sources, {len(built.sentences)} sentences indexed in {settings.index_folder()}")
    raise typer.Exit(int(left_out > 0))


@sources_app.command("list")
def list_sources(sources: Sources = DEFAULT.sources) -> None:
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
    _tell(reading.problems)


@sources_app.command("check")
def check_sources(sources: Sources = DEFAULT.sources) -> None:
    """Tell whether every head and every reference between sources is right."""
    from bot import disagreements, passages, views
    from bot.sources import check, check_tables, read

    reading = read(*Settings(sources).folders())
    sentences = [s for d in reading.documents for p in passages.split(d) for s in passages.sentences(p)]
    problems = [*reading.problems, *check(reading.documents), *check_tables(sources, reading.documents)]
    problems += views.check(views.read(sources), sentences)
    problems += disagreements.check(disagreements.read(sources), sentences)
    _tell(problems)
    print(f"{len(reading.documents)} sources read, {len(problems)} problems")
    raise typer.Exit(int(bool(problems)))


@sources_app.command("add")
def add_sources(
    what: Annotated[list[str], typer.Argument(metavar="PATH_OR_URL…", help="Files or web pages to add.")],
    sources: AddTo = None,
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
    _tell(problems)
    raise typer.Exit(int(bool(problems)))


@app.command()
def doctor(sources: Sources = DEFAULT.sources, index: IndexFolder = None, store: Store = "") -> None:
    """Tell what is installed, reachable and stale, and what to do."""
    from bot.doctor import examine

    findings = examine(Settings(sources, index, store))
    for finding in findings:
        print(f"{'ok ' if finding.good else 'BAD'} {finding.text}")
    raise typer.Exit(int(not all(finding.good for finding in findings)))


def _answerer(settings: Settings) -> "Answerer":
    from bot.answering import Answerer

    return Answerer(_open(settings)[0])


def _open(settings: Settings, rebuild: bool = False) -> tuple["Index", int]:
    """The index in step with the sources, and how many files were left out of it."""
    from bot.opening import open_index

    with _progress() as progress:
        built, reading = open_index(settings, rebuild=rebuild, progress=progress)
    _tell(reading.problems)
    return built, len(reading.problems)


@contextmanager
def _progress() -> "Iterator[Progress]":
    from rich import progress
    from rich.console import Console

    with progress.Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Indexing", visible=False)
        yield lambda done, total: bar.update(task, completed=done, total=total, visible=True)


def _tell(problems: Sequence[str]) -> None:
    for problem in problems:
        print(f"banbot: {problem}", file=sys.stderr)
    if problems:
        print(f"banbot: {len(problems)} problems", file=sys.stderr)
