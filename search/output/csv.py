"""Formats hits as CSV or TSV: a header, then one line a hit, for a spreadsheet.

Whatever comes from a document goes through `printable`, so that a hit is one line.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from io import StringIO

from corpus.names import readable

from ..results import Hit
from .terminal import printable

COLUMNS = (
    *("rank", "score", "title", "heading", "path", "line", "unit", "label"),
    *("date", "modified", "language", "document", "text"),
)
# What a spreadsheet takes for a formula, in full width too. Excel runs some of them.
_FORMULA_SIGNS = tuple("=+-@＝＋－＠")
_AS_TEXT = "'"


def csv_lines(hits: Iterable[Hit], shown: Callable[[str], str] = readable) -> Iterator[str]:
    """Yield a header and a line for each hit; `shown` formats a path of the index."""
    for row in _rows(hits, shown):
        line = StringIO()
        csv.writer(line, lineterminator="").writerow(row)
        yield line.getvalue()


def tsv_lines(hits: Iterable[Hit], shown: Callable[[str], str] = readable) -> Iterator[str]:
    """Yield the same with tabs between the columns; no cell has any."""
    return ("\t".join(row) for row in _rows(hits, shown))


def _rows(hits: Iterable[Hit], shown: Callable[[str], str]) -> Iterator[list[str]]:
    yield list(COLUMNS)
    for hit in hits:
        values = {name: getattr(hit, name) for name in COLUMNS} | {"path": shown(hit.path)}
        yield [_cell(value) for value in values.values()]


def _cell(value: object) -> str:
    """Return the text of a cell, after an apostrophe if it would be a formula."""
    if not isinstance(value, str):
        return f"{value:.9g}" if isinstance(value, float) else str(value)
    text = " ".join(printable(value).split())
    return _AS_TEXT + text if text.startswith(_FORMULA_SIGNS) else text
