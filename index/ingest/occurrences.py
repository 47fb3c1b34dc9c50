"""The terms of the words of a segment, as arrays that texts are turned into terms with."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from ..analysis.word import Role, Word
from ..arrays.array_types import CInts, Int64s
from ..arrays.ids import Distinct
from ..arrays.ragged import before, changes, places_of, sums
from ..schema import LAST_POSITION
from ..segment.content import FieldPostings

_COUNTED = (Role.PRIMARY, Role.COMPOUND)

NO_POSITIONS: Int64s = np.zeros(0, dtype=np.int64)
# An occurrence: term, passage, position, from the highest bits to the lowest.
TERM = 40
MOST_TERMS = 1 << (63 - TERM)
_PASSAGE = 16
_PASSAGES = (1 << (TERM - _PASSAGE)) - 1


class WordTerms:
    """Collects what words give, in the order of their numbers: arrays, and each name once."""

    def __init__(self) -> None:
        self._terms, self._bigrams = _Column(), _Column()
        self._counts, self._widths, self._bigram_counts = (array("i") for _ in range(3))
        self._places, self._counted = array("i"), array("b")

    def __len__(self) -> int:
        return len(self._counts)

    def add(self, words: Sequence[Word]) -> None:
        """Take in what the next words give."""
        parts = [part for word in words for part in word.parts]
        self._terms.add([part.term for part in parts])
        self._places.extend([part.position for part in parts])
        self._counted.extend([part.role in _COUNTED for part in parts])
        self._counts.extend([len(word.parts) for word in words])
        self._widths.extend([word.width for word in words])
        self._bigrams.add([bigram for word in words for bigram in word.bigrams])
        self._bigram_counts.extend([len(word.bigrams) for word in words])

    def sorted(self) -> SortedTerms:
        """Return all that was taken in, the terms numbered in the order of their bytes."""
        counts, counted = _numbers(self._counts), _numbers(self._counted)
        bigram_counts = _numbers(self._bigram_counts)
        terms, term_numbers = self._terms.sorted()
        bigrams, bigram_numbers = self._bigrams.sorted()
        return SortedTerms(
            terms=terms,
            bigrams=bigrams,
            lengths=sums(counted, counts),
            bigram_counts=bigram_counts,
            counts=counts,
            firsts=before(counts),
            bigram_firsts=before(bigram_counts),
            widths=_numbers(self._widths),
            term_numbers=term_numbers << TERM,
            bigram_numbers=bigram_numbers << TERM,
            places=_numbers(self._places),
        )


@dataclass(frozen=True, slots=True)
class SortedTerms:
    """What each word, by its number, gives; `terms` and `bigrams` are in the order of their bytes.

    `lengths` are how many terms a word counts for in the length of its text. A word has `counts`
    terms from `firsts` on, each with its number where an occurrence has it, and a place; likewise
    of grams.
    """

    terms: list[bytes]
    bigrams: list[bytes]
    lengths: Int64s
    bigram_counts: Int64s
    counts: Int64s
    firsts: Int64s
    bigram_firsts: Int64s
    widths: Int64s
    term_numbers: Int64s
    bigram_numbers: Int64s
    places: Int64s

    @property
    def words(self) -> int:
        """How many words there are."""
        return len(self.counts)

    def sizes(self, words: Int64s) -> Int64s:
        """Return how often each term stands in texts that have so many of each of the `words`."""
        return _sizes(self.term_numbers, np.repeat(words, self.counts), len(self.terms))

    def bigram_sizes(self, words: Int64s) -> Int64s:
        """Return how often each syllable pair stands in such texts."""
        return _sizes(self.bigram_numbers, np.repeat(words, self.bigram_counts), len(self.bigrams))

    def places_in(self, texts: WordTexts) -> Int64s:
        """Return every term of the texts as an occurrence, unsorted."""
        counts = self.counts[texts.numbers]
        parts = places_of(self.firsts[texts.numbers], counts)
        found = np.repeat(texts.starts(self.widths), counts)
        found += self.places[parts]
        np.minimum(found, LAST_POSITION, out=found)
        found |= self.term_numbers[parts]
        found |= np.repeat(texts.homes(), counts)
        return found

    def bigrams_in(self, texts: WordTexts) -> Int64s:
        """Return every syllable pair of the texts as an occurrence without a position."""
        if not self.bigrams:  # as in English
            return np.zeros(0, np.int64)
        counts = self.bigram_counts[texts.numbers]
        found = self.bigram_numbers[places_of(self.bigram_firsts[texts.numbers], counts)]
        found |= np.repeat(texts.homes(), counts)
        return found


class _Column:
    """Names in a row, as numbers in the order in which they are met."""

    def __init__(self) -> None:
        self._known: Distinct[str] = Distinct()
        self._numbers = array("i")

    def add(self, names: Iterable[str]) -> None:
        self._numbers.extend(map(self._known.__getitem__, names))

    def sorted(self) -> tuple[list[bytes], Int64s]:
        """Return the names in the order of their bytes, and the numbers of the row by these.

        Raises OverflowError where there are more than occurrences can tell apart.
        """
        if len(self._known) > MOST_TERMS:
            raise OverflowError(f"a segment has more than {MOST_TERMS:,} different terms")
        known = self._known
        names = sorted(known)  # characters sort as their bytes in UTF-8 do
        order = np.fromiter(map(known.__getitem__, names), np.int64, len(names))
        ranks = np.empty(len(names), np.int64)
        ranks[order] = np.arange(len(names))
        return [name.encode() for name in names], ranks[np.array(self._numbers, np.intp)]


def _numbers(column: array[int]) -> Int64s:
    return np.array(column, np.int64)


def _sizes(numbers: Int64s, counts: Int64s, names: int) -> Int64s:
    sizes = np.bincount(numbers >> TERM, weights=counts, minlength=names)
    return sizes.astype(np.int64)


def numbered(names: Iterable[str]) -> tuple[list[bytes], Int64s]:
    """Return the distinct names in the order of their bytes, and the number of each given one."""
    column = _Column()
    column.add(names)
    return column.sorted()


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
