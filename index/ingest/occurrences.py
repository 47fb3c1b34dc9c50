"""Occurrences: the terms of texts as arrays of numbers, to be sorted into postings."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..analysis.word import Role, Word
from ..arrays.array_types import CInts, Int64s
from ..arrays.ids import Distinct
from ..arrays.ragged import before, changes, range_indices, sums
from ..schema import LAST_POSITION
from ..segment.content import FieldPostings

_COUNTED = (Role.PRIMARY, Role.COMPOUND)

NO_POSITIONS: Int64s = np.zeros(0, dtype=np.int64)
# An occurrence is a number: term ordinal, passage and position, from the highest bits.
TERM = 40
MOST_TERMS = 1 << (63 - TERM)
_PASSAGE = 16
_PASSAGES = (1 << (TERM - _PASSAGE)) - 1


class WordTerms:
    """Collects the terms and the syllable bigrams of words, in the order of the word ids."""

    def __init__(self) -> None:
        self._terms, self._bigrams = _Column(), _Column()
        self._counts, self._widths, self._bigram_counts = (array("i") for _ in range(3))
        self._positions, self._counted = array("i"), array("b")

    def __len__(self) -> int:
        return len(self._counts)

    def add(self, words: Sequence[Word]) -> None:
        """Add the next words."""
        parts = [part for word in words for part in word.parts]
        self._terms.add([part.term for part in parts])
        self._positions.extend([part.position for part in parts])
        self._counted.extend([part.role in _COUNTED for part in parts])
        self._counts.extend([len(word.parts) for word in words])
        self._widths.extend([word.width for word in words])
        self._bigrams.add([bigram for word in words for bigram in word.bigrams])
        self._bigram_counts.extend([len(word.bigrams) for word in words])

    def sorted(self) -> SortedWords:
        """Return the terms and bigrams of all words, as ordinals in the order of their bytes."""
        counts, bigram_counts = _int64s(self._counts), _int64s(self._bigram_counts)
        positions, widths = _int64s(self._positions), _int64s(self._widths)
        terms = SortedTerms(*self._terms.sorted(), counts, before(counts), positions, widths)
        bigrams = SortedTerms(*self._bigrams.sorted(), bigram_counts, before(bigram_counts))
        return SortedWords(terms, bigrams, lengths=sums(_int64s(self._counted), counts))


@dataclass(frozen=True, slots=True)
class SortedWords:
    """The terms and bigrams of words by word id, and how much each word adds to a text's length."""

    terms: SortedTerms
    bigrams: SortedTerms
    lengths: Int64s


@dataclass(frozen=True, slots=True)
class SortedTerms:
    """The terms of words by word id, for one field; `names` are in the order of their bytes.

    Word `i` has the `counts[i]` items of `ordinals`, which index `names`, from `firsts[i]` on. A
    field with positions has those of the terms in their words, and the `widths` of words.
    """

    names: list[bytes]
    ordinals: Int64s
    counts: Int64s
    firsts: Int64s
    positions: Int64s | None = None
    widths: Int64s = field(default_factory=lambda: NO_POSITIONS)

    def frequencies(self, words: Int64s) -> Int64s:
        """Return the frequency of each term in texts with these frequencies of `words`."""
        weights = np.repeat(words, self.counts)
        found = np.bincount(self.ordinals, weights=weights, minlength=len(self.names))
        return found.astype(np.int64)

    def occurrences_in(self, texts: WordTexts) -> Int64s:
        """Return every term of the texts as an occurrence, unsorted."""
        if not self.names:  # as bigrams in English
            return np.zeros(0, np.int64)
        counts = self.counts[texts.numbers]
        rows = range_indices(self.firsts[texts.numbers], counts)
        found = self.ordinals[rows]
        found <<= TERM
        found |= np.repeat(texts.owners(), counts)
        if self.positions is not None:
            positions = np.repeat(texts.starts(self.widths), counts)
            positions += self.positions[rows]
            np.minimum(positions, LAST_POSITION, out=positions)
            found |= positions
        return found


class _Column:
    """A sequence of names, stored as ids in the order of first occurrence."""

    def __init__(self) -> None:
        self._ids: Distinct[str] = Distinct()
        self._column = array("i")

    def add(self, names: Iterable[str]) -> None:
        self._column.extend(map(self._ids.__getitem__, names))

    def sorted(self) -> tuple[list[bytes], Int64s]:
        """Return the distinct names in the order of their bytes, and the sequence as ordinals.

        Raises OverflowError if there are more names than an occurrence has bits for.
        """
        ids = self._ids
        if len(ids) > MOST_TERMS:
            raise OverflowError(f"a segment has more than {MOST_TERMS:,} different terms")
        names = sorted(ids)  # code points sort like their bytes in UTF-8
        order = np.fromiter(map(ids.__getitem__, names), np.int64, len(names))
        ordinals = np.empty(len(names), np.int64)
        ordinals[order] = np.arange(len(names))
        return [name.encode() for name in names], ordinals[np.array(self._column, np.intp)]


def _int64s(column: array[int]) -> Int64s:
    return np.array(column, np.int64)


def numbered(names: Iterable[str]) -> tuple[list[bytes], Int64s]:
    """Return the distinct names in the order of their bytes, and the ordinal of each given one."""
    column = _Column()
    column.add(names)
    return column.sorted()


@dataclass(frozen=True, slots=True)
class WordTexts:
    """Texts as word ids, concatenated: text `i` has `sizes[i]` words and is in `passages[i]`."""

    numbers: CInts
    sizes: Int64s
    passages: Int64s

    def owners(self) -> Int64s:
        """Return for each word its passage, as the bits of an occurrence."""
        return np.repeat(self.passages << _PASSAGE, self.sizes)

    def starts(self, widths: Int64s) -> Int64s:
        """Return for each word its position in its text, the sum of the widths before it."""
        ends = before(widths[self.numbers])
        firsts = np.cumsum(self.sizes) - self.sizes
        starts: Int64s = ends[:-1] - np.repeat(ends[firsts], self.sizes)
        return starts


def without_positions(terms: Sequence[bytes], ordinals: Int64s, passages: Int64s) -> FieldPostings:
    """Return the postings of terms, by ordinal, that occur in the passages, without positions."""
    occurrences = (ordinals << TERM) | (passages << _PASSAGE)
    occurrences.sort()
    return inverted(occurrences, terms, positions=False)


def inverted(
    occurrences: Int64s, terms: Sequence[bytes], *, positions: bool = True
) -> FieldPostings:
    """Return the postings of ascending occurrences."""
    if positions:  # a word may give a term twice at one position
        occurrences = occurrences[changes(occurrences)]
    postings = occurrences >> _PASSAGE
    firsts = np.flatnonzero(changes(postings))
    postings = postings[firsts]
    owners = postings >> (TERM - _PASSAGE)
    bounds = np.flatnonzero(changes(owners))
    return FieldPostings(
        terms=[terms[ordinal] for ordinal in owners[bounds].tolist()],
        bounds=np.append(bounds, len(firsts)),
        passages=postings & _PASSAGES,
        frequencies=np.diff(firsts, append=len(occurrences)),
        positions=occurrences & LAST_POSITION if positions else NO_POSITIONS,
    )
