"""The options of the commands: their names, their help, where else their values may stand."""

from pathlib import Path
from typing import Annotated

import typer

Sources = Annotated[Path, typer.Option("--sources", help="Folder of source files.", show_default="the project's")]
IndexFolder = Annotated[Path | None, typer.Option("--index", help="Folder of the index.", show_default="in the cache")]
Store = Annotated[str, typer.Option("--store", help="Address of a Chroma server.", show_default="embedded")]
Model = Annotated[
    str, typer.Option(envvar="BANBOT_MODEL", help="Chat model that writes: provider:model.", show_default="none")
]
ModelUrl = Annotated[str, typer.Option(envvar="BANBOT_MODEL_URL", help="Server of the model, as OpenAI's.")]
AddTo = Annotated[Path | None, typer.Option("--sources", help="Folder to add to.", show_default="your own")]

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]
Feedback = Annotated[
    Path | None, typer.Option(help="File that keeps thumbs up and down.", show_default="with the user's data")
]
Auth = Annotated[str, typer.Option(metavar="USER:PASSWORD", envvar="BANBOT_AUTH", help="Who may ask.")]
Everyone = Annotated[bool, typer.Option("--open", help="Let everyone ask who reaches --host.")]
PerMinute = Annotated[int | None, typer.Option(help="Questions a client may ask in a minute, 0 for any.", min=0)]
Log = Annotated[str, typer.Option(envvar="BANBOT_LOG", help="File for a JSON line per answer, - for stderr.")]
LogQuestions = Annotated[bool, typer.Option("--log-questions", help="Write the questions' text too.")]
Metrics = Annotated[bool, typer.Option("--metrics", help="Serve figures for Prometheus at /metrics.")]
