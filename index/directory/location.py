"""Locates the index directory: beside the documents, or in a parent folder, as Git does."""

from __future__ import annotations

import os
from itertools import takewhile
from pathlib import Path

from corpus.errors import IndexMissing

from .commit import is_index_file, names_in

FOLDER = ".chaja"
# A file that only indexes of format 1 have.
OLD_CURRENT = "current"


def has_index(directory: Path) -> bool:
    """Return whether a directory contains an index, of any format, damaged or not.

    Any file that only Chaja writes makes it one, so that no command takes another index instead.
    """
    return any(map(is_index_file, names_in(directory))) or has_format_1(directory)


def has_format_1(directory: Path) -> bool:
    """Return whether a directory contains an index of format 1."""
    return (directory / OLD_CURRENT).is_file()


def locate(explicit: Path | None, *, start: Path) -> Path:
    """Return the index directory to read: `explicit`, else `.chaja` in `start` or a parent of it.

    Raises IndexMissing.
    """
    found = explicit if explicit is not None else _upward(start)
    if found is not None and has_index(found):
        return found
    raise IndexMissing(
        f"{found}: there is no index here"
        if found
        else f"there is no index in {start} or above it",
        hint="Build one with: chaja build FOLDER" + (f" --index {explicit}" if explicit else ""),
    )


def index_directory_to_build(explicit: Path | None, *, start: Path) -> Path:
    """Return the directory to build an index in, which need not exist."""
    return explicit or _upward(start) or start / FOLDER


def index_option_for(directory: Path) -> str:
    """Return the --index option, after a space, for a command run in the current folder.

    It is empty if the command finds `directory` by itself.
    """
    index = Path(os.path.abspath(directory))
    here = Path.cwd()
    parents = (here, *here.parents)
    if index.name == FOLDER and index.parent in parents:
        nearer = takewhile(lambda folder: folder != index.parent, parents)
        if not any(has_index(folder / FOLDER) for folder in nearer):
            return ""
    return f" --index {directory}"


def _upward(start: Path) -> Path | None:
    start = start.absolute()
    candidates = (folder / FOLDER for folder in (start, *start.parents))
    return next(filter(has_index, candidates), None)
