"""A segment open for Whoosh: its arrays, and what is asked of a document, which is a passage."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from whoosh.codec import base
from whoosh.filedb.filestore import FileStorage, ReadOnlyError

from corpus.language import LANGUAGES

from ..arrays.array_types import AnyArray, Int64s
from ..arrays.term_dictionary import TermDictionary
from ..directory.damage import reported_damage
from ..schema import Field
from ..segment.content import Postings, Segment
from ..segment.postings_reader import FieldReader
from ..segment.segment_reader import SegmentReader
from .schema import DATE, INDEXED, LANGUAGE, term_of_day, told_as_fields

# Whoosh asks for a term's statistics, then for its postings: they are decoded once.
_KEPT_LISTS = 2


class ValueTerms:
    """The values that documents have, each the one term of all their passages, as a field."""

    def __init__(self, values: Int64s, named: Callable[[int], bytes | None]) -> None:
        """Make the field of what each passage has; a value that has no name is none."""
        known, places, sizes = np.unique(values, return_inverse=True, return_counts=True)
        lists = np.split(np.argsort(places, kind="stable"), np.cumsum(sizes)[:-1])
        names = map(named, known.tolist())
        held = sorted((name, list_) for name, list_ in zip(names, lists, strict=False) if name)
        self._names = [name for name, _ in held]
        self._lists = [list_ for _, list_ in held]

    def __len__(self) -> int:
        return len(self._names)

    def __getitem__(self, number: int) -> bytes:
        return self._names[number]

    def find(self, term: bytes) -> int | None:
        """Return the number of a term, or None."""
        number = self.first_from(term)
        return number if self._names[number : number + 1] == [term] else None

    def first_from(self, term: bytes) -> int:
        """Return the number of the first term that is not before `term`."""
        return bisect_left(self._names, term)

    def some(self, numbers: range) -> Iterator[bytes]:
        """Yield terms by number."""
        return (self._names[number] for number in numbers)

    def postings(self, number: int) -> Postings:
        """Return the passages that have a value, each once."""
        passages = self._lists[number]
        return Postings(passages, np.ones_like(passages), passages[:0])


class OpenSegment:
    """The arrays of a segment; what is damaged in them raises IndexDamaged."""

    def __init__(self, directory: Path, segment: Segment) -> None:
        self._directory = directory
        with self.reported():
            self.reader = SegmentReader(directory, segment)
        self._kept = lru_cache(maxsize=_KEPT_LISTS)(self._postings)

    def close(self) -> None:
        """Close the files."""
        self._kept.cache_clear()
        self.reader.close()

    def reported(self) -> AbstractContextManager[None]:
        """Return a context that turns what a damaged file leads to into IndexDamaged."""
        return reported_damage(self._directory)

    def field(self, name: str) -> FieldReader | ValueTerms:
        """Return an indexed field: its `terms`, and the `postings` of each by number."""
        if name == DATE:
            return self._days
        return self._languages if name == LANGUAGE else self.reader.field(Field(name))

    def terms(self, name: str) -> TermDictionary | ValueTerms:
        """Return the terms of an indexed field."""
        field = self.field(name)
        return field if isinstance(field, ValueTerms) else field.terms

    @cached_property
    def _days(self) -> ValueTerms:
        return ValueTerms(self._of_documents("first_day"), term_of_day)

    @cached_property
    def _languages(self) -> ValueTerms:
        names = [*(name.encode() for name in LANGUAGES), None]
        return ValueTerms(self._of_documents("language"), names.__getitem__)

    def _of_documents(self, measure: str) -> Int64s:
        numbers: Int64s = self.reader.measure(measure)[self.reader.measure("document")]
        return numbers

    def postings(self, field: str, term: bytes) -> Postings | None:
        """Return the whole posting list of a term, deleted passages included, or None."""
        with self.reported():
            return self._kept(field, term)

    def _postings(self, field: str, term: bytes) -> Postings | None:
        number = self.terms(field).find(term) if field in INDEXED else None
        return None if number is None else self.field(field).postings(number)

    @cached_property
    def lengths(self) -> dict[str, AnyArray]:
        """The length of each field of each passage, in terms; 0 where there is none of it."""
        with self.reported():
            measure = self.reader.measure
            titles = measure("title_length")
            at_firsts = np.zeros(self.reader.size, titles.dtype)
            at_firsts[measure("first_passage")[:-1]] = titles
            none: AnyArray = np.broadcast_to(np.uint8(0), self.reader.size)
            return dict.fromkeys(INDEXED, none) | {
                Field.BODY: measure("body_length"),
                Field.GRAM: measure("gram_length"),
                Field.TITLE: at_firsts,
            }

    def stored(self, passage: int) -> dict[str, Any]:
        """Return what is stored of a passage and of its document."""
        with self.reported():
            document = int(self.reader.measure("document")[passage])
            return told_as_fields(
                self.reader.stored_document(document) | self.reader.stored(passage)
            )


class ArrayDocuments(base.PerDocumentReader):  # type: ignore[misc]  # Whoosh has no types
    """Passages by their number in the segment, from 0."""

    def __init__(self, segment: OpenSegment) -> None:
        self._segment = segment
        self._size = segment.reader.size
        # Whoosh makes a frozen set of them for every posting list; of this one it makes no copy.
        self._deleted = frozenset(segment.reader.deleted.tolist())

    def close(self) -> None:
        """Close the segment, for the reader of terms as well."""
        self._segment.close()

    def doc_count(self) -> int:
        """Return how many passages are alive."""
        return self._size - len(self._deleted)

    def doc_count_all(self) -> int:
        """Return how many passages there are, deleted ones included."""
        return self._size

    def has_deletions(self) -> bool:
        """Tell whether a passage is deleted."""
        return bool(self._deleted)

    def is_deleted(self, docnum: int) -> bool:
        """Tell whether a passage is deleted."""
        return docnum in self._deleted

    def deleted_docs(self) -> frozenset[int]:
        """Return the deleted passages."""
        return self._deleted

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return how many terms a field has in a passage, or `default` where none counts.

        A text of particles only has terms and no length; models that divide by it give a default.
        """
        return self._segment.lengths[fieldname].item(docnum) or default

    def field_length(self, fieldname: str) -> int:
        """Return how many terms a field has in all passages, deleted ones included."""
        total: int = self._segment.reader.sums.get(f"{fieldname}_length", 0)
        return total

    def min_field_length(self, fieldname: str) -> int:
        """Return the least length of a field."""
        return int(self._segment.lengths[fieldname].min())

    def max_field_length(self, fieldname: str) -> int:
        """Return the greatest length of a field."""
        return int(self._segment.lengths[fieldname].max())

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return what is stored of a passage and of its document."""
        return self._segment.stored(docnum)


def read_only(*_: object, **__: object) -> NoReturn:
    """Refuse to write. Raises Whoosh's ReadOnlyError."""
    raise ReadOnlyError("an index of Chaja is written by its own writer, never file by file")


class ReadOnlyStorage(FileStorage):  # type: ignore[misc]  # Whoosh has no types
    """The files of an index; whatever would change one raises ReadOnlyError."""

    def __init__(self, directory: Path) -> None:
        super().__init__(str(directory), readonly=True)

    def create(self) -> ReadOnlyStorage:
        """Return the storage itself; a directory is never made."""
        return self

    create_index = create_file = temp_storage = lock = read_only
    delete_file = rename_file = clean = destroy = read_only
