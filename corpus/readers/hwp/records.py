"""Parses the records of HWP 5 streams to trees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import Struct

# Tags of the records that are read; all others are passed over.
BINARY, CHARACTER_SHAPE, NUMBERING, BULLET, PARAGRAPH_SHAPE = 18, 21, 23, 24, 25
DISTRIBUTION_KEY = 28
PARAGRAPH, PARAGRAPH_TEXT, PARAGRAPH_CHARACTERS = 66, 67, 68
CONTROL, LIST, TABLE = 71, 72, 77
SHAPE, OBJECT, EQUATION, TEXT_ART, FORM, MEMO = 76, 84, 88, 90, 91, 93

_IN_SECTIONS = frozenset(
    (PARAGRAPH, PARAGRAPH_TEXT, PARAGRAPH_CHARACTERS, CONTROL, LIST, TABLE, SHAPE, EQUATION)
) | {OBJECT, TEXT_ART, FORM, MEMO}
_WORD = Struct("<I").unpack_from
_LONG = 0xFFF  # the size of a record whose size follows in a word of its own


@dataclass(slots=True)
class Record:
    """A record: its tag, its bytes, and the records below it."""

    tag: int
    data: bytes
    children: list[Record] = field(default_factory=list)


def flat(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield tag, level, start and end of each record. Raises EOFError at one that is cut off."""
    at, size = 0, len(data)
    while at + 4 <= size:
        (head,) = _WORD(data, at)
        at += 4
        length = head >> 20
        if length == _LONG:
            if at + 4 > size:
                raise EOFError
            (length,) = _WORD(data, at)
            at += 4
        if at + length > size:
            raise EOFError
        yield head & 0x3FF, head >> 10 & 0x3FF, at, at + length
        at += length


def trees(data: bytes) -> Iterator[Record]:
    """Yield the records of the top level that are read, each with those below it.

    Raises EOFError, after all, where the last one is cut off.
    """
    above: list[tuple[int, Record]] = []
    records, is_cut = flat(data), False
    while True:
        try:
            tag, level, start, end = next(records)
        except (StopIteration, EOFError) as error:
            is_cut = isinstance(error, EOFError)
            break
        if tag not in _IN_SECTIONS:
            continue
        record = Record(tag, data[start:end])
        while above and above[-1][0] >= level:
            _, last = above.pop()
            if not above:
                yield last
        if above:
            above[-1][1].children.append(record)
        above.append((level, record))
    if above:
        yield above[0][1]
    if is_cut:
        raise EOFError
