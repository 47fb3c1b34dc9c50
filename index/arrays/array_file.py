"""Named arrays in one file, mapped into memory, each page checked when it is first read.

    magic           8 bytes
    arrays          one after the other, little-endian, each at a multiple of 64 bytes
    checksums       CRC-32 of every page of 65,536 bytes before them, the last one shorter; 4 bytes
    directory       JSON: what arrays there are, where, and facts about them
    footer          32 bytes: where the checksums and the directory start, the length of the
                    directory and its CRC-32, magic

docs/index-format.md has it byte by byte. Nothing is decoded: what is read is the file itself. A
page is compared with its checksum once, so that a damaged one is an error and never an answer.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from .array_types import AnyArray, Int64s
from .files import CorruptFile, mapped, parsing

MAGIC = b"CHAJA\0\0\2"
PAGE = 1 << 16
ALIGNED = 64
FOOTER = struct.Struct("<QQII8s")
# Eight bytes are read as a signed number: of signed and unsigned, numpy makes floating numbers.
# Nothing that is counted is greater than _MOST.
TYPES = {kind: np.dtype(kind.replace("u8", "i8")) for kind in ("<u1", "<u2", "<u4", "<u8")}
_MOST = np.iinfo(np.int64).max

_PAGE_BITS = 16
_UNCHECKED = b"\0"
_CHECKED = 1


class ArrayFile:
    """A file of arrays, open for reading by any number of threads.

    The pages of a `trusted` one are not checked. Raises CorruptFile for a file that is not what was
    written, which names it.
    """

    def __init__(self, path: Path, *, trusted: bool = False) -> None:
        self.path = path
        self._map = mapped(path)
        self.size = len(self._map)
        end, directory = self._directory()
        # Of all that stands behind the arrays: whoever knows it need not trust the checksums.
        self.footer_checksum = crc32(memoryview(self._map)[end:])
        self._sums = np.frombuffer(self._map, "<u4", -(-end // PAGE), end)
        self._checked = bytearray([_CHECKED] * len(self._sums) if trusted else len(self._sums))
        with parsing(path.name):
            self.facts: Mapping[str, Any] = dict(directory["facts"])
            self._columns = {
                name: self._column(end, *place) for name, place in directory["arrays"].items()
            }

    def close(self) -> None:
        """Let go of the file; arrays that were read from it keep it mapped."""
        try:
            self._map.close()
        except BufferError:
            self._columns = {}

    def __contains__(self, name: str) -> bool:
        return name in self._columns

    def __getitem__(self, name: str) -> Column:
        """Return an array by name. Raises CorruptFile where there is none."""
        try:
            return self._columns[name]
        except KeyError:
            raise self.corrupt(f"has no {name}") from None

    def column(self, name: str, kind: str) -> Column:
        """Return an array that is always of one type. Raises CorruptFile."""
        column = self[name]
        if column.dtype != TYPES[kind]:
            raise self.corrupt(f"{name} is not of the type {kind}")
        return column

    def count(self, name: str) -> int:
        """Return a fact that counts something. Raises CorruptFile where there is none."""
        number = self.facts.get(name)
        if type(number) is not int or not 0 <= number <= _MOST:
            raise self.corrupt(f"{name} is no count")
        return number

    def corrupt(self, reason: str) -> CorruptFile:
        """Return the error that says what is wrong with the file."""
        return CorruptFile(f"{self.path.name}: {reason}")

    def check(self, start: int, end: int) -> None:
        """Compare the pages of the bytes `start:end` with their checksums, those not yet compared.

        Raises CorruptFile for one that differs.
        """
        first, last = start >> _PAGE_BITS, (end - 1) >> _PAGE_BITS
        if self._checked.find(_UNCHECKED, first, last + 1) >= 0:
            for page in range(first, last + 1):
                if not self._checked[page]:
                    self._check_page(page)

    def check_all(self) -> None:
        """Compare every page with its checksum. Raises CorruptFile."""
        for page in range(len(self._sums)):
            self._check_page(page)

    def bytes(self, start: int, end: int) -> bytes:
        """Return bytes of the file as they are; their pages must have been checked."""
        return self._map[start:end]

    def _check_page(self, page: int) -> None:
        end = min((page + 1) * PAGE, self._data_end)
        if crc32(memoryview(self._map)[page * PAGE : end]) != self._sums[page]:
            raise self.corrupt(f"page {page} does not match its checksum")
        self._checked[page] = _CHECKED

    def _directory(self) -> tuple[int, dict[str, Any]]:
        """Return where the arrays end and the checksums start, and the directory."""
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
        self._data_end = end
        with parsing(self.path.name):
            return end, json.loads(text)

    def _column(self, end: int, kind: str, offset: int, count: int) -> Column:
        type_ = TYPES[kind]
        if not 0 <= offset <= offset + count * type_.itemsize <= end or count < 0:
            raise self.corrupt("an array is outside the file")
        array = np.frombuffer(self._map, type_, count, offset) if count else np.zeros(0, type_)
        return Column(self, array, offset)


class Column:
    """One array of a file."""

    __slots__ = ("_array", "_file", "_item", "_offset")

    def __init__(self, file: ArrayFile, array: AnyArray, offset: int) -> None:
        self._file = file
        self._array = array
        self._offset = offset
        self._item = array.itemsize

    def __len__(self) -> int:
        return len(self._array)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of its numbers."""
        return self._array.dtype

    def read(self, start: int, end: int) -> AnyArray:
        """Return `start:end` of the array, a view of the file. Raises CorruptFile."""
        self._check_within(start, end)
        if start < end:
            self._file.check(self._offset + start * self._item, self._offset + end * self._item)
        return self._array[start:end]

    def _check_within(self, start: int, end: int) -> None:
        """Raise CorruptFile unless the array has `start:end`, which other arrays speak of."""
        if not 0 <= start <= end <= len(self._array):
            raise self._file.corrupt("its arrays contradict each other")

    def take(self, places: AnyArray) -> AnyArray:
        """Return the numbers at some places, which stand close together or are few.

        Raises CorruptFile.
        """
        if len(places):
            # What the methods of an array would ask, in half their time.
            self.read(int(np.minimum.reduce(places)), int(np.maximum.reduce(places)) + 1)
        return self._array.take(places)

    def all(self) -> AnyArray:
        """Return the whole array, a view of the file."""
        return self.read(0, len(self._array))

    def at(self, place: int) -> int:
        """Return one number. Raises CorruptFile."""
        self._check_within(place, place + 1)
        number: int = self._array.item(place)
        begin = self._offset + place * self._item
        self._file.check(begin, begin + self._item)
        if number < 0:
            raise self._file.corrupt("a number is greater than any")
        return number

    def span(self, place: int) -> tuple[int, int]:
        """Return the number before `place` (0 before the first) and that at it.

        In a column of ends: where something starts and ends. Raises CorruptFile.
        """
        if not place:
            return 0, self.at(0)
        self._check_within(place, place + 1)
        item = self._array.item
        span: tuple[int, int] = item(place - 1), item(place)
        end = self._offset + (place + 1) * self._item
        self._file.check(end - 2 * self._item, end)
        return span

    def ends_in(self, text: Column) -> Int64s:
        """Return where each word of `text` ends. Raises CorruptFile unless they ascend in it."""
        ends = self.all()
        falls = (ends[1:] < ends[:-1]).any()
        if len(ends) and (falls or not 0 <= ends[0] <= ends[-1] <= len(text)):
            raise self._file.corrupt("its words do not ascend")
        return ends.astype(np.int64)

    def first_from(self, word: bytes, ends: Column) -> int:
        """Return the number of the first word that is not before `word`.

        This is a column of bytes, words in the order of their bytes, and `ends` tells where each
        ends. A query bisects dozens of times: calls of `span` and `text` would take thrice as long.
        """
        file, item, size = self._file, ends._array.item, ends._item
        text, offset, count, checked = file._map, self._offset, len(self), file._checked
        low, high = 0, len(ends)
        while low < high:
            middle = (low + high) >> 1
            place = ends._offset + middle * size
            if middle and not checked[(place - size) >> _PAGE_BITS]:
                file.check(place - size, place)
            if not checked[place >> _PAGE_BITS]:
                file.check(place, place + size)
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
        """Return `start:end` of an array of bytes. Raises CorruptFile."""
        self._check_within(start, end)
        if start == end:
            return b""
        self._file.check(self._offset + start, self._offset + end)
        return self._file.bytes(self._offset + start, self._offset + end)
