"""What a searcher reads of an index without a search: passages, documents, words and facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.names import readable
from index.fork_locks import import_before_fork

from .fetch import RankedPassage, fetch_hits
from .highlight import HighlightQuery
from .index_reader import IndexReader
from .location import document_at, neighbours, passages_at
from .results import DocumentPassages, Hit
from .succession import on_one_commit

if TYPE_CHECKING:
    from .completion import Completion
    from .inspection import Coverage, IndexInfo

import_before_fork("search.completion")


class Lookup(IndexReader):
    """The methods of a searcher that read what an index has, by place, name or first letters."""

    @on_one_commit
    def passages(self, path: str, *, line: int | None = None, around: int = 1) -> list[Hit]:
        """Return the passages of a file at a line, with `around` neighbours on each side.

        They are all on that line or place; the first one of the file without a line; for a line in
        no passage, the last one before it. Neighbours are of the same document. Raises QueryError
        for a path that is not in the index.
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
