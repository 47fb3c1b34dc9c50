"""Which of the passages that match a query are shown, in which order, and how many match."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from index.snapshot import Snapshot

from .fetch import RankedPassage, ranked_passages
from .matching.passage_set import PassageSet
from .pipeline import QueryPipeline, QueryTerms
from .query.tree import Query
from .ranking.rerank import Ranking
from .results import FacetCount, Total
from .selection import SCORE, Selection
from .totals import MOST_COUNTED, total_of


class Choice:
    """Chooses hits for one query; `terms` are completed by that, and the counts come after it."""

    def __init__(
        self,
        snapshot: Snapshot,
        pipeline: QueryPipeline,
        query: Query,
        terms: QueryTerms,
        selection: Selection,
    ) -> None:
        self._snapshot = snapshot
        self._pipeline = pipeline
        self._query = query
        self._terms = terms
        self._selection = selection
        self._most = selection.offset + selection.limit

    def passages(self) -> list[RankedPassage]:
        """Return the selected passages in their order, with their scores."""
        best = self._ranked() if self._selection.sort == SCORE else self._ordered()
        return best[self._selection.offset :]

    def _ranked(self) -> list[RankedPassage]:
        """Return the best passages, with more candidates where documents repeat."""
        ranked: list[RankedPassage] = []
        for ranking in self._pipeline.rankings(self._query, self._terms, depth=self._most):
            ranked = self._selected(ranking)
            if len(ranked) >= self._most:
                break
        return ranked

    def _ordered(self) -> list[RankedPassage]:
        """Return the first passages of another order; scores are those among them."""
        from .sorting import in_order  # imported late: most searches are ranked

        found = self._pipeline.find(self._query, self._terms)
        passages = in_order(self._snapshot, found.numbers, self._selection.sort)
        rows = self._selected(Ranking(passages, np.zeros(len(passages)), {}))
        chosen = np.sort(np.array([row.passage for row in rows], np.int64))
        ranking = self._pipeline.scores(self._terms, chosen)
        scores = dict(zip(ranking.passages.tolist(), ranking.scores.tolist(), strict=True))
        return [row._replace(score=scores[row.passage]) for row in rows]

    def _selected(self, ranking: Ranking) -> list[RankedPassage]:
        return ranked_passages(
            self._snapshot,
            ranking,
            most=self._most,
            per_document=self._selection.per_document,
            excluded=self._selection.excluded,
            fold_copies=self._selection.fold_copies,
        )

    def counts(self) -> tuple[Total, Mapping[str, tuple[FacetCount, ...]]]:
        """Return the total and the facets of all passages that match."""
        names, excluded = self._selection.facets, sorted(self._selection.excluded)
        found = self._pipeline.matching(self._terms, enough=None if names else MOST_COUNTED)
        if excluded:
            found -= PassageSet(found.size, numbers=np.array(excluded))
        passages = found.numbers
        total = total_of(self._snapshot, passages)
        if not names:
            return total, {}
        from .facets import facets_of  # imported late: most searches have none

        return total, facets_of(self._snapshot, passages, names)
