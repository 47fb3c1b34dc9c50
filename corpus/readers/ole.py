"""Opens OLE containers, the files of older office programs: their streams, and what they state."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from struct import Struct, error, iter_unpack
from typing import Any, BinaryIO

import olefile

from ..errors import Damaged, TooLarge
from .code_pages import codec_of_page

MAGIC = olefile.MAGIC
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
            return summary(self.read(_SUMMARY))
        except Damaged:
            return {}


def _folded(path: tuple[str, ...]) -> str:
    return "/".join(path).casefold()


def summary(data: bytes) -> dict[str, str]:
    """Return what a set of properties states, as far as it is sound.

    olefile reads such sets too, but counts up to four billion properties in a damaged one.
    """
    found: dict[str, str] = {}
    codec = "cp1252"
    with suppress(error, OverflowError):  # a place outside the data, or a time after the last
        (start,) = _LONG(data, _SECTION_AT)
        (count,) = _LONG(data, start + 4)
        pairs = data[start + 8 : start + 8 + 8 * min(count, _MOST_PROPERTIES)]
        for number, place in sorted(iter_unpack("<II", pairs[: len(pairs) // 8 * 8])):
            (kind,) = _LONG(data, start + place)
            at = start + place + 4
            if number == _CODE_PAGE and kind == _SHORT:
                codec = codec_of_page(_LONG(data, at)[0] & 0xFFFF) or codec
            elif number in _STATED and kind in (_BYTES, _WIDE):
                found[_STATED[number]] = _text(data, at, codec, is_wide=kind == _WIDE)
            elif number in _DATES and kind == _TIME:
                moment = _EPOCH + timedelta(microseconds=_LONG_LONG(data, at)[0] // 10)
                found[_DATES[number]] = moment.date().isoformat()
    return found


def _text(data: bytes, at: int, codec: str, *, is_wide: bool) -> str:
    (length,) = _LONG(data, at)
    size = min(_MOST_TEXT, 2 * length if is_wide else length)
    codec = "utf-16-le" if is_wide else codec
    return data[at + 4 : at + 4 + size].decode(codec, "ignore").partition("\0")[0]
