"""Formats rows with aligned columns."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from .terminal import display_width


def table(rows: Sequence[tuple[str, ...]], *, right: Collection[int] = ()) -> Iterator[str]:
    """Yield rows with aligned columns; the columns `right` are aligned to the right."""
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        columns = []
        for position, (text, width) in enumerate(zip(row, widths, strict=True)):
            gap = " " * (width - display_width(text))
            columns.append(gap + text if position in right else text + gap)
        yield "  ".join(columns).rstrip()
