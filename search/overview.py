"""What a searcher tells of all passages that match, not only of the best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from index.fork_locks import import_before_fork

from .index_reader import IndexReader
from .query.parser import phrase_query
from .query.tree import Query
from .selection import FilterArguments, Selection, filters_of
from .succession import on_one_commit

if TYPE_CHECKING:
    from .concordance.lines import Concordance
    from .engine import Retrieval
    from .keyness.telling_words import TellingWords
    from .keyness.trend import Trend
    from .matched import Matched


import_before_fork(
    *("search.concordance.concordance", "search.matched"),
    *("search.keyness.telling_words", "search.keyness.trend"),
)


class Overview(IndexReader):
    """The methods of a searcher that look at all passages that match.

    What they need is imported when they are called: a search can do without.
    """

    @on_one_commit
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
        an occurrence of a phrase, or a word. `width` is in characters of each side, at most 1,000.
        `sort` is position, left (by the last word before, then the one before that), right (by the
        first word after), score, or date (newest first); ties are in order of position. Of
        thousands of passages, only a part is read to sort lines by their neighbours, as a note
        says. The rest is as for `search`. Raises QueryError.
        """
        from .concordance.concordance import ConcordanceMaker, Page
        from .matched import without_copies

        page = Page(width, sort, limit, offset)
        page.check()
        selection = Selection(limit, filters=filters_of(**filters))
        with self._reading():
            tree = phrase_query(query) if phrase else self._parsed(query)
            corrected = self._corrected(tree, bridge=bridge, strict=strict)
            matched = self._matched(corrected.query, selection, bridge=bridge)
            matched = without_copies(self._engine, matched)
            maker = ConcordanceMaker(self._engine, self._analyzer, self._pipeline, matched)
            found = maker.concordance(page)
            notes = self._notes_for(selection)
        return found.with_notes(*notes, *corrected.notes_on(()))

    @on_one_commit
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

        selection = Selection(limit, filters=filters_of(**filters))
        selection.check()
        queries = [query, versus] if versus else [query]
        with self._reading():
            corrected = [
                self._corrected(self._parsed(each), bridge=bridge, strict=strict)
                for each in queries
            ]
            first, *others = (
                self._matched(each.query, selection, bridge=bridge) for each in corrected
            )
            teller = WordTeller(self._engine, self._analyzer)
            if others:
                found = teller.against_other(first, others[0], most=limit)
            else:
                whole = self._pipeline.filtered(selection.filters)
                is_part = bool(selection.filters)
                found = teller.against_rest(first, whole, is_part=is_part, most=limit)
            notes = self._notes_for(selection)
        read = (note for each in corrected for note in each.notes_on(()))
        return found.with_notes(*notes, *dict.fromkeys(read))

    @on_one_commit
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
        matched: list[tuple[str, Retrieval]] = []
        read: list[str] = []
        with self._reading():
            for text in queries:
                corrected = self._corrected(self._parsed(text), bridge=bridge, strict=strict)
                parsed = selection.filtered(corrected.query)
                terms = self._pipeline.collect(parsed, translate=bridge)
                matched.append((text, self._pipeline.retrieval(parsed, terms)))
                read += corrected.notes_on(())
            whole = self._pipeline.filtered(selection.filters)
            trend = trend_of(whole, matched, by=by)
            notes = self._notes_for(selection)
        return trend.with_notes(*notes, *dict.fromkeys(read))

    def _matched(self, query: Query, selection: Selection, *, bridge: bool) -> Matched:
        from .matched import matched_passages

        return matched_passages(self._pipeline, selection.filtered(query), bridge=bridge)
