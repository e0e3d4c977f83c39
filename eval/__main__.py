"""The question set, figures by kind:

`python -m eval [retrieval|answers|outside|support|feedback|fit|classifiers|adapter|speed|soak]`.
"""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot import index, models
from bot.answering import Answerer
from bot.chat_writer import opened
from bot.errors import BanbotError
from bot.feedback import read as read_feedback
from bot.opening import open_index
from bot.settings import Settings
from bot.terms import is_chinese
from eval import cases, classifying, fitting, pipelines, report, results, running, soak, supporting, tables
from eval import figures as speeds
from eval import judge as marking
from eval import outside as outsiders
from eval import speed as benchmark
from eval.cases import HALVES, Case
from eval.figures import Speed
from eval.results import Figures, Result
from eval.running import Asked

app = typer.Typer(help=__doc__, invoke_without_command=True, pretty_exceptions_enable=False)
Report = Annotated[Path | None, typer.Option(help="Folder to write the report to, one HTML file.")]
Save = Annotated[str, typer.Option(help="Keep the figures in eval/results under this name.")]
Outside = Annotated[list[Path] | None, typer.Option(help="Folder of an outside set to measure too; may be repeated.")]
Judge = Annotated[str, typer.Option(help="Chat model that marks fluency and completeness, as openai:gpt-5-mini.")]
Model = Annotated[str, typer.Option(envvar="BANBOT_MODEL", help="Chat model to measure beside the quotes.")]
ModelUrl = Annotated[str, typer.Option(envvar="BANBOT_MODEL_URL", help="Server of the model, as OpenAI's.")]
console = Console(width=None if sys.stdout.isatty() else 150)


@app.callback()
def everything(
    context: typer.Context,
    report: Report = None,
    save: Save = "",
    outside: Outside = None,
    judge: Judge = "",
) -> None:
    """Without a sub-command: answers, then search beside its peers; exit code 1 below the floors."""
    if context.invoked_subcommand is None:
        answerer = _answerer()
        asked = running.load()
        done = running.ask(answerer, asked)
        found = _compare(answerer, asked)
        sets = {folder.name: outsiders.measure(folder) for folder in outside or ()}
        if judge:
            for name, value in marking.mark(models.chat_model(judge), done).items():
                console.print(f"{name}, by {judge}: {value:.2f} of 5")
        _finish(done, found, sets, report, save)


@app.command()
def retrieval() -> None:
    """Is the right passage found, and how far up: ours, without its parts, and the plain ways."""
    asked = running.load()
    console.print(tables.pipeline_table(_compare(_answerer(), asked), asked))


@app.command()
def answers(
    report: Report = None,
    every: Annotated[int, typer.Option(help="Ask each such case of the tuning half only.", min=1)] = 1,
    model: Model = "",
    model_url: ModelUrl = "",
) -> None:
    """Does the bot answer what it can, decline what it must, and cite what it says?

    With --model also: how does a chat model do on the same cases, and how much of what it wrote held?
    """
    answerer, asked = _answerer(), running.load(every)
    chat, rewriter = opened(model, model_url)
    done = running.ask(answerer, asked)
    if chat:
        written = running.ask(Answerer(answerer.index, chat=chat, rewriter=rewriter), asked)
        console.print(tables.writers_table(model, done, written))
    _finish(done, {}, {}, report, "")


@app.command()
def outside(folder: Annotated[Path, typer.Argument(help="Holds sources.jsonl and questions.jsonl.")]) -> None:
    """Measure search, quoting and declining on a set that others wrote."""
    table = Table("measure", folder.name)
    for name, value in outsiders.measure(folder).items():
        table.add_row(name, f"{value:.3f}")
    console.print(table)


@app.command()
def support(
    marked: Annotated[Path | None, typer.Option(help="File of answers marked for faithfulness by people.")] = None,
) -> None:
    """Does the support score catch a swapped number, date, name or negation, and spare the true?"""
    table = Table("measure", "share")
    heads = _answerer().index.sources
    reads = {False: models.embeddings(), True: models.bridge()}
    passed = supporting.admitted(heads, lambda claim: reads[is_chinese(claim)])
    for name, value in {**supporting.swaps(heads), **passed}.items():
        table.add_row(name, f"{value:.3f}")
    if marked:
        table.add_row(
            f"{marked.name}: area under the curve", f"{supporting.faithfulness(marked, models.embeddings()):.3f}"
        )
    console.print(table)


@app.command()
def feedback(
    file: Annotated[Path | None, typer.Option(help="File of feedback.", show_default="with the user's data")] = None,
) -> None:
    """Print candidates for new cases, JSON lines, from what readers said on the page; reasons go to standard error."""
    told = read_feedback((Settings(feedback=file)).feedback_file())
    for each in told:
        if each.reason:
            print(f"{each.answer['question']}: {'good' if each.good else 'bad'}, {each.reason}", file=sys.stderr)
    for case in cases.candidates(told):
        print(case.model_dump_json(exclude={"half"}))


@app.command()
def fit(outside: Outside = None) -> None:
    """Fit the ranker's weights and the bar for answering; their values go into bot/features.py by hand."""
    own, others = fitting.own(_answerer()), [each for folder in outside or () for each in fitting.others(folder)]
    console.print("ranker:", fitting.weights(own + others))
    console.print("enough:", fitting.bar(own))
    if others:
        console.print("enough, of prose:", fitting.bar(others))


@app.command()
def classifiers() -> None:
    """Fit what tells asides, gaps and orders by their words, and write the weights into bot/weights."""
    for name, area in classifying.write(Settings().sources).items():
        console.print(f"{name}: area under the ROC curve {area:.3f}, in ten-fold cross-validation")


@app.command()
def adapter() -> None:
    """Learn what brings questions that ask the same nearer together, and write it into bot/weights."""
    from eval import adapting  # imports torch, which no other command needs at once

    console.print(f"learnt from {adapting.write(Settings().sources, models.embeddings())} questions")


@app.command()
def speed(
    report: Annotated[Path | None, typer.Option(help="Folder to write the plot to.")] = None,
    save: Annotated[bool, typer.Option("--save", help="Keep the figures in eval/results/speed.")] = False,
    runs: Annotated[int, typer.Option(help="Processes whose median counts.", min=1)] = 3,
    passages: Annotated[list[int] | None, typer.Option(help="Made-up passages to search; may be repeated.")] = None,
    people: Annotated[int, typer.Option(help="People who ask the page at once.", min=1, max=500)] = 50,
    alone: Annotated[bool, typer.Option("--alone", help="Leave out the peers.")] = False,
) -> None:
    """How fast: commands, warm questions, the page, a crowd, many passages; ours beside its peers."""
    begun = speeds.now(), speeds.machine()
    questions = [case.question for case in running.load(20) if not case.history]
    with tempfile.TemporaryDirectory() as folder:
        bench = benchmark.Bench(Path(folder), runs, questions, lambda text: console.print(f"[dim]{text} …[/dim]"))
        rows = [*benchmark.commands(bench), *benchmark.warm(bench), *benchmark.page(bench, people, 10.0)]
        others, missing = ({}, []) if alone else benchmark.peers(bench)
        ratios, mine = benchmark.beside(rows, others)
        scale, more = benchmark.scale(bench, passages or [1000, 10_000])
    measured = Speed(*begun, [*rows, *ratios, *more], {speeds.OURS: mine, **others}, scale, missing)
    console.print(speeds.table(measured), speeds.comparison(measured))
    for name in missing:
        console.print(f"{name} is not installed: pip install -e '.[peers]'")
    if report:
        console.print(f"plot: {speeds.plot(measured, report)}")
    if save:
        console.print(f"kept: {speeds.save(measured)}")


@app.command("soak")
def soak_page(
    minutes: Annotated[float, typer.Option(help="How long.", min=0.05, max=600)] = 2.0,
    people: Annotated[int, typer.Option(help="How many ask at once.", min=1, max=100)] = 4,
    report: Report = None,
) -> None:
    """Let people ask a real page for minutes or an hour: errors, times, memory; exit code 1 if it is not steady."""
    questions = [asked.question for asked in running.load()]
    with soak.page() as (address, pid):
        seen = soak.run(address, pid, questions, people=people, seconds=60 * minutes)
    figures = seen.figures()
    table = Table("soak", "figure")
    for name, value in figures.items():
        table.add_row(name, f"{value:g}")
    console.print(table)
    if report:
        console.print(f"report: {soak.report(report, seen)}")
    wrong = soak.verdict(figures)
    for line in wrong:
        console.print(f"not steady: {line}")
    raise typer.Exit(int(bool(wrong)))


def _finish(
    done: Sequence[Asked],
    found: dict[str, dict[str, Figures]],
    sets: dict[str, Figures],
    folder: Path | None,
    name: str,
) -> None:
    """Print, report and keep; exit code 1 below the floors."""
    asked = [one.case for one in done]
    old = results.last()
    result = Result(
        datetime.now().isoformat(timespec="seconds"),
        {half: _half(half, done, found) for half in HALVES},
        {half: _kinds(half, done, found) for half in HALVES},
        {name: tables.by_half(scores, asked) for name, scores in found.items()},
        sets,
    )
    console.print(tables.kind_table(result))
    if found:
        console.print(tables.pipeline_table(found, asked))
    console.print(tables.total_table(result, old))
    if folder:
        console.print(f"report: {report.write(folder, result, old, done)}")
    if name:
        console.print(f"kept: {results.save(result, name)}")
    broken = results.below(result)
    for line in broken:
        console.print(f"below the floor: {line}")
    if broken:
        raise typer.Exit(1)


def _half(half: str, done: Sequence[Asked], found: dict[str, dict[str, Figures]]) -> dict[str, float]:
    mine = [one for one in done if one.case.half == half]
    ours = running.mean(found["ours"], [one.case for one in mine], intervals=True) if found else {}
    return {**ours, **running.figures(mine, intervals=True)}


def _kinds(half: str, done: Sequence[Asked], found: dict[str, dict[str, Figures]]) -> dict[str, Figures]:
    by_id = {one.case.id: one for one in done}
    grouped = running.kinds(one.case for one in done if one.case.half == half)
    return {
        kind: {
            "cases": len(members),
            **(running.mean(found["ours"], members) if found else {}),
            **running.figures([by_id[case.id] for case in members]),
        }
        for kind, members in grouped.items()
    }


def _compare(answerer: Answerer, asked: Sequence[Case]) -> dict[str, dict[str, Figures]]:
    """The measures of each case under each pipeline."""
    settings = Settings()
    folder = settings.index_folder().with_name("index-without-views")
    bare = index.sync(
        folder, answerer.index.documents, (), models.embeddings, model=models.MINILM, bridge=models.bridge
    )
    held = running.texts(answerer)
    compared = pipelines.peers(answerer, Answerer(bare), models.embeddings())
    return {pipeline.name: running.find(pipeline, asked, held) for pipeline in compared}


def _answerer() -> Answerer:
    """The bot over the project's own sources alone."""
    settings = Settings()
    return Answerer(open_index(replace(settings, index=settings.index_folder(), alone=True))[0])


def main() -> None:
    """Run; what a user can mend is told in one line, with exit code 1."""
    try:
        app()
    except (BanbotError, ValueError) as error:
        sys.exit(f"eval: {error}")


if __name__ == "__main__":
    main()
