"""The manifest of an index: one small file that says which collections are the good ones, replaced in one step."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.errors import IndexUnusable

FORMAT = 2
REMEDY = "run: banbot index --rebuild"


@dataclass(frozen=True)
class Manifest:
    """What the index was made from; `generation` ends the names of the collections that are the good ones."""

    format: int
    generation: str
    fingerprint: str
    entries: int
    previous: str = ""


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
    draft.write_text(json.dumps(asdict(manifest), indent=1) + "\n")
    os.replace(draft, folder / "manifest.json")
