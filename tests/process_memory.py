"""Measures the memory of a process with all that it has started, as Linux tells it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType

_SHARE = re.compile(r"^Pss: +(\d+) kB", re.MULTILINE)
_INTERVAL = 0.05  # seconds


class MemoryWatch:
    """While it is entered, `most` becomes the most bytes that a tree of processes has together.

    What processes share counts once. Those with `without` in their command lines do not count.
    """

    def __init__(self, process: int, *, without: str = "") -> None:
        self.most = 0
        self._process = process
        self._without = without
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="memory", daemon=True)

    def __enter__(self) -> MemoryWatch:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(_INTERVAL):
            counted = (each for each in _tree(self._process) if not self._is_left_out(each))
            self.most = max(self.most, sum(map(_share, counted)))

    def _is_left_out(self, process: int) -> bool:
        if not self._without:
            return False
        with suppress(OSError):
            command = Path(f"/proc/{process}/cmdline").read_bytes()
            return self._without.encode() in command
        return True


def _tree(process: int) -> Iterator[int]:
    yield process
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        found: list[int] = []
        with suppress(OSError):
            found += map(int, children.read_text().split())
        for child in found:
            yield from _tree(child)


def _share(process: int) -> int:
    """Return the bytes of a process, with its share of what others have too; 0 if it has ended."""
    with suppress(OSError):
        found = _SHARE.search(Path(f"/proc/{process}/smaps_rollup").read_text())
        return 1024 * int(found[1]) if found else 0
    return 0
