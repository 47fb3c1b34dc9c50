"""Aligns the lines of documents with those of their translations (Gale and Church 1993).

The dynamic programme runs over many documents at once and within a band, so that its cost grows
with the number of lines. Costs come from lengths, and from what needs no dictionary: equal lines,
and numbers and Latin words that both lines have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ...arrays.array_types import Int64s
from ...arrays.ragged import range_indices
from .alignment_costs import LENGTH_VARIANCE, CostTables
from .line_features import Lines, length

# Lines of a text; those behind are left out, as each takes a step of the programme.
MAX_LINES = 8_000
# Half the width of the band around the diagonal of a table, in lines, at least and at most; and
# the cells of a table, which keep the bands of long ones narrow.
_MIN_HALF_WIDTH, _MAX_HALF_WIDTH = 6, 192
_MAX_TABLE_CELLS = 100_000
# Cells of a batch, each with a backpointer of one byte; and cells of one diagonal of its tables,
# for which some numbers each are in memory.
_MAX_CELLS = 1 << 24
_MAX_DIAGONAL_CELLS = 1 << 18
# Texts are aligned if the longer has at most this many times the lines of the shorter, and more.
_MAX_RATIO, _EXTRA_LINES = 3, 12

# A length cost that few translations have, and the share of lines that may have more.
_UNLIKELY_COST = 2.0
_MAX_UNLIKELY_SHARE = 0.03


def align(documents: Sequence[tuple[Lines, Lines]]) -> Int64s:
    """Return the beads of pairs of a Korean and an English text, in order.

    A bead is a group of lines that translate each other. It is a row of five numbers: the index of
    the document, the first of its Korean lines, counted from 0, and how many they are, and the same
    in English. A line without a counterpart is in no bead.
    """
    is_parallel = [_is_parallel(*pair) for pair in documents]
    found = [_one_to_one(documents, is_parallel)]
    pairs = [
        (korean[:MAX_LINES], english[:MAX_LINES])
        if not is_done and _may_align(len(korean), len(english))
        else ((), ())
        for (korean, english), is_done in zip(documents, is_parallel, strict=True)
    ]
    for batch, half_width in _batches(pairs):
        beads = CostTables([pairs[number] for number in batch], half_width).beads()
        beads[:, 0] = np.array(batch, np.int64)[beads[:, 0]]
        found.append(beads)
    rows = np.concatenate(found)
    return rows[np.lexsort((rows[:, 1], rows[:, 0]))]


def _may_align(korean: int, english: int) -> bool:
    return max(korean, english) <= _MAX_RATIO * min(korean, english) + _EXTRA_LINES


def _is_parallel(korean: Lines, english: Lines) -> bool:
    """Return whether two texts line by line have the lengths of translations.

    Texts kept parallel by a tool do; one extra line makes a third of the lines behind it unlikely.
    """
    if len(korean) != len(english):
        return False
    unlikely = 0
    for line, translated in zip(korean, english, strict=True):
        if line != translated:
            one, other = length(line), length(translated)
            unlikely += (one - other) ** 2 > _UNLIKELY_COST * LENGTH_VARIANCE * (one + other + 2)
    return unlikely <= _MAX_UNLIKELY_SHARE * len(korean)


def _one_to_one(pairs: Sequence[tuple[Lines, Lines]], is_parallel: Sequence[bool]) -> Int64s:
    """Return a bead for each line of the parallel texts."""
    sizes = np.array(
        [len(korean) * flag for (korean, _), flag in zip(pairs, is_parallel, strict=True)], np.int64
    )
    document = np.repeat(np.arange(len(pairs)), sizes)
    line = range_indices(np.zeros_like(sizes), sizes)
    one = np.ones_like(line)
    return np.stack([document, line, one, line, one], axis=1)


def _batches(pairs: Sequence[tuple[Lines, Lines]]) -> Iterator[tuple[list[int], int]]:
    """Yield the numbers of the documents of each batch, shortest first, and its half width."""
    sizes = [
        (_half_width(len(korean), len(english)), len(korean) + len(english))
        for korean, english in pairs
    ]
    filled = [number for number, (korean, english) in enumerate(pairs) if korean and english]
    batch: list[int] = []
    for number in sorted(filled, key=lambda number: sizes[number]):
        half_width, lines = sizes[number]
        cells = (len(batch) + 1) * (2 * half_width + 1)
        is_full = cells > _MAX_DIAGONAL_CELLS or cells * (lines + 1) > _MAX_CELLS
        if batch and (is_full or sizes[batch[0]][0] != half_width):
            yield batch, sizes[batch[0]][0]
            batch = []
        batch.append(number)
    if batch:
        yield batch, sizes[batch[0]][0]


def _half_width(korean: int, english: int) -> int:
    """Return the half width of a band: `_MIN_HALF_WIDTH` doubled, so that documents share it."""
    half_width = _MIN_HALF_WIDTH
    most = min(_MAX_HALF_WIDTH, _MAX_TABLE_CELLS // (2 * max(korean + english, 1)))
    while half_width < min(abs(korean - english) + _MIN_HALF_WIDTH, most):
        half_width *= 2
    return half_width
