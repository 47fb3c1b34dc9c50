"""Phrase matching on positions.

An occurrence is one number, the passage and the position in it, so that "the next word" is an
addition, and a phrase an intersection of sorted arrays. If each word has one spelling, the
occurrences of the rarest term are narrowed by those of the others. Otherwise, and for very
frequent terms, positions are decoded only for the passages that have all words.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import itemgetter
from typing import TypeAlias

import numpy as np

from index.arrays.array_types import AnyArray, Indices, Mask
from index.arrays.ragged import among, changes, common, distinct
from index.postings.posting_list import PostingList
from index.schema import LAST_POSITION, POSITION_BITS, Field
from index.snapshot import Snapshot
from index.value import NamedTuple

from ...query.words import QueryWord, phrase_words
from .intersection import Matches, match_all

# An array: numpy would convert a number at every use.
_POSITION_BITS = np.array(POSITION_BITS)
_SIZE = itemgetter(0)
_EMPTY = np.zeros(0, dtype=np.intp)


class Spelling(NamedTuple):
    """One way to write a word: its terms, at `offsets` from its start (the first at 0).

    `widths` are the numbers of positions that it may take.
    """

    lists: tuple[PostingList, ...]
    offsets: tuple[int, ...] = (0,)
    widths: tuple[int, ...] = (1,)


# A word occurs where any of its spellings does.
Spellings: TypeAlias = Sequence[Spelling]


def match_phrase(
    words: Sequence[Spellings], *, slop: int = 0, within: Indices | None = None
) -> Indices:
    """Return the passages, of those `within`, with the words (at least one) in sequence, ascending.

    Up to `slop` other terms may be between two words.
    """
    if not slop and within is None and (terms := _single_spellings(words)) is not None:
        return _match_terms(terms)
    passages, by_word = _with_all_words(words, within)
    ends: AnyArray | None = None
    for spellings, matches in zip(words, by_word, strict=True):
        starts, stops = _spans(spellings, matches, passages)
        if ends is not None:
            stops = stops[_follows(starts, ends, min(slop, LAST_POSITION))]
        is_single = len(spellings) == 1 == len(spellings[0].widths)
        ends = stops if is_single else distinct(stops)
    rows = (_EMPTY if ends is None else ends) >> POSITION_BITS
    return passages.take(rows[changes(rows)])


def match_word(spellings: Spellings, *, within: Indices | None = None) -> list[Indices]:
    """Return the passages, of those `within`, with a word, as one list for each spelling.

    Each list ascends. Deleted passages may be included.
    """
    found = []
    for spelling in spellings:
        if len(spelling.lists) > 1:
            found.append(match_phrase([[spelling]], within=within))
        elif within is None:
            found.append(spelling.lists[0].passages)
        else:
            found.append(match_all(spelling.lists, within=within).passages)
    return found


# The size of a posting list, the list, and the offset of its term from the start of the phrase.
_PhraseTerm: TypeAlias = tuple[int, PostingList, int]


def _single_spellings(words: Sequence[Spellings]) -> list[_PhraseTerm] | None:
    """Return the terms of words of one spelling, none of them very frequent, else None."""
    terms: list[_PhraseTerm] = []
    start = 0
    for spellings in words:
        lists, offsets, widths = spellings[0]
        if len(spellings) > 1 or len(widths) > 1:
            return None
        for postings, offset in zip(lists, offsets, strict=True):
            if not postings.has_few_occurrences:
                return None
            terms.append((postings.size, postings, start + offset))
        start += widths[0]
    return terms


def _match_terms(terms: list[_PhraseTerm]) -> Indices:
    """Return the passages with all terms at their offsets."""
    (_, rarest, last), *others = sorted(terms, key=_SIZE)
    occurrences = rarest.occurrences.places
    for _, postings, offset in others:
        occurrences = postings.occurrences.common(occurrences + (offset - last))
        last = offset
    passages = occurrences >> _POSITION_BITS
    found: Indices = passages[changes(passages)]
    return found


def _with_all_words(
    words: Sequence[Spellings], within: Indices | None
) -> tuple[Indices, list[list[Matches]]]:
    """Return the passages with all words, and by word and spelling where its terms match.

    The matches of a spelling may include other passages.
    """
    if all(len(spellings) == 1 for spellings in words):
        lists = [postings for (spelling,) in words for postings in spelling.lists]
        found = match_all(lists, within=within)
        rows = iter(found.rows)
        return found.passages, [
            [Matches(found.passages, [next(rows) for _ in spelling.lists])] for (spelling,) in words
        ]
    by_word: dict[int, list[Matches]] = {}
    for number in sorted(range(len(words)), key=lambda number: _max_passages(words[number])):
        matches = [match_all(spelling.lists, within=within) for spelling in words[number]]
        by_word[number] = matches
        passages = [some.passages for some in matches]
        within = passages[0] if len(passages) == 1 else distinct(np.concatenate(passages))
    return _EMPTY if within is None else within, [by_word[number] for number in range(len(words))]


def _max_passages(spellings: Spellings) -> int:
    """Return an upper bound of the passages with a word."""
    return sum(min(postings.size for postings in spelling.lists) for spelling in spellings)


def _spans(
    spellings: Spellings, matches: Sequence[Matches], passages: Indices
) -> tuple[AnyArray, AnyArray]:
    """Return the starts and ends of the occurrences of a word; passages are counted by row."""
    starts, stops = [], []
    for spelling, own in zip(spellings, matches, strict=True):
        found = _starts(spelling, own, passages)
        starts += [found] * len(spelling.widths)
        stops += [found + width for width in spelling.widths]
    if len(starts) == 1:
        return starts[0], stops[0]
    return np.concatenate(starts), np.concatenate(stops)


def _starts(spelling: Spelling, matches: Matches, passages: Indices) -> AnyArray:
    """Return the starts of the occurrences of a spelling in `passages`."""
    bases, by_list = np.arange(len(matches.passages)), matches.rows
    if matches.passages is not passages:
        kept = among(matches.passages, passages).nonzero()[0]
        bases = passages.searchsorted(matches.passages.take(kept))
        by_list = [rows.take(kept) for rows in by_list]
    bases = bases << POSITION_BITS
    found = [
        _phrase_starts(postings, rows, bases, offset)
        for postings, rows, offset in zip(spelling.lists, by_list, spelling.offsets, strict=True)
    ]
    return reduce(common, found)


def _phrase_starts(postings: PostingList, rows: Indices, bases: AnyArray, offset: int) -> AnyArray:
    """Return the occurrences of a term less its `offset`; `bases` are the starts of passages."""
    counts = postings.frequencies_at(rows)
    positions = postings.positions_at(rows, counts)  # validates the counts
    positions += bases if len(positions) == len(bases) else bases.repeat(counts)
    if offset:
        positions -= offset
    return positions


def _follows(starts: AnyArray, ends: AnyArray, slop: int) -> Mask:
    """Return for each start whether an end is at most `slop` positions before it."""
    if not len(ends):
        return np.zeros(len(starts), dtype=bool)
    if not slop:
        return among(starts, ends)
    # The last end before each start; -1 takes the last of all, with a negative gap.
    gaps = starts - ends.take(ends.searchsorted(starts, side="right") - 1)
    return (gaps >= 0) & (gaps <= slop)


def phrase_passages(
    snapshot: Snapshot,
    words: Sequence[QueryWord],
    *,
    field: Field = Field.BODY,
    slop: int = 0,
    within: Indices | None = None,
) -> Indices:
    """Return the passages, of those `within`, with the words in sequence, ascending.

    Up to `slop` other terms may be between two words. Words of particles have no position and are
    ignored beside others. Deleted passages may be included.
    """
    by_word = [spellings(snapshot, word, field) for word in phrase_words(words)]
    if not by_word or not all(by_word):
        return _EMPTY
    return match_phrase(by_word, slop=slop, within=within)


def spellings(snapshot: Snapshot, word: QueryWord, field: Field) -> list[Spelling]:
    """Return the spellings of a word whose terms are all in the index.

    The text may have one term for several terms of the query, and the reverse.
    """
    width = word.word.width
    found = []
    for terms in word.sequences:
        lists = [snapshot.posting_list(field, term.encode()) for term, _ in terms]
        known = tuple(postings for postings in lists if postings is not None)
        if known and len(known) == len(lists):
            offsets = tuple(position for _, position in terms)
            found.append(Spelling(known, offsets, (width,)))
    for whole in word.wholes:
        postings = snapshot.posting_list(field, whole.encode())
        if postings is not None:
            found.append(Spelling((postings,), (0,), tuple(sorted({1, max(1, width)}))))
    return found
