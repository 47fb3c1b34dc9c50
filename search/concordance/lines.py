"""The lines of a concordance, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import overload

from index.value import Value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ConcordanceLine(Value):
    """A place that matches, with the text on its left and right.

    `left`, `match` and `right` have one space for any white space, and follow each other as in the
    document: what `left` ends with stands before the match. `words` are the words of the query that
    match; `crossed` tells whether one does by a translation. `document`, `path`, `title`,
    `language`, `date`, `unit`, `label` and `ordinal` are those of a Hit; `line` is that of the
    passage, or the place of the match in a file without lines. `start` and `end` of the match are
    characters of the document.
    """

    left: str
    match: str
    right: str
    document: str
    path: str
    title: str
    language: str
    date: str
    line: int
    start: int
    end: int
    ordinal: int
    unit: str = "line"
    label: str = ""
    words: tuple[str, ...] = ()
    crossed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Concordance(Sequence[ConcordanceLine]):
    """Some lines of a concordance in their order; equal to any list or tuple of the same lines.

    `total` is the number of all lines, unless `exact` is false: then there are more than these.
    `passages` is the number of passages that match. `notes` are sentences for the writer of the
    query.
    """

    lines: tuple[ConcordanceLine, ...]
    total: int = 0
    exact: bool = True
    passages: int = 0
    notes: tuple[str, ...] = ()

    def with_notes(self, *notes: str) -> Concordance:
        """Return the same with other notes before its own."""
        return replace(self, notes=(*notes, *self.notes))

    def __len__(self) -> int:
        return len(self.lines)

    @overload
    def __getitem__(self, index: int) -> ConcordanceLine: ...

    @overload
    def __getitem__(self, index: slice) -> Concordance: ...

    def __getitem__(self, index: int | slice) -> ConcordanceLine | Concordance:
        if isinstance(index, slice):
            return replace(self, lines=self.lines[index])
        return self.lines[index]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Concordance | list | tuple):
            return NotImplemented
        return self.lines == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # as a list, which it may equal, has none
