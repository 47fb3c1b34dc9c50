"""The stored fields of passages and documents, in compressed blocks of some dozens.

Three arrays of a file: the blocks, each of lines of JSON compressed by zlib; the end of each
block; and the number of records up to the end of each block.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias
from zlib import compress, decompressobj
from zlib import error as ZlibError  # noqa: N812 - it is an exception

import numpy as np

from ..arrays.array_file import ArrayFile
from ..arrays.array_types import Mask
from ..arrays.array_writer import ArrayWriter
from ..arrays.files import parsing
from ..fork_locks import CACHE_LOCK
from ..value import NamedTuple

StoredFields: TypeAlias = dict[str, Any]

BLOCK = 32
_LEVEL = 1
# Blocks are written this many at a time: they are far too small for a call each.
_WRITTEN_AT_ONCE = 256
# One encoder for all: `json.dumps` makes one for each value, which costs more than encoding it.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_EMPTY = "{}"
# The cache of blocks has at most this many characters; the oldest are evicted first.
_CACHED_CHARACTERS = 1 << 22
# A few bytes can be forged to unpack to gigabytes. So no block larger than this is compressed by a
# higher ratio, and one that is was not written here.
_LARGE = 1 << 20
_MAX_RATIO = 8


class Block(NamedTuple):
    """Compressed records, with their number."""

    records: int
    data: bytes


def packed(records: Sequence[StoredFields]) -> Block:
    """Compress some records into a block."""
    # A lone surrogate is invalid UTF-8, but a file name or a broken text may contain one.
    text = "\n".join(_lines(records)).encode("utf-8", "surrogatepass")
    data = compress(text, _LEVEL)
    return Block(len(records), data if len(text) <= _max_size(data) else compress(text, 0))


def _lines(records: Sequence[StoredFields]) -> Iterable[str]:
    """Return records as JSON, as `_encode` does, in a third of the time."""
    if len(set(map(tuple, records))) > 1 or not records[0]:  # different fields, or none
        return map(_encode, records)
    formats: list[str] = []
    columns: list[Iterable[Any]] = []
    for name, values in zip(records[0], zip(*map(dict.values, records), strict=True), strict=True):
        kinds = set(map(type, values))
        plain = kinds == {str} and _is_plain("".join(values))
        formats.append(f'"{name}":"%s"' if plain else f'"{name}":%s')
        columns.append(values if plain or kinds == {int} else map(_json, values))
    line = f"{{{','.join(formats)}}}"
    return map(line.__mod__, zip(*columns, strict=True))


def _is_plain(text: str) -> bool:
    """Return whether JSON needs no escapes for a text."""
    return text.isprintable() and '"' not in text and "\\" not in text


def _json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return _EMPTY if value == {} else _encode(value)


def _max_size(data: bytes) -> int:
    """Return how many bytes a block may unpack to."""
    return max(_LARGE, _MAX_RATIO * len(data))


def in_blocks(records: Iterable[StoredFields | Block]) -> Iterator[Block]:
    """Yield records in blocks, in their order; records that are packed stay so."""
    pending: list[StoredFields] = []
    for record in records:
        if pending and (isinstance(record, Block) or len(pending) == BLOCK):
            yield packed(pending)
            pending = []
        if isinstance(record, Block):
            yield record
        else:
            pending.append(record)
    if pending:
        yield packed(pending)


def records_in(block: Block, rows: Iterable[int]) -> list[StoredFields]:
    """Return some of the records of a block that this process or a reader packed."""
    lines = _lines_of(block.data)
    found: list[StoredFields] = json.loads(f"[{','.join([lines[row] for row in rows])}]")
    return found


def write_doc_store(writer: ArrayWriter, name: str, records: Iterable[StoredFields | Block]) -> int:
    """Write records in order; return their number."""
    sizes: list[int] = []
    counts: list[int] = []
    pending: list[bytes] = []

    def write() -> None:
        data = b"".join(pending)
        writer.add(f"{name}.blocks", np.frombuffer(data, np.uint8), "<u1")
        pending.clear()

    for block in in_blocks(records):
        pending.append(block.data)
        sizes.append(len(block.data))
        counts.append(block.records)
        if len(pending) == _WRITTEN_AT_ONCE:
            write()
    write()
    writer.put(f"{name}.ends", np.cumsum(np.array(sizes, np.int64)))
    writer.put(f"{name}.counts", np.cumsum(np.array(counts, np.int64)))
    return sum(counts)


class DocStore:
    """The records of a file, read on demand; threads may share them."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._file = file
        self._blocks = file[f"{name}.blocks"]
        self._ends = file[f"{name}.ends"]
        self._counts = file[f"{name}.counts"]
        self._cache: OrderedDict[int, list[str]] = OrderedDict()
        self._cached = 0

    def __len__(self) -> int:
        return self._counts.at(len(self._counts) - 1) if len(self._counts) else 0

    def __getitem__(self, number: int) -> StoredFields:
        block = int(self._counts.all().searchsorted(number, side="right"))
        first = self._counts.at(block - 1) if block else 0
        return self._record(self._block(block), number - first)

    def _record(self, lines: list[str], row: int) -> StoredFields:
        with parsing(self._file.path.name):
            record = json.loads(lines[row])
        if not isinstance(record, dict):
            raise self._file.corrupt("a record is invalid")
        return record

    def blocks(self, kept: Mask) -> Iterator[StoredFields | Block]:
        """Yield the records to be `kept`; whole blocks stay packed."""
        counts = self._counts.all().astype(np.int64)
        if (np.diff(counts, prepend=0) < 0).any() or counts.max(initial=0) > len(kept):
            raise self._file.corrupt("the blocks of its records do not ascend")
        before = np.concatenate(([0], np.cumsum(kept)))[np.concatenate(([0], counts))]
        bounds = np.concatenate(([0], self._ends.all().astype(np.int64))).tolist()
        left = np.diff(before).tolist()
        first = 0
        for block, end in enumerate(counts.tolist()):
            if left[block] == end - first:
                yield Block(end - first, self._blocks.text(bounds[block], bounds[block + 1]))
            elif left[block]:
                lines = self._block(block)
                for row in np.flatnonzero(kept[first:end]).tolist():
                    yield self._record(lines, row)
            first = end

    def _block(self, number: int) -> list[str]:
        lines = self._cache.get(number)
        if lines is None:
            start = self._ends.at(number - 1) if number else 0
            data = self._blocks.text(start, self._ends.at(number))
            with parsing(self._file.path.name):
                lines = _lines_of(data)
            self._keep(number, lines)
        return lines

    def _keep(self, number: int, lines: list[str]) -> None:
        with CACHE_LOCK:
            if number not in self._cache:
                self._cached += _characters(lines)
            self._cache[number] = lines
            while self._cached > _CACHED_CHARACTERS and len(self._cache) > 1:
                self._cached -= _characters(self._cache.popitem(last=False)[1])


def _characters(lines: Sequence[str]) -> int:
    return sum(map(len, lines)) + len(lines)


def _lines_of(data: bytes) -> list[str]:
    """Return the records of a compressed block, as JSON. Raises ValueError as `_unpacked`."""
    return _unpacked(data).decode("utf-8", "surrogatepass").split("\n")


def _unpacked(data: bytes) -> bytes:
    """Decompress a block. Raises ValueError for one that was not written here."""
    unpacking = decompressobj()
    try:
        text = unpacking.decompress(data, _max_size(data) + 1)
    except ZlibError as error:
        raise ValueError(f"a block of records is damaged: {error}") from error
    if not unpacking.eof or len(text) > _max_size(data):
        raise ValueError("a block of records is damaged: it is truncated")
    return text
