"""Files that others made are read in a process of its own, within bounds of time and memory.

A hostile PDF, page or Word file can make its reader run for ever, fill the memory or crash; then it is that process
that ends, and the file is refused with one line. The process is started at the first such file and reads the next
ones too; what it sends back is text, never objects.
"""

import contextlib
import json
import multiprocessing
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from bot.errors import SourceError
from bot.formats import FORMATS, Found

SECONDS = 30.0
"""Longest a file may take to be read."""
MEMORY = 1_500_000_000
"""Most bytes that the reading process may map; its libraries take a fifth of it."""
LONGEST = 20_000_000
"""Most characters that a file may hold."""


@dataclass
class Reader:
    """Reads files in a process that is there while it is needed; a context manager that ends it."""

    seconds: float = SECONDS
    memory: int = MEMORY
    _process: BaseProcess | None = None
    _pipe: Connection | None = field(default=None, repr=False)

    def read(self, suffix: str, name: str, data: bytes) -> Found:
        """What the file says; raises SourceError, and the next file is read by a new process if this one ended."""
        pipe = self._started()
        try:
            pipe.send_bytes(json.dumps([suffix, name]).encode())
            pipe.send_bytes(data)
            if not pipe.poll(self.seconds):
                raise SourceError(f"{name}: takes longer than {self.seconds:.0f} seconds to read; save it as .txt")
            said = json.loads(pipe.recv_bytes(6 * LONGEST))
        except (EOFError, OSError):
            self.close()
            raise SourceError(f"{name}: its reader ran out of memory or crashed; save it anew or as .txt") from None
        except SourceError:
            self.close()
            raise
        if "error" in said:
            raise SourceError(said["error"])
        return Found(**said)

    def _started(self) -> Connection:
        if self._pipe is None:
            # A fresh process: a copy of this one would carry all its memory and threads along.
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs, self.memory), daemon=True)
            self._process.start()
            theirs.close()
        return self._pipe

    def close(self) -> None:
        """End the process, if there is one."""
        if self._pipe and self._process:
            self._pipe.close()
            self._process.kill()
            self._process.join()
            self._process.close()
        self._pipe = self._process = None


@contextlib.contextmanager
def reader() -> Iterator[Reader]:
    """A reader whose process ends with the block."""
    one = Reader()
    try:
        yield one
    finally:
        one.close()


def _serve(pipe: Connection, memory: int) -> None:
    """Read file after file until the other side is gone."""
    _limit(memory)
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            suffix, name = json.loads(pipe.recv_bytes())
            pipe.send_bytes(json.dumps(_told(suffix, name, pipe.recv_bytes())).encode())


def _told(suffix: str, name: str, data: bytes) -> dict[str, str]:
    try:
        found = FORMATS[suffix](name, data)
    except SourceError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": f"{name}: needs more memory than a file may; split it or save it as .txt"}
    except Exception as error:  # the edge to libraries that meet what their authors never saw
        return {"error": f"{name}: cannot be read ({type(error).__name__}); save it anew or as .txt"}
    if len(found.text) > LONGEST:
        return {"error": f"{name}: holds more than {LONGEST // 1_000_000} million characters; split it"}
    return asdict(found)


def _limit(memory: int) -> None:
    """Bound the memory where the system can: elsewhere the bounds of time and size still hold."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # a reader writes no file
