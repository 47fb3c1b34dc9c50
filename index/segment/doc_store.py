"""What is stored of passages and documents, compressed some dozens at a time.

Three arrays of a file: the blocks, each lines of JSON compressed by zlib, one after the other;
where each block ends; and how many records stand before it ends.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from threading import Lock
from typing import Any, NamedTuple, TypeAlias
from zlib import compress, decompressobj
from zlib import error as ZlibError  # noqa: N812 - it is an exception

import numpy as np

from ..arrays.array_file import ArrayFile
from ..arrays.array_types import Mask
from ..arrays.array_writer import ArrayWriter
from ..arrays.files import parsing

StoredFields: TypeAlias = dict[str, Any]

BLOCK = 32
_LEVEL = 1
# Blocks handed over to a file together: they are far smaller than a call is worth.
_WRITTEN_AT_ONCE = 256
# Made once: `json.dumps` would make one for each value, which takes longer than using it.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_EMPTY = "{}"
# Blocks that were read are kept up to this many characters together, the oldest go first.
_KEPT = 1 << 22
# A few bytes can be made to unpack to gigabytes. So a block is never packed more tightly than this
# once it is large, and one that is was not written here.
_LARGE = 1 << 20
_TIGHTEST = 8


class Block(NamedTuple):
    """Records packed together: how many, and their bytes."""

    records: int
    data: bytes


def packed(records: Sequence[StoredFields]) -> Block:
    """Pack some records."""
    lines = _lines(records)
    # A lone surrogate is no UTF-8, but a file name or a broken text may hold one.
    text = "\n".join(lines).encode("utf-8", "surrogatepass")
    data = compress(text, _LEVEL)
    return Block(len(records), data if len(text) <= _most(data) else compress(text, 0))


def _lines(records: Sequence[StoredFields]) -> Iterable[str]:
    """Return records as JSON: what `_encode` gives, in a third of the time."""
    if len(set(map(tuple, records))) > 1 or not records[0]:  # their names differ, or there is none
        return map(_encode, records)
    signs: list[str] = []
    columns: list[Iterable[Any]] = []
    for name, values in zip(records[0], zip(*map(dict.values, records), strict=True), strict=True):
        kinds = set(map(type, values))
        plain = kinds == {str} and _is_plain("".join(values))
        signs.append(f'"{name}":"%s"' if plain else f'"{name}":%s')
        columns.append(values if plain or kinds == {int} else map(_said, values))
    line = f"{{{','.join(signs)}}}"
    return map(line.__mod__, zip(*columns, strict=True))


def _is_plain(text: str) -> bool:
    """Tell a text that JSON writes as it is."""
    return text.isprintable() and '"' not in text and "\\" not in text


def _said(value: Any) -> str:  # noqa: ANN401 - what JSON holds
    return _EMPTY if value == {} else _encode(value)


def _most(data: bytes) -> int:
    """Return how many bytes a block may unpack to."""
    return max(_LARGE, _TIGHTEST * len(data))


def in_blocks(records: Iterable[StoredFields | Block]) -> Iterator[Block]:
    """Pack records that are not yet packed, in their order."""
    waiting: list[StoredFields] = []
    for record in records:
        whole = isinstance(record, Block)
        if waiting and (whole or len(waiting) == BLOCK):
            yield packed(waiting)
            waiting = []
        if isinstance(record, Block):
            yield record
        else:
            waiting.append(record)
    if waiting:
        yield packed(waiting)


def write_doc_store(writer: ArrayWriter, name: str, records: Iterable[StoredFields | Block]) -> int:
    """Write records in order; return how many there were."""
    sizes: list[int] = []
    counts: list[int] = []
    waiting: list[bytes] = []

    def write() -> None:
        data = b"".join(waiting)
        writer.add(f"{name}.blocks", np.frombuffer(data, np.uint8), "<u1")
        waiting.clear()

    for block in in_blocks(records):
        waiting.append(block.data)
        sizes.append(len(block.data))
        counts.append(block.records)
        if len(waiting) == _WRITTEN_AT_ONCE:
            write()
    write()
    writer.put(f"{name}.ends", np.cumsum(np.array(sizes, np.int64)))
    writer.put(f"{name}.counts", np.cumsum(np.array(counts, np.int64)))
    return sum(counts)


class DocStore:
    """The records of a file, read as they are asked for."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._file = file
        self._blocks = file[f"{name}.blocks"]
        self._ends = file[f"{name}.ends"]
        self._counts = file[f"{name}.counts"]
        self._lines: OrderedDict[int, list[str]] = OrderedDict()
        self._kept = 0
        self._lock = Lock()  # threads may share a file

    def __len__(self) -> int:
        return self._counts.at(len(self._counts) - 1) if len(self._counts) else 0

    def __getitem__(self, place: int) -> StoredFields:
        block = int(self._counts.all().searchsorted(place, side="right"))
        return self._record(self._block(block), place - self._first(block))

    def _record(self, lines: list[str], place: int) -> StoredFields:
        with parsing(self._file.path.name):
            record = json.loads(lines[place])
        if not isinstance(record, dict):
            raise self._file.corrupt("a record is invalid")
        return record

    def blocks(self, kept: Mask) -> Iterator[StoredFields | Block]:
        """Yield the records to be `kept`, packed as they are where a whole block is."""
        counts = self._counts.all().astype(np.int64)
        if (np.diff(counts, prepend=0) < 0).any() or counts.max(initial=0) > len(kept):
            raise self._file.corrupt("the blocks of its records do not ascend")
        before = np.concatenate(([0], np.cumsum(kept)))[np.concatenate(([0], counts))]
        bounds = np.concatenate(([0], self._ends.all().astype(np.int64))).tolist()
        left = np.diff(before).tolist()
        first = 0
        for number, end in enumerate(counts.tolist()):
            if left[number] == end - first:
                data = self._blocks.text(bounds[number], bounds[number + 1])
                yield Block(end - first, data)
            elif left[number]:
                lines = self._block(number)
                for place in np.flatnonzero(kept[first:end]).tolist():
                    yield self._record(lines, place)
            first = end

    def _first(self, block: int) -> int:
        return self._counts.at(block - 1) if block else 0

    def _block(self, number: int) -> list[str]:
        lines = self._lines.get(number)
        if lines is None:
            with parsing(self._file.path.name):
                text = _unpacked(self._packed(number)).decode("utf-8", "surrogatepass")
            lines = text.split("\n")
            self._keep(number, lines)
        return lines

    def _keep(self, number: int, lines: list[str]) -> None:
        with self._lock:
            if number not in self._lines:
                self._kept += _characters(lines)
            self._lines[number] = lines
            while self._kept > _KEPT and len(self._lines) > 1:
                self._kept -= _characters(self._lines.popitem(last=False)[1])

    def _packed(self, number: int) -> bytes:
        start = self._ends.at(number - 1) if number else 0
        return self._blocks.text(start, self._ends.at(number))


def _characters(lines: Sequence[str]) -> int:
    return sum(map(len, lines)) + len(lines)


def _unpacked(data: bytes) -> bytes:
    """Unpack a block. Raises ValueError for one that no writer packed."""
    unpacking = decompressobj()
    try:
        text = unpacking.decompress(data, _most(data) + 1)
    except ZlibError as error:
        raise ValueError(f"a block of records is damaged: {error}") from error
    if not unpacking.eof or len(text) > _most(data):
        raise ValueError("a block of records is damaged: it is truncated")
    return text
