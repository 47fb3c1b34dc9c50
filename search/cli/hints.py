"""Hints to print beside the hits: on files that are not as the index has them, on words and pairs.

A search prints them, so they cost it a few calls of `stat` and import nothing heavy.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from ..index_location import index_option_for

if TYPE_CHECKING:
    from ..index_location import IndexLocation
    from ..results import Hit
    from ..searcher import Searcher
    from .paths import PathMapper

# Files that are looked at: a search prints ten hits.
_MOST_FILES = 10
_CHANGED = "has changed"
_DELETED = "was deleted"


def outdated_files(
    hits: Iterable[Hit], searcher: Searcher, location: IndexLocation, paths: PathMapper
) -> Iterator[str]:
    """Yield a note if files of hits were changed or deleted since the build that they are of.

    It looks at the first ten files. One that was changed while the build ran goes unnoticed, and
    of an index on a cluster, which others build too, one that is not here.
    """
    # Imported late, as it loads the corpus package.
    from corpus.errors import ChajaError

    with suppress(ChajaError, OSError, ValueError):  # the index is damaged: its hits came first
        files = list(islice(dict.fromkeys(hit.path for hit in hits), _MOST_FILES))
        outdated = _outdated(files, searcher, paths)
        if not isinstance(location, Path):
            outdated = {path: what for path, what in outdated.items() if what != _DELETED}
        if outdated:
            step = f"to update the index: chaja build{index_option_for(location)}"
            yield f"{_changes(outdated, paths)} since the last build; {step}"


def _outdated(files: Sequence[str], searcher: Searcher, paths: PathMapper) -> Mapping[str, str]:
    """Return what became of those files that are not as the last build has read them."""
    if not files:
        return {}
    from datetime import datetime

    built = datetime.fromisoformat(searcher.built).timestamp()
    found = {path: _change(paths.full(path), built) for path in files}
    # What a program has added to the index need not be a file.
    return {
        path: change
        for path, change in found.items()
        if change and (change != _DELETED or searcher.has_file(path))
    }


def _change(file: str, built: float) -> str:
    """Return what became of a file after the time of a build, or ""."""
    try:
        changed = os.stat(file).st_mtime
    except (FileNotFoundError, NotADirectoryError):
        return _DELETED
    except OSError:  # it is not to be seen now, and may be at the next build
        return ""
    return _CHANGED if changed >= built + 1 else ""  # that time has no fractions


def _changes(outdated: Mapping[str, str], paths: PathMapper) -> str:
    first, *others = outdated
    name = paths.shown(first)
    if not others:
        return f"{name} {outdated[first]}"
    return f"{name} and {len(others)} more of these files have changed or were deleted"


def path_among_words(words: Sequence[str], paths: PathMapper) -> Iterator[str]:
    """Yield a note if the last of several words names a file or folder, as for grep.

    A name alone, as `docs`, is a word like any other.
    """
    last = words[-1]
    if len(words) < 2 or not {"/", ".", os.sep}.intersection(last):
        return
    with suppress(OSError, ValueError):  # a name that no file can have
        os.stat(last)
        name = next(paths.candidates(last))
        if not name.strip("./"):
            yield f"{last} is no word; the index is searched as a whole"
        else:
            folder = "/" * os.path.isdir(last)
            yield f"{last} was read as words; to search only there: {_path_filter(name + folder)}"


def _path_filter(name: str) -> str:
    """Return the part of a query, as typed in a shell, that keeps files with a path."""
    # Imported late: a search without this note can do without.
    from shlex import quote

    from ..query.tree import Filter, format_node

    return quote(format_node(Filter("path", name)))


def strike_command(korean: str, english: str, location: IndexLocation) -> str:
    """Return how to strike out a pair of words from the translations of an index."""
    # Imported late: a search can do without.
    from shlex import quote

    words = (word if word.isalnum() else quote(word) for word in (korean, english))
    command = f"chaja glossary strike {' '.join(words)}{index_option_for(location)}"
    return f"to strike out a wrong pair: {command}"
