"""Second stage: rerank of the candidates by passage and document.

A passage alone is too short to show its topic; its document does, above all by the title, and by
neighbours in the query that are neighbours in the text. Scores are sums with fixed weights.
`CandidateDocuments` has the term frequencies of the documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

import numpy as np

from index.arrays.array_types import Floats, Int64s
from index.arrays.ragged import changes, range_indices
from index.postings.posting_list import frequencies_of
from index.schema import POSITION_BITS, Field
from index.snapshot import Snapshot
from index.value import NamedTuple

from .. import weights
from .bm25 import combined_synonyms, idf, length_norms, saturation
from .clauses import Frequencies
from .first_stage import FirstStage, WeightedTerms
from .gathered import NONE, Counts, GatheredPostings

# Up to this many documents, a query makes a table of all: as fast as two binary searches, and it
# saves one or two for each term.
_MOST_IN_A_TABLE = 1 << 17
# A lookup of a passage in the table costs as much as skipping this many in a longer list.
_LOOK_UP = 12


class Ranking(NamedTuple):
    """Passages, best first, with their scores and the parts of each score by name."""

    passages: Int64s
    scores: Floats
    parts: dict[str, Floats]


def rerank(
    snapshot: Snapshot, weighted: WeightedTerms, first_stage: FirstStage, candidates: Int64s
) -> Ranking:
    """Rank the candidates (passages, ascending)."""
    gathered = first_stage.gathered(weighted)
    read = frequencies_of
    if gathered is not None:
        read = _passage_counts(snapshot, gathered, candidates).frequencies_of
    terms, bigrams = first_stage.passage_scores(weighted, candidates, read)
    owners = snapshot.documents_of(candidates)  # ascending, as the passages are
    firsts = changes(owners)
    documents = CandidateDocuments(snapshot, owners[firsts], gathered)
    rows = firsts.cumsum() - 1
    text = {
        "document": _document_scores(documents, weighted),
        "document syllables": weights.DOCUMENT_BIGRAM_WEIGHT * _bigram_scores(documents, weighted),
    }
    around = {
        "title": weights.TITLE_WEIGHT * _title_scores(documents, weighted, first_stage),
        "word pairs": weights.PAIR_WEIGHT * _pair_scores(documents, weighted),
    }
    metadata = first_stage.metadata_scores(weighted, documents.firsts, documents.frequencies_of)
    if metadata.any():
        around["file name and fields"] = metadata
    by_passage = {
        "passage": weights.PASSAGE_WEIGHT * terms,
        "passage syllables": weights.PASSAGE_BIGRAM_WEIGHT * bigrams,
    }
    share = _shares(_sum(by_passage), rows)
    parts = {name: scores[rows] * share for name, scores in (text | around).items()}
    alone = weights.ALONE_WEIGHT * (terms + weights.DOCUMENT_BIGRAM_WEIGHT * bigrams)
    parts["alone"] = np.maximum(alone - _sum({name: parts[name] for name in text}), 0)
    parts |= by_passage
    total = _sum(parts)
    order = np.lexsort((candidates, -total))
    return Ranking(
        candidates[order], total[order], {name: part[order] for name, part in parts.items()}
    )


def _passage_counts(snapshot: Snapshot, gathered: GatheredPostings, candidates: Int64s) -> Counts:
    table = np.full(snapshot.size, NONE, np.intp)
    table[candidates] = np.arange(len(candidates))
    return Counts(gathered, table.take(gathered.passages), len(candidates))


def _sum(parts: Mapping[str, Floats]) -> Floats:
    return reduce(np.add, parts.values())


def _shares(scores: Floats, rows: Int64s) -> Floats:
    """Return each score over the best score of its document, the share of the document's score.

    So the best passage of each document ranks as its document, and the others below it.
    """
    best = np.zeros(int(rows.max(initial=-1)) + 1)
    np.maximum.at(best, rows, scores)
    top = best[rows]
    shares: Floats = np.divide(scores, top, out=np.ones_like(scores), where=top > 0)
    return shares


def _document_scores(documents: CandidateDocuments, weighted: WeightedTerms) -> Floats:
    snapshot = documents.snapshot
    norms = _norms(documents, b=weights.DOCUMENT_B)
    scores = np.zeros(len(documents.documents))
    for term, count in weighted.untranslated.terms.items():
        key = term.encode()
        weight = count * _document_idf(snapshot, key)
        scores += weight * saturation(
            documents.text_frequencies(key), norms, k1=weights.DOCUMENT_K1
        )
    synonyms = weighted.synonym_groups()
    if synonyms is not None:
        idfs = np.array([_document_idf(snapshot, key) for key in synonyms.terms])
        frequencies = np.stack([documents.text_frequencies(key) for key in synonyms.terms])
        totals, group_weights = combined_synonyms(synonyms, frequencies, idfs)
        scores += (group_weights * saturation(totals, norms, k1=weights.DOCUMENT_K1)).sum(axis=0)
    return scores


def _norms(documents: CandidateDocuments, *, b: float) -> Floats:
    """Return the length norms of text and title together."""
    snapshot = documents.snapshot
    lengths = snapshot.document_lengths[documents.documents]
    return length_norms(lengths, average=snapshot.document_average, k1=weights.DOCUMENT_K1, b=b)


def _document_idf(snapshot: Snapshot, key: bytes) -> float:
    return idf(snapshot.document_frequency(key), snapshot.documents)


def _bigram_scores(documents: CandidateDocuments, weighted: WeightedTerms) -> Floats:
    snapshot = documents.snapshot
    lengths = snapshot.document_bigram_lengths[documents.documents]
    average = snapshot.document_bigram_average
    norms = length_norms(lengths, average=average, k1=weights.DOCUMENT_K1, b=weights.DOCUMENT_B)
    scores = np.zeros(len(documents.documents))
    for bigram, count in weighted.bigrams.items():
        key = bigram.encode()
        passage_frequency = snapshot.passage_frequency(Field.BIGRAM, key)
        if passage_frequency:
            weight = count * idf(passage_frequency, snapshot.passages)
            frequencies = documents.frequencies(Field.BIGRAM, key)
            scores += weight * saturation(frequencies, norms, k1=weights.DOCUMENT_K1)
    return scores


def _title_scores(
    documents: CandidateDocuments, weighted: WeightedTerms, first_stage: FirstStage
) -> Floats:
    """Score the titles.

    One that is the query itself counts more, and one that many documents share says less about
    each of them.
    """
    scores = first_stage.title_scores(weighted, documents.firsts, documents.frequencies_of)
    if not scores.any():
        return scores
    snapshot = documents.snapshot
    whole = snapshot.doc_values.title_length[documents.documents] == weighted.length
    if whole.any():
        for pair in weighted.pairs:
            whole &= documents.neighbours(Field.TITLE, pair) > 0
    sharing = snapshot.title_frequencies(documents.documents)
    scores *= (1 + weights.WHOLE_TITLE * whole) / (1 + weights.SHARED_TITLE * np.log(sharing))
    return scores


def _pair_scores(documents: CandidateDocuments, weighted: WeightedTerms) -> Floats:
    """Score neighbours in the query that follow each other closely in the document.

    The ordered window of Metzler and Croft, A Markov Random Field Model for Term Dependencies
    (2005); the weight of a pair is the mean idf of its terms.
    """
    snapshot = documents.snapshot
    norms = _norms(documents, b=weights.PAIR_B)
    scores = np.zeros(len(documents.documents))
    for pair in weighted.pairs:
        counts = documents.neighbours(Field.BODY, pair) + documents.neighbours(Field.TITLE, pair)
        frequencies = [snapshot.passage_frequency(Field.BODY, term.encode()) for term in pair]
        weight = sum(idf(frequency, snapshot.passages) for frequency in frequencies) / 2
        scores += weight * saturation(counts, norms, k1=weights.DOCUMENT_K1)
    return scores


class CandidateDocuments:
    """Documents of a snapshot, ascending, with the first passage of each and the end.

    `frequencies_of` reads lists of titles and metadata, which have first passages only.
    """

    def __init__(
        self, snapshot: Snapshot, documents: Int64s, gathered: GatheredPostings | None = None
    ) -> None:
        self.snapshot = snapshot
        self.documents = documents
        self.firsts: Int64s = snapshot.firsts[documents].astype(np.int64)
        self._ends: Int64s = snapshot.firsts[documents + 1].astype(np.int64)
        # The row of each document of the snapshot, or NONE.
        self._table: Int64s | None = None
        self._known_occurrences: dict[tuple[Field, bytes], Int64s] = {}
        if len(snapshot.firsts) <= _MOST_IN_A_TABLE:
            self._table = np.full(len(snapshot.firsts), NONE, np.intp)
            self._table[documents] = np.arange(len(documents))
        self.frequencies_of: Frequencies = frequencies_of
        self._counts: Counts | None = None
        if gathered is not None and self._table is not None:
            owners = self._table.take(snapshot.doc_values.document.take(gathered.passages))
            self._counts = Counts(gathered, owners, len(documents))
            self.frequencies_of = self._counts.frequencies_of

    def frequencies(self, field: Field, term: bytes) -> Floats:
        """Return the frequency of a term in a field of each document."""
        postings = self.snapshot.posting_list(field, term)
        if postings is None:
            return np.zeros(len(self.documents))
        known = None if self._counts is None else self._counts.of(postings)
        if known is not None:
            return known
        rows, owners = self._find(postings.passages)
        counts = postings.frequencies_at(rows)
        sums = np.bincount(owners, weights=counts, minlength=len(self.documents))
        return sums.astype(np.float64, copy=False)

    def text_frequencies(self, term: bytes) -> Floats:
        """Return the frequency of a term in the text and title of each document."""
        return self.frequencies(Field.BODY, term) + self.frequencies(Field.TITLE, term)

    def neighbours(self, field: Field, pair: tuple[str, str]) -> Int64s:
        """Return by document how often the first term has the second close behind it."""
        first, second = (self._occurrences(field, term.encode()) for term in pair)
        if not len(first) or not len(second):
            return np.zeros(len(self.documents), np.int64)
        following = second.searchsorted(first, side="right")
        found = first[second.searchsorted(first + weights.PAIR_WINDOW, side="right") > following]
        counts: Int64s = np.bincount(
            self._owners(found >> POSITION_BITS), minlength=len(self.documents)
        )
        return counts

    def _occurrences(self, field: Field, term: bytes) -> Int64s:
        """Return the occurrences of a term, ascending: passage << POSITION_BITS plus position."""
        # Most terms are in two pairs.
        found = self._known_occurrences.get((field, term))
        if found is None:
            found = self._known_occurrences[field, term] = self._read_occurrences(field, term)
        return found

    def _read_occurrences(self, field: Field, term: bytes) -> Int64s:
        postings = self.snapshot.posting_list(field, term)
        if postings is None:
            return np.zeros(0, dtype=np.int64)
        known = None if self._counts is None else self._counts.found(postings)
        rows, _ = self._find(postings.passages) if known is None else known
        counts = postings.frequencies_at(rows)
        positions = postings.positions_at(rows, counts)  # validates the counts
        passages = np.repeat(postings.passages.take(rows), counts)
        occurrences: Int64s = (passages << POSITION_BITS) + positions
        return occurrences

    def _owners(self, passages: Int64s) -> Int64s:
        """Return the row of the document of each passage."""
        owners: Int64s = self._ends.searchsorted(passages, side="right")
        return owners

    def _find(self, passages: Int64s) -> tuple[Int64s, Int64s]:
        """Return the rows of a posting list that belong to the documents, and their documents."""
        if self._table is not None and len(passages) < _LOOK_UP * len(self.documents):
            owners = self._table.take(self.snapshot.doc_values.document.take(passages))
            rows = (owners != NONE).nonzero()[0]
            return rows, owners.take(rows)
        if len(passages) < len(self.documents):  # the shorter is looked up in the longer
            owners = self._owners(passages)
            inside = self.firsts.take(owners, mode="clip") <= passages
            rows = (inside & (owners < len(self.documents))).nonzero()[0]
            return rows, owners.take(rows)
        starts = passages.searchsorted(self.firsts)
        sizes = passages.searchsorted(self._ends) - starts
        return range_indices(starts, sizes), np.arange(len(sizes)).repeat(sizes)
