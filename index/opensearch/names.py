"""The names of the indexes that an index on a cluster consists of.

A corpus NAME has four of each epoch, such as `NAME.passages.000001`, with the alias NAME on those
of the epoch in force, and `NAME.lock`. A rebuild makes the next epoch; the alias is moved at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..value import NamedTuple

KINDS = ("passages", "documents", "words", "state")
COMMIT = "commit"  # the id of the commit document


class Epoch(NamedTuple):
    """The indexes that one rebuild made; `number` counts from 1."""

    name: str
    number: int

    def of(self, kind: str) -> str:
        """Return the name of the index of one of KINDS."""
        return f"{self.name}.{kind}.{self.number:06}"

    @property
    def passages(self) -> str:
        """The index of passages."""
        return self.of("passages")

    @property
    def documents(self) -> str:
        """The index of documents."""
        return self.of("documents")

    @property
    def words(self) -> str:
        """The index of terms."""
        return self.of("words")

    @property
    def state(self) -> str:
        """The index of the commit document and the blobs."""
        return self.of("state")

    @property
    def indexes(self) -> tuple[str, ...]:
        """All four."""
        return tuple(map(self.of, KINDS))

    @property
    def next(self) -> Epoch:
        """The epoch that a rebuild makes."""
        return Epoch(self.name, self.number + 1)


def lock_index(name: str) -> str:
    """Return the name of the index with the lock of a corpus."""
    return f"{name}.lock"


def every_epoch(name: str) -> str:
    """Return a pattern of the indexes of all epochs of a corpus, and of no other corpus."""
    return ",".join(f"{name}.{kind}.*" for kind in KINDS)


def epochs_in(name: str, indexes: Iterable[str]) -> list[Epoch]:
    """Return the epochs of which some of these indexes are, ascending."""
    own = re.compile(rf"{re.escape(name)}\.(?:{'|'.join(KINDS)})\.(\d+)")
    found = {int(match[1]) for match in map(own.fullmatch, indexes) if match}
    return [Epoch(name, number) for number in sorted(found)]
