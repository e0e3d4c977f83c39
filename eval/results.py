"""A result: the figures of one run, kept as JSON, compared with the last one kept and held against the floors."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "results"
FLOORS = HERE / "floors.toml"

Figures = Mapping[str, float]
"""Measures by name."""


@dataclass(frozen=True)
class Result:
    """What one run measured; figures are means over the cases of a half, a kind, a pipeline or an outside set."""

    made: str
    """When, as an ISO date and time."""
    halves: Mapping[str, Figures]
    """By half; a measure's 95 per cent interval stands under its name with `_low` and `_high`."""
    kinds: Mapping[str, Mapping[str, Figures]]
    """By half and kind."""
    pipelines: Mapping[str, Mapping[str, Figures]]
    """By pipeline and half."""
    outside: Mapping[str, Figures]
    """By outside set."""


def save(result: Result, name: str, folder: Path = RESULTS) -> Path:
    """Keep a result under its day and a name; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{result.made[:10]}-{name}.json"
    file.write_text(json.dumps(asdict(result), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def last(folder: Path = RESULTS) -> Result | None:
    """The newest result kept in the folder, by when it was made; None if there is none."""
    kept = [Result(**json.loads(file.read_text(encoding="utf-8"))) for file in folder.glob("*.json")]
    return max(kept, key=lambda result: result.made, default=None)


def change(new: Result, old: Result | None) -> dict[str, dict[str, float]]:
    """How far each half's measures moved since the old result; measures that it lacks are left out."""
    if old is None:
        return {}
    return {
        half: {name: value - old.halves[half][name] for name, value in figures.items() if name in old.halves[half]}
        for half, figures in new.halves.items()
        if half in old.halves
    }


def below(result: Result, file: Path = FLOORS) -> list[str]:
    """One line for each measure that lies below its floor, or above its ceiling; floors of sets not run are skipped."""
    limits = tomllib.loads(file.read_text(encoding="utf-8"))
    broken: list[str] = []
    for group, measured in (("halves", result.halves), ("outside", result.outside)):
        for name, figures in limits.get(group, {}).items():
            for measure, limit in figures.items():
                if name not in measured:
                    continue
                value, most = measured[name][measure.removeprefix("most_")], measure.startswith("most_")
                if (value > limit) if most else (value < limit):
                    broken.append(f"{name}: {measure} is {value:.3f}, the limit is {limit}")
    return broken
