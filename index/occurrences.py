"""Words and terms where they stand, as arrays: an occurrence is one number, and sorts as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .analysis.rows import before, changes, sums
from .array_types import CInts, Int64s
from .fields import LAST_POSITION
from .segment.content import FieldPostings

NO_POSITIONS: Int64s = np.zeros(0, dtype=np.int64)
# An occurrence: term, passage, position, from the highest bits to the lowest.
TERM = 40
MOST_TERMS = 1 << (63 - TERM)
_PASSAGE = 16
_PASSAGES = (1 << (TERM - _PASSAGE)) - 1


@dataclass(frozen=True, slots=True)
class WordTexts:
    """Texts as word numbers, all in a row.

    The text at `i` has `sizes[i]` words, and counts as part of the passage `passages[i]`.
    """

    numbers: CInts
    sizes: Int64s
    passages: Int64s

    def sums(self, values: Int64s) -> Int64s:
        """Return for each text the sum of its words' `values`."""
        return sums(values[self.numbers], self.sizes)

    def homes(self) -> Int64s:
        """Return of each word, as part of an occurrence, the passage it stands in."""
        return np.repeat(self.passages << _PASSAGE, self.sizes)

    def starts(self, widths: Int64s) -> Int64s:
        """Return the position of each word in its text, from its width and those before it."""
        behind = before(widths[self.numbers])
        firsts = np.cumsum(self.sizes) - self.sizes
        starts: Int64s = behind[:-1] - np.repeat(behind[firsts], self.sizes)
        return starts


def occurrences(terms: Int64s, passages: Int64s) -> Int64s:
    """Return occurrences without a position."""
    return (terms << TERM) | (passages << _PASSAGE)


def inverted(
    occurrences: Int64s, terms: Sequence[bytes], *, positions: bool = True
) -> FieldPostings:
    """Bring the occurrences of each term together; they ascend."""
    if positions:  # a word may give one term twice at one place
        occurrences = occurrences[changes(occurrences)]
    postings = occurrences >> _PASSAGE
    firsts = np.flatnonzero(changes(postings))
    postings = postings[firsts]
    owners = postings >> (TERM - _PASSAGE)
    bounds = np.flatnonzero(changes(owners))
    return FieldPostings(
        terms=[terms[number] for number in owners[bounds].tolist()],
        bounds=np.append(bounds, len(firsts)),
        passages=postings & _PASSAGES,
        frequencies=np.diff(firsts, append=len(occurrences)),
        positions=occurrences & LAST_POSITION if positions else NO_POSITIONS,
    )
