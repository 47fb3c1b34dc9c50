"""Postings turned back into the text of each passage, for an analyzer that only splits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from ..arrays.array_types import Int64s
from ..arrays.ragged import concatenated
from ..arrays.term_dictionary import text_of
from ..segment.content import FieldPostings
from .terms import GAP, STACKED, indexed

# An occurrence is a number: passage, position and term, from the highest bits. A segment has fewer
# than 2^22 passages and 2^23 terms (see index/ingest/occurrences.py).
_TERM, _POSITION = 23, 16
_PASSAGE = _TERM + _POSITION
_TERMS, _POSITIONS = (1 << _TERM) - 1, (1 << _POSITION) - 1

# Occurrences made text at once, at some 60 bytes each.
_AT_ONCE = 1_000_000

Part: TypeAlias = FieldPostings
Table: TypeAlias = np.ndarray[tuple[int], np.dtype[np.object_]]


def streams(parts: Iterable[Part], passages: int, *, positions: bool = True) -> list[str]:
    """Return the text of a field for each of so many passages, "" where it has no term.

    Terms of one position are in the order of their bytes. Without `positions`, each term stands as
    often as it occurs, at a position of its own.
    """
    terms: list[str] = []
    occurrences: list[Int64s] = []
    for part in parts:
        occurrences.append(_occurrences(part, first=len(terms), positions=positions))
        terms += map(indexed, map(text_of, part.terms))
    found = concatenated(occurrences)
    occurrences.clear()
    found.sort()
    bounds = np.searchsorted(found, np.arange(passages + 1) << _PASSAGE)
    table = _table(terms, positions=positions)
    texts: list[str] = []
    for rows in _ranges(bounds):
        start = bounds[rows.start]
        tokens = _tokens(found[start : bounds[rows.stop]], table, len(terms), positions=positions)
        ends = (bounds[rows.start : rows.stop + 1] - start).tolist()
        texts += ["".join(tokens[low:high]) for low, high in pairwise(ends)]
    return texts


def _ranges(bounds: Int64s) -> Iterator[range]:
    """Split passages into ranges with about _AT_ONCE occurrences, but at least one passage."""
    start, passages = 0, len(bounds) - 1
    while start < passages:
        end = int(np.searchsorted(bounds, bounds[start] + _AT_ONCE, side="right")) - 1
        end = min(max(end, start + 1), passages)
        yield range(start, end)
        start = end


def _occurrences(part: Part, *, first: int, positions: bool) -> Int64s:
    """Return the occurrences of the terms of a part, of which `first` were in parts before."""
    sizes = np.diff(part.bounds)
    found = (part.passages << _PASSAGE) | np.repeat(np.arange(len(sizes)) + first, sizes)
    found = np.repeat(found, part.frequencies)
    return found | (part.positions << _TERM) if positions else found


def _table(terms: Sequence[str], *, positions: bool) -> Table:
    """Return the terms as they stand first in a passage, at the next position, at the same."""
    kinds = [*terms, *(f" {term}" for term in terms)]
    if positions:
        kinds += [STACKED + term for term in terms]
    return np.array(kinds, dtype=object)


def _tokens(occurrences: Int64s, table: Table, count: int, *, positions: bool) -> list[str]:
    """Return each occurrence as text, with what parts it from the one before in its passage.

    `table` is that of so many terms.
    """
    is_first = np.ones(len(occurrences), np.bool_)
    is_first[1:] = np.diff(occurrences >> _PASSAGE) != 0
    kinds = np.where(is_first, 0, 1)
    if not positions:
        return _taken(table, (occurrences & _TERMS) + kinds * count)
    places = (occurrences >> _TERM) & _POSITIONS
    steps = np.diff(places, prepend=0)
    steps[is_first] = places[is_first] + 1
    kinds[~is_first & (steps == 0)] = 2
    tokens = _taken(table, (occurrences & _TERMS) + kinds * count)
    for row in np.flatnonzero(steps > 1).tolist():
        gaps = f"{GAP} " * (int(steps[row]) - 1)
        tokens[row] = gaps + tokens[row] if is_first[row] else f" {gaps}{tokens[row][1:]}"
    return tokens


def _taken(table: Table, rows: Int64s) -> list[str]:
    taken: list[str] = table[rows].tolist() if len(rows) else []
    return taken


def document_terms(parts: Iterable[Part], passages: int) -> list[list[str]]:
    """Return the terms that each passage has in a field without positions, in their order."""
    found: list[list[str]] = [[] for _ in range(passages)]
    for part in parts:
        bounds = part.bounds.tolist()
        numbers = part.passages.tolist()
        for term, low, high in zip(part.terms, bounds, bounds[1:], strict=False):
            text = text_of(term)
            for passage in numbers[low:high]:
                found[passage].append(text)
    return found
