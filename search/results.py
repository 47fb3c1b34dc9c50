"""The results of a search, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import overload

from corpus.names import WITHIN, readable
from index.value import NOTHING, NamedTuple, replace, value

# What stands before the number of a place, by its kind: a.pdf:p12.
PLACE_MARKS = {
    "page": "p",
    "slide": "slide",
    "row": "row",
    "chapter": "ch",
    "paragraph": "para",
    "cell": "cell",
}
_ROW = "row"  # numbered on each sheet of a file


def path_inside(path: str, document: str, unit: str) -> str:
    """Return the path of a file with what follows it in the id of a document inside, or a sheet.

    So `show` takes it for that document and no other.
    """
    inside = document.removeprefix(readable(path))
    is_inside = inside != document and (WITHIN in inside or unit == _ROW)
    return path + inside if is_inside else path


@value(kw_only=True)
class Match:
    """A span of a passage, in characters of its text, that matches the query.

    `word` is the word of the query, `term` the term of the index by which it matches; `crossed`
    tells whether that is a translation. Of a phrase, matches with the same `occurrence`, from 0 in
    the passage, belong together; it is None for words that are no part of a phrase.
    """

    start: int
    end: int
    word: str
    term: str
    crossed: bool = False
    occurrence: int | None = None


class Bridged(NamedTuple):
    """Words of the query and their translation `other`, with its source and weight, up to 1."""

    asked: str
    other: str
    source: str
    weight: float

    def __str__(self) -> str:
        return f"{self.asked} → {self.other}, {self.source}"


@value
class ReadAs:
    """A correction of words of the query; `how` is keyboard, spacing or spelling."""

    typed: str
    understood: str
    how: str


class ReadWord(NamedTuple):
    """How a word of the query was read, with the terms that it was searched by.

    `typed` is what the query has, several words if they were joined; `understood` differs from it
    if it was corrected. `terms` are empty for a stop word that was not searched for.
    `translations` are those that the index has of the word, alone or with its neighbours.
    """

    typed: str
    understood: str
    terms: tuple[str, ...]
    translations: tuple[Bridged, ...] = ()


class Total(NamedTuple):
    """The number of passages that match, on all pages, and of their documents.

    Passages of copies count, and those that `per_document` leaves out. Unless `exact`, there are
    more than these.
    """

    passages: int = 0
    documents: int = 0
    exact: bool = True


NO_TOTAL = Total()


class FacetCount(NamedTuple):
    """A value of a facet, "" for passages without one, and the number of passages that have it."""

    value: str
    passages: int


class Copies(NamedTuple):
    """The other documents with the text of a hit: their number, and the paths of the first.

    That of a document inside a file has what its id has behind the path.
    """

    number: int = 0
    paths: tuple[str, ...] = ()


NO_COPIES = Copies()


@value(kw_only=True)
class Hit:
    """A passage that matches the query.

    `rank` counts from 1, `line` from 1 in the file, or its pages or slides if that is the `unit`:
    then it is the place of the first match, and `label` that of its page (iv, A-3), unless that is
    its number; `ocr` tells whether the page was read by OCR. `ordinal` counts from 0 in the
    document. `document` is its id, as in relevance judgements. `path` is relative to the folder of
    the index, and as the disk has it: bytes that are not UTF-8 are lone surrogates. `start` and
    `end` are characters of the document; `matches` are in order and do not overlap. `why` gives the
    terms that matched each word of the query, `bridged` its translations that matched. `read_as`
    is the same in all hits of a query. `partial` are words of the query that no passage has and of
    which parts matched. `copies` are documents with the same text that are no hits because this
    one ranks higher. `modified` is the time of the file when it was read, in ISO 8601, "" if
    unknown.
    """

    rank: int
    score: float
    document: str
    path: str
    title: str
    language: str
    date: str
    text: str
    line: int
    start: int
    end: int
    ordinal: int
    heading: str
    unit: str = "line"
    label: str = ""
    ocr: bool = False
    matches: tuple[Match, ...] = ()
    why: Mapping[str, tuple[str, ...]] = NOTHING
    bridged: tuple[Bridged, ...] = ()
    read_as: tuple[ReadAs, ...] = ()
    partial: tuple[str, ...] = ()
    copies: Copies = NO_COPIES
    metadata: Mapping[str, str] = NOTHING
    modified: str = ""


@value
class Results(Sequence[Hit]):
    """The hits of a query, best first; equal to any list or tuple of the same hits.

    `notes` are sentences for the writer of the query: about a damaged index, and about how the
    query was read. `read_as` are the words that were corrected, `words` all of them. `missing` are
    those that no passage has, `partial` those of them of which a hit has parts. `total` and
    `facets`, by name, count all passages that match, not only the hits; a facet has the values of
    years and months in order, others most first. `took` is the time of the search in seconds.
    """

    hits: tuple[Hit, ...]
    notes: tuple[str, ...] = ()
    read_as: tuple[ReadAs, ...] = ()
    total: Total = NO_TOTAL
    facets: Mapping[str, tuple[FacetCount, ...]] = NOTHING
    words: tuple[ReadWord, ...] = ()
    missing: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()
    took: float = 0.0

    def __len__(self) -> int:
        return len(self.hits)

    @overload
    def __getitem__(self, index: int) -> Hit: ...

    @overload
    def __getitem__(self, index: slice) -> Results: ...

    def __getitem__(self, index: int | slice) -> Hit | Results:
        if isinstance(index, slice):
            return replace(self, hits=self.hits[index])
        return self.hits[index]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Results | list | tuple):
            return NotImplemented
        return self.hits == tuple(other)

    def _repr_html_(self) -> str:
        """Return a table of the hits, which notebooks ask for."""
        # Imported late: only notebooks need it.
        from .output.html import results_html

        return results_html(self)


class DocumentPassages(NamedTuple):
    """Passages of a document that follow each other, and the number of all that it has."""

    passages: tuple[Hit, ...]
    total: int
