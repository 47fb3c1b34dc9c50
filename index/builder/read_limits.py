"""Limits on the time and the memory that reading a file takes, for a process that reads files.

They hold for formats that must be unpacked or parsed by native code: a small file may take any
time. Python code that exceeds the memory gets a MemoryError; the system ends a process that exceeds
the time, as native code cannot be stopped otherwise. The parent names the file, and starts another.
"""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from ..value import NamedTuple

_USED = Path("/proc/self/statm")

Item = TypeVar("Item")


class ReadLimits(NamedTuple):
    """The most seconds that a document of a file may take, and the most bytes beside those in use.

    Systems without such limits ignore them.
    """

    seconds: float = 60
    memory: int = 500_000_000

    def items(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield items, each read within the limits."""
        iterator = iter(items)
        while True:
            with self._applied():
                found = next(iterator, None)
            if found is None:
                return
            yield found

    def reason(self, exit_code: int) -> str | None:
        """Return why a process was ended, if the time was the reason."""
        if hasattr(signal, "SIGALRM") and exit_code == -signal.SIGALRM:
            return f"takes longer than {self.seconds:g} seconds to read (--max-read-time)"
        return None

    @contextmanager
    def _applied(self) -> Iterator[None]:
        with _limited_memory(self.memory):
            _set_timer(self.seconds)
            try:
                yield
            finally:
                _set_timer(0)


DEFAULT_LIMITS = ReadLimits()


def _set_timer(seconds: float) -> None:
    """Let the system end this process after some seconds, 0 for never."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


@contextmanager
def _limited_memory(most: int) -> Iterator[None]:
    """Limit the data of this process to `most` bytes more than now, 0 for no limit."""
    before = None
    with suppress(ImportError, OSError, ValueError):  # not Unix, not Linux
        import resource

        before = resource.getrlimit(resource.RLIMIT_DATA)
        if most:
            *_, data, _ = map(int, _USED.read_text().split())
            limit = data * resource.getpagesize() + most
            if before[0] != resource.RLIM_INFINITY:
                limit = min(limit, before[0])
            resource.setrlimit(resource.RLIMIT_DATA, (limit, before[1]))
    try:
        yield
    finally:
        if before is not None:
            resource.setrlimit(resource.RLIMIT_DATA, before)
