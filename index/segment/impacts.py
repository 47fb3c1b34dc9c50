"""What a posting is worth, in one byte: how often the term stands there, and how long the text is.

The byte takes the place of the frequency in a posting list. It names a cell: one frequency and a
narrow class of lengths. Cells are numbered by what BM25 gives them, so that "worth at least so
much" is a comparison of bytes, some nanoseconds for a hundred postings, and a bound on the score
needs no look at the lengths. A cell has one frequency only, so nothing is lost.

The order of the cells is that of BM25 at one average length. It bounds scores at any other and
for any parameters: only the table of bounds is made anew, and prunes a little less.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from ..arrays.array_types import AnyArray, UInt8s

# The cell of all frequencies that have none of their own: a list of exceptions has them.
MANY = 255
# How many classes of length each frequency has, from 1 on. Four of five postings have 1: there
# a class is some 3 % wide. Together they are at most MANY.
_CLASSES = (108, 52, 24, 14, 10, 8, 6, 6, 5, 5, 4, 3, 3, 3, 2, 2)
# Longer texts are counted with this length, which bounds their scores from above.
_LONGEST = 1023
# BM25 orders cells by frequency / (length + average * (1 - b) / b); with b = 0.75, and an average
# of 60, that adds 20 to the length.
_FLAT_LENGTH = 20


def _class_starts(count: int) -> list[int]:
    """Return where `count` classes of length begin, at most: shares alike, from 0 on."""
    edges = np.geomspace(_FLAT_LENGTH, _FLAT_LENGTH + _LONGEST, count, endpoint=False)
    return sorted({int(edge) for edge in np.rint(edges - _FLAT_LENGTH)})


def _ordered_cells() -> list[tuple[int, int]]:
    """Return frequency and least length of each cell, the least worth first."""
    cells = [
        (frequency, length)
        for frequency, count in enumerate(_CLASSES, 1)
        for length in _class_starts(count)
    ]
    return sorted(cells, key=lambda cell: cell[0] / (cell[1] + _FLAT_LENGTH))


_CELLS = _ordered_cells()
# By impact: the frequency, 0 for MANY, and the least length of the cell.
FREQUENCIES = np.array([frequency for frequency, _ in _CELLS], dtype=np.uint8)
FREQUENCIES = np.append(FREQUENCIES, np.zeros(256 - len(_CELLS), dtype=np.uint8))
LEAST_LENGTHS = np.array([length for _, length in _CELLS], dtype=np.int64)
LEAST_LENGTHS = np.append(LEAST_LENGTHS, np.zeros(256 - len(_CELLS), dtype=np.int64))


@cache
def _numbering() -> UInt8s:
    """Return the cell of each frequency (row) and length (column); MANY below the last row.

    Only who writes asks for it.
    """
    table = np.full((len(_CLASSES) + 2, _LONGEST + 1), MANY, dtype=np.uint8)
    for number, (frequency, start) in sorted(enumerate(_CELLS), key=lambda pair: pair[1]):
        table[frequency, start:] = number
    return table


def impacts_of(frequencies: AnyArray, lengths: AnyArray) -> UInt8s:
    """Return the impact of each posting, from how often (from 1) and in how long a text it stands.

    Where it is MANY, the frequency must be kept elsewhere.
    """
    rows = np.minimum(frequencies.astype(np.intp), len(_CLASSES) + 1)
    columns = np.minimum(lengths.astype(np.intp), _LONGEST)
    found: UInt8s = _numbering().ravel().take(rows * (_LONGEST + 1) + columns)
    return found
