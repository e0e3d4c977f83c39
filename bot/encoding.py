"""all-MiniLM-L6-v2 in numpy: the same weights without torch, whose import alone takes seconds.

Six layers of BERT (Devlin, Chang, Lee and Toutanova, 2019), then the mean over the tokens, made a unit vector
(Reimers and Gurevych, "Sentence-BERT", 2019). `bot.models` proves it equal to sentence-transformers.
"""

import json
from collections.abc import Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

Array = NDArray[np.float32]
LAYERS, HEADS, WIDTH = 6, 12, 384
LONGEST = 256
"""Tokens after which a text is cut, as in sentence-transformers' settings of this model."""


class Encoder(Embeddings):
    """Unit vectors of 384 numbers, computed from the weights in a folder, which are read only where they are used."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        self._weights = tensors(folder / "model.safetensors")

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.encode(texts).tolist() if texts else []
        return vectors

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]

    def encode(self, texts: Sequence[str]) -> Array:
        """The texts' vectors, one a row; the texts' tokens stand one after another, so that none is padded."""
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        ends = [0, *accumulate(map(len, tokens))]
        spans = [slice(start, end) for start, end in pairwise(ends)]
        words = self._weights["embeddings.word_embeddings.weight"][[id for ids in tokens for id in ids]]
        places = self._weights["embeddings.position_embeddings.weight"][[n for ids in tokens for n in range(len(ids))]]
        state = self._norm(words + places + self._weights["embeddings.token_type_embeddings.weight"][0], "embeddings")
        for layer in range(LAYERS):
            state = self._layer(state, spans, f"encoder.layer.{layer}")
        means = np.stack([state[span].mean(axis=0) for span in spans])
        return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), dtype=np.float32)

    def _layer(self, state: Array, spans: Sequence[slice], name: str) -> Array:
        query, key, value = (self._linear(state, f"{name}.attention.self.{part}") for part in ("query", "key", "value"))
        seen = np.concatenate([_attention(query[span], key[span], value[span]) for span in spans])
        state = self._norm(state + self._linear(seen, f"{name}.attention.output.dense"), f"{name}.attention.output")
        inner = _gelu(self._linear(state, f"{name}.intermediate.dense"))
        return self._norm(state + self._linear(inner, f"{name}.output.dense"), f"{name}.output")

    def _linear(self, state: Array, name: str) -> Array:
        return np.asarray(state @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"])

    def _norm(self, state: Array, name: str) -> Array:
        centred = state - state.mean(axis=1, keepdims=True)
        scale = np.sqrt(np.square(centred).mean(axis=1, keepdims=True) + np.float32(1e-12))
        weight, bias = self._weights[f"{name}.LayerNorm.weight"], self._weights[f"{name}.LayerNorm.bias"]
        return np.asarray(centred / scale * weight + bias)


def tensors(file: Path) -> dict[str, Array]:
    """The tensors of 32-bit numbers in a safetensors file by their names, mapped from the disk, not copied."""
    held = np.memmap(file, mode="r")
    begin = 8 + int(held[:8].view("<u8")[0])
    head: dict[str, dict[str, Any]] = json.loads(held[8:begin].tobytes())
    return {
        name: np.frombuffer(
            held, "<f4", count=int(np.prod(about["shape"])), offset=begin + about["data_offsets"][0]
        ).reshape(about["shape"])
        for name, about in head.items()
        if about.get("dtype") == "F32"
    }


def _attention(query: Array, key: Array, value: Array) -> Array:
    """What each token of one text takes over from the others, in twelve parts."""
    query, key, value = (part.reshape(len(part), HEADS, -1).transpose(1, 0, 2) for part in (query, key, value))
    scores = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(WIDTH / HEADS))
    shares = np.exp(scores - scores.max(axis=2, keepdims=True))
    shares /= shares.sum(axis=2, keepdims=True)
    return np.asarray((shares @ value).transpose(1, 0, 2).reshape(-1, WIDTH))


def _gelu(state: Array) -> Array:
    """Gaussian error linear units (Hendrycks and Gimpel, 2016).

    The error function is formula 7.1.26 of Abramowitz and Stegun (1964), right to 1.5e-7.
    """
    size = np.abs(state) * np.float32(np.sqrt(0.5))
    t = 1 / (1 + np.float32(0.3275911) * size)
    tail = t * np.exp(-size * size)
    series = np.zeros_like(t)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = series * t + np.float32(factor)
    return np.asarray(state * np.float32(0.5) * (1 + np.sign(state) * (1 - series * tail)))
