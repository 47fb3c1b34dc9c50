"""Searches an index: a query in, ranked passages out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import perf_counter
from typing import TYPE_CHECKING

from .choosing import Choice
from .correction.rewrite import CorrectedQuery
from .fetch import fetch_hits, ranked_passages
from .location import passage_at, passages_at
from .lookup import Lookup
from .overview import Overview
from .pipeline import QueryTerms
from .query.parser import phrase_query, words_query
from .reading import words_read
from .results import Results
from .selection import SCORE, Selection, filters_of
from .similar import significant_words
from .succession import on_one_commit

if TYPE_CHECKING:
    from .inspection import Explanation, WordReading


class Searcher(Overview, Lookup):
    """An index opened for reading, as of the commit that was current then; a context manager.

    Threads may share it.
    """

    @on_one_commit
    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        offset: int = 0,
        language: str = "",
        date: str = "",
        modified: str = "",
        path: str = "",
        filetype: str = "",
        sort: str = SCORE,
        facets: Sequence[str] = (),
        per_document: int | None = None,
        fold_copies: bool = True,
        bridge: bool = True,
        strict: bool = False,
    ) -> Results:
        """Return the passages that match a query in the query language, best first.

        `limit` and `offset` count hits, `per_document` is the most of one document. Filters keep
        documents: in a `language`, of a `date` or range (2024, 2024-05..2025), with `path` in their
        path, of a `filetype` (pdf); `modified` is for the time of the file what `date` is for the
        date that a document states. `sort` is score, date or modified (both newest first, without
        one last) or path; ties go by path and place. `facets` are counted over all passages that
        match: language, folder (the first below the deepest that all share), filetype, year, month,
        modified_year, modified_month. Of documents with the same text only the first is shown, with
        its `copies`, unless `fold_copies` is false. `bridge` adds translations; unless `strict`,
        unmatched words are corrected, as the notes of the results say. Raises QueryError.
        """
        started = perf_counter()
        filters = filters_of(
            language=language, date=date, modified=modified, path=path, filetype=filetype
        )
        selection = Selection(limit, offset, per_document, fold_copies, sort, facets, filters)

        def read() -> CorrectedQuery:
            return self._corrected(self._parsed(query), bridge=bridge, strict=strict)

        return self._results(read, selection, bridge=bridge, started=started)

    @on_one_commit
    def phrase(
        self,
        words: str,
        *,
        exact: bool = False,
        slop: int = 0,
        limit: int = 10,
        offset: int = 0,
        language: str = "",
        date: str = "",
        modified: str = "",
        path: str = "",
        filetype: str = "",
        sort: str = SCORE,
        facets: Sequence[str] = (),
        per_document: int | None = None,
        fold_copies: bool = True,
        bridge: bool = True,
        strict: bool = False,
    ) -> Results:
        """Return the passages that contain the words next to each other, best first.

        Endings and spacing are ignored; `exact` ignores only spaces and case. Up to `slop` other
        terms may stand between two words. `bridge` also matches translations of the whole phrase,
        but not if `exact`; the rest is as for `search`.
        """
        started = perf_counter()
        filters = filters_of(
            language=language, date=date, modified=modified, path=path, filetype=filetype
        )
        selection = Selection(limit, offset, per_document, fold_copies, sort, facets, filters)
        bridge = bridge and not exact
        query = phrase_query(words, slop=slop, exact=exact)

        def read() -> CorrectedQuery:
            return self._corrected(query, bridge=bridge, strict=strict)

        return self._results(read, selection, bridge=bridge, started=started)

    @on_one_commit
    def similar(
        self,
        file: str,
        /,
        *,
        line: int | None = None,
        document: str = "",
        ordinal: int | None = None,
        limit: int = 10,
        offset: int = 0,
        language: str = "",
        date: str = "",
        modified: str = "",
        path: str = "",
        filetype: str = "",
        sort: str = SCORE,
        facets: Sequence[str] = (),
        per_document: int | None = None,
        fold_copies: bool = True,
        bridge: bool = True,
    ) -> Results:
        """Return the passages most similar to those of a file at a line, without these.

        They are the hits of its most characteristic words. `file` and `line` are as `path` and
        `line` for `passages`; with an `ordinal`, they are that passage of the `document` with this
        id. The rest is as for `search`. Raises QueryError.
        """
        started = perf_counter()
        filters = filters_of(
            language=language, date=date, modified=modified, path=path, filetype=filetype
        )
        with self._reading():
            if ordinal is None:
                own = passages_at(self._engine, file, line)
            else:
                own = passage_at(self._engine, document, file, ordinal)
            texts = [str(each.passage["text"]) for each in self._engine.fetch(own)]
        selection = Selection(limit, offset, per_document, fold_copies, sort, facets, filters, own)

        def read() -> CorrectedQuery:
            words = significant_words(self._engine, self._analyzer, texts)
            return CorrectedQuery(words_query(" ".join(words)))

        return self._results(read, selection, bridge=bridge, started=started)

    @on_one_commit
    def rank_documents(
        self,
        text: str,
        *,
        limit: int = 1000,
        path: str = "",
        bridge: bool = True,
        strict: bool = False,
    ) -> list[tuple[str, float]]:
        """Return the ids and scores of the best documents for plain words, best first.

        The score of a document is that of its best passage. `path` keeps documents whose path
        contains it; `bridge` and `strict` are as for `search`.
        """
        with self._reading():
            # Judged documents count each, so copies are not folded.
            each = Selection(limit, 0, 1, fold_copies=False, filters=filters_of(path=path))
            _, query, terms = self._pipeline.prepared(
                lambda: self._corrected(words_query(text), bridge=bridge, strict=strict),
                each,
                translate=bridge,
            )
            ranked = Choice(self._engine, self._pipeline, query, terms, each).passages()
            stored = self._engine.fetch([row.passage for row in ranked])
            return [
                (str(found.of_document["id"]), row.score)
                for found, row in zip(stored, ranked, strict=True)
            ]

    @on_one_commit
    def explain(
        self, query: str, *, limit: int = 3, bridge: bool = True, strict: bool = False
    ) -> Explanation:
        """Explain how a query was read, its terms, and the scores of its first `limit` hits."""
        # Imported late: a search can do without.
        from .inspection import Explanation, hit_scores

        with self._reading():
            corrected, parsed, terms = self._prepared(query, bridge=bridge, strict=strict)
            ranking = self._pipeline.rank(parsed, terms, depth=limit)
            ranked = ranked_passages(self._engine, ranking, most=limit, fold_copies=True)
            hits = fetch_hits(
                self._engine,
                self._analyzer,
                ranked,
                self._pipeline.highlight_query(parsed, terms),
                terms.translations,
                read_as=corrected.read_as,
                absent=corrected.absent,
            )
            return Explanation(
                query=query,
                reading=str(parsed),
                words=self._engine.settled(lambda: tuple(self._word_readings(terms))),
                hits=tuple(hit_scores(hits, [row.passage for row in ranked], ranking)),
                notes=corrected.notes_on(hits),
                bridged=tuple(dict.fromkeys(each.through for each in terms.translations)),
                read_as=corrected.read_as,
            )

    def _results(
        self,
        read: Callable[[], CorrectedQuery],
        selection: Selection,
        *,
        bridge: bool,
        started: float,
    ) -> Results:
        """Return the selected results of what `read` reads; `started` is when the search began."""
        selection.check()
        with self._reading():
            notes = self._notes_for(selection)
            corrected, query, terms = self._pipeline.prepared(read, selection, translate=bridge)
            choice = Choice(self._engine, self._pipeline, query, terms, selection)
            hits = fetch_hits(
                self._engine,
                self._analyzer,
                choice.passages(),
                self._pipeline.highlight_query(query, terms),
                terms.translations,
                offset=selection.offset,
                read_as=corrected.read_as,
                absent=corrected.absent,
            )
            total, facets = choice.counts()
        return Results(
            tuple(hits),
            (*notes, *corrected.notes_on(hits)),
            corrected.read_as,
            total=total,
            facets=facets,
            words=words_read(terms, corrected.read_as),
            missing=corrected.missing,
            partial=tuple(dict.fromkeys(word for hit in hits for word in hit.partial)),
            took=perf_counter() - started,
        )

    def _word_readings(self, terms: QueryTerms) -> Iterator[WordReading]:
        # Imported late: a search can do without.
        from .inspection import WordReading

        for field, words in (("", terms.words), ("title", terms.title_words)):
            for word in words:
                searched = "" if word.asked else ", not searched for"
                yield WordReading(
                    word=word.typed,
                    terms=word.terms,
                    source=self._analyzer.source(word.surface) + searched,
                    field=field,
                    documents=self._pipeline.passage_frequency(word, field),
                )
