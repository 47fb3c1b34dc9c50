"""Words side by side.

A place is one number, passage and position in it, so that "the next word" is an addition and "both
stand there" an intersection of sorted arrays. Where each word is written in one way, the places of
the rarest term are narrowed by those of the others. Else, and where a term is very frequent, the
passages that hold all words are found first, and positions are looked at in those only.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import itemgetter
from typing import NamedTuple, TypeAlias

import numpy as np

from index.arrays.array_types import AnyArray, Indices, Mask
from index.arrays.ragged import among, changes, common, distinct
from index.postings.posting_list import PostingList
from index.schema import LAST_POSITION, PLACE_BITS, Field
from index.snapshot import Snapshot

from ..query.words import QueryWord, with_places
from .intersection import Matches, match_all

# An array: numpy would make one of a number at every use.
_PLACE_BITS = np.array(PLACE_BITS)
_SIZE = itemgetter(0)
_NOWHERE = np.zeros(0, dtype=np.int64)

_NOWHERE = np.zeros(0, dtype=np.intp)


class Spelling(NamedTuple):
    """One way to write a word: terms at `offsets` from its start, the first of them at 0.

    It takes as many places as one of `widths` says.
    """

    lists: tuple[PostingList, ...]
    offsets: tuple[int, ...] = (0,)
    widths: tuple[int, ...] = (1,)


# A word stands where one of its spellings does.
Spellings: TypeAlias = Sequence[Spelling]


def match_phrase(
    words: Sequence[Spellings], *, slop: int = 0, within: Indices | None = None
) -> Indices:
    """Return the passages, of those `within`, in which words (at least one) follow; they ascend.

    The words stand in the order given, up to `slop` other terms between two of them.
    """
    if not slop and within is None and (terms := _in_a_row(words)) is not None:
        return _side_by_side(terms)
    passages, standing = _held(words, within)
    ends: AnyArray | None = None
    for spellings, found in zip(words, standing, strict=True):
        starts, stops = _stretches(spellings, found, passages)
        if ends is not None:
            kept = _follows(starts, ends, min(slop, LAST_POSITION))
            stops = stops[kept]
        alone = len(spellings) == 1 == len(spellings[0].widths)
        ends = stops if alone else distinct(stops)
    rows = (_NOWHERE if ends is None else ends) >> PLACE_BITS
    return passages.take(rows[changes(rows)])


def match_word(spellings: Spellings, *, within: Indices | None = None) -> list[Indices]:
    """Return the passages, of those `within`, that hold a word, in a list for each spelling."""
    found = []
    for spelling in spellings:
        if len(spelling.lists) > 1:
            found.append(match_phrase([[spelling]], within=within))
        elif within is None:
            found.append(spelling.lists[0].passages)
        else:
            found.append(match_all(spelling.lists, within=within).passages)
    return found


# A term of a phrase, so many places behind its start, after the size of its list.
_Placed: TypeAlias = tuple[int, PostingList, int]


def _in_a_row(words: Sequence[Spellings]) -> list[_Placed] | None:
    """Return the terms of words that are written in one way only, and not frequent, else None."""
    terms: list[_Placed] = []
    start = 0
    for spellings in words:
        lists, offsets, widths = spellings[0]
        if len(spellings) > 1 or len(widths) > 1:
            return None
        for postings, offset in zip(lists, offsets, strict=True):
            if not postings.has_few_places:
                return None
            terms.append((postings.size, postings, start + offset))
        start += widths[0]
    return terms


def _side_by_side(terms: list[_Placed]) -> Indices:
    """Return the passages with all terms where they belong."""
    (_, rarest, last), *others = sorted(terms, key=_SIZE)
    places = rarest.occurrences.places
    for _, postings, offset in others:
        places = postings.occurrences.common(places + (offset - last))
        last = offset
    passages = places >> _PLACE_BITS
    found: Indices = passages[changes(passages)]
    return found


def _held(
    words: Sequence[Spellings], within: Indices | None
) -> tuple[Indices, list[list[Matches]]]:
    """Return the passages with all terms of each word, and by word those of each spelling.

    A spelling may stand in more passages than those.
    """
    if all(len(spellings) == 1 for spellings in words):
        lists = [postings for (spelling,) in words for postings in spelling.lists]
        found = match_all(lists, within=within)
        places = iter(found.places)
        return found.passages, [
            [Matches(found.passages, [next(places) for _ in spelling.lists])]
            for (spelling,) in words
        ]
    standing: dict[int, list[Matches]] = {}
    for number in sorted(range(len(words)), key=lambda number: _most(words[number])):
        standing[number] = [match_all(spelling.lists, within=within) for spelling in words[number]]
        held = [matches.passages for matches in standing[number]]
        within = held[0] if len(held) == 1 else distinct(np.concatenate(held))
    return _NOWHERE if within is None else within, [standing[n] for n in range(len(words))]


def _most(spellings: Spellings) -> int:
    """Return how many passages may hold a word."""
    return sum(min(postings.size for postings in spelling.lists) for spelling in spellings)


def _stretches(
    spellings: Spellings, standing: Sequence[Matches], passages: Indices
) -> tuple[AnyArray, AnyArray]:
    """Return where a word starts in some passages, and the place behind it, pair by pair."""
    starts, stops = [], []
    for spelling, matches in zip(spellings, standing, strict=True):
        found = _starts(spelling, matches, passages)
        starts += [found] * len(spelling.widths)
        stops += [found + width for width in spelling.widths]
    return (
        (starts[0], stops[0])
        if len(starts) == 1
        else (np.concatenate(starts), np.concatenate(stops))
    )


def _starts(spelling: Spelling, matches: Matches, passages: Indices) -> AnyArray:
    """Return where all terms of a spelling stand as it asks."""
    rows, places = np.arange(len(matches.passages)), matches.places
    if matches.passages is not passages:
        kept = among(matches.passages, passages).nonzero()[0]
        rows = passages.searchsorted(matches.passages.take(kept))
        places = [at.take(kept) for at in places]
    rows = rows << PLACE_BITS
    found = [
        _places(postings, at, rows, offset)
        for postings, at, offset in zip(spelling.lists, places, spelling.offsets, strict=True)
    ]
    return reduce(common, found)


def _places(postings: PostingList, places: Indices, rows: AnyArray, offset: int) -> AnyArray:
    """Return the places `offset` terms before each of a term; `rows` are where passages start."""
    counts = postings.frequencies_at(places)
    positions = postings.positions_at(places, counts)  # checks how many there can be
    positions += rows if len(positions) == len(rows) else rows.repeat(counts)
    if offset:
        positions -= offset
    return positions


def _follows(starts: AnyArray, ends: AnyArray, slop: int) -> Mask:
    """Tell of each start whether some end stands at most `slop` places before it."""
    if not len(ends):
        return np.zeros(len(starts), dtype=bool)
    if not slop:
        return among(starts, ends)
    at = ends.searchsorted(starts, side="right") - 1  # the last end before it; -1 takes the last
    gaps = starts - ends.take(at)
    return (gaps >= 0) & (gaps <= slop)


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
