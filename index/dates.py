"""Dates as numbers that compare: 14 November 2024 is 20241114."""

from __future__ import annotations

import re

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def span_of(date: str) -> tuple[int, int]:
    """Return the first and last day that an ISO date to the day, month or year spans, or 0, 0."""
    match = _DATE.match(date)
    if match is None:
        return 0, 0
    year, month, day = (int(part) if part else 0 for part in match.groups())
    first = year * 10_000 + (month or 1) * 100 + (day or 1)
    return first, year * 10_000 + (month or 12) * 100 + (day or 31)
