"""Opens OLE containers, the files of older office programs: their streams, and what they state."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from struct import Struct, error, iter_unpack
from typing import Any, BinaryIO, NamedTuple

import olefile

from ..errors import CorpusError, Damaged, TooLarge
from .code_pages import WESTERN, codec_of_page

MOST_BYTES = 1 << 28  # of one stream

_SUMMARY = "\x05SummaryInformation"
# What the summary states, by number.
_STATED = {2: "title", 3: "subject", 4: "author", 5: "keywords", 6: "description"}
_DATES = {12: "created", 13: "modified"}
_CODE_PAGE = 1
_SHORT, _BYTES, _WIDE, _TIME = 2, 30, 31, 64  # types of properties
_MOST_PROPERTIES = 100
_MOST_TEXT = 10_000  # bytes
_SECTION_AT = 44  # where the place of the first section stands
_EPOCH = datetime(1601, 1, 1)

_LONG = Struct("<I").unpack_from
_LONG_LONG = Struct("<Q").unpack_from


class Container:
    """An open OLE container. Raises Damaged if it is none."""

    def __init__(self, file: BinaryIO) -> None:
        try:
            # A damaged table of blocks is read as far as it goes.
            self._ole: Any = olefile.OleFileIO(file, raise_defects=olefile.DEFECT_FATAL)
            self._paths = [tuple(path) for path in self._ole.listdir()]
        except Exception as fault:  # olefile raises whatever damaged numbers lead to
            raise Damaged(f"is damaged: {fault}") from fault
        self._names = {_folded(path): path for path in self._paths}

    def __contains__(self, path: str) -> bool:
        return path.casefold() in self._names

    def paths(self) -> Iterator[str]:
        """Yield the paths of the streams, with "/" between their parts."""
        return map("/".join, self._paths)

    def read(self, path: str) -> bytes:
        """Return the bytes of a stream, without regard to case; none if it is missing.

        Raises TooLarge, and Damaged if it is at an impossible place.
        """
        found = self._names.get(path.casefold())
        if found is None:
            return b""
        try:
            if self._ole.get_size(list(found)) > MOST_BYTES:
                raise TooLarge(f"is too large: {path} has more than {MOST_BYTES:,} bytes")
            with self._ole.openstream(list(found)) as stream:
                data: bytes = stream.read()
        except (TooLarge, MemoryError):
            raise
        except Exception as fault:  # as above
            raise Damaged(f"is damaged: {path} cannot be read: {fault}") from fault
        return data

    def stated(self) -> dict[str, str]:
        """Return what the summary states, by the names of Chaja's metadata; dates in ISO 8601."""
        try:
            strings, moments = property_set(self.read(_SUMMARY))
        except CorpusError:
            return {}
        texts = {name: strings[number] for number, name in _STATED.items() if number in strings}
        days = {
            name: moments[number].date() for number, name in _DATES.items() if number in moments
        }
        return texts | {name: day.isoformat() for name, day in days.items()}


def _folded(path: tuple[str, ...]) -> str:
    return "/".join(path).casefold()


class PropertySet(NamedTuple):
    """The texts, and the moments in UTC, of a set of properties by their numbers."""

    strings: dict[int, str]
    moments: dict[int, datetime]


def property_set(data: bytes) -> PropertySet:
    """Return the properties in a summary, those that are sound.

    olefile reads such sets too, but counts up to four billion properties in a damaged one.
    """
    found = PropertySet({}, {})
    codec = WESTERN
    # The code page is first, wherever it stands: the strings depend on it.
    for number, place in sorted(_places(data).items(), key=lambda each: each[0] != _CODE_PAGE):
        with suppress(error, OverflowError):  # a place outside the data, or a time after the last
            (kind,) = _LONG(data, place)
            if number == _CODE_PAGE and kind == _SHORT:
                codec = codec_of_page(_LONG(data, place + 4)[0] & 0xFFFF) or codec
            elif kind in (_BYTES, _WIDE):
                found.strings[number] = _text(data, place + 4, codec, is_wide=kind == _WIDE)
            elif kind == _TIME:
                (ticks,) = _LONG_LONG(data, place + 4)
                found.moments[number] = _EPOCH + timedelta(microseconds=ticks // 10)
    return found


def _places(data: bytes) -> dict[int, int]:
    """Return the places of properties by their numbers."""
    try:
        (start,) = _LONG(data, _SECTION_AT)
        (count,) = _LONG(data, start + 4)
    except error:
        return {}
    pairs = data[start + 8 : start + 8 + 8 * min(count, _MOST_PROPERTIES)]
    found: dict[int, int] = {}
    for number, place in iter_unpack("<II", pairs[: len(pairs) // 8 * 8]):
        found.setdefault(number, start + place)
    return found


def _text(data: bytes, at: int, codec: str, *, is_wide: bool) -> str:
    (length,) = _LONG(data, at)
    size = min(_MOST_TEXT, 2 * length if is_wide else length)
    codec = "utf-16-le" if is_wide else codec
    return data[at + 4 : at + 4 + size].decode(codec, "ignore").partition("\0")[0]
