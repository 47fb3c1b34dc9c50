"""A posting list as Whoosh walks it: passage by passage, with the score of each."""

from __future__ import annotations

from copy import copy
from functools import cached_property
from typing import Any

import numpy as np
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.system import pack_uint

from ..arrays.array_types import Int64s
from ..segment.content import Postings


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
