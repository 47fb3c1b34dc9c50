"""The text of a DOC in order, from the pieces in which it is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from struct import error, iter_unpack, unpack_from

from ...errors import Damaged, TooLarge
from .information import PIECES, Information

_RULES, _TABLE = 1, 2  # what the parts of the table of pieces begin with
_MOST_CHARACTERS = 1 << 26
_IS_NARROW = 1 << 30
_NARROW, _WIDE = "cp1252", "utf-16-le"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text: its place in the text and in the stream, and bytes for a character.

    Its `text` may have surrogates.
    """

    start: int
    place: int
    width: int
    text: str


def pieces(information: Information) -> Iterator[Piece]:
    """Yield the pieces in order. Raises Damaged."""
    try:
        table = _table(information.table(PIECES))
        count = (len(table) - 4) // 12
        places = unpack_from(f"<{count + 1}i", table)
        items = list(iter_unpack("<HIH", table[4 * (count + 1) :][: 8 * count]))
    except error as fault:
        raise Damaged("is damaged: its table of pieces is cut off") from fault
    left = _MOST_CHARACTERS
    for start, end, (_, place, _) in zip(places, places[1:], items, strict=False):
        is_narrow = bool(place & _IS_NARROW)
        width = 1 if is_narrow else 2
        place = (place & (_IS_NARROW - 1)) // (2 if is_narrow else 1)
        if start < 0 or end < start:
            raise Damaged("is damaged: its pieces are out of order")
        left -= end - start  # pieces may repeat what others have
        if left < 0:
            raise TooLarge(f"has more than {_MOST_CHARACTERS:,} characters")
        data = information.main[place : place + (end - start) * width]
        text = data.decode(_NARROW, "replace") if is_narrow else _units(data)
        yield Piece(start, place, width, text)


def _units(data: bytes) -> str:
    """Return a text of two bytes a character; one of four stays two, as places count them."""
    text = data.decode(_WIDE, "replace")
    count = len(data) // 2
    return text if len(text) == count else "".join(map(chr, unpack_from(f"<{count}H", data)))


def _table(data: bytes) -> bytes:
    """Return the table itself, which follows rules of formatting."""
    at = 0
    while at < len(data):
        kind = data[at]
        if kind == _TABLE:
            (size,) = unpack_from("<I", data, at + 1)
            return data[at + 5 : at + 5 + size]
        if kind != _RULES:
            break
        (size,) = unpack_from("<H", data, at + 1)
        at += 3 + size
    raise Damaged("is damaged: it has no table of pieces")
