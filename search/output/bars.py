"""Bars of blocks, for plots in a terminal."""

from __future__ import annotations

_FULL = "█"
# From none to seven eighths of a column.
_EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")


def bar(value: float, *, largest: float, width: int) -> str:
    """Return a bar for a value, in eighths of a column; that of the `largest` is `width` wide.

    A value above 0 has at least an eighth.
    """
    if value <= 0 or largest <= 0:
        return ""
    eighths = max(1, round(min(value / largest, 1.0) * width * len(_EIGHTHS)))
    whole, rest = divmod(eighths, len(_EIGHTHS))
    return _FULL * whole + _EIGHTHS[rest]
