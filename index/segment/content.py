"""What a segment consists of: its content in memory, and its files as a commit lists them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..arrays.array_types import Int64s
from ..arrays.files import WrittenFile
from ..schema import Field
from ..value import Value
from .doc_store import Block, StoredFields

# Passages are numbered in 16 bits within blocks of this many.
BLOCK = 1 << 16
# The number of occurrences before every posting of so many is stored.
COUNTED = 64
# Impacts and positions take one byte each; lists of exceptions have what does not fit.
FAR = 256

# Not frozen, compared or printed: generating those methods delays every search by milliseconds.


@dataclass(slots=True, eq=False, repr=False)
class Postings:
    """The posting list of a term.

    `passages` ascends, and `frequencies` has one number for each; `positions` has those of all
    passages one after the other, and is empty in a field without positions.
    """

    passages: Int64s
    frequencies: Int64s
    positions: Int64s


@dataclass(slots=True, eq=False, repr=False)
class DocValues:
    """The numbers of each passage and document of a segment, for ranking and filters.

    Of passages: `document` (its ordinal in the segment, ascending), and `body_length` and
    `gram_length` in terms. Of documents: `title_length` in terms, `title_key`, a number that equal
    titles share, `text_key`, one that equal texts share, `language` (its index in LANGUAGES, or
    len(LANGUAGES) for none), `first_day` and `last_day`, the days that its date spans, as yyyymmdd,
    or 0 without a date, and `modified`, the time of its file in seconds since 1970, or 0.
    """

    document: Int64s
    body_length: Int64s
    gram_length: Int64s
    title_length: Int64s
    title_key: Int64s
    text_key: Int64s
    language: Int64s
    first_day: Int64s
    last_day: Int64s
    modified: Int64s


OF_PASSAGES = ("document", "body_length", "gram_length")
OF_DOCUMENTS = (
    *("title_length", "title_key", "text_key", "language", "first_day", "last_day", "modified"),
)


@dataclass(slots=True, eq=False, repr=False)
class FieldPostings:
    """An inverted field in flat arrays.

    `terms` are in UTF-8, in the order of their bytes; the postings of `terms[i]` are
    `bounds[i]:bounds[i + 1]` of `passages` and `frequencies`; `positions` has those of all
    postings one after the other, and is empty in a field without positions.
    """

    terms: list[bytes]
    bounds: Int64s
    passages: Int64s
    frequencies: Int64s
    positions: Int64s


@dataclass(slots=True, eq=False, repr=False)
class SegmentContent:
    """A whole segment: stored fields of passages and documents, doc values, inverted fields.

    Stored fields may be packed in blocks. A field may be in several consecutive parts, each with
    later terms than the part before.
    """

    passages: Iterable[StoredFields | Block]
    documents: Iterable[StoredFields | Block]
    doc_values: DocValues
    fields: Iterable[tuple[Field, FieldPostings]]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Segment(Value):
    """A segment in a commit: its number of passages, with deleted ones, and its files.

    `deletions` lists the deleted passages, if there are any.
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
