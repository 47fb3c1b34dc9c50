"""What a segment is made of, between the inverter that makes it and the writer that keeps it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..arrays.array_types import Int64s
from ..arrays.files import WrittenFile
from ..schema import Field
from ..value import Value
from .doc_store import Block, StoredFields

# Nobody changes these, compares them or prints them: arrays are too large for that. The methods
# that a frozen dataclass has for it take a search some milliseconds to make as it starts.


@dataclass(slots=True, eq=False, repr=False)
class Postings:
    """The passages that hold a term.

    `passages` ascends. `frequencies[i]` tells how often the term stands in `passages[i]`;
    `positions` has those places for all passages in a row, and is empty for a field without.
    """

    passages: Int64s
    frequencies: Int64s
    positions: Int64s


@dataclass(slots=True, eq=False, repr=False)
class DocValues:
    """The numbers of each passage and document of a segment that ranking and filters need.

    A passage has `document` (its place in the segment, ascending), `body_length` and
    `gram_length` in terms; a document has `title_length` in terms, `language` (a place in
    LANGUAGES, or their number for none), and `first_day` and `last_day`, the days its date spans,
    as yyyymmdd, 0 where it has none.
    """

    document: Int64s
    body_length: Int64s
    gram_length: Int64s
    title_length: Int64s
    language: Int64s
    first_day: Int64s
    last_day: Int64s


OF_PASSAGES = ("document", "body_length", "gram_length")
OF_DOCUMENTS = ("title_length", "language", "first_day", "last_day")


@dataclass(slots=True, eq=False, repr=False)
class FieldPostings:
    """A whole inverted field, flat.

    `terms` are in UTF-8, in the order of their bytes; the postings of `terms[i]` are
    `bounds[i]:bounds[i + 1]` of `passages` and `frequencies`; `positions` has the places of all
    postings in a row, and is empty for a field without.
    """

    terms: list[bytes]
    bounds: Int64s
    passages: Int64s
    frequencies: Int64s
    positions: Int64s


@dataclass(slots=True, eq=False, repr=False)
class SegmentContent:
    """A whole segment: what is stored of passages and documents, measures, inverted fields.

    Records may come packed. A field may come in several parts, one after the other, each with the
    terms behind those of the part before.
    """

    passages: Iterable[StoredFields | Block]
    documents: Iterable[StoredFields | Block]
    measures: DocValues
    fields: Iterable[tuple[Field, FieldPostings]]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Segment(Value):
    """A segment: how many passages it has, deleted ones included, and its files.

    `deletions` names the passages deleted from it, where there are any.
    """

    name: str
    passages: int
    postings: WrittenFile
    text: WrittenFile
    deleted: int = 0
    deletions: WrittenFile | None = None

    @property
    def files(self) -> tuple[WrittenFile, ...]:
        """All its files."""
        return (self.postings, self.text, *((self.deletions,) if self.deletions else ()))
