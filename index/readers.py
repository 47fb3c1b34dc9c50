"""Files read by several processes at once, and given on in their order.

Each process has chunks of files, the next one for whoever is done first.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from functools import partial
from queue import Queue

from .batch import Batch
from .reader_process import ReaderProcess
from .reading import Chunk

# Whoever takes what they read keeps about as many busy.
_MOST = 4
# Batches that wait to be taken, of all together, two megabytes each: what is read of one chunk
# while another is read that comes before it.
_AHEAD = 128


class Readers:
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
