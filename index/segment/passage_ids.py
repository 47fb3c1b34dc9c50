"""The low 16 bits of the passages of a field's postings: two bytes each, or a bit.

A run (what a term has in one block of passages) that holds more than one in eight of the block is
a bitmap of it, at most half as long. Only the commonest words have such runs. They are unpacked
when they are asked for, some 50 microseconds each; all other lists are views of the file.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate

import numpy as np

from ..arrays.array_file import ArrayFile
from ..arrays.array_types import AnyArray, Int64s, UInt16s

# A run is a bitmap from this part of its block on.
SPARSE = 8
# Bits of a number: what a bitmap is written in.
_BITS = 16


def written(low: UInt16s, starts: Int64s, sizes: Int64s, *, block: int) -> Iterator[AnyArray]:
    """Yield what is written of `low`: the runs at `starts`, of `sizes`, as bitmaps of a block."""
    done = 0
    for start, size in zip(starts.tolist(), sizes.tolist(), strict=True):
        yield low[done:start]
        done = start + size
        held = np.zeros(_words(block) * _BITS, bool)
        held[low[start:done]] = True
        yield np.packbits(held, bitorder="little").view("<u2")
    yield low[done:]


class PassageNumbers:
    """Low bits of passages by posting; a bitmap is read as a whole."""

    def __init__(self, file: ArrayFile, field: str, *, block: int) -> None:
        self._numbers = file.column(f"{field}.passages", "<u2")
        self._file = file
        self._field = field
        self._words = _words(block)

    @cached_property
    def _starts(self) -> list[int]:
        """The posting at which each bitmap starts."""
        name = f"{self._field}.bitmaps"
        starts: list[int] = self._file[name].all().tolist() if name in self._file else []
        return starts

    @cached_property
    def _sizes(self) -> list[int]:
        """How many postings each bitmap has."""
        if not self._starts:
            return []
        sizes = self._file[f"{self._field}.bitmap_sizes"].all().astype(np.int64) + 1
        starts = np.array(self._starts, np.float64)  # any number fits
        end = len(self._numbers) + int(sizes.sum()) - self._words * len(sizes)
        if len(sizes) != len(starts) or (np.append(starts[1:], end) - starts < sizes).any():
            raise self._file.corrupt("a passage bitmap is outside its posting list")
        found: list[int] = sizes.tolist()
        return found

    @cached_property
    def _spared(self) -> list[int]:
        """How many numbers less there are, for the bitmaps before each one, than postings."""
        return list(accumulate((size - self._words for size in self._sizes), initial=0))

    def __len__(self) -> int:
        """Return how many postings there are."""
        return len(self._numbers) + self._spared[-1]

    def read(self, start: int, end: int) -> AnyArray:
        """Return the low bits of the postings `start:end`."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        at = start - self._spared[first]
        if first == last:
            return self._plain(at, end - start)
        parts: list[AnyArray] = []
        for number in range(first, last):
            plain = self._starts[number] - start
            parts += (self._plain(at, plain), self._bitmap(at + plain, self._sizes[number]))
            at += plain + self._words
            start += plain + self._sizes[number]
        parts.append(self._plain(at, end - start))
        return np.concatenate(parts)

    def _plain(self, at: int, count: int) -> AnyArray:
        if at < 0 or count < 0:
            raise self._file.corrupt("a passage bitmap is outside its posting list")
        return self._numbers.read(at, at + count)

    def _bitmap(self, at: int, size: int) -> AnyArray:
        words = self._plain(at, self._words).astype("<u2", copy=False)
        found = np.flatnonzero(np.unpackbits(words.view(np.uint8), bitorder="little"))
        if len(found) != size:
            raise self._file.corrupt("a passage bitmap and its count of postings differ")
        return found.astype(np.uint16)


def _words(block: int) -> int:
    """Return how many numbers the bitmap of a block takes."""
    return -(-block // _BITS)
