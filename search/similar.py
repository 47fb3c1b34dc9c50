"""Selection of the most significant words of passages, as a query for similar ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from index.analysis.analyzer import Analyzer
from index.schema import Field

from .engine import Engine
from .query.words import QueryWord, read_words
from .ranking.bm25 import idf, saturation
from .weights import SIMILAR_K1, SIMILAR_WORDS


def significant_words(engine: Engine, analyzer: Analyzer, passages: Iterable[str]) -> list[str]:
    """Return the SIMILAR_WORDS words of texts of passages with the highest BM25, in their order.

    Inflections of a word count as one.
    """
    first: dict[tuple[str, ...], QueryWord] = {}
    counts: dict[tuple[str, ...], int] = {}
    own = Counter[str]()  # of these passages, how many have a term
    for text in passages:
        found: set[str] = set()
        for word in read_words(analyzer, text):
            if word.asked and word.word.width:
                terms = tuple(term for term, _ in word.readings)
                first.setdefault(terms, word)
                counts[terms] = counts.get(terms, 0) + 1
                found.update(terms)
        own.update(found)
    # A constant length norm: all words are of the same text.
    tfs = saturation(np.array([*counts.values()]), SIMILAR_K1, k1=SIMILAR_K1).tolist()
    weights = {
        terms: _mean_idf(engine, terms, own) * tf for terms, tf in zip(first, tfs, strict=True)
    }
    best = set(sorted(weights, key=lambda terms: (-weights[terms], terms))[:SIMILAR_WORDS])
    return [word.surface for terms, word in first.items() if terms in best]


def _mean_idf(engine: Engine, terms: tuple[str, ...], own: Mapping[str, int]) -> float:
    """Return the mean idf of the terms of a word; one that only its own passages have counts 0."""
    counts = [(engine.frequency(Field.BODY, each), own[each]) for each in terms]
    idfs = [idf(count, engine.passages) if count > here else 0.0 for count, here in counts]
    return sum(idfs) / len(idfs) if idfs else 0.0
