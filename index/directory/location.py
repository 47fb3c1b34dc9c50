"""Where an index stands: beside the documents, found from any folder below, as Git does."""

from __future__ import annotations

import os
from itertools import takewhile
from pathlib import Path

from corpus.errors import IndexMissing

from .commit import generations

FOLDER = ".chaja"
# The file that an index of format 1 had, and no later one has.
OLD_CURRENT = "current"


def has_index(directory: Path) -> bool:
    """Tell whether there is an index in a directory, of whatever format, sound or not."""
    return bool(generations(directory)) or (directory / OLD_CURRENT).is_file()


def locate(explicit: Path | None, *, start: Path) -> Path:
    """Return the folder of the index to read: `explicit`, else `.chaja` in `start` or above it.

    Raises IndexMissing.
    """
    found = explicit if explicit is not None else _upward(start)
    if found is None:
        raise IndexMissing(
            f"there is no index in {start} or above it",
            hint="Build one with: chaja build FOLDER",
        )
    if not has_index(found):
        raise IndexMissing(
            f"{found}: there is no index here",
            hint="Build one with: chaja build FOLDER"
            + (f" --index {found}" if explicit is not None else ""),
        )
    return found


def place(explicit: Path | None, *, start: Path) -> Path:
    """Return the folder to build an index in, which need not exist yet."""
    return explicit or _upward(start) or start / FOLDER


def index_option_for(directory: Path) -> str:
    """Return the option with which a command, called in the current folder, takes an index.

    It has a space before it; it is empty for the index that is found without.
    """
    index = Path(os.path.abspath(directory))
    here = Path.cwd()
    if index.name == FOLDER and index.parent in (here, *here.parents):
        nearer = takewhile(lambda folder: folder != index.parent, (here, *here.parents))
        if not any(has_index(folder / FOLDER) for folder in nearer):
            return ""
    return f" --index {directory}"


def _upward(start: Path) -> Path | None:
    start = start.absolute()
    for folder in (start, *start.parents):
        if has_index(folder / FOLDER):
            return folder / FOLDER
    return None
