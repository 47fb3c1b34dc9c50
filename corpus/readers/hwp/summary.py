"""Reads the summary of an HWP 5 file: a set of properties as older Windows programs have it.

olefile reads such sets too, but counts up to four billion properties in a damaged one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from struct import Struct, error, iter_unpack

from .properties import Properties, in_korea

_LONG = Struct("<I").unpack_from
_LONG_LONG = Struct("<Q").unpack_from
_SECTION_AT = 44  # where the place of the only section stands
_MOST = 100  # properties; Hangul writes some 15
_STRING, _TIME = 31, 64  # types of properties
_TITLE, _AUTHOR, _KEYWORDS, _SAVED = 2, 4, 5, 13
_EPOCH = datetime(1601, 1, 1)


def read_summary(data: bytes) -> Properties:
    """Return the properties in a summary, as far as they are sound."""
    strings, moments = {}, {}
    try:
        (start,) = _LONG(data, _SECTION_AT)
        (count,) = _LONG(data, start + 4)
        pairs = data[start + 8 : start + 8 + 8 * min(count, _MOST)]
        for number, place in iter_unpack("<II", pairs[: len(pairs) // 8 * 8]):
            (kind,) = _LONG(data, start + place)
            if kind == _STRING:
                (length,) = _LONG(data, start + place + 4)
                text = data[start + place + 8 :][: 2 * length].decode("utf-16-le", "ignore")
                strings[number] = text.partition("\0")[0]
            elif kind == _TIME:
                (ticks,) = _LONG_LONG(data, start + place + 4)
                moments[number] = _EPOCH + timedelta(microseconds=ticks // 10)
    except (error, OverflowError):  # a place outside the data, or a time after the last
        pass
    title, author, keywords = (strings.get(number, "") for number in (_TITLE, _AUTHOR, _KEYWORDS))
    saved = moments.get(_SAVED)
    return Properties(title, author, keywords, in_korea(saved) if saved else "")
