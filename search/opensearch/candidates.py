"""The candidates of a query and their documents, for the second stage."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.arrays.array_types import AnyArray, Floats, Int64s
from index.arrays.ragged import distinct
from index.schema import Field

from .. import weights
from ..query.tree import Pattern
from ..ranking.bm25 import PRESENCE, Bm25
from ..ranking.clauses import Clause, scores_of
from ..ranking.term_scores import TermScores
from ..ranking.weighted_terms import WeightedTerms
from .counts import DocumentTerm
from .frequencies import (
    BIGRAMS,
    TEXT,
    WHOLE,
    ClusterTerm,
    FoundFrequencies,
    FrequencyReader,
    every_distance,
    named_queries,
)
from .known import PassageValues

if TYPE_CHECKING:
    from ..ranking.collection import Frequencies
    from .state import ClusterState


class ClusterCollection:
    """An index on a cluster as ranking reads it, with the lengths of some candidates."""

    def __init__(self, state: ClusterState, bm25: Mapping[Field, Bm25]) -> None:
        self.bm25 = bm25
        self.passages = state.statistics.passages
        self.documents = state.statistics.documents
        self._counts = state.counts

    def postings_of(self, field: Field, term: str) -> ClusterTerm | None:
        """Return a term of a field, None if it is in no passage."""
        frequency = self._counts.of((field, term))
        return ClusterTerm((field, term), frequency) if frequency else None

    def postings_of_pattern(self, pattern: Hashable) -> ClusterTerm | None:
        """Return a pattern, None if no passage matches it."""
        assert isinstance(pattern, Pattern)
        frequency = self._counts.of(pattern)
        return ClusterTerm(pattern, frequency) if frequency else None

    def frequency(self, field: Field, term: str) -> int:
        """Return the number of passages with a term."""
        return self._counts.of((field, term))

    def document_frequency(self, term: str) -> int:
        """Return the number of documents with a term in their title or text."""
        return self._counts.of(DocumentTerm(term))


class ClusterCandidates:
    """Passages of a cluster, ascending, to rerank by some terms; at least one."""

    def __init__(self, state: ClusterState, weighted: WeightedTerms, passages: Int64s) -> None:
        self._state = state
        self.numbers = passages
        self.passages: Int64s = np.arange(len(passages))
        values = state.known.of(passages.tolist())
        owners = np.array([each.document for each in values], np.int64)
        documents = distinct(owners)
        self.rows: Int64s = documents.searchsorted(owners)
        title_keys = dict(zip(owners.tolist(), (each.title_key for each in values), strict=True))
        found = FrequencyReader(state, passages, documents, title_keys).read(
            [*named_queries(state, weighted)]
        )
        self.documents = ClusterDocuments(state, found, [title_keys[d] for d in documents.tolist()])
        self.frequencies_of: Frequencies = found.of_passages.rows_of
        self.collection = ClusterCollection(state, self._scorers(values))
        self._is_first = passages == owners

    def keep_best(self, weighted: WeightedTerms, most: int) -> None:
        """Keep the best by the first stage, which the cluster scores with rounded lengths."""
        clauses = TermScores(self.collection).first_stage(weighted)
        own = [each for each in clauses if not each.postings.is_of_documents]
        totals = _scores(own, self.passages, self.frequencies_of)
        of_documents = [each for each in clauses if each.postings.is_of_documents]
        documents = self.documents
        titles = _scores(of_documents, documents.firsts, documents.frequencies_of)
        totals += np.where(self._is_first, titles.take(self.rows), 0.0)
        kept = np.sort(np.lexsort((self.numbers, -totals))[:most])
        self.numbers, self.rows = self.numbers.take(kept), self.rows.take(kept)
        self.passages = kept

    def _scorers(self, values: Sequence[PassageValues]) -> Mapping[Field, Bm25]:
        statistics = self._state.statistics
        body = np.array([each.body_length for each in values])
        gram = np.array([each.gram_length for each in values])
        titles = self.documents.title_lengths
        k1, b = weights.PASSAGE_K1, weights.PASSAGE_B
        return {
            Field.META: PRESENCE,
            Field.TITLE: Bm25(
                titles, average=statistics.title_length, k1=weights.TITLE_K1, b=weights.TITLE_B
            ),
            Field.BODY: Bm25(body, average=statistics.body_length, k1=k1, b=b),
            Field.BIGRAM: Bm25(gram, average=statistics.gram_length, k1=k1, b=b),
        }


class ClusterDocuments:
    """The documents of candidates; `firsts` are their rows, by which titles are scored."""

    def __init__(
        self, state: ClusterState, found: FoundFrequencies, title_keys: Sequence[int]
    ) -> None:
        statistics = state.statistics
        self._frequencies = found.of_documents
        self._title_keys = title_keys
        self._sharing = found.sharing
        self.firsts: Int64s = np.arange(len(title_keys))
        self.frequencies_of: Frequencies = found.of_documents.rows_of
        self.lengths: Int64s = found.lengths
        self.bigram_lengths: AnyArray = found.bigram_lengths
        self.title_lengths: AnyArray = found.title_lengths
        self.average_length = statistics.document_length
        self.average_bigrams = statistics.document_bigrams

    def title_frequencies(self) -> Int64s:
        """Return how many documents of the index have the title of each."""
        return np.array([self._sharing[key] for key in self._title_keys], np.int64)

    def text_frequencies(self, term: str) -> Floats:
        """Return the frequency of a term in the text and title of each."""
        return self._frequencies.of((WHOLE, TEXT, term))

    def bigram_frequencies(self, bigram: str) -> Floats:
        """Return the frequency of a syllable bigram in each."""
        return self._frequencies.of((WHOLE, BIGRAMS, bigram))

    def neighbours(self, pair: tuple[str, str]) -> Int64s:
        """Return how often the first term has the second close behind it, in text and title."""
        return self._neighbours("text", pair)

    def title_neighbours(self, pair: tuple[str, str]) -> Int64s:
        """Return the same for the title alone."""
        return self._neighbours("title", pair)

    def _neighbours(self, field: str, pair: tuple[str, str]) -> Int64s:
        """Return the size of the union of what is at each distance, by inclusion and exclusion."""
        counts = np.zeros(len(self.firsts))
        for distances in every_distance():
            sign = 1 if len(distances) % 2 else -1
            counts += sign * self._frequencies.of((field, pair, distances))
        return np.rint(counts).astype(np.int64)


def _scores(clauses: Sequence[Clause], passages: Int64s, read: Frequencies) -> Floats:
    return scores_of(clauses, passages, read=read) if clauses else np.zeros(len(passages))
