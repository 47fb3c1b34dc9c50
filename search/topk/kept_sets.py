"""Sets of passages that were asked for lately: filters and patterns come again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from .passage_set import PassageSet

# A mask takes a byte for each passage of the index.
_KEPT = 16


class KeptSets:
    """Sets of passages by what was asked, the oldest given up; threads may share it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, PassageSet] = OrderedDict()
        self._lock = Lock()

    def get(self, asked: Hashable, find: Callable[[], PassageSet]) -> PassageSet:
        """Return what is kept, or what `find` returns, which is kept then."""
        with self._lock:
            known = self._kept.get(asked)
            if known is not None:
                self._kept.move_to_end(asked)
                return known
        found = find()
        with self._lock:
            self._kept[asked] = found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found
