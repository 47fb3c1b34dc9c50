"""Named arrays in a memory-mapped file, whose pages are verified on first access.

    magic           8 bytes
    arrays          concatenated, little-endian, each aligned to 64 bytes
    checksums       CRC-32 (4 bytes) of each page of 65,536 bytes before them; the last is shorter
    directory       JSON: the type, offset and length of each array, and facts about them
    footer          32 bytes: offsets of the checksums and the directory, length and CRC-32 of the
                    directory, magic

docs/index-format.md specifies every byte. Arrays are views of the file. A page is verified before
its first use, so that damage is an error and never a wrong result.
"""

from __future__ import annotations

import json
import mmap
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from .array_types import AnyArray, Int64s
from .files import CorruptFile, map_file, parsing

MAGIC = b"CHAJA\0\0\2"
PAGE = 1 << 16
ALIGNED = 64
FOOTER = struct.Struct("<QQII8s")
# Eight bytes are read as signed: numpy converts signed with unsigned numbers to floating point.
TYPES = {kind: np.dtype(kind.replace("u8", "i8")) for kind in ("<u1", "<u2", "<u4", "<u8")}
_MAX_COUNT = np.iinfo(np.int64).max

_PAGE_BITS = 16
_UNCHECKED = b"\0"
_CHECKED = 1


class ArrayFile:
    """An open file of arrays, for any number of threads; pages of a `trusted` one are not verified.

    All methods raise CorruptFile, which names the file, if it is damaged.
    """

    def __init__(self, path: Path, *, trusted: bool = False) -> None:
        self.path = path
        self._map = map_file(path)
        self.size = len(self._map)
        self._data_end, text = self._directory()
        end = self._data_end
        # It covers all behind the arrays, with the checksums of their pages.
        self.footer_checksum = crc32(memoryview(self._map)[end:])
        self._sums = np.frombuffer(self._map, "<u4", -(-end // PAGE), end)
        self._checked = bytearray([_CHECKED] * len(self._sums) if trusted else len(self._sums))
        with parsing(path.name):
            directory = json.loads(text)
            self.facts: Mapping[str, Any] = dict(directory["facts"])
            self._columns = {
                name: self._column(*entry) for name, entry in directory["arrays"].items()
            }

    def close(self) -> None:
        """Close the file; it stays mapped while arrays refer to it."""
        try:
            self._map.close()
        except BufferError:
            self._columns = {}

    def release(self) -> None:
        """Give the pages read back to the system, which has them in the file."""
        if hasattr(mmap, "MADV_DONTNEED"):  # not on Windows
            self._map.madvise(mmap.MADV_DONTNEED)

    def __contains__(self, name: str) -> bool:
        return name in self._columns

    def __getitem__(self, name: str) -> Column:
        """Return an array by name. Raises CorruptFile if there is none."""
        try:
            return self._columns[name]
        except KeyError:
            raise self.corrupt(f"has no {name}") from None

    def column(self, name: str, kind: str) -> Column:
        """Return an array by name. Raises CorruptFile unless it is of type `kind`."""
        column = self[name]
        if column.dtype != TYPES[kind]:
            raise self.corrupt(f"{name} is not of the type {kind}")
        return column

    def count(self, name: str) -> int:
        """Return a fact that is a count, from 0. Raises CorruptFile otherwise."""
        number = self.facts.get(name)
        if type(number) is not int or not 0 <= number <= _MAX_COUNT:
            raise self.corrupt(f"{name} is no count")
        return number

    def corrupt(self, reason: str) -> CorruptFile:
        """Return an error with the name of the file and `reason`."""
        return CorruptFile(f"{self.path.name}: {reason}")

    def check(self, start: int, end: int) -> None:
        """Verify the pages of the bytes `start:end` that are not yet verified."""
        first, last = start >> _PAGE_BITS, (end - 1) >> _PAGE_BITS
        if self._checked.find(_UNCHECKED, first, last + 1) >= 0:
            for page in range(first, last + 1):
                if not self._checked[page]:
                    self._check_page(page)

    def check_all(self) -> None:
        """Verify all pages."""
        for page in range(len(self._sums)):
            self._check_page(page)

    def _check_page(self, page: int) -> None:
        end = min((page + 1) * PAGE, self._data_end)
        if crc32(memoryview(self._map)[page * PAGE : end]) != self._sums[page]:
            raise self.corrupt(f"page {page} does not match its checksum")
        self._checked[page] = _CHECKED

    def _directory(self) -> tuple[int, bytes]:
        """Return the offset behind the arrays, and the directory as JSON."""
        size = self.size
        if size < FOOTER.size or self._map[: len(MAGIC)] != MAGIC:
            raise self.corrupt("is truncated, or was not created by Chaja")
        end, start, length, checksum, magic = FOOTER.unpack(self._map[size - FOOTER.size :])
        sums = 4 * -(-end // PAGE)
        if magic != MAGIC or end + sums != start or start + length + FOOTER.size != size:
            raise self.corrupt("is truncated, or its parts do not fill it")
        text = self._map[start : start + length]
        if crc32(text) != checksum:
            raise self.corrupt("its directory does not match its checksum")
        return end, text

    def _column(self, kind: str, offset: int, count: int) -> Column:
        type_ = TYPES[kind]
        if not 0 <= offset <= offset + count * type_.itemsize <= self._data_end or count < 0:
            raise self.corrupt("an array is outside the file")
        array = np.frombuffer(self._map, type_, count, offset) if count else np.zeros(0, type_)
        return Column(self, array, offset)


class Column:
    """An array of a file; its methods raise CorruptFile for damage."""

    __slots__ = ("_array", "_file", "_item", "_offset", "dtype")

    def __init__(self, file: ArrayFile, array: AnyArray, offset: int) -> None:
        self._file = file
        self._array = array
        self._offset = offset
        self._item = array.itemsize
        self.dtype = array.dtype

    def __len__(self) -> int:
        return len(self._array)

    def read(self, start: int, end: int) -> AnyArray:
        """Return `start:end` of the array, as a view of the file."""
        self._check_within(start, end)
        if start < end:
            self._file.check(self._offset + start * self._item, self._offset + end * self._item)
        return self._array[start:end]

    def _check_within(self, start: int, end: int) -> None:
        """Raise CorruptFile unless `start:end`, which comes from other arrays, is in this one."""
        if not 0 <= start <= end <= len(self._array):
            raise self._file.corrupt("its arrays contradict each other")

    def take(self, indices: AnyArray) -> AnyArray:
        """Return the elements at `indices`; all pages between the first and last are verified."""
        if len(indices):
            # Half the time of `indices.min()` and `indices.max()`.
            self.read(int(np.minimum.reduce(indices)), int(np.maximum.reduce(indices)) + 1)
        return self._array.take(indices)

    def all(self) -> AnyArray:
        """Return the whole array, as a view of the file."""
        return self.read(0, len(self._array))

    def at(self, index: int) -> int:
        """Return one element."""
        self._check_within(index, index + 1)
        number: int = self._array.item(index)
        start = self._offset + index * self._item
        self._file.check(start, start + self._item)
        if number < 0:
            raise self._file.corrupt("a number is greater than any")
        return number

    def span(self, index: int) -> tuple[int, int]:
        """Return start and end of an item, in a column of ends."""
        if not index:
            return 0, self.at(0)
        self._check_within(index, index + 1)
        item = self._array.item
        span: tuple[int, int] = item(index - 1), item(index)
        end = self._offset + (index + 1) * self._item
        self._file.check(end - 2 * self._item, end)
        return span

    def validated_ends(self, text: Column) -> Int64s:
        """Return the column as ends in `text`. Raises CorruptFile unless they ascend in it."""
        ends = self.all()
        falls = (ends[1:] < ends[:-1]).any()
        if len(ends) and (falls or not 0 <= ends[0] <= ends[-1] <= len(text)):
            raise self._file.corrupt("its words do not ascend")
        return ends.astype(np.int64)

    def first_from(self, word: bytes, ends: Column) -> int:
        """Return the ordinal of the first word >= `word`, by bisection.

        This is a column of sorted words, and `ends` has the end of each. A query bisects dozens of
        times, and calls of `span` and `text` would take three times as long.
        """
        file, item, size = self._file, ends._array.item, ends._item
        text, offset, count, checked = file._map, self._offset, len(self), file._checked
        low, high = 0, len(ends)
        while low < high:
            middle = (low + high) >> 1
            location = ends._offset + middle * size
            if middle and not checked[(location - size) >> _PAGE_BITS]:
                file.check(location - size, location)
            if not checked[location >> _PAGE_BITS]:
                file.check(location, location + size)
            start, end = item(middle - 1) if middle else 0, item(middle)
            page = (offset + start) >> _PAGE_BITS
            on_one_page = 0 <= start < end <= count and page == (offset + end - 1) >> _PAGE_BITS
            if on_one_page and checked[page]:
                found = text[offset + start : offset + end]
            else:
                found = self.text(start, end)
            if found < word:
                low = middle + 1
            else:
                high = middle
        return low

    def text(self, start: int, end: int) -> bytes:
        """Return `start:end` of an array of bytes."""
        self._check_within(start, end)
        if start == end:
            return b""
        self._file.check(self._offset + start, self._offset + end)
        return self._file._map[self._offset + start : self._offset + end]
