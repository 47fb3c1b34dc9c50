"""Which lines of a document and of its translation belong together.

Gale and Church's dynamic programme (1993), over many documents at once and within a band, so that
its cost grows with the number of lines. Length decides, and what needs no dictionary: lines that
are equal, numbers and Latin words that both lines have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ...arrays.array_types import Int64s
from ...arrays.ragged import places_of
from .alignment_costs import VARIANCE, Tables
from .line_features import Lines, length

# Lines of a text that is not in step behind this are left out: each takes a step of its own.
MOST_LINES = 8_000
# How far an alignment may stray from the straight way through its table, in lines; the cells of
# one table, which keep long ones narrow.
_NARROW, _WIDE = 6, 192
_MOST_OF_TABLE = 100_000
# Cells of one batch: a byte of the way back for each.
_MOST_CELLS = 1 << 24
# And those of one diagonal of its tables, of which some numbers each are in memory.
_MOST_ACROSS = 1 << 18
# A text with so many times the lines of the other is not looked at.
_MOST_TIMES, _SPARE = 3, 12

# A cost that few translations have for their lengths, and the share of lines that may have more.
_UNLIKELY = 2.0
_MOST_UNLIKELY = 0.03


@dataclass(frozen=True, slots=True)
class Beads:
    """Runs of lines that belong together, in the order of the documents and of their lines.

    A run is `korean_sizes[i]` lines of the Korean text from line `korean[i]`, counted from 0, and
    likewise in English. A line that has no counterpart is in none.
    """

    document: Int64s
    korean: Int64s
    korean_sizes: Int64s
    english: Int64s
    english_sizes: Int64s


def align(documents: Sequence[tuple[Lines, Lines]]) -> Beads:
    """Return the runs of lines that belong together in each pair of a Korean and English text."""
    straight = [_is_straight(*pair) for pair in documents]
    found = [_side_by_side(documents, straight)]
    pairs = [
        (korean[:MOST_LINES], english[:MOST_LINES])
        if not known and _may_align(len(korean), len(english))
        else ((), ())
        for (korean, english), known in zip(documents, straight, strict=True)
    ]
    for batch, width in _batches(pairs):
        beads = Tables([pairs[number] for number in batch], width).beads()
        beads[:, 0] = np.array(batch, np.int64)[beads[:, 0]]
        found.append(beads)
    rows = np.concatenate(found)
    rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    return Beads(*(np.ascontiguousarray(column) for column in rows.T))


def _may_align(korean: int, english: int) -> bool:
    return max(korean, english) <= _MOST_TIMES * min(korean, english) + _SPARE


def _is_straight(korean: Lines, english: Lines) -> bool:
    """Tell whether line by line two texts have the lengths of translations.

    Texts kept in step by a tool do; one line too many puts a third of those behind it out.
    """
    if len(korean) != len(english):
        return False
    unlikely = 0
    for line, translated in zip(korean, english, strict=True):
        if line != translated:
            one, other = length(line), length(translated)
            unlikely += (one - other) ** 2 > _UNLIKELY * VARIANCE * (one + other + 2)
    return unlikely <= _MOST_UNLIKELY * len(korean)


def _side_by_side(pairs: Sequence[tuple[Lines, Lines]], straight: Sequence[bool]) -> Int64s:
    """Return a row for each line of the texts that are straight."""
    sizes = np.array(
        [len(korean) * known for (korean, _), known in zip(pairs, straight, strict=True)], np.int64
    )
    document = np.repeat(np.arange(len(pairs)), sizes)
    line = places_of(np.zeros_like(sizes), sizes)
    one = np.ones_like(line)
    return np.stack([document, line, one, line, one], axis=1)


def _batches(pairs: Sequence[tuple[Lines, Lines]]) -> Iterator[tuple[list[int], int]]:
    """Yield the numbers of documents for one batch, the shorter first, and its half width."""
    sizes = [
        (_half_width(len(korean), len(english)), len(korean) + len(english))
        for korean, english in pairs
    ]
    filled = [number for number, (korean, english) in enumerate(pairs) if korean and english]
    batch: list[int] = []
    for number in sorted(filled, key=lambda number: sizes[number]):
        width, lines = sizes[number]
        across = (len(batch) + 1) * (2 * width + 1)
        full = across > _MOST_ACROSS or across * (lines + 1) > _MOST_CELLS
        if batch and (full or sizes[batch[0]][0] != width):
            yield batch, sizes[batch[0]][0]
            batch = []
        batch.append(number)
    if batch:
        yield batch, sizes[batch[0]][0]


def _half_width(korean: int, english: int) -> int:
    """Return one of a few widths, so that many documents share it."""
    width = _NARROW
    most = min(_WIDE, _MOST_OF_TABLE // (2 * max(korean + english, 1)))
    while width < min(abs(korean - english) + _NARROW, most):
        width *= 2
    return width
