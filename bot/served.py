"""Embeddings from a server with OpenAI's interface: text-embeddings-inference, vLLM, llama.cpp's server."""

import math
import os
import sys
from functools import cached_property
from typing import Any

from langchain_core.embeddings import Embeddings

from bot.errors import ModelError

KEY = "BANBOT_EMBEDDINGS_KEY"
"""The environment variable with the server's key, if it wants one; it is never sent OpenAI's."""
_BOUNDS: dict[str, Any] = {"timeout": 30.0, "max_retries": 2, "chunk_size": 32}
"""Seconds for a reply, how often to ask again, texts at once: text-embeddings-inference refuses more than 32."""


class Served(Embeddings):
    """Embeds by a server with OpenAI's interface, within bounds of time; all vectors have the size of the first.

    Raises ModelError, which leaves out what the server said: it may quote the key.
    """

    def __init__(self, name: str, url: str) -> None:
        self._name = name
        self._url = url
        self._size = 0

    @cached_property
    def _client(self) -> Embeddings:
        try:
            from langchain_openai import OpenAIEmbeddings
        except ImportError as error:
            raise ModelError(
                f"embeddings from {self._url} need a package; run: {sys.executable} -m pip install 'banbot[openai]'"
            ) from error
        options: dict[str, Any] = {
            "base_url": self._url,
            "api_key": os.environ.get(KEY) or "none",
            "check_embedding_ctx_length": False,  # texts are sent, not the tokens of OpenAI's own models
            "model_kwargs": {"encoding_format": "float"},
        }
        return OpenAIEmbeddings(model=self._name, **options, **_BOUNDS)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        client = self._client
        from openai import OpenAIError

        try:
            vectors = client.embed_documents(texts)
        except (OpenAIError, ValueError, TypeError, LookupError, AttributeError) as error:
            said = f"{type(error).__name__} {getattr(error, 'status_code', '')}".strip()
            raise ModelError(
                f"{self._url} gives no embeddings of {self._name} ({said}); does it run, and are"
                " BANBOT_EMBEDDINGS_URL, _MODEL and _KEY right?"
            ) from error
        self._size = self._size or len(vectors[0] if vectors else ())
        sizes = {len(vector) for vector in vectors} - {self._size}
        if sizes or len(vectors) != len(texts) or not all(math.isfinite(sum(vector)) for vector in vectors):
            raise ModelError(
                f"{self._url} gives vectors of {self._name} that differ in size or number from what was asked;"
                " does it run one embedding model, and is BANBOT_EMBEDDINGS_MODEL its name?"
            )
        return vectors

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]
