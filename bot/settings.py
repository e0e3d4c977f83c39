"""One frozen record of settings, made once at the edge and passed by hand."""

import hashlib
import os
from dataclasses import dataclass, field
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

    feedback: Path | None = None
    """The file that keeps what readers say of answers; by default one in the platform's folder for user data."""
    model: str = ""
    """The chat model that writes, in LangChain's form `provider:model`; empty for quotes without a model."""
    model_url: str = ""
    """Address of a server with OpenAI's interface that serves the model; empty for the provider's own."""
    store_token: str = field(default_factory=lambda: os.environ.get("BANBOT_STORE_TOKEN", ""), repr=False)
    """The token that the server wants; from the environment, so that no list of processes shows it."""

    embeddings_model: str = field(default_factory=lambda: os.environ.get("BANBOT_EMBEDDINGS_MODEL", ""))
    """The embedding model that a server runs; empty for the default one."""
    embeddings_url: str = field(default_factory=lambda: os.environ.get("BANBOT_EMBEDDINGS_URL", ""))
    """Address of that server, which has OpenAI's interface."""

    alone: bool = False
    """Whether to leave out what the user added."""

    def folders(self) -> tuple[Path, ...]:
        """The folders that are read: the one named, or the project's and the user's own if there is one."""
        mine = own_sources()
        added = self.sources == Settings.sources and mine.is_dir() and not self.alone
        return (self.sources, mine) if added else (self.sources,)

    def index_folder(self) -> Path:
        """The folder of the index, which need not exist yet."""
        if self.index:
            return self.index
        from platformdirs import user_cache_path

        digest = hashlib.sha256(str(self.sources.resolve()).encode()).hexdigest()[:12]
        return user_cache_path("banbot", appauthor=False) / f"index-{digest}"

    def feedback_file(self) -> Path:
        """The file of feedback, which need not exist yet."""
        return self.feedback or _own() / "feedback.sqlite3"


DEFAULT = Settings()


def own_sources() -> Path:
    """The folder of the sources that the user added; it need not exist."""
    return _own() / "sources"


def _own() -> Path:
    from platformdirs import user_data_path

    return user_data_path("banbot", appauthor=False)
