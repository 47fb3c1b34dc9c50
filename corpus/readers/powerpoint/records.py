"""The records of a PPT: a head of eight bytes, then data, or other records ([MS-PPT])."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

_HEAD = Struct("<HHI")
_HOLDS_RECORDS = 0xF
_HOLDERS = (0xF00D, 0x138B)  # boxes of text and later additions: marked as data, they hold records
MOST_DEPTH = 50


class Record(NamedTuple):
    """A record: its type, the number that tells it from others of the type, and its data."""

    kind: int
    instance: int
    data: bytes
    holds_records: bool

    def inside(self) -> Iterator[Record]:
        """Yield the records in this one; none if it has data."""
        return records(self.data) if self.holds_records else iter(())

    def all_inside(self, depth: int = 0) -> Iterator[Record]:
        """Yield the records in this one and in those, each before what it holds."""
        for found in self.inside():
            yield found
            if depth < MOST_DEPTH:
                yield from found.all_inside(depth + 1)


def record_at(data: bytes, at: int) -> Record | None:
    """Return the record that begins at a place; what is cut off of it is missing."""
    if not 0 <= at <= len(data) - _HEAD.size:
        return None
    bits, kind, size = _HEAD.unpack_from(data, at)
    start = at + _HEAD.size
    held = data[start : start + size]
    return Record(kind, bits >> 4, held, bits & 0xF == _HOLDS_RECORDS or kind in _HOLDERS)


def records(data: bytes) -> Iterator[Record]:
    """Yield the records that follow each other in some data."""
    at = 0
    while (found := record_at(data, at)) is not None:
        yield found
        at += _HEAD.size + len(found.data)
