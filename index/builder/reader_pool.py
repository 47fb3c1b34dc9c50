"""Reads files in several processes, and yields their batches in the order of the files.

A process that has finished a chunk of files gets the next one.
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
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from queue import Queue
from typing import IO, BinaryIO

from corpus import Problem
from corpus.changes import UNKNOWN
from corpus.lifetime import end_with_parent
from corpus.readers import PLAIN, PLAINLY, ReadOptions, unread
from corpus.walk import SourceFile

from ..directory.catalogue import CataloguedFile
from ..ingest.batch import Batch
from ..ingest.worker import start_process
from .batch_reader import ALL, Chunk, Halfway, Reading, Rest, batches, chunks, cost
from .read_limits import DEFAULT_LIMITS, ReadLimits

# The process that builds keeps pace with about as many readers.
_MOST = 4
# Batches in the queues of all processes, two megabytes each: what is read of one chunk while an
# earlier one is still being read.
_AHEAD = 128
# The cost of files that take longer to read than a process takes to start.
_WORTH_A_PROCESS = 3_000_000
# Allocations before the garbage collector runs: there are hardly any cycles, and it would visit
# all words each time.
_COLLECTED_AFTER = 200_000
# Of the files inside a file, which are refused one by one: each costs a process and its time.
_MOST_REFUSED = 20
_ENDED = "ended the process that read it (exit code {}); memory may have run out"


class ReaderPool:
    """A pool of processes that read files."""

    def __init__(
        self,
        chunks: Sequence[Chunk],
        *,
        most: int | None = None,
        limits: ReadLimits = DEFAULT_LIMITS,
        options: ReadOptions = PLAINLY,
    ) -> None:
        """Start a process for each chunk, at most one for each processor, or `most`.

        Raises OSError if none can be started.
        """
        self._chunks = chunks
        self._lock = threading.Lock()
        self._assigned = 0
        # The process number of each chunk, in order.
        self._order: Queue[int] = Queue()
        self.processes: list[ReaderProcess] = []
        count = min(len(chunks), most or min(_cores(), _MOST))
        try:
            for number in range(count):
                more = partial(self._next, number)
                process = ReaderProcess(
                    number, more, ahead=_AHEAD // count, limits=limits, options=options
                )
                self.processes.append(process)
        except OSError:
            if not self.processes:
                raise
        except BaseException:
            self.close()
            raise

    def batches(self) -> Iterator[Batch]:
        """Yield the batches of all chunks. Raises ChildProcessError if a process is killed."""
        for _ in self._chunks:
            yield from self.processes[self._order.get()].batches()

    def close(self) -> None:
        """Kill the processes."""
        for process in self.processes:
            process.close()

    def _next(self, number: int) -> tuple[Chunk, bool] | None:
        """Return the next chunk for a process, and whether it is the first of all."""
        with self._lock:
            ordinal = self._assigned
            if ordinal == len(self._chunks):
                return None
            self._assigned += 1
            self._order.put(number)
        return self._chunks[ordinal], not ordinal


def _cores() -> int:
    """Return the number of processors for this process."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class ReaderProcess:
    """A process that reads the chunks that `more` returns, until it returns None.

    `more` returns with each chunk whether it is the first of all. Batches get the reader `number`;
    at most `ahead` of them are queued. If the process dies of a file, another one reads the other
    files of the chunk. Raises OSError if no process can be started.
    """

    def __init__(
        self,
        number: int,
        more: Callable[[], tuple[Chunk, bool] | None],
        *,
        ahead: int,
        limits: ReadLimits = DEFAULT_LIMITS,
        options: ReadOptions = PLAINLY,
    ) -> None:
        self._number = number
        self._limits = limits
        self._options = options
        self._more = more
        self._received: Queue[object] = Queue(ahead)
        self._closed = False
        self._halfway: Halfway | None = None
        self._child: subprocess.Popen[bytes] = start_process(serve)
        self._thread = threading.Thread(target=self._receive, name="reader", daemon=True)
        self._thread.start()

    def batches(self) -> Iterator[Batch]:
        """Yield the batches of the next chunk. Raises ChildProcessError if none can be read."""
        while (received := self._received.get()) is not None:
            if isinstance(received, BaseException):
                raise received
            assert isinstance(received, Batch)
            received.reader = self._number
            yield received

    def close(self) -> None:
        """Kill the process."""
        self._closed = True
        while self._thread.is_alive():
            self._child.kill()  # again, if another has just taken its place
            while not self._received.empty():  # the thread may wait for room in the queue
                self._received.get()
            self._thread.join(timeout=0.01)
        self._child.kill()
        self._child.communicate()

    def _receive(self) -> None:
        """Send chunks to the process, and queue its batches, with None at the end of a chunk."""
        try:
            chunk = self._more()  # before anything can fail, so that its batches are waited for
            self._await_start()
            while chunk is not None:
                self._read(*chunk)
                self._received.put(None)
                chunk = self._more()
            self._send(None)
        except Exception as error:  # a broken pipe or half a pickle raises many types
            ended = ChildProcessError("the process that read the files was terminated")
            ended.__cause__ = error
            self._received.put(ended)

    def _await_start(self) -> None:
        """Wait until the process can read: if it ends before, no file is the reason."""
        assert self._child.stdout is not None
        pickle.load(self._child.stdout)

    def _send(self, message: object) -> None:
        assert self._child.stdin is not None
        _send(message, self._child.stdin)

    def _read(self, files: Chunk, is_first: bool) -> None:
        """Queue the batches of a chunk. A file that ends the process becomes a problem.

        It is the one whose documents were being sent; if none was, the others are read one by one.
        Of one that was reading a file inside, only that becomes a problem.
        """
        left, at_once, rest = list(files), len(files), ALL
        while left:
            request, received = left[:at_once], 0
            try:
                for batch in self._answers(request, rest, is_first=is_first):
                    self._received.put(batch)
                    if batch.files:
                        del left[: len(batch.files)]
                        received, rest = 0, ALL
                    received += sum(path == left[0].name for path in batch.paths) if left else 0
            except _ReaderEndedError as ended:
                if left and (received or at_once == 1 or self._is_inside(left[0])):
                    rest = self._rest(left, rest, received, str(ended))
                at_once = 1
                self._start_again()

    def _is_inside(self, file: SourceFile) -> bool:
        """Return whether the process ended in a file inside this one."""
        return self._halfway is not None and self._halfway.path == file.name

    def _rest(self, left: list[SourceFile], rest: Rest, received: int, reason: str) -> Rest:
        """Return how the first file is read on; if it cannot be, it is taken out as a problem."""
        if self._halfway and self._is_inside(left[0]) and len(rest.refused) < _MOST_REFUSED:
            return rest.after(self._halfway, received, reason)
        self._received.put(_unread_file(left.pop(0), reason))
        return ALL

    def _answers(self, files: Chunk, rest: Rest, *, is_first: bool) -> Iterator[Batch]:
        """Yield the batches of some files, of the first its rest. Raises _ReaderEndedError."""
        assert self._child.stdout is not None
        self._halfway = None
        try:
            self._send((files, is_first, self._limits, self._options, rest))
            while (received := pickle.load(self._child.stdout)) is not None:
                if isinstance(received, str):
                    raise _ReaderEndedError(received)
                if isinstance(received, Halfway):
                    self._halfway = received
                else:
                    yield received
        except _ReaderEndedError:
            raise
        except Exception as error:  # as above
            code = self._child.wait()
            raise _ReaderEndedError(self._limits.reason(code) or _ENDED.format(code)) from error

    def _start_again(self) -> None:
        if self._closed:
            raise ChildProcessError("the build has ended")
        self._child.communicate()
        self._child = start_process(serve)
        self._await_start()


class _ReaderEndedError(Exception):
    """The process that reads has ended; the message is the problem of the file it was reading."""


def _unread_file(file: SourceFile, reason: str) -> Batch:
    problem = Problem(path=file.name, reason=reason, passing=True)
    return Batch(starts_anew=False, files=[CataloguedFile(UNKNOWN, (problem,))])


def serve() -> None:
    """Read the chunks from standard input, and send their batches to standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    end_with_parent()  # of a document with scanned pages this reads on for hours
    # Where memory ends, Linux ends this process and not the build.
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")
    # Keeps what libraries print out of the stream of batches.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        send_batches(sys.stdin.buffer, out)


def send_batches(chunks: BinaryIO, out: BinaryIO) -> None:
    """Send the batches of each pickled chunk, then None; if reading fails, the reason, and end."""
    reading = Reading()
    reading.tell = partial(_send, out=out)
    try:
        _send(None, out)  # ready
        while (chunk := pickle.load(chunks)) is not None:
            files, is_first, reading.limits, reading.options, reading.rest = chunk
            for batch in reading.batches(files, is_first=is_first):
                _send(batch, out)
            _send(None, out)
    except (BrokenPipeError, EOFError):
        pass  # the parent has ended
    except Exception as error:
        _send(unread("", error).reason, out)


def _send(message: object, out: IO[bytes]) -> None:
    pickle.dump(message, out, pickle.HIGHEST_PROTOCOL)
    out.flush()


@contextmanager
def batches_of(
    files: Sequence[SourceFile],
    *,
    limits: ReadLimits = DEFAULT_LIMITS,
    options: ReadOptions = PLAINLY,
) -> Iterator[Iterator[Batch]]:
    """Read files, in this process or in others, while the context lasts.

    Files that are no plain text are read in others, within `limits`. Raises ChildProcessError if
    another process is killed.
    """
    is_plain = all(file.path.suffix.lower() in PLAIN for file in files)
    first, *others = thresholds = gc.get_threshold()
    gc.set_threshold(first and max(_COLLECTED_AFTER, first), *others)
    with ExitStack() as undo:
        undo.callback(gc.set_threshold, *thresholds)
        if not is_plain or sum(map(cost, files)) >= _WORTH_A_PROCESS:
            try:
                readers = ReaderPool(chunks(files), limits=limits, options=options)
            except OSError:  # none can be started: read here
                if not is_plain:
                    raise
            else:
                undo.callback(readers.close)
                yield readers.batches()
                return
        yield batches(files, options=options)
