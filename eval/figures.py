"""The figures of a benchmark: rows with targets, the machine's own words, a table, a plot and a file to keep."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.table import Table

from eval.results import RESULTS

OURS = "Banbot"
COMPARED = {"ask_s": "ask, s", "warm_ms": "warm, ms", "index_s": "index, s", "passages_per_s": "passages a second"}


@dataclass(frozen=True)
class Row:
    """One figure, what it is measured in, and where it is to be, "at most" unless `least`."""

    name: str
    unit: str
    value: float
    target: float | None = None
    least: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None where there is none."""
        if self.target is None:
            return None
        return self.value >= self.target if self.least else self.value <= self.target


@dataclass(frozen=True)
class Speed:
    """What one run measured, with the machine's own words."""

    made: str
    machine: Mapping[str, str]
    rows: Sequence[Row]
    peers: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """By pipeline, ours too: `ask_s`, `warm_ms`, `index_s`, `passages`, `passages_per_s`."""
    scale: Sequence[Mapping[str, float]] = ()
    """By size, what `eval.scaling` measured."""
    missing: Sequence[str] = ()
    """Peers that are not installed."""


def machine() -> dict[str, str]:
    """The processor, cores, memory, system and load of this machine, as it names them."""
    import psutil

    names = [line.partition(":")[2].strip() for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")]
    return {
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "cores": str(os.cpu_count()),
        "memory": f"{psutil.virtual_memory().total / 1e9:.0f} GB",
        "system": platform.platform(),
        "python": platform.python_version(),
        "load before": " ".join(f"{load:.2f}" for load in os.getloadavg()),
    }


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.is_file() else []


def table(speed: Speed) -> Table:
    """The rows with their targets."""
    shown = Table("what", "measured", "to reach", "", title=", ".join(f"{k} {v}" for k, v in speed.machine.items()))
    for row in speed.rows:
        reach = "" if row.target is None else f"{'at least' if row.least else 'at most'} {row.target:g}"
        shown.add_row(row.name, f"{_shown(row.value)} {row.unit}", reach, {None: "", True: "yes", False: "no"}[row.met])
    return shown


def comparison(speed: Speed) -> Table:
    """Ours beside the peers."""
    shown = Table("pipeline", *COMPARED.values())
    for name, figures in speed.peers.items():
        shown.add_row(name, *(_shown(figures[key]) for key in COMPARED))
    return shown


def plot(speed: Speed, folder: Path) -> Path:
    """Bars of ours beside the peers, and the search against the number of passages; returns the file."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 3.4), layout="constrained")
    every = figure.subplots(1, len(COMPARED) + 1)
    for axes, (key, title) in zip(every, COMPARED.items(), strict=False):
        names = list(speed.peers)
        bars = axes.barh(names, [speed.peers[name][key] for name in names], color="#9ab6b1")
        bars[names.index(OURS)].set_color("#0f766e")
        axes.bar_label(bars, fmt=_shown, padding=2)
        axes.set_title(title)
        axes.set_yticks(range(len(names)), names if axes is every[0] else [""] * len(names))
        axes.margins(x=0.3)
    sizes = [one["passages"] for one in speed.scale]
    every[-1].plot(sizes, [one["search_p50_ms"] for one in speed.scale], "o-", color="#0f766e")
    every[-1].set(title="search, ms", xlabel="passages", xscale="log", ylim=(0, None))
    for axes in every:
        axes.spines[["top", "right"]].set_visible(False)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "speed.svg"
    figure.savefig(file)
    return file


def _shown(value: Any) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def save(speed: Speed, folder: Path = RESULTS / "speed") -> Path:
    """Keep a run under its day and time; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{speed.made[:16].replace(':', '')}.json"
    held = asdict(speed) | {"rows": [asdict(row) | {"met": row.met} for row in speed.rows]}
    file.write_text(json.dumps(held, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def now() -> str:
    """The time of the run."""
    return datetime.now().isoformat(timespec="seconds")
