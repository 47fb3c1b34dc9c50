"""Formats repeated measurements with their spread."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence

from .process import Run

Measured = Callable[[], Run]


def alternate(first: Measured, second: Measured, repetitions: int) -> tuple[list[Run], list[Run]]:
    """Run two commands in turn, so that the load of the machine affects both."""
    pairs = [(first(), second()) for _ in range(repetitions)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def seconds(runs: Sequence[Run]) -> str:
    """Return the median and the range of the wall seconds."""
    return spread([run.seconds for run in runs])


def ratio(runs: Sequence[Run], others: Sequence[Run]) -> str:
    """Return the ratios of the seconds of paired runs, as `spread` does."""
    pairs = zip(runs, others, strict=True)
    return spread([run.seconds / other.seconds for run, other in pairs])


def spread(values: Sequence[float]) -> str:
    """Return the median, the minimum and the maximum."""
    middle = statistics.median(values)
    return f"{_short(middle)} ({_short(min(values))}–{_short(max(values))})"


def peak(runs: Sequence[Run]) -> str:
    """Return the highest peak of resident memory of the runs, in MB."""
    return f"{max(run.peak_bytes for run in runs) / 1e6:.0f}"


def milliseconds(values: Sequence[float]) -> tuple[str, str]:
    """Return the median and the 95th percentile of seconds, in milliseconds."""
    ordered = sorted(values)
    high = ordered[math.ceil(0.95 * len(ordered)) - 1]
    return f"{1000 * statistics.median(ordered):.2f}", f"{1000 * high:.2f}"


def _short(value: float) -> str:
    """Return three significant digits, without an exponent."""
    return f"{value:.{max(0, 2 - math.floor(math.log10(value)))}f}" if value > 0 else "0"
