"""An open segment for Whoosh: its fields, and what it stores of passages, Whoosh's documents."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec import base

from corpus.language import LANGUAGES

from ..arrays.array_types import AnyArray, Int64s
from ..arrays.term_dictionary import TermDictionary
from ..directory.damage import reported_damage
from ..schema import Field
from ..segment.content import Postings, Segment
from ..segment.postings_reader import FieldReader
from ..segment.segment_reader import SegmentReader
from .schema import DATE, INDEXED, LANGUAGE, by_field, term_of_day

# Whoosh reads a term's statistics and then its postings: the cache decodes them once.
_CACHED_LISTS = 2


class ValueField:
    """A field of one value for each passage, as the terms and postings of an inverted field."""

    def __init__(self, values: Int64s, term_of: Callable[[int], bytes | None]) -> None:
        """Take the value of each passage, and the term of each value: None for no value."""
        known, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
        lists = np.split(np.argsort(inverse, kind="stable"), np.cumsum(counts)[:-1])
        terms = map(term_of, known.tolist())
        entries = sorted((term, list_) for term, list_ in zip(terms, lists, strict=False) if term)
        self._terms = [term for term, _ in entries]
        self._lists = [list_ for _, list_ in entries]

    def __len__(self) -> int:
        return len(self._terms)

    def __getitem__(self, number: int) -> bytes:
        return self._terms[number]

    def find(self, term: bytes) -> int | None:
        """Return the number of a term, or None."""
        number = self.first_from(term)
        return number if self._terms[number : number + 1] == [term] else None

    def first_from(self, term: bytes) -> int:
        """Return the number of the first term that is not before `term`."""
        return bisect_left(self._terms, term)

    def some(self, numbers: range) -> Iterator[bytes]:
        """Yield the terms of a range of numbers."""
        return iter(self._terms[numbers.start : numbers.stop])

    def postings(self, number: int) -> Postings:
        """Return the posting list of a term, with frequencies of 1 and without positions."""
        passages = self._lists[number]
        return Postings(passages, np.ones_like(passages), passages[:0])


class OpenSegment(base.PerDocumentReader):  # type: ignore[misc]  # Whoosh has no types
    """A segment with its files open, and Whoosh's reader of its passages by number, from 0.

    Damaged files raise IndexDamaged.
    """

    def __init__(self, directory: Path, segment: Segment) -> None:
        self._directory = directory
        with self.reporting():
            self.reader = SegmentReader(directory, segment)
        self._cached = lru_cache(maxsize=_CACHED_LISTS)(self._postings)
        # Whoosh makes a frozenset of them for every posting list; one that is frozen is not copied.
        self._deleted = frozenset(self.reader.deleted.tolist())

    def close(self) -> None:
        """Close the files, for the reader of terms as well."""
        self._cached.cache_clear()
        self.reader.close()

    def reporting(self) -> AbstractContextManager[None]:
        """Return a context that raises the errors of damaged files as IndexDamaged."""
        return reported_damage(self._directory)

    def field(self, name: str) -> FieldReader | ValueField:
        """Return an indexed field: its terms, and the `postings` of each by number."""
        if name == DATE:
            return self._dates
        return self._languages if name == LANGUAGE else self.reader.field(Field(name))

    def terms(self, name: str) -> TermDictionary | ValueField:
        """Return the terms of an indexed field."""
        field = self.field(name)
        return field if isinstance(field, ValueField) else field.terms

    @cached_property
    def _dates(self) -> ValueField:
        return ValueField(self._by_passage("first_day"), term_of_day)

    @cached_property
    def _languages(self) -> ValueField:
        terms = [*(name.encode() for name in LANGUAGES), None]
        return ValueField(self._by_passage("language"), terms.__getitem__)

    def _by_passage(self, name: str) -> Int64s:
        values: Int64s = self.reader.column(name)[self.reader.column("document")]
        return values

    def postings(self, field: str, term: bytes) -> Postings | None:
        """Return the whole posting list of a term, deleted passages included, or None."""
        with self.reporting():
            return self._cached(field, term)

    def _postings(self, field: str, term: bytes) -> Postings | None:
        number = self.terms(field).find(term) if field in INDEXED else None
        return None if number is None else self.field(field).postings(number)

    @cached_property
    def lengths(self) -> dict[str, AnyArray]:
        """The length of each field in each passage, in terms, 0 where it is not counted."""
        with self.reporting():
            column = self.reader.column
            titles = column("title_length")
            of_first_passages = np.zeros(self.reader.size, titles.dtype)
            of_first_passages[column("first_passage")[:-1]] = titles
            zeros: AnyArray = np.broadcast_to(np.uint8(0), self.reader.size)
            return dict.fromkeys(INDEXED, zeros) | {
                Field.BODY: column("body_length"),
                Field.BIGRAM: column("gram_length"),
                Field.TITLE: of_first_passages,
            }

    def doc_count(self) -> int:
        """Return the number of passages, without deleted ones."""
        return self.reader.size - len(self._deleted)

    def doc_count_all(self) -> int:
        """Return the number of passages, with deleted ones."""
        return self.reader.size

    def has_deletions(self) -> bool:
        """Return whether any passage is deleted."""
        return bool(self._deleted)

    def is_deleted(self, docnum: int) -> bool:
        """Return whether a passage is deleted."""
        return docnum in self._deleted

    def deleted_docs(self) -> frozenset[int]:
        """Return the deleted passages."""
        return self._deleted

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the length of a field in a passage, in terms, or `default` where it is 0.

        A text of particles only has terms and no length; models that divide by it give a default.
        """
        return self.lengths[fieldname].item(docnum) or default

    def field_length(self, fieldname: str) -> int:
        """Return the length of a field in all passages, deleted ones included."""
        total: int = self.reader.sums.get(f"{fieldname}_length", 0)
        return total

    def min_field_length(self, fieldname: str) -> int:
        """Return the least length of a field."""
        return int(self.lengths[fieldname].min())

    def max_field_length(self, fieldname: str) -> int:
        """Return the greatest length of a field."""
        return int(self.lengths[fieldname].max())

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return the stored fields of a passage and of its document."""
        with self.reporting():
            document = int(self.reader.column("document")[docnum])
            return by_field(self.reader.stored_document(document) | self.reader.stored(docnum))
