"""Searches an index: a query in, ranked passages out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Self

from corpus.errors import IndexDamaged
from corpus.names import readable
from index.schema import Field, name_term

from .choosing import Choice
from .correction.rewrite import CorrectedQuery
from .engine import OpenedIndex
from .fetch import RankedPassage, fetch_hits, ranked_passages
from .highlight import HighlightQuery
from .index_location import IndexLocation, parse_location
from .location import document_at, neighbours, passage_at, passages_at
from .opening import opened_index
from .overview import Overview
from .pipeline import PreparedQuery, QueryPipeline, QueryTerms
from .query.parser import parse, phrase_query, words_query
from .query.tree import Query
from .reading import words_read
from .results import DocumentPassages, Hit, Results
from .selection import SCORE, Selection, filters_of
from .similar import significant_words
from .succession import Succession, on_one_commit
from .synonyms import Groups, read_synonyms

if TYPE_CHECKING:
    from index.opensearch.access import Access

    from .completion import Completion
    from .inspection import Coverage, Explanation, IndexInfo, WordReading

_NO_TIMES = "the index has no times of files; chaja build --rebuild adds them"
_CLOSED = "the searcher is closed"


class Searcher(Overview):
    """An index opened for reading, as of the commit that was current then; a context manager.

    Threads may share it.
    """

    def __init__(self, index: OpenedIndex, *, synonyms: Groups | None = None) -> None:
        self._index = index
        self._engine = index.engine
        self._analyzer = index.analyzer
        self._pipeline = QueryPipeline(index.engine, index.analyzer, synonyms=synonyms)
        self._closed = False
        self._succession: Succession[Any] | None = None

    @classmethod
    def open(
        cls,
        location: IndexLocation | str,
        *,
        synonyms: Path | None = None,
        access: Access | None = None,
    ) -> Self:
        """Open the index at a location: the folder that a build was given, or a cluster's address.

        `synonyms` is a file with lines of words that mean the same, separated by tabs or commas;
        `access` tells a cluster who asks. If the newest commit in a folder cannot be opened, open
        the one before; all results then have a note. Raises IndexMissing, IndexDamaged,
        IndexOutdated, AnalyzerMismatch, GlossaryError and ClusterError.
        """
        groups = None if synonyms is None else read_synonyms(synonyms)

        place = parse_location(location) if isinstance(location, str) else location

        opened = partial(opened_index, place, access, partial(cls, synonyms=groups))
        first = opened()
        if isinstance(place, Path):
            return first  # its files stay as they are
        searcher = copy(first)
        searcher._succession = Succession(first, opened)
        return searcher

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know of the index: that an earlier commit was opened, and why."""
        index = self._newest()._index
        return (index.note,) if index.note else ()

    @property
    def built(self) -> str:
        """The time of the build that was opened, in ISO 8601."""
        return self._newest()._index.built

    def _newest(self) -> Self:
        return self._succession.newest if self._succession else self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the files of the index; later searches raise ValueError."""
        self._closed = True
        if self._succession is None:
            self._index.close()
        else:
            self._succession.close()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Turn errors from damaged files into IndexDamaged, from closed ones into ValueError."""
        if self._closed:
            raise ValueError(_CLOSED)
        try:
            with self._index.reading():
                yield
        except (IndexDamaged, ValueError) as error:  # an unmapped array raises ValueError
            if self._closed:  # by another thread meanwhile
                raise ValueError(_CLOSED) from error
            raise

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

    def _parsed(self, query: str) -> Query:
        return parse(query, is_field=self._has_field)

    def _has_field(self, name: str) -> bool:
        return self._engine.frequency(Field.FIELD, name_term(name)) > 0

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

    @on_one_commit
    def passages(self, path: str, *, line: int | None = None, around: int = 1) -> list[Hit]:
        """Return the passages of a file at a line, with `around` neighbours on each side.

        They are all on that line or place; the first one of the file without a line; for a line in
        no passage, the last one before it.
        Neighbours are of the same document. Raises QueryError for a path that is not in the index.
        """
        with self._reading():
            chosen = passages_at(self._engine, path, line)
            shown = neighbours(self._engine, chosen, around)
            ranked = [RankedPassage(passage, 0.0, 0) for passage in shown]
            return fetch_hits(self._engine, self._analyzer, ranked, HighlightQuery({}, {}))

    @on_one_commit
    def document(
        self,
        identity: str,
        *,
        path: str = "",
        first: int = 0,
        most: int | None = None,
        query: str = "",
        phrase: bool = False,
        bridge: bool = True,
        strict: bool = False,
    ) -> DocumentPassages:
        """Return up to `most` passages of a document from the `first` on, which counts from 0.

        `identity` is the id of the document, `path` that of its file, which rows with an id of
        their own need. Their matches are those of `query`, words or a phrase. Raises
        DocumentMissing, and QueryError for the query.
        """
        with self._reading():
            own = document_at(self._engine, identity, path)
            shown = own[first:] if most is None else own[first : first + most]
            ranked = [RankedPassage(passage, 0.0, 0) for passage in shown]
            _, parsed, terms = self._prepared(query, phrase=phrase, bridge=bridge, strict=strict)
            highlighted = self._pipeline.highlight_query(parsed, terms)
            hits = fetch_hits(self._engine, self._analyzer, ranked, highlighted, terms.translations)
            return DocumentPassages(tuple(hits), len(own))

    @on_one_commit
    def has_file(self, path: str) -> bool:
        """Return whether a path is that of a file that a build read, unlike what a program gave.

        Raises IndexDamaged.
        """
        with self._reading():
            return self._index.has_file(readable(path))

    @on_one_commit
    def complete(self, prefix: str, *, limit: int = 10) -> list[Completion]:
        """Return the words of the index that complete a prefix, the most frequent first."""
        # Imported late: a search can do without.
        from .completion import complete

        with self._reading():
            return complete(self._engine.vocabulary(), prefix, limit=limit)

    def warm(self) -> None:
        """Load Kiwi, so that the first unknown Korean word is quick. Raises MemoryError."""
        self._analyzer.korean.is_entry("가")

    @on_one_commit
    def info(self) -> IndexInfo:
        """Return the counts and settings of the index."""
        with self._reading():
            return self._index.info()

    @on_one_commit
    def coverage(self) -> Coverage:
        """Return what the index covers, in a few counts."""
        # Imported late: a search can do without.
        from .inspection import coverage

        with self._reading():
            return coverage(self._engine)

    def _prepared(
        self, query: str, *, phrase: bool = False, bridge: bool, strict: bool
    ) -> PreparedQuery:
        """Return a query, or its words as a phrase, without a selection."""

        def read() -> CorrectedQuery:
            parsed = phrase_query(query) if phrase else self._parsed(query)
            return self._corrected(parsed, bridge=bridge, strict=strict)

        return self._pipeline.prepared(read, Selection(0), translate=bridge)

    def _corrected(self, query: Query, *, bridge: bool, strict: bool) -> CorrectedQuery:
        if strict:
            return self._pipeline.as_typed(query, translate=bridge)
        return self._pipeline.corrected(query, translate=bridge)

    def _notes_for(self, selection: Selection) -> tuple[str, ...]:
        lacks_times = selection.uses_modified and not self._engine.has_times()
        return (*self.notes, _NO_TIMES) if lacks_times else self.notes

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
