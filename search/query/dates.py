"""Dates in their usual spellings: 2024년 11월 15일, 2024.11.15., 2024-11-15, Nov. 15, 2024."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from functools import cache

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_NAME = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in MONTHS)
_DATE = rf"""
    (?P<year>\d{{4}}) (?: \s*년 (?:\s*(?P<month>\d{{1,2}})월 (?:\s*(?P<day>\d{{1,2}})일)?)?
                        | (?P<sign>[-./]) \s? (?P<month2>\d{{1,2}})
                          (?: (?P=sign) \s? (?P<day2>\d{{1,2}}) )? \.?)
    | (?P<name>{_NAME}) [.]? \s+ (?:(?P<day3>\d{{1,2}}) (?:st|nd|rd|th)? ,? \s+)? (?P<year3>\d{{4}})
    | (?P<day4>\d{{1,2}}) \s+ (?P<name4>{_NAME}) [.]? ,? \s+ (?P<year4>\d{{4}})
"""
_LAST_MONTH, _LAST_DAY = 12, 31
# Times of files are in these years.
_FIRST_YEAR, _LAST_YEAR = 1970, 2400
_NEVER = 1 << 62


def iso_date(text: str) -> str:
    """Return a date, month or year in ISO form, as 2024-11-05, or "" for any other text."""
    match = _date().fullmatch(text.strip())
    if match is None:
        return ""
    groups = match.groupdict()
    year, day = (_first(groups, kind) for kind in ("year", "day"))
    name = _first(groups, "name").capitalize()[:3]
    month = str(_number(name)) if name else _first(groups, "month")
    if not month:
        return year
    if not 1 <= int(month) <= _LAST_MONTH or not 1 <= int(day or 1) <= _LAST_DAY:
        return ""
    return f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")


def day_start(date: int) -> int:
    """Return when a day (yyyymmdd) begins here, in seconds since 1970."""
    year, day = divmod(date, 10_000)
    return _local_time(year, *divmod(day, 100))


def day_end(date: int) -> int:
    """Return when the day after one (yyyymmdd) begins here, after that of any month for a 31st."""
    year, day = divmod(date, 10_000)
    month, day = divmod(day, 100)
    return (
        _local_time(year, month + 1, 1) if day >= _LAST_DAY else _local_time(year, month, day + 1)
    )


def _local_time(year: int, month: int, day: int) -> int:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return 0 if year < _FIRST_YEAR else _NEVER
    return int(time.mktime((year, month, day, 0, 0, 0, 0, 0, -1)))


def spellings(text: str) -> list[str]:
    """Return the other spellings of a text that is a date or month; none for others."""
    if not any(map(str.isdigit, text)):
        return []
    year, *rest = iso_date(text).split("-")
    return list(dict.fromkeys(_spellings(year, *map(int, rest)))) if rest else []


def _spellings(year: str, month: int, day: int = 0) -> Iterator[str]:
    name = MONTHS[month - 1]
    yield f"{year}년 {month}월" + (f" {day}일" if day else "")
    for sign in "-.":
        yield sign.join([year, str(month), *([str(day)] if day else [])])
        yield sign.join([year, f"{month:02}", *([f"{day:02}"] if day else [])])
    for written in (name, name[:3]):
        yield " ".join([written, *([str(day)] if day else []), year])
        if day:
            yield f"{day} {written} {year}"


def _number(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name))


def _first(groups: dict[str, str | None], kind: str) -> str:
    return next((value for name, value in groups.items() if value and name.startswith(kind)), "")


@cache
def _date() -> re.Pattern[str]:
    return re.compile(_DATE, re.VERBOSE | re.IGNORECASE)  # few queries have a date
