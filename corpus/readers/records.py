"""The records of a CSV file, each with its line, going on after those that are broken."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from .lines import LONGEST_LINE, Line


class Record(NamedTuple):
    """One record: the line it starts on, its cells, its bytes gone bad, and what is wrong with it.

    `fault` is "" where nothing is.
    """

    line: int
    cells: list[str]
    bad: int
    fault: str


class _Feed:
    """Feeds lines to a csv.reader, and can take back those of the present record."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._again: deque[Line] = deque()
        self._length = 0
        self.taken: list[Line] = []
        self.stopped = False

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self._next()
        if line is None or self._length > LONGEST_LINE:
            # The reader then gives what it has: a mark that is never closed must not make one
            # record of the rest of the file.
            if line is not None:
                self._again.appendleft(line)
            self.stopped = True
            raise StopIteration
        self.taken.append(line)
        self._length += len(line.text)
        return line.text

    def _next(self) -> Line | None:
        return self._again.popleft() if self._again else next(self._lines, None)

    def begin(self) -> None:
        """Forget the present record: the next line begins another."""
        self.taken, self._length, self.stopped = [], 0, False

    def take_back(self) -> None:
        """Feed the present record again but for its first line."""
        self._again.extendleft(reversed(self.taken[1:]))


def records(lines: Iterator[Line], *, delimiter: str) -> Iterator[Record]:
    """Yield the records in order, the first one setting how many cells the others have.

    A record that is broken is told of by its first line only: its other lines are read anew.
    """
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=delimiter, skipinitialspace=True)
    columns = 0
    while True:
        feed.begin()
        cells = next(reader, None)
        if cells is None:
            return
        if not any(map(str.strip, cells)):  # spreadsheets write many of these below their tables
            continue
        columns = columns or len(cells)
        fault = _fault(feed, len(cells), columns)
        if fault:
            feed.take_back()
        used = feed.taken[:1] if fault else feed.taken
        yield Record(used[0].number, cells, sum(line.bad for line in used), fault)


def _fault(feed: _Feed, cells: int, columns: int) -> str:
    if any(line.cut for line in feed.taken):
        return "is too long for a row"
    if feed.stopped and sum(line.text.count('"') for line in feed.taken) % 2:
        return "has a quotation mark that is not closed"
    if cells != columns:
        return f"has {cells} columns where the header has {columns}"
    return ""
