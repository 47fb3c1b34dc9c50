"""The terms of a segment in Whoosh's order: by field, then by their bytes in UTF-8."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from whoosh.codec import base
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.reading import TermInfo, TermNotFound
from whoosh.system import pack_uint

from ..arrays.array_types import Int64s
from ..segment.content import Postings
from .schema import INDEXED
from .segment import OpenSegment, ValueTerms

Term: TypeAlias = tuple[str, bytes]


class ArrayTerms(base.TermsReader):  # type: ignore[misc]  # Whoosh has no types
    """Terms with their statistics and posting lists, deleted passages included."""

    def __init__(self, segment: OpenSegment) -> None:
        self._segment = segment

    def __contains__(self, term: Term) -> bool:
        return self._number(*term) is not None

    def _number(self, fieldname: str, text: bytes) -> int | None:
        with self._segment.reported():
            return self._segment.terms(fieldname).find(text) if fieldname in INDEXED else None

    def indexed_field_names(self) -> list[str]:
        """Return the names of the inverted fields."""
        return list(INDEXED)

    def cursor(self, fieldname: str, fieldobj: Any) -> ArrayCursor:  # noqa: ANN401 - Whoosh's
        """Return a cursor at the first term of a field."""
        return ArrayCursor(self._segment, fieldname, fieldobj)

    def terms(self) -> Iterator[Term]:
        """Yield all terms."""
        return self.terms_from("", b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[Term]:
        """Yield the terms from one on, those of later fields as well."""
        with self._segment.reported():
            for name in INDEXED:
                if name >= fieldname:
                    known = self._segment.terms(name)
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
        """Return how often a term stands in all passages."""
        weight: float = self.term_info(fieldname, text).weight() if (fieldname, text) in self else 0
        return weight

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """Return how many passages hold a term."""
        number = self._number(fieldname, text)
        if number is None:
            return 0
        with self._segment.reported():
            field = self._segment.field(fieldname)
            if isinstance(field, ValueTerms):
                return len(field.postings(number).passages)
            return field.bounds.at(number + 1) - field.bounds.at(number)

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
        postings = self._segment.postings(fieldname, text)
        if postings is None:
            raise TermNotFound(f"there is no term {fieldname}:{text!r}")
        return postings


class ArrayCursor(base.FieldCursor):  # type: ignore[misc]  # Whoosh has no types
    """A place among the terms of a field; `text()` is None behind the last one."""

    def __init__(self, segment: OpenSegment, fieldname: str, fieldobj: Any) -> None:  # noqa: ANN401 - Whoosh's
        self._segment = segment
        self._terms = segment.terms(fieldname)
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


class ArrayMatcher(LeafMatcher):  # type: ignore[misc]  # Whoosh has no types
    """The passages that hold a term, ascending."""

    def __init__(
        self,
        postings: Postings,
        format_: Any,  # noqa: ANN401 - Whoosh's
        *,
        term: tuple[str, bytes],
        scorer: Any = None,  # noqa: ANN401 - Whoosh's
    ) -> None:
        self.format = format_
        self.scorer = scorer
        self._term = term
        self._postings = postings
        self._place = 0

    @cached_property
    def _ends(self) -> Int64s:
        """Where the positions of each passage end."""
        ends: Int64s = np.cumsum(self._postings.frequencies)
        return ends

    def supports_block_quality(self) -> bool:
        """Return False.

        Whoosh 2.7.4 skips blocks in a loop that never ends where scores tie. Without blocks no
        search enters it, whatever `optimize` is; the price is that every passage is scored.
        """
        return False

    def is_active(self) -> bool:
        """Tell whether it stands at a passage."""
        return self._place < len(self._postings.passages)

    def reset(self) -> None:
        """Go back to the first passage."""
        self._place = 0

    def copy(self) -> ArrayMatcher:
        """Return a matcher at the same place, which goes its own way."""
        return copy(self)

    def id(self) -> int:
        """Return the passage it stands at, the last one behind the end.

        Whoosh's AndNot asks that of a list it has just come to the end of.
        """
        passages = self._postings.passages
        return passages.item(min(self._place, len(passages) - 1))

    def all_ids(self) -> Any:  # noqa: ANN401 - an iterator, as the base class has it
        """Return the passages from here on."""
        return iter(self._postings.passages[self._place :].tolist())

    def weight(self) -> float:
        """Return how often the term stands in the passage."""
        return float(self._postings.frequencies.item(self._place))

    def value(self) -> bytes:
        """Return the posting as the format of the field writes it."""
        frequency = self._postings.frequencies.item(self._place)
        if self.supports("positions"):
            end = self._ends.item(self._place)
            value: bytes = self.format.encode(self._postings.positions[end - frequency : end])
        else:
            value = pack_uint(frequency)
        return value

    def next(self) -> None:
        """Go to the next passage. Raises ReadTooFar."""
        self._go(self._place + 1)

    def skip_to(self, id: int) -> None:  # noqa: A002 - the name the base class gives it
        """Go to the first passage from here on that is not before `id`. Raises ReadTooFar."""
        self._go(max(self._place, int(np.searchsorted(self._postings.passages, id))))

    def _go(self, place: int) -> None:
        if not self.is_active():
            raise ReadTooFar
        self._place = place
