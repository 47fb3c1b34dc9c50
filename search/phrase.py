"""Words side by side, evaluated on arrays of places.

A place is one number, passage and position in it, so that "the next word" is an addition and
"both stand there" an intersection of sorted arrays.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.fields import LAST_POSITION, PLACE_BITS, Field
from index.segment.content import Numbers
from index.snapshot import Snapshot

from .reading import QueryWord

_NOWHERE = np.zeros(0, dtype=np.int64)


def phrase_passages(
    snapshot: Snapshot, words: Sequence[QueryWord], *, field: Field = Field.BODY, slop: int = 0
) -> Numbers:
    """Return the passages, ascending, in which the words stand in this order, side by side.

    Up to `slop` other terms may stand between two words. A word of particles only has no place
    of its own: it is passed over where others remain.
    """
    ends: Numbers | None = None
    slop = min(slop, LAST_POSITION)  # more would reach into the next passage
    for word in with_places(words):
        starts, stops = _word_places(snapshot, word, field)
        if ends is not None:
            kept = _follows(starts, ends, slop)
            starts, stops = starts[kept], stops[kept]
        ends = np.unique(stops)
        if not len(ends):
            return _NOWHERE
    return np.unique(ends >> PLACE_BITS) if ends is not None else _NOWHERE


def with_places(words: Sequence[QueryWord]) -> Sequence[QueryWord]:
    """Return the words that a phrase asks for: those of particles only where no other is."""
    return [word for word in words if word.word.width] or words


def word_passages(snapshot: Snapshot, word: QueryWord, field: Field) -> Numbers:
    """Return the passages, ascending, that hold a whole word."""
    starts, _ = _word_places(snapshot, word, field)
    return np.unique(starts >> PLACE_BITS)


def _word_places(snapshot: Snapshot, word: QueryWord, field: Field) -> tuple[Numbers, Numbers]:
    """Return where a word starts, and the place behind it, pair by pair."""
    starts = _reading_places(snapshot, word, field)
    stops = starts + word.word.width
    pairs = [(starts, stops)]
    for whole in word.wholes:
        found = _places(snapshot, field, whole)
        # The text may write in one term what the query writes in several, or the other way round.
        pairs += [(found, found + width) for width in {1, max(1, word.word.width)}]
    return np.concatenate([s for s, _ in pairs]), np.concatenate([e for _, e in pairs])


def _reading_places(snapshot: Snapshot, word: QueryWord, field: Field) -> Numbers:
    """Return where all terms of the first reading stand as in the word."""
    found: Numbers | None = None
    for term, position in word.readings:
        places = _places(snapshot, field, term) - position
        found = places if found is None else np.intersect1d(found, places, assume_unique=True)
        if not len(found):
            break
    return _NOWHERE if found is None else found


def _places(snapshot: Snapshot, field: Field, term: str) -> Numbers:
    postings = snapshot.postings(field, term.encode())
    if postings is None:
        return _NOWHERE
    return (np.repeat(postings.passages, postings.frequencies) << PLACE_BITS) + postings.positions


def _follows(
    starts: Numbers, ends: Numbers, slop: int
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell of each start whether some end stands at most `slop` places before it."""
    at = np.searchsorted(ends, starts, side="right") - 1
    nearest = ends[np.maximum(at, 0)]
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = (at >= 0) & (starts - nearest <= slop)
    return found
