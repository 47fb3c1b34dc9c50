"""What a commit says of a segment and of each file it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ..value import Value


class WrittenFile(NamedTuple):
    """A file of the index: its name, its size in bytes, and a checksum.

    The checksum of a file of arrays is the seal of its own checksums, that of any other file the
    CRC-32 of its bytes.
    """

    name: str
    size: int
    checksum: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Segment(Value):
    """A segment: how many passages it has, deleted ones included, and its files.

    `deletions` names the passages deleted from it, where there are any.
    """

    name: str
    passages: int
    postings: WrittenFile
    text: WrittenFile
    deleted: int = 0
    deletions: WrittenFile | None = None

    @property
    def files(self) -> tuple[WrittenFile, ...]:
        """All its files."""
        return (self.postings, self.text, *((self.deletions,) if self.deletions else ()))
