"""The words of a text that tell most of what it is about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.analysis.analyzer import Analyzer
from index.schema import Field
from index.snapshot import Snapshot

from .query.words import QueryWord, read_words
from .ranking.bm25 import idf, saturation
from .weights import SIMILAR_K1, SIMILAR_WORDS


def telling_words(snapshot: Snapshot, analyzer: Analyzer, text: str) -> list[str]:
    """Return up to SIMILAR_WORDS words of a text, those that few others have, in their order.

    Each is weighed by BM25 with what the passages of the index hold; a word counts once, however
    its ending changes.
    """
    first: dict[str, QueryWord] = {}
    counts: dict[str, int] = {}
    for word in read_words(analyzer, text):
        if word.asked and word.word.width:
            name = " ".join(term for term, _ in word.readings)
            first.setdefault(name, word)
            counts[name] = counts.get(name, 0) + 1
    # However long the text: it is the same for all its words.
    parts = saturation(np.array([*counts.values()]), SIMILAR_K1, k1=SIMILAR_K1).tolist()
    weights = {
        name: _mean_idf(snapshot, word) * part
        for (name, word), part in zip(first.items(), parts, strict=True)
    }
    best = set(sorted(weights, key=lambda name: (-weights[name], name))[:SIMILAR_WORDS])
    return [word.surface for name, word in first.items() if name in best]


def _mean_idf(snapshot: Snapshot, word: QueryWord) -> float:
    """Return the mean idf of a word's terms; a term that stands nowhere else tells nothing."""
    holdings = [snapshot.passage_frequency(Field.BODY, term.encode()) for term, _ in word.readings]
    return _mean([idf(some, snapshot.passages) if some > 1 else 0.0 for some in holdings])


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0
