"""Posting lists made in memory for tests of the array evaluation, and slow reference results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.postings.posting_list import PostingList
from index.segment.impacts import MANY, impacts_of
from search.embedded.selection import Hits
from search.ranking.bm25 import Bm25
from search.ranking.clauses import Clause

# A passage is the terms it has, in order; most numbers are of passages without any.
Corpus = Mapping[int, Sequence[str]]
RUN = 65_536


@dataclass(frozen=True, slots=True)
class Numbered:
    """A corpus whose passages are numbered over segments that start at `bases`."""

    corpus: Corpus
    size: int
    bases: Sequence[int]

    def lengths(self) -> NDArray[np.int64]:
        lengths = np.zeros(self.size, dtype=np.int64)
        for passage, terms in self.corpus.items():
            lengths[passage] = len(terms)
        return lengths

    def bm25(self, *, k1: float = 1.2, b: float = 0.75) -> Bm25:
        lengths = self.lengths()
        average = float(lengths.sum()) / max(len(self.corpus), 1)
        return Bm25(lengths, average=average, k1=k1, b=b)

    def postings(self, term: str) -> PostingList:
        passages = [passage for passage in sorted(self.corpus) if term in self.corpus[passage]]
        found = [list(self.corpus[passage]) for passage in passages]
        frequencies = np.array([terms.count(term) for terms in found], dtype=np.int64)
        positions = [
            [position for position, other in enumerate(terms) if other == term] for terms in found
        ]
        starts, bases = self._runs(passages)
        owners = np.repeat(bases, np.diff(starts))
        low = np.array(passages, dtype=np.int64) - owners
        impacts = impacts_of(frequencies, self.lengths()[np.array(passages, dtype=np.int64)])
        assert set(frequencies[impacts == MANY].tolist()).isdisjoint(range(10))
        return PostingList(
            impacts=impacts,
            low=low.astype(np.uint16),
            starts=starts,
            bases=bases,
            many=frequencies.take,
            positions=lambda rows, _counts: np.array(
                [position for row in rows.tolist() for position in positions[row]], dtype=np.int64
            ),
            all_positions=lambda _counts: np.array(
                [position for list_ in positions for position in list_], dtype=np.int64
            ),
        )

    def _runs(self, passages: Sequence[int]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the starts of runs, and the first passage of the block of each."""
        edges = [*self.bases, self.size]
        bases = [base for low, high in pairwise(edges) for base in range(low, high, RUN)]
        sizes = [
            sum(base <= passage < after for passage in passages)
            for base, after in pairwise([*bases, self.size])
        ]
        kept = [number for number, size in enumerate(sizes) if size]
        starts = np.cumsum([0, *(sizes[number] for number in kept)])
        return starts, np.array([bases[number] for number in kept], dtype=np.intp)


def slow_scores(clauses: Sequence[Clause], size: int, bm25: Bm25) -> NDArray[np.float64]:
    """Score every passage, term by term in the order given."""
    scores = np.zeros(size)
    for clause in clauses:
        passages = clause.postings.passages
        frequencies = clause.postings.frequencies_at(np.arange(clause.postings.size))
        scores[passages] += clause.weight * bm25.saturation(frequencies, passages)
    return scores


def slow_best(
    scores: NDArray[np.float64], matches: Callable[[int], bool], k: int
) -> list[tuple[int, float]]:
    """Return the best of the passages that match, ties by number."""
    found = [passage for passage in range(len(scores)) if matches(passage)]
    found.sort(key=lambda passage: (-scores[passage], passage))
    return [(passage, float(scores[passage])) for passage in found[:k]]


def pairs(hits: Hits) -> list[tuple[int, float]]:
    return list(zip(hits.passages.tolist(), hits.scores.tolist(), strict=True))
