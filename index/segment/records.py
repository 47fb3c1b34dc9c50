"""What is stored of passages and documents, compressed some dozens at a time.

A file: blocks of JSON compressed by zlib, one after the other; then, as little-endian 64-bit
numbers, where each block starts, where the last ends, and the count of records and of blocks.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from zlib import compress, decompress

import numpy as np

_BLOCK = 32
_LEVEL = 1
_NUMBER = 8
# Blocks kept once read, some 30 kilobytes each.
_KEPT = 128


def write_records(file: BinaryIO, records: Iterable[dict[str, Any]]) -> int:
    """Write records in order; return how many there were."""
    offsets = [0]
    count = 0
    left = iter(records)
    while block := list(islice(left, _BLOCK)):
        text = json.dumps(block, ensure_ascii=False, separators=(",", ":"))
        # A lone surrogate is no UTF-8, but a file name or a broken text may hold one.
        data = compress(text.encode("utf-8", "surrogatepass"), _LEVEL)
        file.write(data)
        offsets.append(offsets[-1] + len(data))
        count += len(block)
    file.write(np.array([*offsets, count, len(offsets) - 1], dtype="<i8").tobytes())
    return count


class Records:
    """The records of a file, read as they are asked for."""

    def __init__(self, path: Path) -> None:
        self._blocks: OrderedDict[int, list[dict[str, Any]]] = OrderedDict()
        self._file = path.open("rb")
        try:
            self.count, self._offsets = self._contents()
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __getitem__(self, place: int) -> dict[str, Any]:
        block, within = divmod(place, _BLOCK)
        records = self._blocks.get(block)
        if records is None:
            records = self._blocks[block] = self._read(block)
            if len(self._blocks) > _KEPT:
                self._blocks.popitem(last=False)
        return records[within]

    def _read(self, block: int) -> list[dict[str, Any]]:
        start, end = self._offsets[block], self._offsets[block + 1]
        self._file.seek(start)
        data = decompress(self._file.read(end - start))
        records: list[dict[str, Any]] = json.loads(data.decode("utf-8", "surrogatepass"))
        return records

    def _contents(self) -> tuple[int, list[int]]:
        """Return how many records there are, and the offsets of the blocks."""
        end = self._file.seek(0, 2) - 2 * _NUMBER
        count, blocks = self._numbers(end, 2)
        start = end - (blocks + 1) * _NUMBER
        offsets = self._numbers(start, blocks + 1)
        if offsets != sorted(offsets) or offsets[0] != 0 or offsets[-1] != start:
            raise ValueError("the records do not stand where they are said to stand")
        return count, offsets

    def _numbers(self, start: int, count: int) -> list[int]:
        if start < 0 or count < 1:
            raise ValueError("a file of records is cut short")
        self._file.seek(start)
        numbers: list[int] = np.frombuffer(self._file.read(count * _NUMBER), dtype="<i8").tolist()
        return numbers
