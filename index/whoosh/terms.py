"""The terms of a segment in Whoosh's order: by field, then by their bytes in UTF-8."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from whoosh.codec import base
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.reading import TermInfo, TermNotFound
from whoosh.system import pack_uint

from ..arrays.array_types import Int64s
from ..segment.content import Postings
from .schema import INDEXED
from .segment import OpenSegment, ValueField

if TYPE_CHECKING:
    from whoosh.fields import FieldType
    from whoosh.formats import Format
    from whoosh.scoring import BaseScorer

Term: TypeAlias = tuple[str, bytes]


class ArrayTerms(base.TermsReader):  # type: ignore[misc]  # Whoosh has no types
    """Terms with their statistics and posting lists, deleted passages included."""

    def __init__(self, segment: OpenSegment) -> None:
        self._segment = segment

    def __contains__(self, term: Term) -> bool:
        return self._number(*term) is not None

    def _number(self, fieldname: str, text: bytes) -> int | None:
        with self._segment.reporting():
            return self._segment.terms(fieldname).find(text) if fieldname in INDEXED else None

    def indexed_field_names(self) -> list[str]:
        """Return the names of the inverted fields."""
        return list(INDEXED)

    def cursor(self, fieldname: str, fieldobj: FieldType) -> _Cursor:
        """Return a cursor at the first term of a field."""
        return _Cursor(self._segment, fieldname, fieldobj)

    def terms(self) -> Iterator[Term]:
        """Yield all terms."""
        return self.terms_from("", b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[Term]:
        """Yield the terms from `prefix` on, then those of later fields."""
        with self._segment.reporting():
            for name in INDEXED:
                if name >= fieldname:
                    known = self._segment.terms(name)
                    first = known.first_from(prefix) if name == fieldname else 0
                    yield from ((name, term) for term in known.some(range(first, len(known))))

    def items(self) -> Iterator[tuple[Term, TermInfo]]:
        """Yield all terms with their statistics."""
        return self.items_from("", b"")

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[Term, TermInfo]]:
        """Yield the terms of `terms_from`, with their statistics."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return the statistics of a term. Raises TermNotFound."""
        postings = self._postings(fieldname, text)
        frequencies, passages = postings.frequencies, postings.passages
        # A text of length 0 is scored as one of length 1, and these lengths bound its score.
        lengths = np.maximum(self._segment.lengths[fieldname][passages], 1)
        return TermInfo(
            weight=float(frequencies.sum()),
            df=len(passages),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(frequencies.max()),
            minid=passages.item(0),
            maxid=passages.item(-1),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        """Return the frequency of a term in all passages, 0 for an unknown one."""
        weight: float = self.term_info(fieldname, text).weight() if (fieldname, text) in self else 0
        return weight

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return how many passages contain a term."""
        number = self._number(fieldname, text)
        if number is None:
            return 0
        with self._segment.reporting():
            field = self._segment.field(fieldname)
            if isinstance(field, ValueField):
                return len(field.postings(number).passages)
            return field.bounds.at(number + 1) - field.bounds.at(number)

    def matcher(
        self, fieldname: str, text: bytes, format_: Format, scorer: BaseScorer | None = None
    ) -> _Matcher:
        """Return a matcher over the posting list of a term. Raises TermNotFound."""
        return _Matcher(self._postings(fieldname, text), format_, (fieldname, text), scorer)

    def _postings(self, fieldname: str, text: bytes) -> Postings:
        postings = self._segment.postings(fieldname, text)
        if postings is None:
            raise TermNotFound(f"there is no term {fieldname}:{text!r}")
        return postings


class _Cursor(base.FieldCursor):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's cursor over the terms of a field; `text()` is None past the last one."""

    def __init__(self, segment: OpenSegment, fieldname: str, fieldobj: FieldType) -> None:
        self._segment = segment
        self._terms = segment.terms(fieldname)
        self._fieldobj = fieldobj
        self._number = 0

    def is_valid(self) -> bool:
        return self._number < len(self._terms)

    def text(self) -> str | None:
        if not self.is_valid():
            return None
        with self._segment.reporting():
            text: str = self._fieldobj.from_bytes(self._terms[self._number])
            return text

    def first(self) -> str | None:
        return self._go(0)

    def next(self) -> str | None:
        return self._go(self._number + 1)

    def find(self, string: str) -> str | None:
        """Go to the first term that is not before `string`, and return it."""
        with self._segment.reporting():
            return self._go(self._terms.first_from(self._fieldobj.to_bytes(string)))

    def _go(self, number: int) -> str | None:
        self._number = number
        return self.text()


class _Matcher(LeafMatcher):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's matcher over the posting list of a term, by ascending passage.

    It has no blocks: where scores tie, Whoosh 2.7.4 skips them in an endless loop. Without blocks
    no search enters it, whatever `optimize` is, at the price of scoring every passage.
    """

    def __init__(
        self, postings: Postings, format_: Format, term: Term, scorer: BaseScorer | None = None
    ) -> None:
        self.format = format_
        self.scorer = scorer
        self._term = term
        self._postings = postings
        self._row = 0

    @cached_property
    def _ends(self) -> Int64s:
        """The end of the positions of each posting."""
        ends: Int64s = np.cumsum(self._postings.frequencies)
        return ends

    def supports_block_quality(self) -> bool:
        return False

    def is_active(self) -> bool:
        return self._row < len(self._postings.passages)

    def reset(self) -> None:
        self._row = 0

    def copy(self) -> _Matcher:
        return copy(self)

    def id(self) -> int:
        """Return the current passage, the last one past the end: Whoosh's AndNot reads it there."""
        passages = self._postings.passages
        return passages.item(min(self._row, len(passages) - 1))

    def all_ids(self) -> Iterator[int]:
        return iter(self._postings.passages[self._row :].tolist())

    def weight(self) -> float:
        return float(self._postings.frequencies.item(self._row))

    def value(self) -> bytes:
        """Return the current posting, encoded in the format of the field."""
        frequency = self._postings.frequencies.item(self._row)
        if not self.supports("positions"):
            packed: bytes = pack_uint(frequency)
            return packed
        end = self._ends.item(self._row)
        value: bytes = self.format.encode(self._postings.positions[end - frequency : end])
        return value

    def next(self) -> None:
        self._go(self._row + 1)

    def skip_to(self, id: int) -> None:  # noqa: A002 - the name in the base class
        """Go to the next passage from `id` on, unless the current one is."""
        self._go(max(self._row, int(np.searchsorted(self._postings.passages, id))))

    def _go(self, row: int) -> None:
        if not self.is_active():
            raise ReadTooFar
        self._row = row
