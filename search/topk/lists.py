"""What evaluation is asked for, and the room it needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import NamedTuple

import numpy as np

from index.posting_list import PostingList as PostingList

from .bm25 import Bm25


class Clause(NamedTuple):
    """A term that a query asks for, what it weighs (not negative), and how its field scores."""

    postings: PostingList
    weight: float
    bm25: Bm25


class Workspace:
    """Room for one evaluation at a time, kept between them: making it anew would cost more.

    `sums` has an entry for each passage, and is all zero between two evaluations.
    """

    def __init__(self, size: int) -> None:
        self.sums = np.zeros(size, dtype=np.uint16)


class Workspaces:
    """Workspaces for the threads that share an index: each evaluation has one to itself."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._idle: list[Workspace] = []
        self._lock = Lock()

    @contextmanager
    def one(self) -> Iterator[Workspace]:
        """Lend a workspace; one that an error left behind is given up."""
        with self._lock:
            workspace = self._idle.pop() if self._idle else Workspace(self._size)
        yield workspace
        with self._lock:
            self._idle.append(workspace)
