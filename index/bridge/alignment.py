"""Which lines of a document and of its translation belong together.

Gale and Church's dynamic programme (1993), over many documents at once and within a band, so that
its cost grows with the number of lines. Length decides, and what needs no dictionary: lines that
are equal, numbers and Latin words that both lines have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..analysis.rows import Numbers, places_of
from .line_features import Compared, Lines, compared, length

# Lines of a text that is not in step behind this are left out: each takes a step of its own.
MOST_LINES = 8_000
# How far an alignment may stray from the straight way through its table, in lines; the cells of
# one table, which keep long ones narrow.
_NARROW, _WIDE = 6, 192
_MOST_OF_TABLE = 100_000
# Cells of one batch: a byte of the way back for each.
_MOST_CELLS = 1 << 24
# A text with so many times the lines of the other is not looked at.
_MOST_TIMES, _SPARE = 3, 12

# Korean and English lines of each kind of bead, and what the kind costs before its lines are
# compared: about the negative logarithm of its share of all beads.
_BEADS = ((1, 1), (1, 0), (0, 1), (2, 1), (1, 2))
_PRIORS = (0.1, 5.0, 5.0, 3.0, 3.0)
_STEPS = np.array(_BEADS)
_LONGEST_STEP = 3
# The variance of a difference in length, for each unit of length, and the most it may cost.
_VARIANCE = 12.0
_MOST_FOR_LENGTH = 10.0
_FOR_EQUAL = -8.0
# For each word that both have and that only one has; a few words are as good as many.
_FOR_SHARED, _MOST_SHARED = -1.5, 4.0
_FOR_UNSHARED, _MOST_UNSHARED = 0.5, 8.0
_FAR = 1e30
# A cost that few translations have for their lengths, and the share of lines that may have more.
_UNLIKELY = 2.0
_MOST_UNLIKELY = 0.03

Costs = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Beads:
    """Runs of lines that belong together, in the order of the documents and of their lines.

    A run is `korean_sizes[i]` lines of the Korean text from line `korean[i]`, counted from 0, and
    likewise in English. A line that has no counterpart is in none.
    """

    document: Numbers
    korean: Numbers
    korean_sizes: Numbers
    english: Numbers
    english_sizes: Numbers


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
        beads = _Tables([pairs[number] for number in batch], width).beads()
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
            unlikely += (one - other) ** 2 > _UNLIKELY * _VARIANCE * (one + other + 2)
    return unlikely <= _MOST_UNLIKELY * len(korean)


def _side_by_side(pairs: Sequence[tuple[Lines, Lines]], straight: Sequence[bool]) -> Numbers:
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
        full = (len(batch) + 1) * (lines + 1) * (2 * width + 1) > _MOST_CELLS
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


class _Tables:
    """The tables of some documents, the shorter first, filled together diagonal by diagonal.

    Cell (i, j) is the cost of the first i Korean and j English lines. Diagonal d has the cells of
    i + j = d, of which those around the straight way through the table are kept: `_firsts` is the
    first i that is.
    """

    def __init__(self, pairs: Sequence[tuple[Lines, Lines]], half_width: int) -> None:
        self._korean, self._english = compared(pairs)
        self._half = half_width
        self._columns = np.arange(2 * half_width + 1)
        self._lengths = self._korean.sizes + self._english.sizes

    def beads(self) -> Numbers:
        """Return a row for each run of lines: document of the batch, then starts and sizes."""
        return self._walk_back(self._fill())

    def _firsts(self, diagonals: Numbers | int, rows: Numbers | slice) -> Numbers:
        korean, both = self._korean.sizes[rows], self._lengths[rows]
        firsts: Numbers = (2 * diagonals * korean + both) // (2 * both) - self._half
        return firsts

    def _fill(self) -> NDArray[np.int8]:
        """Return the kind of bead that each cell is reached by best."""
        longest, width = int(self._lengths[-1]), len(self._columns)
        ways = np.zeros((longest + 1, len(self._lengths), width), np.int8)
        # The last diagonals in turn, with cells at both ends that nothing is reached from.
        padded = (len(self._lengths), width + 2 * _LONGEST_STEP)
        costs = [np.full(padded, _FAR, np.float32) for _ in range(_LONGEST_STEP + 1)]
        costs[0][:, _LONGEST_STEP + self._half] = 0.0
        for diagonal in range(1, longest + 1):
            active = slice(int(np.searchsorted(self._lengths, diagonal)), None)
            now = costs[diagonal % len(costs)]
            best, ways[diagonal, active] = self._step(diagonal, active, costs)
            now[active, _LONGEST_STEP:-_LONGEST_STEP] = best
        return ways

    def _step(
        self, diagonal: int, active: slice, costs: Sequence[Costs]
    ) -> tuple[Costs, NDArray[np.int8]]:
        """Return what each cell of a diagonal costs, and the bead that it is reached by."""
        firsts = self._firsts(diagonal, active)
        korean = firsts[:, None] + self._columns
        beads = self._compare(active, korean, diagonal - korean)
        totals = np.full((len(_BEADS), *korean.shape), _FAR, np.float32)
        for bead, (taken, english_taken) in enumerate(_BEADS):
            back = taken + english_taken
            if back <= diagonal:
                shift = firsts - self._firsts(diagonal - back, active) - taken
                before = costs[(diagonal - back) % len(costs)][active]
                totals[bead] = _shifted(before, shift, self._columns) + beads[bead]
        ways = totals.argmin(axis=0)
        best = np.take_along_axis(totals, ways[None], axis=0)[0]
        best[(korean < 0) | (korean > diagonal)] = _FAR
        return best, ways.astype(np.int8)

    def _compare(self, active: slice, korean: Numbers, english: Numbers) -> list[Costs | float]:
        """Return what a bead of each kind costs that ends before the given lines."""
        last_korean = self._korean.at(active, korean - 1)
        last_english = self._english.at(active, english - 1)
        two_korean = self._korean.at(active, korean - 2).joined(last_korean)
        two_english = self._english.at(active, english - 2).joined(last_english)
        return [
            _PRIORS[0] + _difference(last_korean, last_english),
            _PRIORS[1],
            _PRIORS[2],
            _PRIORS[3] + _difference(two_korean, last_english),
            _PRIORS[4] + _difference(last_korean, two_english),
        ]

    def _walk_back(self, ways: NDArray[np.int8]) -> Numbers:
        """Go from the last cell of every table to its first, through all tables at once."""
        document = np.arange(len(self._lengths))
        korean, english = self._korean.sizes.copy(), self._english.sizes.copy()
        found = []
        while len(document):
            diagonal = korean + english
            column = korean - self._firsts(diagonal, document)
            taken, english_taken = _STEPS[ways[diagonal, document, column]].T
            korean, english = korean - taken, english - english_taken
            rows = np.stack([document, korean, taken, english, english_taken], axis=1)
            found.append(rows[(taken > 0) & (english_taken > 0)])
            more = korean + english > 0
            document, korean, english = document[more], korean[more], english[more]
        return np.concatenate(found)


def _shifted(costs: Costs, shift: Numbers, columns: Numbers) -> Costs:
    """Return the columns of each row, counted from its shift."""
    rows = np.arange(len(costs)) * costs.shape[1] + _LONGEST_STEP
    found: Costs = costs.ravel().take((rows + shift)[:, None] + columns)
    return found


def _difference(korean: Compared, english: Compared) -> Costs:
    """Return what it costs to take two runs of lines for translations of each other."""
    gap = korean.lengths - english.lengths
    cost: Costs = gap * gap / (_VARIANCE * (korean.lengths + english.lengths + 2.0))
    np.minimum(cost, _MOST_FOR_LENGTH, out=cost)
    shared = korean.shared(english)
    unshared = korean.words + english.words - 2.0 * shared
    cost += _FOR_SHARED * np.minimum(shared, _MOST_SHARED)
    cost += _FOR_UNSHARED * np.minimum(unshared, _MOST_UNSHARED)
    cost[korean.texts == english.texts] = _FOR_EQUAL
    return cost
