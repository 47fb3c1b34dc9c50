"""Writes OLE containers of streams, in storages to any depth."""

from __future__ import annotations

import struct
from collections.abc import Mapping

_SECTOR, _SMALL_SECTOR, _LEAST = 512, 64, 4096
_END, _FREE, _FAT, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
_ROOT, _STORAGE, _STREAM = 5, 1, 2


class _Sectors:
    """Sectors of a size, and the table that says which follows which."""

    def __init__(self, size: int) -> None:
        self.size, self.data, self.table = size, b"", list[int]()

    def add(self, data: bytes) -> int:
        """Add a stream, and return its first sector."""
        if not data:
            return _END
        first, count = len(self.table), -(-len(data) // self.size)
        self.data += data.ljust(count * self.size, b"\0")
        self.table += [*range(first + 1, first + count), _END]
        return first


def container(streams: Mapping[str, bytes]) -> bytes:
    """Return a container of streams, by their paths with "/" between the parts."""
    large, small = _Sectors(_SECTOR), _Sectors(_SMALL_SECTOR)
    paths = list(_with_storages(streams))
    rows = [(_STREAM if path in streams else _STORAGE, path) for path in paths]
    places = [
        (large if len(streams[path]) >= _LEAST else small).add(streams[path])
        if path in streams
        else 0
        for path in paths
    ]
    start = large.add(small.data)
    entries = [_entry("Root Entry", _ROOT, _NONE, _first(paths, ""), start, len(small.data))]
    for (kind, path), place in zip(rows, places, strict=True):
        size = len(streams.get(path, b""))
        name = path.rpartition("/")[2]
        entries.append(_entry(name, kind, _next(paths, path), _first(paths, path), place, size))
    directory = large.add(b"".join(entries))
    small_table = large.add(struct.pack(f"<{len(small.table)}I", *small.table))
    return _written(large, directory, small_table, -(-4 * len(small.table) // _SECTOR))


def _with_storages(streams: Mapping[str, bytes]) -> dict[str, None]:
    found: dict[str, None] = {}
    for path in streams:
        parts = path.split("/")
        found |= dict.fromkeys("/".join(parts[:count]) for count in range(1, len(parts) + 1))
    return found


def _inside(paths: list[str], storage: str) -> list[int]:
    return [at for at, path in enumerate(paths, 1) if path.rpartition("/")[0] == storage]


def _first(paths: list[str], storage: str) -> int:
    """Return the first entry of a storage, of which each leads to the next."""
    return next(iter(_inside(paths, storage)), _NONE)


def _next(paths: list[str], path: str) -> int:
    at = paths.index(path) + 1
    return next((each for each in _inside(paths, path.rpartition("/")[0]) if each > at), _NONE)


def _entry(name: str, kind: int, right: int, child: int, place: int, size: int) -> bytes:
    return struct.pack(
        "<64sHBBIII16x4x16xIQ",
        name.encode("utf-16-le"), 2 * len(name) + 2, kind, 1, _NONE, right, child, place, size,
    )  # fmt: skip


def _written(large: _Sectors, directory: int, small_table: int, small_count: int) -> bytes:
    count = 1
    while (len(large.table) + count) * 4 > count * _SECTOR:
        count += 1
    places = list(range(len(large.table), len(large.table) + count))
    table = struct.pack(f"<{len(large.table) + count}I", *large.table, *[_FAT] * count)
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6,
        0, count, directory, 0, _LEAST, small_table, small_count, _END, 0, places[0],
    )  # fmt: skip
    header += struct.pack(f"<{count - 1}I", *places[1:])
    return header.ljust(_SECTOR, b"\xff") + large.data + table.ljust(count * _SECTOR, b"\xff")


def summary(strings: Mapping[int, str], moments: Mapping[int, int], page: int = 949) -> bytes:
    """Return a summary of strings, in the encoding of a code page, and of times."""
    values = {1: struct.pack("<Ihxx", 2, page)}
    for number, text in strings.items():
        data = text.encode(f"cp{page}") + b"\0"
        values[number] = struct.pack("<II", 30, len(data)) + data.ljust(-(-len(data) // 4) * 4)
    for number, ticks in moments.items():
        values[number] = struct.pack("<IQ", 64, ticks)
    at = 8 + 8 * len(values)
    head, body = b"", b""
    for number, value in values.items():
        head += struct.pack("<II", number, at + len(body))
        body += value
    section = struct.pack("<II", at + len(body), len(values)) + head + body
    return struct.pack("<HHI16sI16sI", 0xFFFE, 0, 2, b"", 1, b"", 48) + section


def ticks(year: int, month: int, day: int) -> int:
    """Return the beginning of a day in UTC, in units of 100 nanoseconds since 1601."""
    from datetime import date

    return (date(year, month, day) - date(1601, 1, 1)).days * 864_000_000_000
