"""What a search returns: data, ready to be shown or sent on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, overload

from index.value import Value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Match(Value):
    """A stretch of a passage that answers the query.

    `start` and `end` are characters of the passage's text; `word` is the word of the query and
    `term` the term of the index through which they met.
    """

    start: int
    end: int
    word: str
    term: str


class Bridged(NamedTuple):
    """Words of the query, what stands for them in the other language, and who says so.

    `weight` is above 0, at most 1.
    """

    asked: str
    other: str
    source: str
    weight: float

    def __str__(self) -> str:
        return f"{self.asked} → {self.other}, {self.source}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ReadAs(Value):
    """Words of the query that were understood otherwise than they were typed.

    `how` is keyboard, spacing, hanja or spelling; what was typed is looked for as well where it is
    `kept`.
    """

    typed: str
    understood: str
    how: str
    kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Hit(Value):
    """One passage found.

    `rank` counts from 1, `score` falls with the rank. `document` is the id that judgements use,
    `path` its file as it was given to the build, relative to the folder the index stands in.
    `start` and `end` are characters of the document, `line` counts from 1 in the file, `ordinal`
    is the place of the passage in its document, from 0. `matches` are the stretches to highlight,
    in order, never overlapping. `why` gives each word of the query that was met, with the terms
    it was met through; `bridged` those that were met in the other language. `read_as` tells of the
    query, alike in all its hits.
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
    matches: tuple[Match, ...] = ()
    why: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bridged: tuple[Bridged, ...] = ()
    read_as: tuple[ReadAs, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Results(Sequence[Hit]):
    """The hits of a query, best first; equal to any list or tuple of the same hits.

    `notes` are sentences for the writer of the query about how it was read, `read_as` the words
    that were corrected.
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
