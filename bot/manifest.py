"""The manifest of an index: one small file that says which collections are the good ones, replaced in one step."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bot.errors import IndexUnusable

FORMAT = 5
REMEDY = "run: banbot index --rebuild"


@dataclass(frozen=True)
class Manifest:
    """What the index was made from; `generation` ends the names of the collections that are the good ones."""

    format: int
    generation: str
    fingerprint: str
    entries: Mapping[str, int]
    """How many each collection holds."""
    previous: str = ""
    model: str = ""
    """The model of the sentences' vectors; those of another are never taken over."""
    seals: dict[str, str] = field(default_factory=dict)
    """The seals of the embedded store's files of vectors; none where a server keeps them."""


def read(folder: Path) -> Manifest | None:
    """The manifest of the index in a folder, None where there is none or an older version's; raises IndexUnusable."""
    file = folder / "manifest.json"
    if not file.exists():
        return None
    try:
        held = json.loads(file.read_text())
        if held["format"] < FORMAT:
            return None
        manifest = Manifest(**held)
    except (ValueError, TypeError, KeyError) as error:
        raise IndexUnusable(f"{file}: not a manifest of this version; {REMEDY}") from error
    if manifest.format != FORMAT:
        raise IndexUnusable(f"{file}: written by another version (format {manifest.format}, not {FORMAT}); {REMEDY}")
    return manifest


def write(folder: Path, manifest: Manifest) -> None:
    """Put the manifest in the place of the old one."""
    draft = folder / "manifest.json.new"
    with draft.open("w") as file:
        file.write(json.dumps(asdict(manifest), indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())  # a machine that loses power right now must not keep an empty manifest
    os.replace(draft, folder / "manifest.json")
