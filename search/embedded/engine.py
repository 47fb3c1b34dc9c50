"""The engine on the index directory: everything is read from the mapped files of a snapshot."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from corpus.language import LANGUAGES
from index.analysis.analyzer import Analyzer
from index.arrays.array_types import Int64s
from index.arrays.term_dictionary import text_of
from index.bridge.table import Table
from index.schema import Field, name_term
from index.snapshot import Snapshot

from ..engine import Key, MatchQuery, Retrieval, SameText, StoredPassage
from ..query.tree import Node, Pattern
from ..ranking.weighted_terms import WeightedTerms
from .collection import SnapshotCollection
from .first_stage import FirstStage
from .matching.matcher import Matcher
from .retrieval import SnapshotRetrieval

if TYPE_CHECKING:
    from index.analysis.lexicon import Lexicon

    from ..correction.vocabulary import Vocabulary

_DAYS_OF_A_YEAR = 10_000  # a day is numbered yyyymmdd

_T = TypeVar("_T")


class EmbeddedEngine:
    """An index directory at one commit, as a snapshot of it; threads may share it."""

    def __init__(self, snapshot: Snapshot, analyzer: Analyzer) -> None:
        self.snapshot = snapshot
        self._matcher = Matcher(snapshot, analyzer)
        self._first_stage = FirstStage(SnapshotCollection(snapshot, self._passages_with))

    def _passages_with(self, pattern: object) -> Int64s:
        assert isinstance(pattern, Pattern)
        return self._matcher.find(pattern).numbers

    def close(self) -> None:
        """Close the files; numbers that were returned may be parts of them."""
        self.snapshot.close()

    @property
    def bridge(self) -> Table | None:
        """The bridge of the index, if it has one."""
        return self.snapshot.bridge

    @property
    def passages(self) -> int:
        """The number of passages."""
        return self.snapshot.passages

    @property
    def documents(self) -> int:
        """The number of documents."""
        return self.snapshot.documents

    def settled(self, compute: Callable[[], _T]) -> _T:
        """Return what `compute` returns: all answers are at hand."""
        return compute()

    def expect(self, keys: Iterable[Key]) -> None:
        """Do nothing: frequencies are at hand."""

    def expect_retrieval(self, weighted: WeightedTerms) -> None:
        """Do nothing: frequencies are at hand."""

    def frequency(self, field: Field, term: str) -> int:
        """Return how many passages have a term."""
        return self.snapshot.passage_frequency(field, term.encode())

    def frequencies(self, field: Field, terms: Sequence[str]) -> Int64s:
        """Return what `frequency` does for many terms, of which no list is kept."""
        return self.snapshot.passage_frequencies(field, [term.encode() for term in terms])

    def count(self, node: Node) -> int:
        """Return how many passages a node of a query matches."""
        return len(self._matcher.find(node))

    def expanded(self, pattern: Pattern) -> list[str]:
        """Return the terms that match a pattern, in order."""
        return self._matcher.expand(pattern)

    def retrieval(self, query: MatchQuery) -> Retrieval:
        """Return the retrieval of a query."""
        return SnapshotRetrieval(self.snapshot, self._matcher, self._first_stage, query)

    def documents_of(self, passages: Int64s) -> Int64s:
        """Return the document of each passage."""
        return self.snapshot.documents_of(passages)

    def text_keys(self, documents: Int64s) -> Int64s:
        """Return a number for each document, which those with the same text share."""
        return self.snapshot.text_keys(documents)

    def fetch(
        self, passages: Sequence[int], *, text_keys: Collection[int] = ()
    ) -> list[StoredPassage]:
        """Return passages as stored."""
        snapshot = self.snapshot
        if not passages:
            return []
        documents = snapshot.doc_values.document.take(passages).tolist()
        firsts = snapshot.firsts.take(documents).tolist()
        stored = {first: snapshot.stored_document(first) for first in dict.fromkeys(firsts)}
        return [
            StoredPassage(snapshot.stored(passage), stored[first], document, passage - first)
            for passage, document, first in zip(passages, documents, firsts, strict=True)
        ]

    def stored(self, passages: Sequence[int]) -> list[Mapping[str, Any]]:
        """Return the stored fields of passages alone."""
        return [*map(self.snapshot.stored, passages)]

    def ids(self, documents: Sequence[int]) -> Iterator[str]:
        """Yield the ids of documents, each read when it is asked for."""
        firsts = (int(self.snapshot.firsts[document]) for document in documents)
        return (str(self.snapshot.stored_document(first)["id"]) for first in firsts)

    def languages_of(self, documents: Int64s) -> list[str]:
        """Return the language of each document, "" for none."""
        names = (*LANGUAGES, "")
        return [names[number] for number in self.snapshot.doc_values.language[documents].tolist()]

    def same_text(self, text_key: int, *, most: int) -> SameText:
        """Return the documents with a text, the first `most` of them as stored."""
        documents = self.snapshot.documents_with(text_key)
        firsts = self.snapshot.firsts.take(documents[:most]).tolist()
        stored = [*map(self.snapshot.stored_document, firsts)]
        return SameText(len(documents), documents[:most].tolist(), stored)

    def passages_of_path(self, path: str) -> Int64s:
        """Return the passages of a file with all that it holds, ascending."""
        postings = self.snapshot.postings(Field.PATH, path.encode())
        return np.zeros(0, np.int64) if postings is None else postings.passages

    def bounds(self, document: int) -> range:
        """Return the passages of a document."""
        return range(*self.snapshot.firsts[document : document + 2].tolist())

    def paths_like(self, path: str) -> Iterable[str]:
        """Yield all paths of the index."""
        return map(text_of, self.snapshot.terms(Field.PATH))

    def vocabulary(self, lexicon: Lexicon | None = None) -> Vocabulary:
        """Return the words of the index, and of the lexicon that it was built with."""
        # Imported late: most searches need no correction.
        from .vocabulary import EmbeddedVocabulary

        return EmbeddedVocabulary(self.snapshot, lexicon)

    def has_times(self) -> bool:
        """Return whether the times of files are known."""
        return bool(self.snapshot.doc_values.modified.any())

    def documents_by(self, label: str) -> Mapping[str, int]:
        """Return how many documents have each language, folder or filetype."""
        alive = self.snapshot.alive_documents
        if label == "language":
            numbers = self.snapshot.doc_values.language[alive]
            names = enumerate((*LANGUAGES, ""))
            return {name: int((numbers == number).sum()) for number, name in names}
        labels = self.snapshot.labels(label)
        counts = np.bincount(labels.numbers[alive], minlength=len(labels.names)).tolist()
        found = [(name, count) for name, count in zip(labels.names, counts, strict=True) if count]
        return dict(sorted(found, key=lambda pair: (-pair[1], pair[0])))

    def years(self) -> tuple[int, int] | None:
        """Return the first and last year of the dates of documents, None if none has a date."""
        columns = self.snapshot.doc_values
        dated = self.snapshot.alive_documents & (columns.first_day > 0)
        if not dated.any():
            return None
        first, last = columns.first_day[dated].min(), columns.last_day[dated].max()
        return int(first) // _DAYS_OF_A_YEAR, int(last) // _DAYS_OF_A_YEAR

    def fields(self) -> Mapping[str, int]:
        """Return how many documents have each field, most first."""
        counts = {}
        for term in self.snapshot.terms(Field.FIELD, name_term("").encode()):
            if postings := self.snapshot.postings(Field.FIELD, term):
                counts[text_of(term)[1:]] = len(postings.passages)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def terms(self) -> int:
        """Return the number of terms of the texts."""
        return sum(1 for _ in self.snapshot.terms(Field.BODY))
