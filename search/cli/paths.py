"""Paths as the index keeps them, and as the user sees and types them.

The index names a file relative to the folder it stands in, so that folder and index can be moved
together. A user reads and types paths relative to the folder they are in.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from ..results import Hit


Found = TypeVar("Found")


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


def at_place(place: str, places: Places, ask: Callable[[str, int | None], Found]) -> Found:
    """Ask for `PATH:LINE` by the possible names of the path, until the index knows one."""
    # Imported late, as all that loads the corpus package.
    from corpus.errors import LineMissing, QueryError

    path, line = split_place(place)
    refusal: QueryError | None = None
    for name in places.known(path):
        try:
            return ask(name, line)
        except LineMissing:
            raise
        except QueryError as error:
            refusal = refusal or error
    raise refusal or QueryError(f"the index has no file {path}")


def refuse_behind_end(name: str, line: int | None, found: Sequence[Hit], places: Places) -> None:
    """Raise LineMissing for a line that is in no passage `found` and behind the end of its file.

    `name` is what the user's path is called in the index. A file that cannot be read any more has
    no end to compare with.
    """
    if line is None or line <= max(hit.line + hit.text.count("\n") for hit in found):
        return
    last = _last_line(Path(places.full(name)), up_to=line)
    if last is not None and last < line:
        # Imported late, as all that loads the corpus package.
        from corpus.errors import LineMissing

        message = f"{name}: has no line {line:,}; its last line is {last:,}"
        raise LineMissing(message, hint="Lines are numbered from 1, as chaja search prints them.")


def _last_line(file: Path, *, up_to: int) -> int | None:
    """Return how many lines a file has, at most `up_to`; None where that cannot be told."""
    # Imported late: few ask for a line that is in no passage.
    from corpus.errors import CorpusError
    from corpus.text_file import Lines

    with suppress(OSError, CorpusError):
        if file.is_file():  # a pipe of that name would be waited for
            return sum(1 for _ in islice(Lines(file), up_to))
    return None
