"""Paths as the index keeps them, and as the user sees and types them.

The index names a file relative to the folder it stands in, so that folder and index can be moved
together. A user reads and types paths relative to the folder they are in.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Places(NamedTuple):
    """Turns paths around between `root`, which holds the index, and `here`; both are absolute."""

    root: Path
    here: Path

    def shown(self, path: str) -> str:
        """Return a path of the index as it is reached from here, or in full if that is shorter."""
        full = self.full(path)
        relative = _relative(full, self.here)
        return relative if len(relative) <= len(full) else full

    def full(self, path: str) -> str:
        """Return a path of the index in full."""
        return os.path.normpath(self.root / path)

    def known(self, path: str) -> Iterator[str]:
        """Yield what a path that the user typed may be called in the index, the likeliest first."""
        full = os.path.normpath(self.here / path)
        candidates = (_relative(full, self.root), path, full)
        yield from dict.fromkeys(name.replace(os.sep, "/") for name in candidates)


def _relative(path: str, start: Path) -> str:
    try:
        return os.path.relpath(path, start)
    except ValueError:  # Windows: another drive
        return path


def split_place(place: str) -> tuple[str, int | None]:
    """Split `PATH:LINE` as a search prints it; the line, from 1, is None where none is given."""
    path, colon, line = place.rstrip(":").rpartition(":")
    if colon and path and line.isascii() and line.isdigit() and int(line) > 0:
        return path, int(line)
    return place, None
