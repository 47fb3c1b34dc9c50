"""Searching an index: a question in, ranked passages out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from corpus.errors import IndexDamaged, QueryError
from corpus.language import LANGUAGES
from index.analysis.analyzer import Analyzer
from index.analyzers import open_analyzer
from index.directory.damage import reported_damage
from index.directory.directory_reader import DirectoryReader

from .correction.rewrite import CorrectedQuery
from .fetch import Fetcher, RankedPassage, neighbours, passage_at, ranked_passages
from .highlight import HighlightQuery, highlight_query
from .pipeline import QueryPipeline, QueryTerms, candidates
from .query.parser import parse, phrase_query, words_query
from .query.tree import Filter, Group, Phrase, Query, is_condition
from .results import Hit
from .similar import telling_words

if TYPE_CHECKING:
    from .inspection import Explanation, IndexInfo

# A second look that left too few documents is taken at this many times the passages.
_DEEPER = 8
_CLOSED = "the searcher is closed"


class Searcher:
    """An index open for reading, as it was when it was opened; a context manager.

    Threads may share it.
    """

    def __init__(self, directory: Path, store: DirectoryReader, analyzer: Analyzer) -> None:
        self._directory = directory
        self._store = store
        self._analyzer = analyzer
        self._snapshot = store.snapshot()
        self._pipeline = QueryPipeline(self._snapshot, analyzer, self._snapshot.bridge)
        self._fetcher = Fetcher(self._snapshot, analyzer)
        self._last: tuple[tuple[Query, bool], CorrectedQuery] | None = None
        self._closed = False

    @classmethod
    def open(cls, directory: Path | str) -> Self:
        """Open the index in `directory`, the folder that a build was given.

        Raises IndexMissing, IndexDamaged, IndexOutdated and AnalyserMismatch.
        """
        from index.directory.location import locate

        directory = locate(Path(directory), start=Path())
        with reported_damage(directory):
            store = DirectoryReader.open(directory)
            analyzer = open_analyzer(directory, store.about)
            with ExitStack() as undo:
                undo.callback(analyzer.lexicon.close)
                searcher = cls(directory, store, analyzer)
                undo.pop_all()
            return searcher

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the files of the index; a search raises ValueError from then on."""
        self._closed = True
        self._snapshot.close()
        self._analyzer.lexicon.close()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Turn what a damaged file leads to into IndexDamaged; a file that was closed is none."""
        if self._closed:
            raise ValueError(_CLOSED)
        try:
            with reported_damage(self._directory):
                yield
        except (IndexDamaged, ValueError) as error:  # what is mapped no more raises ValueError
            if self._closed:  # by another thread meanwhile
                raise ValueError(_CLOSED) from error
            raise

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        offset: int = 0,
        language: str = "",
        per_document: int | None = None,
        bridge: bool = True,
        strict: bool = False,
    ) -> list[Hit]:
        """Return the passages that answer a query in the query language, best first.

        At most `limit`, after the first `offset`; `language` keeps documents of one language, and
        `per_document` at most so many passages of each. The words of the query are looked for in
        the other language as well, unless `bridge` is false; those that find nothing are taken as
        they were most likely meant, unless `strict` is true, and `notes` tells of that.
        """
        with self._reading():
            understood = self._understood(parse(query), bridge=bridge, strict=strict)
        filtered = _filtered(understood.query, language)
        hits = self._hits(filtered, limit, offset, per_document, bridge=bridge)
        return _told(hits, understood)

    def phrase(
        self,
        words: str,
        *,
        exact: bool = False,
        slop: int = 0,
        limit: int = 10,
        offset: int = 0,
        language: str = "",
        per_document: int | None = None,
        bridge: bool = True,
        strict: bool = False,
    ) -> list[Hit]:
        """Return the passages in which the words stand side by side, best first.

        Endings and spacing do not matter, unless `exact` asks for the very characters (spaces and
        case apart). Up to `slop` other terms may stand between two words. A phrase that is known
        as a whole in the other language is found there as well, unless `bridge` is false or
        `exact` true; `strict` is as for `search`.
        """
        query = phrase_query(words, slop=slop, exact=exact)
        bridge = bridge and not exact
        with self._reading():
            understood = self._understood(query, bridge=bridge, strict=strict)
        filtered = _filtered(understood.query, language)
        hits = self._hits(filtered, limit, offset, per_document, bridge=bridge)
        return _told(hits, understood)

    def rank_documents(
        self,
        text: str,
        *,
        limit: int = 1000,
        path: str = "",
        bridge: bool = True,
        strict: bool = False,
    ) -> list[tuple[str, float]]:
        """Return the ids of the best documents for plain words, with their scores, best first.

        A document ranks by its best passage. `path` keeps documents whose path holds it; `bridge`
        and `strict` are as for `search`.
        """
        with self._reading():
            query = self._understood(words_query(text), bridge=bridge, strict=strict).query
            if path:
                query = _with_condition(query, Filter("path", path))
            collected = self._pipeline.collect(query, translate=bridge)
            found = self._ranked(query, collected, limit, per_document=1)
            return [
                (str(self._snapshot.stored_document(passage)["id"]), score)
                for passage, score, _ in found
            ]

    def notes(
        self, query: str, *, phrase: bool = False, bridge: bool = True, strict: bool = False
    ) -> tuple[str, ...]:
        """Return what the writer of a query, or a `phrase`, should be told of how it was read."""
        parsed = phrase_query(query) if phrase else parse(query)
        with self._reading():
            understood = self._understood(parsed, bridge=bridge, strict=strict)
        return (*parsed.notes, *understood.notes)

    def _understood(self, query: Query, *, bridge: bool, strict: bool) -> CorrectedQuery:
        """Return a query as it was most likely meant; the last one asked for is remembered."""
        if strict:
            return CorrectedQuery(query)
        asked = (query, bridge)
        last = self._last  # read once: another thread may put its own query there meanwhile
        if last is None or last[0] != asked:
            last = self._last = (asked, self._pipeline.corrected(query, translate=bridge))
        return last[1]

    def explain(
        self, query: str, *, limit: int = 3, bridge: bool = True, strict: bool = False
    ) -> Explanation:
        """Tell how a query was read, where its terms came from, and what made the first scores."""
        # Imported late: a search can do without.
        from .inspection import Explanation, HitScore, WordReading

        with self._reading():
            understood = self._understood(parse(query), bridge=bridge, strict=strict)
            parsed = understood.query
            collected = self._pipeline.collect(parsed, translate=bridge)
            ranking = self._pipeline.rank(parsed, collected, deep=limit)
            words = [
                WordReading(
                    word=word.typed,
                    terms=word.terms,
                    source=self._analyzer.source(word.surface)
                    + ("" if word.asked else ", not searched for"),
                    field=field,
                    documents=self._pipeline.passage_frequency(word, field),
                )
                for field, words in (("", collected.words), ("title", collected.title_words))
                for word in words
            ]
            query_words = self._highlight_query(parsed, collected)
            found = ranked_passages(self._snapshot, ranking, most=limit)
            hits = _told(self._fetcher.hits(found, query_words, collected.translations), understood)
            scores = tuple(
                HitScore(
                    hit=hit,
                    parts={name: float(part[place]) for name, part in ranking.parts.items()},
                )
                for place, hit in enumerate(hits)
            )
        return Explanation(
            query=query,
            reading=str(parsed),
            words=tuple(words),
            hits=scores,
            notes=(*parsed.notes, *understood.notes),
            bridged=tuple(
                dict.fromkeys(translation.through for translation in collected.translations)
            ),
            read_as=understood.read_as,
        )

    def passages(self, path: str, *, line: int | None = None, around: int = 1) -> list[Hit]:
        """Return the passage of a file at a line (the first without one), with its neighbours.

        `around` counts them on each side, within the document. A line in no passage stands for the
        nearest one before it. Raises QueryError for a path that is not in the index.
        """
        with self._reading():
            chosen = passage_at(self._snapshot, path, line)
            shown = neighbours(self._snapshot, chosen, around)
            return self._fetcher.hits(
                [(passage, 0.0, 0) for passage in shown], HighlightQuery({}, {})
            )

    def similar(
        self,
        path: str,
        *,
        line: int | None = None,
        limit: int = 10,
        offset: int = 0,
        language: str = "",
        per_document: int | None = None,
        bridge: bool = True,
    ) -> list[Hit]:
        """Return the passages most like that of a file at a line (the first without one).

        They are what the words that tell most of it find, in both languages; it is not among
        them. A line in no passage stands for the nearest one before it. Raises QueryError for a
        path that is not in the index.
        """
        with self._reading():
            chosen = passage_at(self._snapshot, path, line)
            text = str(self._snapshot.stored(chosen)["text"])
            words = telling_words(self._snapshot, self._analyzer, text)
        query = _filtered(words_query(" ".join(words)), language)
        return self._hits(query, limit, offset, per_document, bridge=bridge, but=chosen)

    def info(self) -> IndexInfo:
        """Return what the index holds."""
        # Imported late: a search can do without.
        from .inspection import index_info

        with self._reading():
            words = len(self._analyzer.lexicon)
            return index_info(self._directory, self._store, self._snapshot, words=words)

    def _hits(
        self,
        query: Query,
        limit: int,
        offset: int,
        per_document: int | None,
        *,
        bridge: bool,
        but: int | None = None,
    ) -> list[Hit]:
        if min(limit, offset) < 0:
            raise ValueError(f"limit and offset must not be negative: {limit}, {offset}")
        with self._reading():
            collected = self._pipeline.collect(query, translate=bridge)
            found = self._ranked(
                query, collected, offset + limit, per_document=per_document, but=but
            )
            query_words = self._highlight_query(query, collected)
            return self._fetcher.hits(
                found[offset:], query_words, collected.translations, ranks_behind=offset
            )

    def _ranked(
        self,
        query: Query,
        collected: QueryTerms,
        most: int,
        *,
        per_document: int | None,
        but: int | None = None,
    ) -> list[RankedPassage]:
        """Return the best `most` passages, looking deeper while one document crowds out others.

        All `but` one, if given.
        """
        deep = most
        while True:
            ranking = self._pipeline.rank(query, collected, deep=deep)
            found = ranked_passages(
                self._snapshot, ranking, most=most, per_document=per_document, but=but
            )
            if len(found) >= most or len(ranking.passages) < candidates(deep):
                return found
            deep = _DEEPER * len(ranking.passages)

    def _highlight_query(self, query: Query, collected: QueryTerms) -> HighlightQuery:
        patterns = {
            term: pattern.text
            for pattern in collected.patterns
            for term in self._pipeline.matcher.expand(pattern)
        }
        lightest_first = sorted(collected.translations, key=lambda translation: translation.weight)
        crossed = {translation.other: translation.through.asked for translation in lightest_first}
        lit = highlight_query(collected.all_words, crossed | patterns)
        match query.root:
            case Group(must, (Phrase(_, "", slop),)) if all(map(is_condition, must)):
                return lit._replace(phrase=tuple(collected.words), slop=slop)
        return lit


def _filtered(query: Query, language: str) -> Query:
    """Add a condition on the language. Raises QueryError for one that is none."""
    if not language or query.root == Group():
        return query
    if language not in LANGUAGES:
        raise QueryError(
            f"{language}: no such language", hint=f"lang is one of {', '.join(LANGUAGES)}."
        )
    return _with_condition(query, Filter("lang", language))


def _with_condition(query: Query, condition: Filter) -> Query:
    root = query.root
    return Query(Group((*root.must, condition), root.may, root.never), query.notes)


def _told(hits: list[Hit], understood: CorrectedQuery) -> list[Hit]:
    """Return hits that tell how the words of the query were understood."""
    read_as = understood.read_as
    return [replace(hit, read_as=read_as) for hit in hits] if read_as else hits
