"""What a searcher tells of all passages that match, not only of the best."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Unpack

from .pipeline import QueryPipeline
from .query.parser import phrase_query
from .query.tree import Filter, Query
from .selection import FilterArguments, Selection, filters_of

if TYPE_CHECKING:
    from index.analysis.analyzer import Analyzer
    from index.arrays.array_types import Indices
    from index.snapshot import Snapshot

    from .concordance.lines import Concordance
    from .correction.rewrite import CorrectedQuery
    from .keyness.telling_words import TellingWords
    from .keyness.trend import Trend
    from .matched import Matched


class Overview(ABC):
    """The methods of a searcher that look at all passages that match.

    What they need is imported when they are called: a search can do without.
    """

    _snapshot: Snapshot
    _analyzer: Analyzer
    _pipeline: QueryPipeline

    @property
    @abstractmethod
    def notes(self) -> tuple[str, ...]:
        """What the user should know of the index."""

    @abstractmethod
    def _reading(self) -> AbstractContextManager[None]: ...

    @abstractmethod
    def _parsed(self, query: str) -> Query: ...

    @abstractmethod
    def _corrected(self, query: Query, *, bridge: bool, strict: bool) -> CorrectedQuery: ...

    def concordance(
        self,
        query: str,
        *,
        phrase: bool = False,
        width: int = 60,
        sort: str = "position",
        limit: int = 100,
        offset: int = 0,
        bridge: bool = True,
        strict: bool = False,
        **filters: Unpack[FilterArguments],
    ) -> Concordance:
        """Return the places that match a query, or its words as a `phrase`, with their contexts.

        They are of all passages that match, of documents with the same text those of one. A line is
        an occurrence of a phrase, or a word. `width` is in characters of each side. `sort` is
        position, left (by the last word before, then the one before that), right (by the first word
        after), score, or date (newest first); ties are in order of position. The lines of thousands
        of passages are sorted by their neighbours for a part of them, as a note says. The rest is
        as for `search`. Raises QueryError.
        """
        from .concordance.concordance import ConcordanceMaker, Page, ordered_passages
        from .matched import without_copies

        page = Page(width, sort, limit, offset)
        page.check()
        with self._reading():
            tree = phrase_query(query) if phrase else self._parsed(query)
            corrected = self._corrected(tree, bridge=bridge, strict=strict)
            matched = self._matched(corrected.query, filters_of(**filters), bridge=bridge)
            matched = without_copies(self._snapshot, matched)
            passages = ordered_passages(self._snapshot, self._pipeline, matched, page)
            highlighted = self._pipeline.highlight_query(matched.query, matched.terms)
            maker = ConcordanceMaker(self._snapshot, self._analyzer, highlighted)
            found = maker.concordance(passages, page, passages=len(matched.passages))
        return found.with_notes(*self.notes, *corrected.notes_on(()))

    def telling_words(
        self,
        query: str,
        *,
        versus: str = "",
        limit: int = 20,
        bridge: bool = True,
        strict: bool = False,
        **filters: Unpack[FilterArguments],
    ) -> TellingWords:
        """Return the words that tell the passages of a query from the rest that the filters keep.

        Or from those of the query `versus`; then also those that tell these. The words of the
        queries and their translations are left out. `limit` counts the words of each side; the rest
        is as for `search`. Raises QueryError.
        """
        from .keyness.telling_words import WordTeller

        chosen = filters_of(**filters)
        queries = [query, versus] if versus else [query]
        with self._reading():
            corrected = [
                self._corrected(self._parsed(each), bridge=bridge, strict=strict)
                for each in queries
            ]
            first, *others = (
                self._matched(each.query, chosen, bridge=bridge) for each in corrected
            )
            teller = WordTeller(self._snapshot, self._analyzer)
            if others:
                found = teller.against_other(first, others[0], most=limit)
            else:
                within = self._pipeline.matcher.all_of(chosen).numbers if chosen else None
                found = teller.against_rest(first, within, most=limit)
        notes = (note for each in corrected for note in each.notes_on(()))
        return found.with_notes(*self.notes, *dict.fromkeys(notes))

    def trend(
        self,
        queries: Sequence[str],
        *,
        by: str = "year",
        bridge: bool = True,
        strict: bool = False,
        **filters: Unpack[FilterArguments],
    ) -> Trend:
        """Return how many passages and documents each query matches by the values of a facet.

        Documents with the same text count each. Filters and the rest are as for `search`. Raises
        QueryError.
        """
        from .keyness.trend import trend_of

        selection = Selection(0, facets=(by,), filters=filters_of(**filters))
        selection.check()
        matched: list[tuple[str, Indices]] = []
        notes: list[str] = []
        with self._reading():
            for text in queries:
                corrected = self._corrected(self._parsed(text), bridge=bridge, strict=strict)
                found = self._matched(corrected.query, selection.filters, bridge=bridge)
                matched.append((text, found.passages))
                notes += corrected.notes_on(())
            whole = self._pipeline.matcher.all_of(selection.filters).numbers
            trend = trend_of(self._snapshot, whole, matched, by=by)
        return trend.with_notes(*self.notes, *dict.fromkeys(notes))

    def _matched(self, query: Query, filters: tuple[Filter, ...], *, bridge: bool) -> Matched:
        from .matched import matched_passages

        filtered = Selection(0, filters=filters).filtered(query)
        return matched_passages(self._pipeline, filtered, bridge=bridge)
