"""Which of the passages that match a query are shown, in which order, and how many match."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from .engine import Engine, Retrieval
from .fetch import RankedPassage, ranked_passages
from .pipeline import QueryPipeline, QueryTerms
from .query.tree import Query
from .ranking.rerank import Ranking
from .results import FacetCount, Total
from .selection import SCORE, Selection

# Where documents repeat, so many times as many passages are put in order.
_MORE = 8


class Choice:
    """Chooses hits for one query; `terms` are completed by that, and the counts come after it."""

    def __init__(
        self,
        engine: Engine,
        pipeline: QueryPipeline,
        query: Query,
        terms: QueryTerms,
        selection: Selection,
    ) -> None:
        self._engine = engine
        self._pipeline = pipeline
        self._query = query
        self._terms = terms
        self._selection = selection
        self._most = selection.offset + selection.limit
        terms.counts = selection.facets, selection.excluded

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
        most, rows = self._most, []
        while True:
            passages = self._pipeline.ordered(
                self._query, self._terms, self._selection.sort, most=most
            )
            rows = self._selected(Ranking(passages, np.zeros(len(passages)), {}))
            if len(rows) >= self._most or len(passages) < most:
                break
            most = _MORE * most
        chosen = np.sort(np.array([row.passage for row in rows], np.int64))
        ranking = self._retrieval.rerank(chosen)
        scores = dict(zip(ranking.passages.tolist(), ranking.scores.tolist(), strict=True))
        rows = [row._replace(score=scores[row.passage]) for row in rows]
        return self._with_copies(rows) if self._selection.fold_copies else rows

    def _with_copies(self, rows: Sequence[RankedPassage]) -> list[RankedPassage]:
        """Return rows with the text keys of those whose text others that match have too."""
        documents = np.array([row.document for row in rows], np.int64)
        repeated = self._retrieval.repeated(documents)
        keys = self._engine.text_keys(documents).tolist()
        return [
            row._replace(text_key=key if key in repeated else None)
            for row, key in zip(rows, keys, strict=True)
        ]

    def _selected(self, ranking: Ranking) -> list[RankedPassage]:
        return ranked_passages(
            self._engine,
            ranking,
            most=self._most,
            per_document=self._selection.per_document,
            excluded=self._selection.excluded,
            fold_copies=self._selection.fold_copies,
        )

    @property
    def _retrieval(self) -> Retrieval:
        retrieval = self._terms.retrieval
        assert retrieval is not None  # the passages are chosen
        return retrieval

    def counts(self) -> tuple[Total, Mapping[str, tuple[FacetCount, ...]]]:
        """Return the total and the facets of all passages that match."""
        names, excluded = self._selection.facets, self._selection.excluded
        total = self._retrieval.total(excluded)
        return total, self._retrieval.facets(names, excluded) if names else {}
