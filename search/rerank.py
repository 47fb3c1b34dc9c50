"""The second look: the best passages again, each in the light of its whole document.

A passage alone is too short to tell what it is about; its document tells that, the title most of
all, and words that stand together in the query should stand together in the text. The parts are
added up with fixed weights, chosen on one half of the queries of several collections
(docs/ranking.md has the figures for the other half).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.fields import Field
from index.segment.content import Numbers, Postings
from index.snapshot import Snapshot

from .topk import Asked, FirstLook, Scores, idf, saturation

DOCUMENT_K1 = 1.0
DOCUMENT_B = 0.9
PASSAGE_WEIGHT = 0.3
PASSAGE_GRAM_WEIGHT = 0.11
DOCUMENT_GRAM_WEIGHT = 0.15
TITLE_WEIGHT = 0.5
PAIR_WEIGHT = 0.2

_SHIFT = 17


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidate passages, best first, and the parts that add up to each one's score."""

    passages: Numbers
    scores: Scores
    parts: dict[str, Scores]


@dataclass(frozen=True, slots=True)
class _Frequencies:
    """How often a term stands in each of some documents, title and text together."""

    documents: Numbers
    frequencies: Numbers


def second_look(snapshot: Snapshot, asked: Asked, look: FirstLook, candidates: Numbers) -> Ranking:
    """Rank `candidates` (passage numbers, ascending)."""
    documents = snapshot.measures.document[candidates]
    of_document = {
        "document": _document_scores(snapshot, asked, documents),
        "document syllables": DOCUMENT_GRAM_WEIGHT * _gram_scores(snapshot, asked, documents),
        "title": TITLE_WEIGHT * look.titles[snapshot.firsts[documents]],
        "word pairs": PAIR_WEIGHT * _pair_scores(snapshot, asked, documents),
    }
    of_passage = {
        "passage": PASSAGE_WEIGHT * look.terms[candidates],
        "passage syllables": PASSAGE_GRAM_WEIGHT * look.grams[candidates],
    }
    share = _shares(of_passage["passage"] + of_passage["passage syllables"], documents)
    parts = {name: scores * share for name, scores in of_document.items()} | of_passage
    total: Scores = sum(parts.values(), start=np.zeros(len(candidates)))
    order = np.lexsort((candidates, -total))
    return Ranking(
        candidates[order], total[order], {name: part[order] for name, part in parts.items()}
    )


def _shares(scores: Scores, documents: Numbers) -> Scores:
    """Return what each passage is to the best of its document: that much the document lends it.

    So the best passage of every document ranks as its document does, and the others below it.
    """
    best = np.zeros(int(documents.max(initial=-1)) + 1)
    np.maximum.at(best, documents, scores)
    top = best[documents]
    shares: Scores = np.divide(scores, top, out=np.ones_like(scores), where=top > 0)
    return shares


def _document_lengths(snapshot: Snapshot) -> tuple[Numbers, float]:
    measures = snapshot.measures
    lengths = measures.title_length + _per_document(snapshot, measures.body_length)
    return lengths, float(lengths[snapshot.alive_documents].sum()) / max(snapshot.documents, 1)


def _per_document(snapshot: Snapshot, of_passages: Numbers) -> Numbers:
    """Add up a measure of passages over each document."""
    sums = np.concatenate(([0], np.cumsum(of_passages)))
    totals: Numbers = sums[snapshot.firsts[1:]] - sums[snapshot.firsts[:-1]]
    return totals


def _in_documents(snapshot: Snapshot, postings: list[Postings | None]) -> _Frequencies:
    """Add up posting lists of one term over the documents."""
    found = [some for some in postings if some is not None]
    if not found:
        return _Frequencies(np.zeros(0, np.int64), np.zeros(0, np.int64))
    passages = np.concatenate([some.passages for some in found])
    frequencies = np.concatenate([some.frequencies for some in found])
    documents = snapshot.measures.document[passages]
    if len(found) > 1:
        order = np.argsort(documents, kind="stable")
        documents, frequencies = documents[order], frequencies[order]
    first = np.flatnonzero(np.diff(documents, prepend=-1))
    return _Frequencies(documents[first], np.add.reduceat(frequencies, first))


def _look_up(found: _Frequencies, documents: Numbers) -> Numbers:
    """Return the frequency in each of `documents`, 0 where the term does not stand."""
    if not len(found.documents):
        return np.zeros(len(documents), dtype=np.int64)
    places = np.minimum(np.searchsorted(found.documents, documents), len(found.documents) - 1)
    return np.where(found.documents[places] == documents, found.frequencies[places], 0)


def _document_scores(snapshot: Snapshot, asked: Asked, documents: Numbers) -> Scores:
    lengths, average = _document_lengths(snapshot)
    scores = np.zeros(len(documents))
    for term, count in asked.terms.items():
        key = term.encode()
        found = _in_documents(
            snapshot, [snapshot.postings(field, key) for field in (Field.BODY, Field.TITLE)]
        )
        weight = count * idf(len(found.documents), snapshot.documents)
        scores += weight * saturation(
            _look_up(found, documents), lengths[documents], average, k1=DOCUMENT_K1, b=DOCUMENT_B
        )
    return scores


def _gram_scores(snapshot: Snapshot, asked: Asked, documents: Numbers) -> Scores:
    lengths = _per_document(snapshot, snapshot.measures.gram_length)
    average = float(lengths[snapshot.alive_documents].sum()) / max(snapshot.documents, 1)
    scores = np.zeros(len(documents))
    for gram, count in asked.grams.items():
        postings = snapshot.postings(Field.GRAM, gram.encode())
        if postings is not None:
            weight = count * idf(len(postings.passages), snapshot.passages)
            frequencies = _look_up(_in_documents(snapshot, [postings]), documents)
            scores += weight * saturation(
                frequencies, lengths[documents], average, k1=DOCUMENT_K1, b=DOCUMENT_B
            )
    return scores


def _pair_scores(snapshot: Snapshot, asked: Asked, documents: Numbers) -> Scores:
    """Score neighbours in the query that are neighbours in the document.

    Metzler and Croft, A Markov Random Field Model for Term Dependencies (2005), the ordered
    window; a pair weighs what its two terms weigh on average.
    """
    lengths, average = _document_lengths(snapshot)
    wanted = np.zeros(len(lengths), dtype=bool)
    wanted[documents] = True
    scores = np.zeros(len(documents))
    for first, second in asked.pairs:
        together = np.zeros(len(lengths), dtype=np.int64)
        weights = []
        for field in (Field.BODY, Field.TITLE):
            lists = [snapshot.postings(field, term.encode()) for term in (first, second)]
            if lists[0] is not None and lists[1] is not None:
                places = [_places(snapshot, found, wanted) for found in lists if found is not None]
                both = np.intersect1d(places[0] + 1, places[1], assume_unique=True)
                np.add.at(together, snapshot.measures.document[both >> _SHIFT], 1)
            if field is Field.BODY:
                weights = [
                    idf(len(found.passages) if found is not None else 0, snapshot.passages)
                    for found in lists
                ]
        weight = sum(weights) / 2
        scores += weight * saturation(
            together[documents], lengths[documents], average, k1=DOCUMENT_K1, b=0.75
        )
    return scores


def _places(
    snapshot: Snapshot, postings: Postings, wanted: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> Numbers:
    """Return the places of a term within the documents wanted, as passage and position in one."""
    passages = np.repeat(postings.passages, postings.frequencies)
    kept = wanted[snapshot.measures.document[passages]]
    return (passages[kept] << _SHIFT) + postings.positions[kept]
