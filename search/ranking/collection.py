"""What ranking reads of an index: its statistics, its terms, and the candidates of a query."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from index.arrays.array_types import AnyArray, Floats, Indices, Int64s
from index.schema import Field

from .bm25 import Bm25


class TermPostings(Hashable, Protocol):
    """The postings of a term, of which ranking itself needs the number."""

    @property
    def passage_frequency(self) -> int:
        """The number of passages with the term; of titles and metadata, of documents."""


# The frequency of each list (row) in each of some passages (column). An engine is given the
# postings that it made itself, which are of a type of its own.
Frequencies: TypeAlias = Callable[[Sequence[Any], Indices], Floats]


class Collection(Protocol):
    """The terms and statistics of an index, without deleted passages."""

    @property
    def passages(self) -> int:
        """The number of passages."""

    @property
    def documents(self) -> int:
        """The number of documents."""

    @property
    def bm25(self) -> Mapping[Field, Bm25]:
        """The scorer of each field, with the lengths by passage."""

    def postings_of(self, field: Field, term: str) -> TermPostings | None:
        """Return the postings of a term, None if it is in no passage."""

    def postings_of_pattern(self, pattern: Hashable) -> TermPostings | None:
        """Return the postings of a pattern, None if no passage matches it."""

    def frequency(self, field: Field, term: str) -> int:
        """Return the number of passages with a term."""

    def document_frequency(self, term: str) -> int:
        """Return the number of documents with a term in their title or text."""


class CandidateDocuments(Protocol):
    """The documents of candidates, ascending: a row each."""

    @property
    def firsts(self) -> Int64s:
        """The first passage of each, as `frequencies_of` and the scorers of titles take it."""

    @property
    def frequencies_of(self) -> Frequencies:
        """The function that returns the frequencies of lists of titles and metadata."""

    @property
    def lengths(self) -> Int64s:
        """The number of terms of each, title and text together."""

    @property
    def average_length(self) -> float:
        """The average of these lengths over all documents of the index."""

    @property
    def bigram_lengths(self) -> AnyArray:
        """The number of syllable bigrams of each."""

    @property
    def average_bigrams(self) -> float:
        """The average number of syllable bigrams over all documents of the index."""

    @property
    def title_lengths(self) -> AnyArray:
        """The number of terms in the title of each."""

    def title_frequencies(self) -> Int64s:
        """Return how many documents of the index have the title of each."""

    def text_frequencies(self, term: str) -> Floats:
        """Return the frequency of a term in the text and title of each."""

    def bigram_frequencies(self, bigram: str) -> Floats:
        """Return the frequency of a syllable bigram in each."""

    def neighbours(self, pair: tuple[str, str]) -> Int64s:
        """Return how often the first term has the second close behind it, in text and title."""

    def title_neighbours(self, pair: tuple[str, str]) -> Int64s:
        """Return the same for the title alone."""


class Candidates(Protocol):
    """Passages to rerank, ascending.

    `passages` are what the scorers of the collection take, `numbers` those of the index.
    """

    @property
    def numbers(self) -> Int64s:
        """The numbers of the passages in the index."""

    @property
    def passages(self) -> Int64s:
        """The passages, as the scorers and `frequencies_of` take them."""

    @property
    def rows(self) -> Int64s:
        """The row in `documents` of each passage."""

    @property
    def frequencies_of(self) -> Frequencies:
        """The function that returns the frequencies of lists in passages."""

    @property
    def documents(self) -> CandidateDocuments:
        """Their documents."""
