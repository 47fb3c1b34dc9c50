"""Formats hits as a table for a spreadsheet, CSV or TSV: a header, then one line a hit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from corpus.names import readable

from ..results import Hit
from .delimited import delimited_lines

COLUMNS = (
    *("rank", "score", "title", "heading", "path", "line", "unit", "label"),
    *("date", "modified", "language", "document", "text"),
)


def csv_lines(
    hits: Iterable[Hit], shown: Callable[[str], str] = readable, *, tabs: bool = False
) -> Iterator[str]:
    """Yield a header and a line for each hit; `shown` formats a path of the index.

    Cells are parted by commas, or by `tabs`; none is a formula or has the end of a line.
    """
    return delimited_lines(_rows(hits, shown), tabs=tabs)


def _rows(hits: Iterable[Hit], shown: Callable[[str], str]) -> Iterator[Sequence[str]]:
    yield COLUMNS
    for hit in hits:
        values = {name: getattr(hit, name) for name in COLUMNS}
        yield [*map(_cell, (values | {"path": shown(hit.path)}).values())]


def _cell(value: object) -> str:
    return f"{value:.9g}" if isinstance(value, float) else str(value)
