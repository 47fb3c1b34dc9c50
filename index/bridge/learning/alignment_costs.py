"""The tables of costs that lines are aligned by: the beads of the way that costs least.

Cell (i, j) of a table is the cost of the first i Korean and j English lines, diagonal d has the
cells of i + j = d. What it costs to take lines together depends on no other cell and is computed
for many diagonals at once, so that a diagonal of all tables takes three calls of numpy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ...arrays.array_types import Float32s, Int8s, Int64s
from .line_features import Compared, Lines, compared

# Korean and English lines of each kind of bead, and what the kind costs before its lines are
# compared: about the negative logarithm of its share of all beads.
_BEADS = ((1, 1), (1, 0), (0, 1), (2, 1), (1, 2))
_PRIORS = (0.1, 5.0, 5.0, 3.0, 3.0)
_STEPS = np.array(_BEADS).T
_LONGEST_STEP = 3
# The variance of a difference in length, for each unit of length, and the most it may cost.
VARIANCE = 12.0
_MOST_FOR_LENGTH = 10.0
_FOR_EQUAL = -8.0
# For each word that both have and that only one has; a few words are as good as many.
_FOR_SHARED, _MOST_SHARED = -1.5, 4.0
_FOR_UNSHARED, _MOST_UNSHARED = 0.5, 8.0
_FAR = 1e30
# Cells that are priced together: more do not stay in the cache of a processor.
_AT_ONCE = 1 << 15


class Tables:
    """The tables of some documents, the shorter first, filled together.

    Of a diagonal, only the cells around the straight way through the table are kept, `half_width`
    on either side.
    """

    def __init__(self, pairs: Sequence[tuple[Lines, Lines]], half_width: int) -> None:
        self._korean, self._english = compared(pairs)
        self._half = half_width
        self._columns = np.arange(2 * half_width + 1)
        self._lengths = self._korean.sizes + self._english.sizes

    def beads(self) -> Int64s:
        """Return a row for each run: its document, the first of its Korean lines and how many.

        Then those of its English lines; all are counted from 0.
        """
        return self._walk_back(self._fill())

    def _firsts(self, diagonals: Int64s, rows: Int64s | slice) -> Int64s:
        """Return the number of Korean lines of the first cell that is kept of a diagonal."""
        korean, both = self._korean.sizes[rows], self._lengths[rows]
        firsts: Int64s = (2 * diagonals * korean + both) // (2 * both) - self._half
        return firsts

    def _fill(self) -> Int8s:
        """Return the kind of bead that each cell is reached by best."""
        documents, width = len(self._lengths), len(self._columns)
        ways = np.zeros((int(self._lengths[-1]) + 1, documents, width), np.int8)
        # The last diagonals in turn, with cells at both ends that nothing is reached from.
        padded = (_LONGEST_STEP + 1, documents, width + 2 * _LONGEST_STEP)
        costs = np.full(padded, _FAR, np.float32)
        costs[0, :, _LONGEST_STEP + self._half] = 0.0
        known, inner = costs.reshape(-1), costs[:, :, _LONGEST_STEP:-_LONGEST_STEP]
        for diagonals, active in self._parts():
            # What is reached over a bead of each kind; at first, what the bead costs.
            totals = self._prices(diagonals, active)
            sources = self._sources(diagonals, active, costs)
            for place, diagonal in enumerate(diagonals.tolist()):
                totals[place] += known.take(sources[place])
                totals[place].min(axis=0, out=inner[diagonal % len(costs), active])
            ways[diagonals, active] = totals.argmin(axis=1)
        return ways

    def _parts(self) -> Iterator[tuple[Int64s, slice]]:
        """Yield all diagonals but the first, some at a time, and the tables that they cross."""
        longest = int(self._lengths[-1])
        start = 1
        while start <= longest:
            ended = int(np.searchsorted(self._lengths, start))
            cells = (len(self._lengths) - ended) * len(self._columns)
            end = min(start + max(_AT_ONCE // cells, 1), longest + 1)
            yield np.arange(start, end), slice(ended, None)
            start = end

    def _sources(self, diagonals: Int64s, active: slice, costs: Float32s) -> Int64s:
        """Return where in `costs` each cell is reached from, over a bead of each kind."""
        _, documents, width = costs.shape
        start = int(diagonals[0]) - _LONGEST_STEP
        firsts = self._firsts(np.arange(start, int(diagonals[-1]) + 1)[:, None], active)
        now = firsts[_LONGEST_STEP:]
        rows = np.arange(documents)[active] * width + _LONGEST_STEP
        sources = np.empty((len(diagonals), len(_BEADS), now.shape[1]), np.int64)
        for bead, (taken, english_taken) in enumerate(_BEADS):
            back = taken + english_taken
            shift = now - firsts[_LONGEST_STEP - back : len(firsts) - back] - taken
            turns = (diagonals - back) % len(costs)
            sources[:, bead] = turns[:, None] * (documents * width) + rows + shift
        return sources[..., None] + self._columns

    def _prices(self, diagonals: Int64s, active: slice) -> Float32s:
        """Return what a bead of each kind costs that ends at a cell: diagonal, kind, then cell."""
        diagonal = diagonals[:, None, None]
        korean = self._firsts(diagonals[:, None], active)[..., None] + self._columns
        ours = self._korean.at(active, korean - 1)
        theirs = self._english.at(active, diagonal - korean - 1)
        prices = np.empty((len(diagonals), len(_BEADS), *korean.shape[1:]), np.float32)
        prices[:] = np.array(_PRIORS, np.float32)[:, None, None]
        # The beads with lines of both languages, by their places in `_BEADS`.
        prices[:, 0] += _difference(ours.one, theirs.one)
        prices[:, 3] += _difference(ours.two, theirs.one)
        prices[:, 4] += _difference(ours.one, theirs.two)
        outside = (korean < 0) | (korean > diagonal)
        np.copyto(prices, _FAR, where=outside[:, None])
        return prices

    def _walk_back(self, ways: Int8s) -> Int64s:
        """Go from the last cell of every table to its first, through all tables at once."""
        document = np.arange(len(self._lengths))
        korean, english = self._korean.sizes, self._english.sizes
        found = []
        while len(document):
            diagonal = korean + english
            column = korean - self._firsts(diagonal, document)
            beads = ways[diagonal, document, column]
            korean, english = korean - _STEPS[0].take(beads), english - _STEPS[1].take(beads)
            found.append((document, korean, english, beads))
            more = korean + english > 0
            if not more.all():
                document, korean, english = document[more], korean[more], english[more]
        document, korean, english, beads = map(np.concatenate, zip(*found, strict=True))
        rows = np.stack([document, korean, _STEPS[0][beads], english, _STEPS[1][beads]], axis=1)
        return rows[(rows[:, 2] > 0) & (rows[:, 4] > 0)]


def _difference(korean: Compared, english: Compared) -> Float32s:
    """Return what it costs to take two runs of lines for translations of each other."""
    gap = korean.lengths - english.lengths
    cost: Float32s = gap * gap / (VARIANCE * (korean.lengths + english.lengths + 2.0))
    np.minimum(cost, _MOST_FOR_LENGTH, out=cost)
    shared = korean.shared(english)
    unshared = korean.words + english.words - 2.0 * shared
    cost += _FOR_SHARED * np.minimum(shared, _MOST_SHARED)
    cost += _FOR_UNSHARED * np.minimum(unshared, _MOST_UNSHARED)
    cost[korean.texts == english.texts] = _FOR_EQUAL
    return cost
