"""What Whoosh asks of a document, which here is a passage: lengths, deletions, stored fields."""

from __future__ import annotations

from typing import Any

from whoosh.codec import base

from ..fields import Field
from .segment import OpenSegment


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
        return self._segment.lengths[Field(fieldname)].item(docnum) or default

    def field_length(self, fieldname: str) -> int:
        """Return how many terms a field has in all passages, deleted ones included."""
        return self._segment.reader.sums.get(f"{fieldname}_length", 0)

    def min_field_length(self, fieldname: str) -> int:
        """Return the least length of a field."""
        return int(self._segment.lengths[Field(fieldname)].min())

    def max_field_length(self, fieldname: str) -> int:
        """Return the greatest length of a field."""
        return int(self._segment.lengths[Field(fieldname)].max())

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return what is stored of a passage and of its document."""
        return self._segment.stored(docnum)
