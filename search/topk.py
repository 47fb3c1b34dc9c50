"""The first look: every passage with a term of the query, scored by BM25 on arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.fields import Field
from index.segment.content import Numbers
from index.snapshot import Snapshot

Scores = NDArray[np.float64]

# Chosen on one half of the queries of several collections; docs/ranking.md has the figures.
PASSAGE_K1 = 0.6
PASSAGE_B = 0.75
# A pair of syllables weighs this much beside a term: it finds what the terms split differently.
GRAM_WEIGHT = 0.3


def idf(holding: int, all_: int) -> float:
    """Return Lucene's inverse frequency of what `holding` of `all_` have; never negative."""
    return float(np.log(1 + (all_ - holding + 0.5) / (holding + 0.5)))


def saturation(frequencies: Any, lengths: Any, average: float, *, k1: float, b: float) -> Scores:  # noqa: ANN401 - arrays
    """Return BM25's part of how often a term stands in a text, from 0 to k1 + 1.

    Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009).
    """
    norms = k1 * (1 - b + b * lengths / max(average, 1e-9))
    scores: Scores = frequencies * (k1 + 1) / (frequencies + norms)
    return scores


@dataclass(frozen=True, slots=True)
class Asked:
    """What ranking asks for, with weights: a word said twice counts twice."""

    terms: Mapping[str, float]
    title_terms: Mapping[str, float]
    grams: Mapping[str, float]
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FirstLook:
    """Scores of all passages: by terms, by syllable pairs, and which hold a term at all."""

    terms: Scores
    grams: Scores
    titles: Scores

    @property
    def total(self) -> Scores:
        """The score that chooses candidates."""
        return self.terms + GRAM_WEIGHT * self.grams + self.titles


def first_look(snapshot: Snapshot, asked: Asked) -> FirstLook:
    """Score every passage of the index."""
    measures = snapshot.measures
    return FirstLook(
        terms=_scored(snapshot, Field.BODY, asked.terms, measures.body_length),
        grams=_scored(snapshot, Field.GRAM, asked.grams, measures.gram_length),
        titles=_titles(snapshot, asked),
    )


def _scored(
    snapshot: Snapshot, field: Field, asked: Mapping[str, float], lengths: Numbers
) -> Scores:
    scores = np.zeros(snapshot.size)
    average = float(lengths[snapshot.alive].sum()) / max(snapshot.passages, 1)
    for term, count in asked.items():
        found = snapshot.postings(field, term.encode())
        if found is not None:
            weight = count * idf(len(found.passages), snapshot.passages)
            scores[found.passages] += weight * saturation(
                found.frequencies, lengths[found.passages], average, k1=PASSAGE_K1, b=PASSAGE_B
            )
    return scores


def _titles(snapshot: Snapshot, asked: Asked) -> Scores:
    """Score the titles, each at the first passage of its document."""
    measures = snapshot.measures
    lengths = measures.title_length
    average = float(lengths[snapshot.alive_documents].sum()) / max(snapshot.documents, 1)
    scores = np.zeros(snapshot.size)
    for term, count in (*asked.terms.items(), *asked.title_terms.items()):
        found = snapshot.postings(Field.TITLE, term.encode())
        if found is not None:
            weight = count * idf(len(found.passages), snapshot.documents)
            of_titles = lengths[measures.document[found.passages]]
            scores[found.passages] += weight * saturation(
                found.frequencies, of_titles, average, k1=1.2, b=0.75
            )
    return scores
