"""The commands: chat, ask, index, sources, doctor. One edge of the program: errors become one line here."""

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import curating, options
from bot.errors import BanbotError, ModelError
from bot.settings import DEFAULT, Settings
from bot.terminal import progress_bar, tell

if TYPE_CHECKING:
    from bot.answering import Answerer
    from bot.index import Index

app = typer.Typer(
    help="Answers questions about China's cryptocurrency ban, each sentence cited to its source.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(curating.app, name="sources")


def main() -> None:
    """Run a command; what a user can mend is told in one line, with exit code 1."""
    os.environ.update(QUIET)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a question is too small to share, and waiting threads cost
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
    sources: options.Sources = DEFAULT.sources,
    index: options.IndexFolder = None,
    store: options.Store = "",
    host: options.Host = "127.0.0.1",
    port: options.Port = 7860,
    feedback: options.Feedback = None,
    model: options.Model = "",
    model_url: options.ModelUrl = "",
    auth: options.Auth = "",
    everyone: options.Everyone = False,
    per_minute: options.PerMinute = None,
    log: options.Log = "",
    log_questions: options.LogQuestions = False,
    metrics: options.Metrics = False,
) -> None:
    """Index if needed, then serve the page to chat in."""
    from bot import guarding

    rules = guarding.rules(host, auth, everyone, per_minute)  # refused at once, before the page is imported
    from bot import sources as files
    from bot import watching
    from bot.holdings import hold
    from bot.page import serve

    settings = Settings(sources, index, store, feedback, model=model, model_url=model_url)
    held = hold(files.read(*settings.folders()).documents, settings.sources)
    with watching.journal(log, log_questions, metrics) as journal:
        serve(
            held,
            lambda: watching.Watched(_answerer(settings, apart=True), journal),
            settings.feedback_file(),
            host,
            port,
            around=watching.around(rules, journal),
        )


@app.command()
def ask(
    question: Annotated[
        list[str], typer.Argument(help="The question; with --json, - reads JSON lines from standard input.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON for each answer.")] = False,
    sources: options.Sources = DEFAULT.sources,
    index: options.IndexFolder = None,
    store: options.Store = "",
    model: options.Model = "",
    model_url: options.ModelUrl = "",
) -> None:
    """Answer one question, or a batch of JSON lines."""
    from bot import exchange
    from bot.answering import checked
    from bot.records import Question

    settings = Settings(sources, index, store, model=model, model_url=model_url)
    if as_json and question == ["-"]:
        bad = []
        for line in exchange.batch(_answerer(settings), sys.stdin.buffer):
            bad.append("error" in line)
            print(json.dumps(line, ensure_ascii=False), flush=True)
        if any(bad):
            print(f"banbot: {sum(bad)} of {len(bad)} lines have no answer; each says why under error", file=sys.stderr)
        raise typer.Exit(int(any(bad)))
    asked = checked(Question(" ".join(question)))  # before an index is made, which may take a minute
    answer = _answerer(settings).invoke(asked)
    print(json.dumps(exchange.as_json(answer), ensure_ascii=False) if as_json else exchange.as_text(answer))


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="What ask --json wrote.")], sources: options.Sources = DEFAULT.sources
) -> None:
    """Check every citation of exported answers against the sources again."""
    from bot.sources import read
    from bot.verifying import verify

    documents = {str(document.id): document for document in read(*Settings(sources).folders()).documents}
    checked, problems = verify(file, documents)
    tell(problems)
    print(f"{checked} citations checked, {len(problems)} no longer hold")
    raise typer.Exit(int(bool(problems)))


@app.command("index")
def build(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Embed everything again.")] = False,
    sources: options.Sources = DEFAULT.sources,
    index: options.IndexFolder = None,
    store: options.Store = "",
    with_views: Annotated[
        bool, typer.Option("--views", help="Let the chat model write questions that your sources answer.")
    ] = False,
    model: options.Model = "",
    model_url: options.ModelUrl = "",
) -> None:
    """Build the index, or bring it in step with the sources."""
    settings = Settings(sources, index, store, model=model, model_url=model_url)
    if with_views:
        from bot.chat_writer import opened
        from bot.viewing import write_views

        if not (chat := opened(model, model_url)[0]):
            raise ModelError("--views needs a chat model; name one with --model or BANBOT_MODEL")
        with progress_bar() as progress:
            print(f"{write_views(settings.folders()[-1], chat.chat, progress)} questions written")
    built, left_out = _open(settings, rebuild=rebuild)
    print(f"{len(built.documents)} sources, {len(built.sentences)} sentences indexed in {settings.index_folder()}")
    raise typer.Exit(int(left_out > 0))


@app.command()
def doctor(
    sources: options.Sources = DEFAULT.sources,
    index: options.IndexFolder = None,
    store: options.Store = "",
    model: options.Model = "",
    model_url: options.ModelUrl = "",
) -> None:
    """Tell what is installed, reachable and stale, and what to do."""
    from bot.doctor import examine

    findings = examine(Settings(sources, index, store, model=model, model_url=model_url))
    for finding in findings:
        print(f"{'ok ' if finding.good else 'BAD'} {finding.text}")
    raise typer.Exit(int(not all(finding.good for finding in findings)))


def _answerer(settings: Settings, apart: bool = False) -> "Answerer":
    from bot.answering import Answerer
    from bot.chat_writer import opened
    from bot.opening import index_apart

    if apart:
        index_apart(settings)
    chat, rewriter = opened(settings.model, settings.model_url)
    return Answerer(_open(settings)[0], chat=chat, rewriter=rewriter)


def _open(settings: Settings, rebuild: bool = False) -> tuple["Index", int]:
    """The index in step with the sources, and how many files were left out of it."""
    from bot.opening import open_index

    with progress_bar() as progress:
        built, reading = open_index(settings, rebuild=rebuild, progress=progress)
    tell(reading.problems)
    return built, len(reading.problems)
