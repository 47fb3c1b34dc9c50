"""Converts between the paths of the index and those the user sees and types.

The index stores paths relative to the folder that contains it, so that both can be moved together.
A user reads and types paths relative to the current folder.
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

# In the id of a document that a program gave, which has the place of a path.
_URL = "://"
_DIGITS = "0123456789"
_MOST_DIGITS = 18  # of a line; Python converts no number of thousands of digits


class PathMapper(NamedTuple):
    """Maps paths between `root`, the folder of the index, and `here`; both are absolute."""

    root: Path
    here: Path

    def shown(self, path: str) -> str:
        """Return a path of the index relative to `here`, or in full if that is shorter.

        It is as the disk has it, so that it opens; bytes that are not UTF-8 are decoded.
        """
        # Imported late, as it loads the corpus package.
        from corpus.names import decoded

        full = self.full(path)
        return decoded(full if has_url(path) else min(_relative(full, self.here), full, key=len))

    def full(self, path: str) -> str:
        """Return a path of the index in full, and a URL as it is."""
        return path if has_url(path) else os.path.normpath(self.root / path)

    def candidates(self, path: str) -> Iterator[str]:
        """Yield the possible paths in the index of a typed path, the likeliest first."""
        full = os.path.normpath(self.here / path)
        names = (_relative(full, self.root), path, full)
        yield from dict.fromkeys(name.replace(os.sep, "/") for name in names)


def has_url(path: str) -> bool:
    """Return whether a path of the index is a URL, or another id that is no path of a file."""
    return _URL in path


def _relative(path: str, start: Path) -> str:
    try:
        return os.path.relpath(path, start)
    except ValueError:  # Windows: another drive
        return path


def split_location(location: str) -> tuple[str, int | None]:
    """Split `PATH:LINE`, or `PATH:p12`; the number, from 1, is None if there is none."""
    # Imported late: it is no part of the help.
    from ..results import PLACE_MARKS

    path, colon, place = location.rstrip(":").rpartition(":")
    mark = place.rstrip(_DIGITS)
    line = place.removeprefix(mark) if mark in PLACE_MARKS.values() else place
    is_number = line.isascii() and line.isdigit() and len(line) <= _MOST_DIGITS
    if colon and path and is_number and int(line) > 0:
        return path, int(line)
    return location, None


def look_up(location: str, paths: PathMapper, ask: Callable[[str, int | None], Found]) -> Found:
    """Return what `ask` returns for the first possible path of `PATH:LINE` in the index.

    Raises QueryError if the index has none of them.
    """
    # Imported late, as it loads the corpus package.
    from corpus.errors import LineMissing, QueryError

    path, line = split_location(location)
    refusal: QueryError | None = None
    for name in paths.candidates(path):
        try:
            return ask(name, line)
        except LineMissing:
            raise
        except QueryError as error:
            refusal = refusal or error
    raise refusal or QueryError(f"the index has no file {path}")


def check_line(name: str, line: int | None, hits: Sequence[Hit], paths: PathMapper) -> None:
    """Raise LineMissing for a line after the end of the file and of the passages in `hits`.

    `name` is the path in the index. A file that cannot be read is not checked, nor one in a file.
    """
    from corpus.names import readable

    if (
        line is None
        or hits[0].unit != "line"
        or readable(name) != readable(hits[0].path)
        or line <= max(hit.line + hit.text.count("\n") for hit in hits)
    ):
        return
    last = _count_lines(Path(paths.full(hits[0].path)), most=line)
    if last is not None and last < line:
        from corpus.errors import LineMissing

        message = f"{name}: has no line {line:,}; its last line is {last:,}"
        raise LineMissing(message, hint="Lines are numbered from 1, as chaja search prints them.")


def _count_lines(file: Path, *, most: int) -> int | None:
    """Return the number of lines of a file, at most `most`, or None if it cannot be read."""
    from corpus.errors import CorpusError
    from corpus.text_file import Lines, open_regular

    with suppress(OSError, CorpusError), open_regular(file) as opened:
        return sum(1 for _ in islice(Lines(opened), most))
    return None
