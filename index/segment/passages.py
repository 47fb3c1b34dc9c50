"""What is stored of passages, compressed some dozens at a time, so that a hit reads little.

The file: blocks of JSON compressed by zlib, one after the other; then, as little-endian 64-bit
numbers, where each block starts, where the last ends, and the count of passages and of blocks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from zlib import compress, decompress

import numpy as np

_BLOCK = 32
_LEVEL = 1
_NUMBER = 8


def write_passages(file: BinaryIO, stored: Iterable[dict[str, Any]]) -> int:
    """Write what is stored of each passage, in order; return how many there were."""
    offsets = [0]
    count = 0
    passages = iter(stored)
    while block := list(islice(passages, _BLOCK)):
        text = json.dumps(block, ensure_ascii=False, separators=(",", ":"))
        # A lone surrogate is no UTF-8, but a file name or a broken text may hold one.
        data = compress(text.encode("utf-8", "surrogatepass"), _LEVEL)
        file.write(data)
        offsets.append(offsets[-1] + len(data))
        count += len(block)
    file.write(np.array([*offsets, count, len(offsets) - 1], dtype="<i8").tobytes())
    return count


class StoredPassages:
    """The stored passages of a segment, read as they are asked for."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._block = -1
        self._passages: list[dict[str, Any]] = []
        end = self._file.seek(-2 * _NUMBER, 2)
        self.count, blocks = self._numbers(end, 2)
        self._offsets = self._numbers(end - (blocks + 1) * _NUMBER, blocks + 1)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __getitem__(self, passage: int) -> dict[str, Any]:
        block, place = divmod(passage, _BLOCK)
        if block != self._block:
            self._passages = self._read(block)
            self._block = block
        return self._passages[place]

    def _read(self, block: int) -> list[dict[str, Any]]:
        start, end = self._offsets[block], self._offsets[block + 1]
        self._file.seek(start)
        data = decompress(self._file.read(end - start))
        passages: list[dict[str, Any]] = json.loads(data.decode("utf-8", "surrogatepass"))
        return passages

    def _numbers(self, start: int, count: int) -> list[int]:
        self._file.seek(start)
        numbers: list[int] = np.frombuffer(self._file.read(count * _NUMBER), dtype="<i8").tolist()
        return numbers
