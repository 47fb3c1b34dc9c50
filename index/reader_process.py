"""Files read in a process beside this one.

It is told chunks of files, one after the other, and sends the batches of each, pickled; it waits
while so many of them are not taken, so that memory is bounded however slowly they are used. It
ends when it is told no more, or nobody listens.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from queue import Queue
from typing import IO, BinaryIO

from .batch import Batch
from .child import started
from .reading import Chunk, Reading


class ReaderProcess:
    """A process that reads chunks of files, as long as `more` gives it some.

    With each chunk it is told whether that is the first of all. The batches are of the reader
    `number`, and at most `ahead` of them wait. Raises OSError where no process can be started.
    """

    def __init__(
        self, number: int, more: Callable[[], tuple[Chunk, bool] | None], *, ahead: int
    ) -> None:
        self._number = number
        self._more = more
        self._received: Queue[object] = Queue(ahead)
        self._child: subprocess.Popen[bytes] = started(serve)
        self._thread = threading.Thread(target=self._receive, name="reader", daemon=True)
        self._thread.start()

    def batches(self) -> Iterator[Batch]:
        """Yield the batches of its next chunk. Raises ChildProcessError if it is killed."""
        while (received := self._received.get()) is not None:
            if isinstance(received, BaseException):
                raise received
            assert isinstance(received, Batch)
            received.reader = self._number
            yield received

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._child.kill()
        while self._thread.is_alive():
            while not self._received.empty():  # it may wait for a place
                self._received.get()
            self._thread.join(timeout=0.01)
        self._child.communicate()

    def _receive(self) -> None:
        """Put all that the process sends where it is taken from."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        try:
            while (chunk := self._more()) is not None:
                _send(chunk, self._child.stdin)
                while (received := pickle.load(self._child.stdout)) is not None:
                    self._received.put(received)
                self._received.put(None)
            _send(None, self._child.stdin)
        except Exception as error:  # of a pipe or of half a pickle: many kinds, all one thing
            ended = ChildProcessError("the process that read the files was terminated")
            ended.__cause__ = error
            self._received.put(ended)


def serve() -> None:
    """Read the files that standard input names, and send their batches to standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    # What a library prints must not come among the batches.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        send_batches(sys.stdin.buffer, out)


def send_batches(chunks: BinaryIO, out: BinaryIO) -> None:
    """Send the batches of each pickled chunk, then None; in place of one, what it raised."""
    reading = Reading()
    try:
        while (chunk := pickle.load(chunks)) is not None:
            files, is_first = chunk
            for batch in reading.batches(files, is_first=is_first):
                _send(batch, out)
            _send(None, out)
    except (BrokenPipeError, EOFError):
        pass  # nobody waits for more
    except (OSError, MemoryError) as error:
        _send(error, out)
    except Exception as error:  # not every error can be pickled
        _send(RuntimeError(f"{type(error).__name__}: {error}"), out)


def _send(message: object, out: IO[bytes]) -> None:
    pickle.dump(message, out, pickle.HIGHEST_PROTOCOL)
    out.flush()
