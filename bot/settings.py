"""One frozen record of settings, made once at the edge and passed by hand."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Where things are, and the few numbers a user may want to change."""

    sources: Path = PROJECT / "sources"
    index: Path | None = None
    """The index's folder; by default one in the platform's cache folder for each folder of sources."""
    store: str = ""
    """Address of a Chroma server; empty for the embedded one inside the index's folder."""

    def index_folder(self) -> Path:
        """The folder of the index, which need not exist yet."""
        if self.index:
            return self.index
        from platformdirs import user_cache_path

        digest = hashlib.sha256(str(self.sources.resolve()).encode()).hexdigest()[:12]
        return user_cache_path("banbot", appauthor=False) / f"index-{digest}"
