"""Second stage: rerank of the candidates by passage and document.

A passage alone is too short to show its topic; its document does, above all by the title, and by
neighbours in the query that are neighbours in the text. Scores are sums with fixed weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from index.arrays.array_types import Floats, Int64s
from index.schema import Field
from index.value import NamedTuple

from .. import weights
from .bm25 import combined_synonyms, idf, length_norms, saturation
from .term_scores import TermScores
from .weighted_terms import WeightedTerms

if TYPE_CHECKING:
    from .collection import CandidateDocuments, Candidates, Collection


class Ranking(NamedTuple):
    """Passages, best first, with their scores and the parts of each score by name."""

    passages: Int64s
    scores: Floats
    parts: dict[str, Floats]


def rerank(collection: Collection, weighted: WeightedTerms, candidates: Candidates) -> Ranking:
    """Rank the candidates."""
    scores = TermScores(collection)
    terms, bigrams = scores.passage_scores(weighted, candidates.passages, candidates.frequencies_of)
    documents, rows = candidates.documents, candidates.rows
    text = {
        "document": _document_scores(collection, documents, weighted),
        "document syllables": weights.DOCUMENT_BIGRAM_WEIGHT
        * _bigram_scores(collection, documents, weighted),
    }
    around = {
        "title": weights.TITLE_WEIGHT * _title_scores(scores, documents, weighted),
        "word pairs": weights.PAIR_WEIGHT * _pair_scores(collection, documents, weighted),
    }
    metadata = scores.metadata_scores(weighted, documents.firsts, documents.frequencies_of)
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
    order = np.lexsort((candidates.numbers, -total))
    return Ranking(
        candidates.numbers[order], total[order], {name: part[order] for name, part in parts.items()}
    )


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


def _document_scores(
    collection: Collection, documents: CandidateDocuments, weighted: WeightedTerms
) -> Floats:
    norms = _norms(documents, b=weights.DOCUMENT_B)
    scores = np.zeros(len(documents.firsts))
    for term, count in weighted.untranslated.terms.items():
        weight = count * _document_idf(collection, term)
        scores += weight * saturation(
            documents.text_frequencies(term), norms, k1=weights.DOCUMENT_K1
        )
    synonyms = weighted.synonym_groups()
    if synonyms is not None:
        idfs = np.array([_document_idf(collection, term) for term in synonyms.terms])
        frequencies = np.stack([documents.text_frequencies(term) for term in synonyms.terms])
        totals, group_weights = combined_synonyms(synonyms, frequencies, idfs)
        scores += (group_weights * saturation(totals, norms, k1=weights.DOCUMENT_K1)).sum(axis=0)
    return scores


def _norms(documents: CandidateDocuments, *, b: float) -> Floats:
    """Return the length norms of text and title together."""
    average = documents.average_length
    return length_norms(documents.lengths, average=average, k1=weights.DOCUMENT_K1, b=b)


def _document_idf(collection: Collection, term: str) -> float:
    return idf(collection.document_frequency(term), collection.documents)


def _bigram_scores(
    collection: Collection, documents: CandidateDocuments, weighted: WeightedTerms
) -> Floats:
    average = documents.average_bigrams
    norms = length_norms(
        documents.bigram_lengths, average=average, k1=weights.DOCUMENT_K1, b=weights.DOCUMENT_B
    )
    scores = np.zeros(len(documents.firsts))
    for bigram, count in weighted.bigrams.items():
        passage_frequency = collection.frequency(Field.BIGRAM, bigram)
        if passage_frequency:
            weight = count * idf(passage_frequency, collection.passages)
            frequencies = documents.bigram_frequencies(bigram)
            scores += weight * saturation(frequencies, norms, k1=weights.DOCUMENT_K1)
    return scores


def _title_scores(
    term_scores: TermScores, documents: CandidateDocuments, weighted: WeightedTerms
) -> Floats:
    """Score the titles.

    One that is the query itself counts more, and one that many documents share says less about
    each of them.
    """
    scores = term_scores.title_scores(weighted, documents.firsts, documents.frequencies_of)
    if not scores.any():
        return scores
    whole = documents.title_lengths == weighted.length
    if whole.any():
        for pair in weighted.pairs:
            whole &= documents.title_neighbours(pair) > 0
    sharing = documents.title_frequencies()
    scores *= (1 + weights.WHOLE_TITLE * whole) / (1 + weights.SHARED_TITLE * np.log(sharing))
    return scores


def _pair_scores(
    collection: Collection, documents: CandidateDocuments, weighted: WeightedTerms
) -> Floats:
    """Score neighbours in the query that follow each other closely in the document.

    The ordered window of Metzler and Croft, A Markov Random Field Model for Term Dependencies
    (2005); the weight of a pair is the mean idf of its terms.
    """
    norms = _norms(documents, b=weights.PAIR_B)
    scores = np.zeros(len(documents.firsts))
    for pair in weighted.pairs:
        counts = documents.neighbours(pair)
        frequencies = [collection.frequency(Field.BODY, term) for term in pair]
        weight = sum(idf(frequency, collection.passages) for frequency in frequencies) / 2
        scores += weight * saturation(counts, norms, k1=weights.DOCUMENT_K1)
    return scores
