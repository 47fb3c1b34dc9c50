"""Searching an index: a question in, ranked passages out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self
from unicodedata import normalize

from corpus import LANGUAGES
from corpus.errors import QueryError
from index.analyser import open_analyzer
from index.analysis.analyzer import Analyzer
from index.fields import Field
from index.snapshot import Snapshot
from index.store import Store, reported_damage

from .evaluator import Collected, Evaluator, candidates
from .explanation import Explanation, HitScore, IndexInfo, WordReading
from .highlight import Wanted, highlight, wanted
from .hit import Hit, Match
from .parser import parse, phrase_query, words_query
from .query import Filter, Group, Phrase, Query, is_condition
from .rerank import Ranking

_NO_LIMIT = 1 << 60
# A second look that left too few documents is taken at this many times the passages.
_DEEPER = 8


class Searcher:
    """An index open for reading, as it was when it was opened; a context manager.

    Threads may share it.
    """

    def __init__(self, directory: Path, store: Store, analyzer: Analyzer) -> None:
        self._directory = directory
        self._store = store
        self._analyzer = analyzer
        self._snapshot = store.snapshot()
        self._evaluator = Evaluator(self._snapshot, analyzer)

    @classmethod
    def open(cls, directory: Path | str) -> Self:
        """Open the index in `directory`, the folder that a build was given.

        Raises IndexMissing, IndexDamaged, IndexOutdated and AnalyserMismatch.
        """
        from index.place import locate

        directory = locate(Path(directory), start=Path())
        with reported_damage(directory):
            store = Store.open(directory)
            analyzer = open_analyzer(directory, store.about)
            with ExitStack() as undo:
                undo.callback(analyzer.lexicon.close)
                searcher = cls(directory, store, analyzer)
                undo.pop_all()
            return searcher

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the files of the index."""
        self._snapshot.close()
        self._analyzer.lexicon.close()

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        offset: int = 0,
        language: str = "",
        per_document: int | None = None,
    ) -> list[Hit]:
        """Return the passages that answer a query in the query language, best first.

        At most `limit`, after the first `offset`; `language` keeps documents of one language, and
        `per_document` at most so many passages of each.
        """
        return self._hits(_filtered(parse(query), language), limit, offset, per_document)

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
    ) -> list[Hit]:
        """Return the passages in which the words stand side by side, best first.

        Endings and spacing do not matter, unless `exact` asks for the very characters (spaces and
        case apart). Up to `slop` other terms may stand between two words.
        """
        query = _filtered(phrase_query(words, slop=slop, exact=exact), language)
        return self._hits(query, limit, offset, per_document)

    def rank_documents(self, text: str, *, limit: int = 1000) -> list[tuple[str, float]]:
        """Return the ids of the best documents for plain words, with their scores, best first.

        A document ranks by its best passage.
        """
        with reported_damage(self._directory):
            query = words_query(text)
            found = self._ranked(query, self._evaluator.collect(query), limit, per_document=1)
            return [
                (str(self._snapshot.stored_document(passage)["id"]), score)
                for passage, score, _ in found
            ]

    def notes(self, query: str) -> tuple[str, ...]:
        """Return what the writer of a query should be told of how it was read."""
        return parse(query).notes

    def explain(self, query: str, *, limit: int = 3) -> Explanation:
        """Tell how a query was read, where its terms came from, and what made the first scores."""
        parsed = parse(query)
        with reported_damage(self._directory):
            collected = self._evaluator.collect(parsed)
            ranking = self._evaluator.rank(parsed, collected, deep=limit)
            words = [
                WordReading(
                    word=word.typed,
                    terms=word.terms,
                    source=self._analyzer.source(word.surface)
                    + ("" if word.asked else ", not asked for"),
                    field=field,
                    documents=self._evaluator.holding(word, field),
                )
                for field, words in (("", collected.words), ("title", collected.title_words))
                for word in words
            ]
            query_words = self._wanted(parsed, collected)
            scores = tuple(
                HitScore(
                    hit=self._hit(passage, rank, score, query_words),
                    parts={name: float(part[place]) for name, part in ranking.parts.items()},
                )
                for rank, (place, (passage, score)) in enumerate(
                    enumerate(_pairs(ranking, limit)), 1
                )
            )
        return Explanation(
            query=query, reading=str(parsed), words=tuple(words), hits=scores, notes=parsed.notes
        )

    def passages(self, path: str, *, line: int | None = None, around: int = 1) -> list[Hit]:
        """Return the passage of a file at a line (the first without one), with its neighbours.

        `around` counts them on each side, within the document. Raises QueryError for a path that
        is not in the index.
        """
        with reported_damage(self._directory):
            # As the walk names a file whose name no encoding can write.
            name = normalize("NFC", path).encode(errors="backslashreplace")
            postings = self._snapshot.postings(Field.PATH, name)
            if postings is None:
                raise self._unknown(path)
            numbers = postings.passages.tolist()
            chosen = self._at_line(numbers, line)
            document = int(self._snapshot.measures.document[chosen])
            first, last = self._snapshot.firsts[document : document + 2].tolist()
            shown = range(max(first, chosen - around), min(last, chosen + around + 1))
            nothing = Wanted({}, {})
            return [self._hit(n, rank, 0.0, nothing) for rank, n in enumerate(shown, 1)]

    def _at_line(self, passages: list[int], line: int | None) -> int:
        """Return the first passage of the line asked for, or of the nearest before it."""
        chosen = passages[0]
        for passage in passages if line is not None else ():
            starts = int(self._snapshot.stored(passage)["line"])
            if int(self._snapshot.stored(chosen)["line"]) < starts <= (line or 0):
                chosen = passage
        return chosen

    def info(self) -> IndexInfo:
        """Return what the index holds."""
        snapshot = self._snapshot
        with reported_damage(self._directory):
            catalogue = self._store.catalogue()
            languages = snapshot.measures.language[snapshot.alive_documents]
            return IndexInfo(
                directory=str(self._directory),
                format=self._store.about.format,
                documents=snapshot.documents,
                passages=snapshot.passages,
                files=len(catalogue.files),
                terms=sum(1 for _ in snapshot.terms(Field.BODY)),
                words=len(self._analyzer.lexicon),
                bytes=_size(self._directory),
                languages={
                    name: int((languages == number).sum())
                    for number, name in enumerate((*LANGUAGES, ""))
                },
                analyser=self._store.about.analyser,
                built=self._store.about.built,
                sources=catalogue.sources,
            )

    def _unknown(self, path: str) -> QueryError:
        # Imported here: few ask for a file that is not there.
        from difflib import get_close_matches

        known = [term.decode() for term in self._snapshot.terms(Field.PATH)]
        near = get_close_matches(path, known, n=1)
        hint = f"Did you mean {near[0]}?" if near else "chaja search prints the paths it knows."
        return QueryError(f"{path}: no such file in the index", hint=hint)

    def _hits(self, query: Query, limit: int, offset: int, per_document: int | None) -> list[Hit]:
        if min(limit, offset) < 0:
            raise ValueError(f"limit and offset are never negative, as in {limit}, {offset}")
        with reported_damage(self._directory):
            collected = self._evaluator.collect(query)
            found = self._ranked(query, collected, offset + limit, per_document=per_document)
            query_words = self._wanted(query, collected)
            return [
                self._hit(passage, offset + rank, score, query_words)
                for rank, (passage, score, _) in enumerate(found[offset:], 1)
            ]

    def _ranked(
        self, query: Query, collected: Collected, most: int, *, per_document: int | None
    ) -> list[tuple[int, float, int]]:
        """Return the best `most` passages, looking deeper while one document crowds out others."""
        deep = most
        while True:
            ranking = self._evaluator.rank(query, collected, deep=deep)
            found = _first(_of_documents(self._snapshot, ranking, per_document=per_document), most)
            if len(found) >= most or len(ranking.passages) < candidates(deep):
                return found
            deep = _DEEPER * len(ranking.passages)

    def _wanted(self, query: Query, collected: Collected) -> Wanted:
        patterns = {
            term: pattern.text
            for pattern in collected.patterns
            for term in self._evaluator.matcher.expand(pattern)
        }
        lit = wanted(collected.all_words, patterns)
        match query.root:
            case Group(must, (Phrase(_, "", slop),)) if all(map(is_condition, must)):
                return replace(lit, phrase=tuple(collected.words), slop=slop)
        return lit

    def _hit(self, passage: int, rank: int, score: float, query: Wanted) -> Hit:
        stored = self._snapshot.stored(passage)
        document = self._snapshot.stored_document(passage)
        text = str(stored["text"])
        matches = highlight(self._analyzer, text, query)
        of_title = replace(query, grams={}, phrase=())
        in_title = highlight(self._analyzer, str(document["title"]), of_title)
        first = int(self._snapshot.firsts[self._snapshot.measures.document[passage]])
        return Hit(
            rank=rank,
            score=score,
            document=str(document["id"]),
            path=str(document["path"]),
            title=str(document["title"]),
            language=str(document["language"]),
            date=str(document["date"]),
            text=text,
            line=int(stored["line"]),
            start=int(stored["start"]),
            end=int(stored["start"]) + len(text),
            ordinal=passage - first,
            heading=str(stored["heading"]),
            matches=matches,
            why=_why((*in_title, *matches)),
            metadata=dict(document["metadata"]),
        )


def _size(directory: Path) -> int:
    """Return how many bytes the files in a directory have."""
    size = 0
    for path in directory.rglob("*"):
        with suppress(FileNotFoundError):  # a build clears away what it has replaced
            size += path.stat().st_size if path.is_file() else 0
    return size


def _filtered(query: Query, language: str) -> Query:
    """Add a condition on the language. Raises QueryError for one that is none."""
    root = query.root
    if not language or root == Group():
        return query
    if language not in LANGUAGES:
        raise QueryError(
            f"{language}: no such language", hint=f"lang is one of {', '.join(LANGUAGES)}."
        )
    must = (*root.must, Filter("lang", language))
    return Query(Group(must, root.may, root.never), query.notes)


def _pairs(ranking: Ranking, limit: int) -> list[tuple[int, float]]:
    return list(
        zip(ranking.passages[:limit].tolist(), ranking.scores[:limit].tolist(), strict=True)
    )


def _of_documents(
    snapshot: Snapshot, ranking: Ranking, *, per_document: int | None
) -> Iterator[tuple[int, float, int]]:
    """Yield (passage, score, document), best first, at most `per_document` of each document."""
    most = _NO_LIMIT if per_document is None else per_document
    seen: dict[int, int] = {}
    documents = snapshot.documents_of(ranking.passages).tolist()
    ranked = zip(ranking.passages.tolist(), ranking.scores.tolist(), documents, strict=True)
    for passage, score, document in ranked:
        seen[document] = seen.get(document, 0) + 1
        if seen[document] <= most:
            yield passage, score, document


def _first(found: Iterable[tuple[int, float, int]], limit: int) -> list[tuple[int, float, int]]:
    return [item for item, _ in zip(found, range(limit), strict=False)]


def _why(matches: Iterable[Match]) -> Mapping[str, tuple[str, ...]]:
    why: dict[str, dict[str, None]] = {}
    for match in matches:
        why.setdefault(match.word, {})[match.term] = None
    return {word: tuple(terms) for word, terms in why.items()}
