"""What searching asks of an index, whichever engine keeps it.

The embedded engine reads the index directory; another asks a cluster. Both show one commit of the
index, and number its passages: numbers ascend in the order in which passages were added, and those
of a document follow one another. An engine answers in batches, since a cluster is milliseconds
away; what is to be done with the answers is decided above, once for all engines.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

from index.schema import Field
from index.value import NamedTuple

from .query.tree import Group, Node, Pattern
from .ranking.weighted_terms import WeightedTerms

if TYPE_CHECKING:
    from index.analysis.analyzer import Analyzer
    from index.analysis.lexicon import Lexicon
    from index.arrays.array_types import Int64s
    from index.bridge.table import Table

    from .correction.vocabulary import Vocabulary
    from .inspection import IndexInfo
    from .ranking.rerank import Ranking
    from .results import FacetCount, Total

# A term of a field.
Key: TypeAlias = tuple[Field, str]

# Totals are exact up to this many passages: counting all of a common word would take longer than
# finding the best.
MOST_COUNTED = 10_000

_T = TypeVar("_T")


class MatchQuery(NamedTuple):
    """A query as an engine takes it.

    `root` tells which passages match, None for all; its phrases have their translations beside
    them. `weighted` are the terms that score passages. Plain words of `root` match by the terms of
    `plain`, or if no passage does, by its syllable bigrams.
    """

    root: Group | None
    weighted: WeightedTerms
    plain: WeightedTerms


class StoredPassage(NamedTuple):
    """The stored fields of a passage and of its document.

    `document` is the number of the document, `ordinal` that of the passage in it, from 0.
    """

    passage: Mapping[str, Any]
    of_document: Mapping[str, Any]
    document: int
    ordinal: int


class SameText(NamedTuple):
    """The documents with the same text: how many, and the first with their stored fields."""

    number: int
    documents: Sequence[int]
    stored: Sequence[Mapping[str, Any]]


class Retrieval(Protocol):
    """One query being answered, of which the matching passages need not all be known."""

    def best(self, most: int) -> Int64s:
        """Return the best `most` passages of the first stage, ascending; all if there are fewer.

        There may be more where their order is not exact; `rerank` leaves out the worst of them.
        """

    def rerank(self, passages: Int64s) -> Ranking:
        """Return the ranking of some passages, ascending, that match."""

    def passages(self) -> Int64s:
        """Return all passages that match, ascending."""

    def in_order(self, sort: str, most: int) -> Int64s:
        """Return the first `most` passages by date or modified (newest first), or by path.

        Those without a date come last; ties go by path, then by place in the file.
        """

    def repeated(self, documents: Int64s) -> Collection[int]:
        """Return the text keys that some documents share with others that match."""

    def expect_counts(self, facets: Sequence[str], without: Collection[int]) -> None:
        """Take note of the counts that will be asked for."""

    def total(self, without: Collection[int] = ()) -> Total:
        """Return the number of passages that match but for some, exact up to MOST_COUNTED."""

    def facets(
        self, names: Sequence[str], without: Collection[int] = (), *, of_documents: bool = False
    ) -> Mapping[str, tuple[FacetCount, ...]]:
        """Return facets of the passages that match but for some, in the order of `names`.

        The counts of each add up to the number of passages, or of their documents. Years and months
        are in order, other values most first; a date without a month counts as its year.
        """


class Engine(Protocol):
    """An index at one commit; threads may share it. Deleted passages are in none of its answers."""

    @property
    def passages(self) -> int:
        """The number of passages."""

    @property
    def documents(self) -> int:
        """The number of documents."""

    @property
    def bridge(self) -> Table | None:
        """The bridge of the index, if it has one."""

    def close(self) -> None:
        """Close what is open."""

    def settled(self, compute: Callable[[], _T]) -> _T:
        """Return what `compute` returns, with the right answers of `frequency` and `count`.

        An engine may call it several times: first with answers that stand in for those that it
        does not have yet, to ask for these at once.
        """

    def expect(self, keys: Iterable[Key]) -> None:
        """Take note of terms whose frequencies will be asked for."""

    def expect_retrieval(self, weighted: WeightedTerms) -> None:
        """Take note of the terms of a query that will be retrieved."""

    def frequency(self, field: Field, term: str) -> int:
        """Return how many passages have a term; of TITLE, META and FIELD, how many documents."""

    def frequencies(self, field: Field, terms: Sequence[str]) -> Int64s:
        """Return what `frequency` does, for many terms that are not asked for again."""

    def count(self, node: Node) -> int:
        """Return how many passages a node of a query matches."""

    def expanded(self, pattern: Pattern) -> list[str]:
        """Return the terms that match a pattern, in order."""

    def retrieval(self, query: MatchQuery) -> Retrieval:
        """Return the retrieval of a query."""

    def documents_of(self, passages: Int64s) -> Int64s:
        """Return the document of each of some passages that a retrieval returned."""

    def text_keys(self, documents: Int64s) -> Int64s:
        """Return a number for each of such documents, which those with the same text share."""

    def fetch(
        self, passages: Sequence[int], *, text_keys: Collection[int] = ()
    ) -> list[StoredPassage]:
        """Return passages as stored; `text_keys` are those that `same_text` will be asked for."""

    def stored(self, passages: Sequence[int]) -> list[Mapping[str, Any]]:
        """Return the stored fields of passages alone, for which documents need not be read."""

    def ids(self, documents: Sequence[int]) -> Iterator[str]:
        """Yield the ids of documents, read as they are asked for."""

    def languages_of(self, documents: Int64s) -> list[str]:
        """Return the language of each document, "" for none."""

    def same_text(self, text_key: int, *, most: int) -> SameText:
        """Return the documents with a text, the first `most` of them as stored."""

    def passages_of_path(self, path: str) -> Int64s:
        """Return the passages of a file with all that it holds, ascending."""

    def bounds(self, document: int) -> range:
        """Return the passages of a document."""

    def paths_like(self, path: str) -> Iterable[str]:
        """Return paths of the index, those like a given one among them."""

    def vocabulary(self, lexicon: Lexicon | None = None) -> Vocabulary:
        """Return the words of the index, and of the lexicon that it was built with."""

    def has_times(self) -> bool:
        """Return whether the times of files are known."""

    def documents_by(self, label: str) -> Mapping[str, int]:
        """Return how many documents have each language, folder or filetype, "" for none."""

    def years(self) -> tuple[int, int] | None:
        """Return the first and last year of the dates of documents, None if none has a date."""

    def fields(self) -> Mapping[str, int]:
        """Return how many documents have each field, most first."""

    def terms(self) -> int:
        """Return the number of terms of the texts."""


class OpenedIndex(Protocol):
    """An index that a searcher has open, with what it was built by."""

    @property
    def engine(self) -> Engine:
        """What searches ask."""

    @property
    def analyzer(self) -> Analyzer:
        """The analyzer that the index was built with, for queries."""

    @property
    def location(self) -> str:
        """The path of its folder, or its address."""

    @property
    def note(self) -> str:
        """What the user should know, such as that an earlier commit was opened; or ""."""

    @property
    def built(self) -> str:
        """The time of the build that was opened, in ISO 8601."""

    def close(self) -> None:
        """Close what is open."""

    def reading(self) -> AbstractContextManager[None]:
        """Return a context that turns errors of what is read into those that users can act on."""

    def has_file(self, name: str) -> bool:
        """Return whether a file was read by a build, unlike what a program has added."""

    def info(self) -> IndexInfo:
        """Return the counts and settings of the index."""
