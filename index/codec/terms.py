"""The terms of a segment in Whoosh's order: by field, then by their bytes in UTF-8."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
from whoosh.codec import base
from whoosh.reading import TermInfo, TermNotFound

from ..arrays.term_dictionary import Terms
from ..fields import Field
from ..segment.content import Postings
from .matcher import ArrayMatcher
from .segment import OpenSegment

Term: TypeAlias = tuple[str, bytes]

_FIELDS = {field.value: field for field in Field}


class ArrayTerms(base.TermsReader):  # type: ignore[misc]  # Whoosh has no types
    """Terms with their statistics and posting lists, deleted passages included."""

    def __init__(self, segment: OpenSegment) -> None:
        self._segment = segment

    def __contains__(self, term: Term) -> bool:
        return self._number(*term) is not None

    def _number(self, fieldname: str, text: bytes) -> int | None:
        field = _FIELDS.get(fieldname)
        with self._segment.reported():
            return None if field is None else self._dictionary(field).find(text)

    def _dictionary(self, field: Field) -> Terms:
        return self._segment.reader.field(field).terms

    def indexed_field_names(self) -> list[str]:
        """Return the names of the inverted fields."""
        return list(_FIELDS)

    def cursor(self, fieldname: str, fieldobj: Any) -> ArrayCursor:  # noqa: ANN401 - Whoosh's
        """Return a cursor at the first term of a field."""
        return ArrayCursor(self._segment, Field(fieldname), fieldobj)

    def terms(self) -> Iterator[Term]:
        """Yield all terms."""
        return self.terms_from("", b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[Term]:
        """Yield the terms from one on, those of later fields as well."""
        with self._segment.reported():
            for name, field in _FIELDS.items():
                if name >= fieldname:
                    known = self._dictionary(field)
                    first = known.first_from(prefix) if name == fieldname else 0
                    yield from ((name, term) for term in known.some(range(first, len(known))))

    def items(self) -> Iterator[tuple[Term, TermInfo]]:
        """Yield all terms with their statistics."""
        return self.items_from("", b"")

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[Term, TermInfo]]:
        """Yield the terms from one on, with their statistics."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return the statistics of a term. Raises TermNotFound."""
        postings = self._postings(fieldname, text)
        frequencies, passages = postings.frequencies, postings.passages
        # A text that counts no term is scored as if it had one, and this bounds its score.
        lengths = np.maximum(self._segment.lengths[_FIELDS[fieldname]][passages], 1)
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
        """Return how often a term stands in all passages."""
        weight: float = self.term_info(fieldname, text).weight() if (fieldname, text) in self else 0
        return weight

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return how many passages hold a term."""
        number = self._number(fieldname, text)
        if number is None:
            return 0
        with self._segment.reported():
            bounds = self._segment.reader.field(_FIELDS[fieldname]).bounds
            return bounds.at(number + 1) - bounds.at(number)

    def matcher(
        self,
        fieldname: str,
        text: bytes,
        format_: Any,  # noqa: ANN401 - Whoosh's
        scorer: Any = None,  # noqa: ANN401 - Whoosh's
    ) -> ArrayMatcher:
        """Return a matcher over the posting list of a term. Raises TermNotFound."""
        postings = self._postings(fieldname, text)
        return ArrayMatcher(postings, format_, term=(fieldname, text), scorer=scorer)

    def _postings(self, fieldname: str, text: bytes) -> Postings:
        field = _FIELDS.get(fieldname)
        postings = None if field is None else self._segment.postings(field, text)
        if postings is None:
            raise TermNotFound(f"there is no term {fieldname}:{text!r}")
        return postings


class ArrayCursor(base.FieldCursor):  # type: ignore[misc]  # Whoosh has no types
    """A place among the terms of a field; `text()` is None behind the last one."""

    def __init__(self, segment: OpenSegment, field: Field, fieldobj: Any) -> None:  # noqa: ANN401 - Whoosh's
        self._segment = segment
        self._terms = segment.reader.field(field).terms
        self._fieldobj = fieldobj
        self._number = 0

    def is_valid(self) -> bool:
        """Tell whether it stands at a term."""
        return self._number < len(self._terms)

    def text(self) -> str | None:
        """Return the term it stands at."""
        if not self.is_valid():
            return None
        with self._segment.reported():
            text: str = self._fieldobj.from_bytes(self._terms[self._number])
            return text

    def first(self) -> str | None:
        """Go to the first term and return it."""
        return self._go(0)

    def next(self) -> str | None:
        """Go to the next term and return it."""
        return self._go(self._number + 1)

    def find(self, string: str) -> str | None:
        """Go to the first term that is not before `string`, and return it."""
        with self._segment.reported():
            return self._go(self._terms.first_from(self._fieldobj.to_bytes(string)))

    def _go(self, number: int) -> str | None:
        self._number = number
        return self.text()
