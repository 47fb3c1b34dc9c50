"""The low 16 bits of the passages of a field's postings: two bytes each, or a bit.

A run (the postings of a term in one block of passages) with more than one in eight of the block's
passages is stored as a bitmap, at most half as long. Only the most common words have such runs,
which are unpacked when read, some 50 microseconds each; all other lists are views of the file.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate

import numpy as np

from ..arrays.array_file import ArrayFile
from ..arrays.array_types import AnyArray, Int64s, UInt16s

# A run is a bitmap if it has more than one in so many of its block.
SPARSE = 8
# Bits of a number of the column, in which bitmaps are stored.
_BITS = 16


def with_bitmaps(low: UInt16s, starts: Int64s, sizes: Int64s, *, block: int) -> Iterator[AnyArray]:
    """Yield `low` as it is stored: the runs of `sizes` at `starts` as bitmaps of a block."""
    end = 0
    for start, size in zip(starts.tolist(), sizes.tolist(), strict=True):
        yield low[end:start]
        end = start + size
        mask = np.zeros(_words(block) * _BITS, bool)
        mask[low[start:end]] = True
        yield np.packbits(mask, bitorder="little").view("<u2")
    yield low[end:]


class PassageIds:
    """The low bits of the passages of a field, by posting."""

    def __init__(self, file: ArrayFile, field: str, *, block: int) -> None:
        self._numbers = file.column(f"{field}.passages", "<u2")
        self._file = file
        self._field = field
        self._words = _words(block)

    @cached_property
    def _starts(self) -> list[int]:
        """The first posting of each bitmap."""
        name = f"{self._field}.bitmaps"
        starts: list[int] = self._file[name].all().tolist() if name in self._file else []
        return starts

    @cached_property
    def _sizes(self) -> list[int]:
        """The number of postings of each bitmap."""
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
        """How many numbers fewer than postings all bitmaps before each one have."""
        return list(accumulate((size - self._words for size in self._sizes), initial=0))

    def __len__(self) -> int:
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
    """Return the length of a block's bitmap, in numbers of the column."""
    return -(-block // _BITS)
