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
        """The texts' vectors, one a row; tokens stand one after another, each a column, so that none is padded."""
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        ends = [0, *accumulate(map(len, tokens))]
        spans = [slice(start, end) for start, end in pairwise(ends)]
        words = self._weights["embeddings.word_embeddings.weight"][[id for ids in tokens for id in ids]]
        places = self._weights["embeddings.position_embeddings.weight"][[n for ids in tokens for n in range(len(ids))]]
        kinds = self._weights["embeddings.token_type_embeddings.weight"][0]
        state = self._norm(np.ascontiguousarray((words + places + kinds).T), "embeddings")
        for layer in range(LAYERS):
            state = self._layer(state, spans, f"encoder.layer.{layer}")
        means = np.stack([state[:, span].mean(axis=1) for span in spans])
        return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), dtype=np.float32)

    def _layer(self, state: Array, spans: Sequence[slice], name: str) -> Array:
        parts = [self._linear(state, f"{name}.attention.self.{part}") for part in ("query", "key", "value")]
        seen = np.concatenate([_attention(*(part[:, span] for part in parts)) for span in spans], axis=1)
        state = self._norm(state + self._linear(seen, f"{name}.attention.output.dense"), f"{name}.attention.output")
        inner = _gelu(self._linear(state, f"{name}.intermediate.dense"))
        return self._norm(state + self._linear(inner, f"{name}.output.dense"), f"{name}.output")

    def _linear(self, state: Array, name: str) -> Array:
        found: Array = self._weights[f"{name}.weight"] @ state  # faster than `state @ weight.T` with few tokens
        found += self._weights[f"{name}.bias"][:, None]
        return found

    def _norm(self, state: Array, name: str) -> Array:
        state -= state.mean(axis=0)
        state /= np.sqrt(np.square(state).mean(axis=0) + np.float32(1e-12))
        state *= self._weights[f"{name}.LayerNorm.weight"][:, None]
        state += self._weights[f"{name}.LayerNorm.bias"][:, None]
        return state


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
    query, key, value = (part.reshape(HEADS, WIDTH // HEADS, -1) for part in (query, key, value))
    shares = key.transpose(0, 2, 1) @ query
    shares /= np.float32(np.sqrt(WIDTH / HEADS))
    shares -= shares.max(axis=1, keepdims=True)
    np.exp(shares, out=shares)
    shares /= shares.sum(axis=1, keepdims=True)
    return np.asarray((value @ shares).reshape(WIDTH, -1))


def _gelu(state: Array) -> Array:
    """Gaussian error linear units (Hendrycks and Gimpel, 2016): the positive part less `size * (1 - erf) / 2`.

    The error function is formula 7.1.26 of Abramowitz and Stegun (1964), right to 1.5e-7.
    """
    size = np.abs(state)
    t = size * np.float32(0.3275911 * np.sqrt(0.5))
    t += 1
    np.reciprocal(t, out=t)
    series = np.full_like(t, 1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series *= t
        series += np.float32(factor)
    series *= t
    series *= size
    size *= size
    size *= np.float32(-0.5)
    series *= np.exp(size, out=size)
    series *= np.float32(0.5)
    return np.asarray(np.maximum(state, 0) - series)
