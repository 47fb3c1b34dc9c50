"""First stage: the best passages by BM25 of terms, syllable bigrams and title."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np

from index.arrays.array_types import Int64s, Mask
from index.postings.posting_list import PostingList
from index.schema import Field

from ..ranking.clauses import Clause
from ..ranking.term_scores import TermScores
from ..ranking.weighted_terms import WeightedTerms
from .collection import SnapshotCollection
from .gathered import GatheredPostings, best_by_posting, is_short
from .max_score import best_of_any
from .sum_buffers import SumBuffers


class FirstStage:
    """First-stage retrieval on a snapshot; thread-safe."""

    def __init__(self, collection: SnapshotCollection) -> None:
        self.collection = collection
        self.scores = TermScores(collection)
        self._snapshot = collection.snapshot
        self._buffers = SumBuffers(self._snapshot.size)

    def best(self, weighted: WeightedTerms, *, most: int, allowed: Mask | None) -> Int64s:
        """Return the best `most` of the `allowed` passages (None: all live ones), ascending.

        With a mask, passages without any of the terms fill up the number.
        """
        if allowed is not None and np.count_nonzero(allowed) <= most:
            return allowed.nonzero()[0]  # all become candidates, so their scores do not matter
        within = allowed
        if within is None and self._snapshot.has_deleted:
            within = self._snapshot.alive
        found = self._best_of_any(self.scores.first_stage(weighted), most, within)
        if allowed is not None and len(found) < most:
            others = allowed.copy()
            others[found] = False
            found = np.append(found, others.nonzero()[0][: most - len(found)])
        return np.sort(found)

    def _best_of_any(self, clauses: Sequence[Clause], k: int, allowed: Mask | None) -> Int64s:
        size = self._snapshot.size
        if is_short([clause.postings for clause in clauses], size):
            return best_by_posting(clauses, k=k, size=size, allowed=allowed).passages
        with self._buffers.borrow() as sums:
            return best_of_any(clauses, k=k, sums=sums, allowed=allowed).passages

    def gathered(self, weighted: WeightedTerms) -> GatheredPostings | None:
        """Return the postings of all lists that score candidates, None if there are too many."""
        others = chain.from_iterable(weighted.translations.values())
        terms = dict.fromkeys([*weighted.terms, *others])
        keys = [
            *((Field.BODY, term) for term in terms),
            *((Field.TITLE, term) for term in {**terms, **weighted.title_terms}),
            *((Field.BIGRAM, bigram) for bigram in weighted.bigrams),
            *((Field.META, term) for term in weighted.terms),
        ]
        found = (self._snapshot.posting_list(field, term.encode()) for field, term in keys)
        lists = [postings for postings in found if postings is not None]
        is_gathered = lists and is_short(lists, self._snapshot.size)
        return GatheredPostings(lists) if is_gathered else None

    def lists(self, weighted: WeightedTerms) -> list[PostingList]:
        """Return the posting lists whose passages match, those of titles with first passages."""
        scores = self.scores
        of_documents = [*scores.titles(weighted), *scores.metadata(weighted)]
        clauses = [*scores.terms(weighted), *of_documents, *scores.translated(weighted)]
        return [clause.postings for clause in clauses]

    def matching(self, weighted: WeightedTerms) -> Mask:
        """Return a mask of the live passages with a term, or (first passages) with a title term."""
        return self._any_of(self.lists(weighted))

    def matching_bigrams(self, weighted: WeightedTerms) -> Mask:
        """Return a mask of the live passages with a syllable bigram."""
        return self._any_of(clause.postings for clause in self.scores.bigrams(weighted))

    def _any_of(self, lists: Iterable[PostingList]) -> Mask:
        mask = np.zeros(self._snapshot.size, dtype=bool)
        for postings in lists:
            mask[postings.passages] = True
        if self._snapshot.has_deleted:
            mask &= self._snapshot.alive
        return mask
