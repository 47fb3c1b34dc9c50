"""Words of a query as posting lists: what a word may be written as, and where several follow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.array_types import Indices
from index.fields import Field
from index.snapshot import Snapshot

from .reading import QueryWord
from .topk.phrase import Spelling, match_phrase, match_word

_NOWHERE = np.zeros(0, dtype=np.intp)


def phrase_passages(
    snapshot: Snapshot,
    words: Sequence[QueryWord],
    *,
    field: Field = Field.BODY,
    slop: int = 0,
    within: Indices | None = None,
) -> Indices:
    """Return the passages, of those `within`, in which words stand in this order, side by side.

    Up to `slop` other terms may stand between two words. A word of particles only has no place
    of its own: it is passed over where others remain. Passages ascend; deleted ones may be among
    them.
    """
    asked = [spellings(snapshot, word, field) for word in with_places(words)]
    if not asked or not all(asked):
        return _NOWHERE
    return match_phrase(asked, slop=slop, within=within)


def with_places(words: Sequence[QueryWord]) -> Sequence[QueryWord]:
    """Return the words that a phrase asks for: those of particles only where no other is."""
    return [word for word in words if word.word.width] or words


def word_passages(
    snapshot: Snapshot,
    word: QueryWord,
    *,
    field: Field,
    within: Indices | None = None,
) -> list[Indices]:
    """Return the passages, of those `within`, that hold a whole word, a list for each spelling.

    Passages ascend; deleted ones may be among them.
    """
    return match_word(spellings(snapshot, word, field), within=within)


def spellings(snapshot: Snapshot, word: QueryWord, field: Field) -> list[Spelling]:
    """Return the ways to write a word that some passage has all terms of.

    The text may write in one term what the query writes in several, or the other way round.
    """
    width = word.word.width
    found = []
    lists = [snapshot.posting_list(field, term.encode()) for term, _ in word.readings]
    known = tuple(postings for postings in lists if postings is not None)
    if known and len(known) == len(lists):
        offsets = tuple(position for _, position in word.readings)
        found.append(Spelling(known, offsets, (width,)))
    for whole in word.wholes:
        postings = snapshot.posting_list(field, whole.encode())
        if postings is not None:
            found.append(Spelling((postings,), (0,), tuple(sorted({1, max(1, width)}))))
    return found
