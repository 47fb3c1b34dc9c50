"""Rows of a table as CSV or TSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from .terminal import printable

# A spreadsheet takes a cell that begins with one of these for a formula, in full width too.
_FORMULA = tuple("=+-@＝＋－＠")


def delimited_lines(rows: Iterable[Sequence[str]], *, tabs: bool = False) -> Iterator[str]:
    """Yield a line for each row, its cells parted by commas, or by `tabs`.

    What could control a terminal is replaced, and no cell is a formula: an apostrophe before what
    looks like one says that it is text. Tabs, in which no cell has any, need no quotes.
    """
    for row in rows:
        cells = [_text(printable(cell)) for cell in row]
        if tabs:
            yield "\t".join(cells)
            continue
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(cells)
        yield line.getvalue()


def _text(cell: str) -> str:
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) else cell
