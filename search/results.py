"""The results of a search, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import overload

from corpus.names import WITHIN, readable
from index.value import NOTHING, NamedTuple, value

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

    `word` is the word of the query, `term` the term of the index by which it matches.
    """

    start: int
    end: int
    word: str
    term: str


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
    one ranks higher.
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


@value
class Results(Sequence[Hit]):
    """The hits of a query, best first; equal to any list or tuple of the same hits.

    `notes` are sentences for the writer of the query: about a damaged index, and about how the
    query was read. `read_as` are the words that were corrected.
    """

    hits: tuple[Hit, ...]
    notes: tuple[str, ...] = ()
    read_as: tuple[ReadAs, ...] = ()

    def __len__(self) -> int:
        return len(self.hits)

    @overload
    def __getitem__(self, index: int) -> Hit: ...

    @overload
    def __getitem__(self, index: slice) -> Results: ...

    def __getitem__(self, index: int | slice) -> Hit | Results:
        if isinstance(index, slice):
            return Results(self.hits[index], self.notes, self.read_as)
        return self.hits[index]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Results | list | tuple):
            return NotImplemented
        return self.hits == tuple(other)
