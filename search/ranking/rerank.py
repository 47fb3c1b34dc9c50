"""The second look: the best passages again, each in the light of its whole document.

A passage alone is too short to tell what it is about; its document tells that, the title most of
all, and words that stand together in the query should stand together in the text. The parts are
added up with fixed weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import numpy as np

from index.arrays.array_types import Floats, Int64s
from index.arrays.ragged import changes, common
from index.schema import PLACE_BITS, Field
from index.snapshot import Snapshot

from ..weights import (
    ALONE_WEIGHT,
    DOCUMENT_B,
    DOCUMENT_BIGRAM_WEIGHT,
    DOCUMENT_K1,
    PAIR_B,
    PAIR_WEIGHT,
    PASSAGE_BIGRAM_WEIGHT,
    PASSAGE_WEIGHT,
    TITLE_WEIGHT,
)
from .bm25 import combined_synonyms, idf, length_norms, saturation
from .documents import Candidates
from .first_stage import FirstStage, WeightedTerms


class Ranking(NamedTuple):
    """Candidate passages, best first, and the parts that add up to each one's score."""

    passages: Int64s
    scores: Floats
    parts: dict[str, Floats]


def rerank(
    snapshot: Snapshot, asked: WeightedTerms, look: FirstStage, candidates: Int64s
) -> Ranking:
    """Rank `candidates` (passage numbers, ascending)."""
    first = look.parts(asked, candidates)
    owners = snapshot.documents_of(candidates)  # passages ascend, and so do their documents
    firsts = changes(owners)
    documents, of_candidates = owners[firsts], firsts.cumsum() - 1
    among = Candidates.of(snapshot, documents)
    of_document = {
        "document": _document_scores(among, asked),
        "document syllables": DOCUMENT_BIGRAM_WEIGHT * _bigram_scores(among, asked),
        "title": TITLE_WEIGHT * look.titles(asked, among.firsts),
        "word pairs": PAIR_WEIGHT * _pair_scores(among, asked),
    }
    of_passage = {
        "passage": PASSAGE_WEIGHT * first.terms,
        "passage syllables": PASSAGE_BIGRAM_WEIGHT * first.bigrams,
    }
    share = _shares(of_passage["passage"] + of_passage["passage syllables"], of_candidates)
    lent = {name: scores[of_candidates] * share for name, scores in of_document.items()}
    alone = ALONE_WEIGHT * (first.terms + DOCUMENT_BIGRAM_WEIGHT * first.bigrams)
    parts = lent | {"alone": np.maximum(alone - _sum(lent, alone), 0)} | of_passage
    total = _sum(parts, alone)
    order = np.lexsort((candidates, -total))
    return Ranking(
        candidates[order], total[order], {name: part[order] for name, part in parts.items()}
    )


def _sum(parts: Mapping[str, Floats], like: Floats) -> Floats:
    return sum(parts.values(), start=np.zeros_like(like))


def _shares(scores: Floats, documents: Int64s) -> Floats:
    """Return what each passage is to the best of its document: that much the document lends it.

    So the best passage of every document ranks as its document does, and the others below it.
    """
    best = np.zeros(int(documents.max(initial=-1)) + 1)
    np.maximum.at(best, documents, scores)
    top = best[documents]
    shares: Floats = np.divide(scores, top, out=np.ones_like(scores), where=top > 0)
    return shares


def _document_scores(among: Candidates, asked: WeightedTerms) -> Floats:
    snapshot = among.snapshot
    norms = _norms(among, b=DOCUMENT_B)
    scores = np.zeros(len(among.documents))
    for term, count in asked.alone.terms.items():
        key = term.encode()
        weight = count * _document_idf(snapshot, key)
        scores += weight * saturation(among.of_text(key), norms, k1=DOCUMENT_K1)
    alternatives = asked.alternatives()
    if alternatives is not None:
        idfs = np.array([_document_idf(snapshot, key) for key in alternatives.terms])
        frequencies = np.stack([among.of_text(key) for key in alternatives.terms])
        totals, weights = combined_synonyms(alternatives, frequencies, idfs)
        scores += (weights * saturation(totals, norms, k1=DOCUMENT_K1)).sum(axis=0)
    return scores


def _norms(among: Candidates, *, b: float) -> Floats:
    """Return by document what its length, of text and title, adds to a frequency."""
    snapshot = among.snapshot
    lengths = snapshot.document_lengths[among.documents]
    return length_norms(lengths, average=snapshot.document_average, k1=DOCUMENT_K1, b=b)


def _document_idf(snapshot: Snapshot, key: bytes) -> float:
    return idf(snapshot.document_frequency(key), snapshot.documents)


def _bigram_scores(among: Candidates, asked: WeightedTerms) -> Floats:
    snapshot = among.snapshot
    lengths = snapshot.document_bigram_lengths[among.documents]
    average = snapshot.document_bigram_average
    norms = length_norms(lengths, average=average, k1=DOCUMENT_K1, b=DOCUMENT_B)
    scores = np.zeros(len(among.documents))
    for bigram, count in asked.bigrams.items():
        key = bigram.encode()
        passage_frequency = snapshot.passage_frequency(Field.GRAM, key)
        if passage_frequency:
            weight = count * idf(passage_frequency, snapshot.passages)
            found = among.frequencies(Field.GRAM, key)
            scores += weight * saturation(found, norms, k1=DOCUMENT_K1)
    return scores


def _pair_scores(among: Candidates, asked: WeightedTerms) -> Floats:
    """Score neighbours in the query that are neighbours in the document.

    Metzler and Croft, A Markov Random Field Model for Term Dependencies (2005), the ordered
    window; a pair weighs what its two terms weigh on average.
    """
    snapshot = among.snapshot
    norms = _norms(among, b=PAIR_B)
    scores = np.zeros(len(among.documents))
    places_of = cache(among.places)  # most terms end one pair and begin another
    for pair in asked.pairs:
        first, second = (term.encode() for term in pair)
        together = np.zeros(len(among.documents), dtype=np.int64)
        for field in (Field.BODY, Field.TITLE):
            both = common(places_of(field, first) + 1, places_of(field, second))
            together += np.bincount(among.owners(both >> PLACE_BITS), minlength=len(together))
        passage_frequency = [
            snapshot.passage_frequency(Field.BODY, term) for term in (first, second)
        ]
        weight = sum(idf(count, snapshot.passages) for count in passage_frequency) / 2
        scores += weight * saturation(together, norms, k1=DOCUMENT_K1)
    return scores
