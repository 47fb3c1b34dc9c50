"""Files read in a process of their own, so that both cores have work.

It is told the files once and then sends batches, pickled; it waits while they are not taken, so
that memory is bounded by `_AHEAD` batches however slowly they are used. It ends with its work, or
when its output is closed.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from queue import Queue
from typing import BinaryIO

from corpus.folder import SourceFile

from .batch import Batch
from .child import started
from .reading import batches

# Batches received and not yet taken: what was read while a segment was inverted and written.
_AHEAD = 16


class ReaderProcess:
    """A process that reads files. Raises OSError where none can be started."""

    def __init__(self, files: Sequence[SourceFile]) -> None:
        self._received: Queue[object] = Queue(_AHEAD)
        self._closed = False
        self._child: subprocess.Popen[bytes] = started(serve)
        self._thread = threading.Thread(
            target=self._receive, args=(files,), name="reader", daemon=True
        )
        self._thread.start()

    def batches(self) -> Iterator[Batch]:
        """Yield what `reading.batches` does. Raises ChildProcessError if the process is killed."""
        while (received := self._received.get()) is not None:
            if isinstance(received, BaseException):
                raise received
            assert isinstance(received, Batch)
            yield received

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._closed = True
        self._child.kill()
        while self._thread.is_alive():
            while not self._received.empty():  # it may wait for a place
                self._received.get()
            self._thread.join(timeout=0.01)
        self._child.communicate()

    def _receive(self, files: Sequence[SourceFile]) -> None:
        """Put all that the process sends where it is taken from."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        try:
            pickle.dump(list(files), self._child.stdin)
            self._child.stdin.flush()
            while (received := pickle.load(self._child.stdout)) is not None:
                self._received.put(received)
            self._received.put(None)
        except Exception as error:  # of a pipe or of half a pickle: many kinds, all one thing
            ended = ChildProcessError("the process that read the files was ended from outside")
            ended.__cause__ = error
            self._received.put(ended)


def serve() -> None:
    """Read the files that standard input names, and send their batches to standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    # What a library prints must not come among the batches.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        send_batches(sys.stdin.buffer, out)


def send_batches(files: BinaryIO, out: BinaryIO) -> None:
    """Send the batches of the pickled `files`, then None; in place of one, what it raised."""
    try:
        for batch in batches(pickle.load(files)):
            _send(batch, out)
        _send(None, out)
    except BrokenPipeError:
        pass  # nobody waits for more
    except (OSError, MemoryError) as error:
        _send(error, out)
    except Exception as error:  # not every error can be pickled
        _send(RuntimeError(f"{type(error).__name__}: {error}"), out)


def _send(message: object, out: BinaryIO) -> None:
    pickle.dump(message, out, pickle.HIGHEST_PROTOCOL)
    out.flush()
