"""Files read by several processes at once, and given on in their order.

Each process has chunks of files, the next one for whoever is done first.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from queue import Queue
from typing import IO, BinaryIO

from corpus.walk import SourceFile

from ..ingest.batch import Batch
from ..ingest.worker import started
from .batch_reader import Chunk, Reading, batches, chunks, cost

# Whoever takes what they read keeps about as many busy.
_MOST = 4
# Batches that wait to be taken, of all together, two megabytes each: what is read of one chunk
# while another is read that comes before it.
_AHEAD = 128
# Reading this much takes longer than starting a process that does it.
_WORTH_A_PROCESS = 3_000_000
# Objects made before the collector looks for cycles: there are hardly any, and it would look at
# all words each time.
_COLLECTED_AFTER = 200_000


class ReaderPool:
    """Some processes that read. Raises OSError where none can be started."""

    def __init__(self, chunks: Sequence[Chunk], *, most: int | None = None) -> None:
        """Start one for each chunk, at most as many as there are processors, or `most`."""
        self._chunks = chunks
        self._lock = threading.Lock()
        self._taken = 0
        # Who reads the first chunk, the second and so on.
        self._order: Queue[int] = Queue()
        self.processes: list[ReaderProcess] = []
        try:
            self._start(min(len(chunks), most or min(_cores(), _MOST)))
        except BaseException:
            self.close()
            raise

    def _start(self, count: int) -> None:
        """Start so many processes, or as many as can be, and at least one."""
        for number in range(count):
            try:
                more = partial(self._next, number)
                self.processes.append(ReaderProcess(number, more, ahead=_AHEAD // count))
            except OSError:
                if not number:
                    raise
                break

    def batches(self) -> Iterator[Batch]:
        """Yield what `reading.batches` does. Raises ChildProcessError if one of them is killed."""
        for _ in self._chunks:
            yield from self.processes[self._order.get()].batches()

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        for process in self.processes:
            process.close()

    def _next(self, number: int) -> tuple[Chunk, bool] | None:
        """Return the next chunk for a process, and whether it is the first of all."""
        with self._lock:
            place = self._taken
            if place == len(self._chunks):
                return None
            self._taken += 1
            self._order.put(number)
        return self._chunks[place], not place


def _cores() -> int:
    """Return how many processors there are for this process."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


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


@contextmanager
def batches_of(files: Sequence[SourceFile]) -> Iterator[Iterator[Batch]]:
    """Read files, in this process or beside it, while the context lasts.

    A fingerprint is taken before its file is read. Raises ChildProcessError where the process
    that reads is killed.
    """
    first, *others = thresholds = gc.get_threshold()
    gc.set_threshold(first and max(_COLLECTED_AFTER, first), *others)
    with ExitStack() as undo:
        undo.callback(gc.set_threshold, *thresholds)
        if sum(map(cost, files)) >= _WORTH_A_PROCESS:
            try:
                readers = ReaderPool(chunks(files))
            except OSError:  # none can be started: read here
                pass
            else:
                undo.callback(readers.close)
                yield readers.batches()
                return
        yield batches(files)
