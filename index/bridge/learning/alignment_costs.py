"""Cost tables of the alignment: the beads of the path with the least cost.

Cell (i, j) of a table is the cost of the first i Korean and j English lines; diagonal d has the
cells with i + j = d. The cost of a bead depends on no other cell and is computed for many diagonals
at once, so that a diagonal of all tables takes three calls of numpy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ...arrays.array_types import Float32s, Int8s, Int64s
from .line_features import LineFeatures, Lines, features

# Korean and English lines of each kind of bead, and the prior cost of the kind: about the negative
# logarithm of its share of all beads.
_BEADS = ((1, 1), (1, 0), (0, 1), (2, 1), (1, 2))
_PRIORS = (0.1, 5.0, 5.0, 3.0, 3.0)
_STEPS = np.array(_BEADS).T
_MAX_STEP = 3
# The variance of a difference in length, for each unit of length, and the most it may cost.
LENGTH_VARIANCE = 12.0
_MAX_LENGTH_COST = 10.0
_EQUAL_COST = -8.0
# For each word that both lines have, and that only one has, up to a number of words.
_SHARED_COST, _MAX_SHARED = -1.5, 4.0
_UNSHARED_COST, _MAX_UNSHARED = 0.5, 8.0
_INFINITE_COST = 1e30
# Cells whose costs are computed together: more do not stay in the cache of a processor.
_BLOCK_CELLS = 1 << 15


class CostTables:
    """The tables of some documents, the shorter first, filled together.

    Each diagonal has only the cells within `half_width` of the straight path through the table.
    """

    def __init__(self, pairs: Sequence[tuple[Lines, Lines]], half_width: int) -> None:
        self._korean, self._english = features(pairs)
        self._half_width = half_width
        self._columns = np.arange(2 * half_width + 1)
        self._lengths = self._korean.sizes + self._english.sizes

    def beads(self) -> Int64s:
        """Return the beads of all documents, as `align` does, in no order."""
        return self._backtrace(self._fill())

    def _first_lines(self, diagonals: Int64s, documents: Int64s | slice) -> Int64s:
        """Return the number of Korean lines of the first cell in the band of each diagonal."""
        korean, both = self._korean.sizes[documents], self._lengths[documents]
        first: Int64s = (2 * diagonals * korean + both) // (2 * both) - self._half_width
        return first

    def _fill(self) -> Int8s:
        """Return the backpointers: the kind of the best bead that ends at each cell."""
        documents, width = len(self._lengths), len(self._columns)
        backpointers = np.zeros((int(self._lengths[-1]) + 1, documents, width), np.int8)
        # A ring of the last diagonals, padded with unreachable cells at both ends.
        padded = (_MAX_STEP + 1, documents, width + 2 * _MAX_STEP)
        costs = np.full(padded, _INFINITE_COST, np.float32)
        costs[0, :, _MAX_STEP + self._half_width] = 0.0
        flat, inner = costs.reshape(-1), costs[:, :, _MAX_STEP:-_MAX_STEP]
        for diagonals, active in self._blocks():
            totals = self._bead_costs(diagonals, active)
            sources = self._sources(diagonals, active, costs)
            for row, diagonal in enumerate(diagonals.tolist()):
                totals[row] += flat.take(sources[row])
                totals[row].min(axis=0, out=inner[diagonal % len(costs), active])
            backpointers[diagonals, active] = totals.argmin(axis=1)
        return backpointers

    def _blocks(self) -> Iterator[tuple[Int64s, slice]]:
        """Yield all diagonals but the first, in blocks, with the tables that have them."""
        longest = int(self._lengths[-1])
        start = 1
        while start <= longest:
            ended = int(np.searchsorted(self._lengths, start))
            cells = (len(self._lengths) - ended) * len(self._columns)
            end = min(start + max(_BLOCK_CELLS // cells, 1), longest + 1)
            yield np.arange(start, end), slice(ended, None)
            start = end

    def _sources(self, diagonals: Int64s, active: slice, costs: Float32s) -> Int64s:
        """Return the flat index in `costs` of the cell before each bead of `_bead_costs`."""
        _, documents, width = costs.shape
        start = int(diagonals[0]) - _MAX_STEP
        first = self._first_lines(np.arange(start, int(diagonals[-1]) + 1)[:, None], active)
        current = first[_MAX_STEP:]
        rows = np.arange(documents)[active] * width + _MAX_STEP
        sources = np.empty((len(diagonals), len(_BEADS), current.shape[1]), np.int64)
        for bead, (korean, english) in enumerate(_BEADS):
            back = korean + english
            shift = current - first[_MAX_STEP - back : len(first) - back] - korean
            slots = (diagonals - back) % len(costs)
            sources[:, bead] = slots[:, None] * (documents * width) + rows + shift
        return sources[..., None] + self._columns

    def _bead_costs(self, diagonals: Int64s, active: slice) -> Float32s:
        """Return the cost of a bead that ends at a cell, by diagonal, kind, document, column."""
        diagonal = diagonals[:, None, None]
        korean = self._first_lines(diagonals[:, None], active)[..., None] + self._columns
        ours = self._korean.at(active, korean - 1)
        theirs = self._english.at(active, diagonal - korean - 1)
        costs = np.empty((len(diagonals), len(_BEADS), *korean.shape[1:]), np.float32)
        costs[:] = np.array(_PRIORS, np.float32)[:, None, None]
        # The beads with lines of both languages, by their indexes in `_BEADS`.
        costs[:, 0] += _match_cost(ours.one, theirs.one)
        costs[:, 3] += _match_cost(ours.two, theirs.one)
        costs[:, 4] += _match_cost(ours.one, theirs.two)
        outside = (korean < 0) | (korean > diagonal)
        np.copyto(costs, _INFINITE_COST, where=outside[:, None])
        return costs

    def _backtrace(self, backpointers: Int8s) -> Int64s:
        """Follow the backpointers of all tables at once, from the last cell to the first."""
        document = np.arange(len(self._lengths))
        korean, english = self._korean.sizes, self._english.sizes
        found = []
        while len(document):
            diagonal = korean + english
            column = korean - self._first_lines(diagonal, document)
            beads = backpointers[diagonal, document, column]
            korean, english = korean - _STEPS[0].take(beads), english - _STEPS[1].take(beads)
            found.append((document, korean, english, beads))
            more = korean + english > 0
            if not more.all():
                document, korean, english = document[more], korean[more], english[more]
        document, korean, english, beads = map(np.concatenate, zip(*found, strict=True))
        rows = np.stack([document, korean, _STEPS[0][beads], english, _STEPS[1][beads]], axis=1)
        return rows[(rows[:, 2] > 0) & (rows[:, 4] > 0)]


def _match_cost(korean: LineFeatures, english: LineFeatures) -> Float32s:
    """Return the cost of taking Korean and English lines for translations of each other."""
    gap = korean.lengths - english.lengths
    cost: Float32s = gap * gap / (LENGTH_VARIANCE * (korean.lengths + english.lengths + 2.0))
    np.minimum(cost, _MAX_LENGTH_COST, out=cost)
    shared = korean.shared(english)
    unshared = korean.words + english.words - 2.0 * shared
    cost += _SHARED_COST * np.minimum(shared, _MAX_SHARED)
    cost += _UNSHARED_COST * np.minimum(unshared, _MAX_UNSHARED)
    cost[korean.texts == english.texts] = _EQUAL_COST
    return cost
