"""Writes the values of cells as a person reads them: dates, times, shares, numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

DATE, TIME, ELAPSED, SHARE, NUMBER = "date", "time", "elapsed", "share", "number"

# Those that have no code in the file, some of them in Korean editions only.
_KINDS = {
    **dict.fromkeys((*range(14, 18), 22, *range(27, 32), *range(34, 37), *range(50, 59)), DATE),
    **dict.fromkeys((*range(18, 22), 32, 33, 45, 47), TIME),
    **dict.fromkeys((46,), ELAPSED),
    **dict.fromkeys((9, 10), SHARE),
}

# What a code shows as it is, and its conditions and colours; [h] and the like count time.
_LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
_GENERAL = re.compile(r"general|standard|@", re.IGNORECASE)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")

_FIRST_DAY = datetime(1899, 12, 30)
_FIRST_DAY_1904 = datetime(1904, 1, 1)
_MOST_DAYS = 2_958_465  # the end of the year 9999
_LEAP_DAY = 60  # Excel has a 29 February 1900


def kind_of_format(number: int, code: str | None) -> str:
    """Return what the values of a format are: one of the kinds above."""
    if code is None:
        return _KINDS.get(number, NUMBER)
    bare = _GENERAL.sub("", _LITERAL.sub("", code)).partition(";")[0].casefold()
    if "y" in bare or "d" in bare or ("m" in bare and not set("hs") & set(bare)):
        return DATE
    if set("hs") & set(bare):
        return ELAPSED if "[" in bare else TIME
    return SHARE if "%" in bare else NUMBER


def number_text(value: str, kind: str, *, is_1904: bool) -> str:
    """Return a stored number as text of a kind."""
    try:
        number = float(value)
    except ValueError:
        return value
    if kind == SHARE:
        return f"{number * 100:.10g}%"
    if kind in (DATE, TIME, ELAPSED) and 0 <= number <= _MOST_DAYS:
        return _moment(number, kind, is_1904=is_1904)
    return value if value.lstrip("-").isdecimal() else f"{number:.15g}"


def _moment(days: float, kind: str, *, is_1904: bool) -> str:
    seconds = round(days * 86400)
    if kind == ELAPSED or seconds < 86400:
        minutes, rest = divmod(seconds, 60)
        return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")
    if not is_1904 and days < _LEAP_DAY:
        seconds += 86400
    moment = (_FIRST_DAY_1904 if is_1904 else _FIRST_DAY) + timedelta(seconds=seconds)
    return iso_text(moment.isoformat(" "))


def iso_text(value: str) -> str:
    """Return a date in ISO 8601 without a time that only says midnight."""
    return value.replace("T", " ").removesuffix("Z").removesuffix(" 00:00:00")


def unescaped(text: str) -> str:
    """Return a text of a sheet with its escaped characters as they are."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if character.isprintable() else " "


def kinds_of_cells(codes: Mapping[int, str], formats: list[int]) -> list[str]:
    """Return the kinds of values by the formats of cells, whose codes are given by number."""
    return [kind_of_format(number, codes.get(number)) for number in formats]
