"""Converts errors of reading index files into errors for the user."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import IndexDamaged, IndexOutdated

from ..arrays.files import CorruptFile
from .commit import OtherFormatError
from .location import index_option_for


@contextmanager
def reported_damage(directory: Path, *, missing: bool = False) -> Iterator[None]:
    """Turn CorruptFile into IndexDamaged, and OtherFormatError into IndexOutdated.

    With `missing`, FileNotFoundError is damage as well: no other process can have removed the
    file. All other errors pass, being those of the disk or bugs.
    """
    try:
        yield
    except OtherFormatError as error:
        raise outdated(directory) from error
    except CorruptFile as error:
        raise damaged(directory, error) from error
    except FileNotFoundError as error:
        if missing:
            raise damaged(directory, error) from error
        raise


def damaged(directory: Path, error: Exception) -> IndexDamaged:
    """Return the error for an index that cannot be read because of `error`."""
    check = f"Check it with: chaja verify{index_option_for(directory)}. "
    return IndexDamaged(
        f"{directory}: the index is damaged ({error_summary(error)})",
        hint=check + _rebuild_hint(directory),
    )


def error_summary(error: Exception) -> str:
    """Summarize an error of a file in a few words."""
    if isinstance(error, OSError) and error.strerror:
        name = f": {Path(os.fsdecode(error.filename)).name}" if error.filename else ""
        return error.strerror.lower() + name
    return str(error)


def outdated(directory: Path) -> IndexOutdated:
    """Return the error for an index of another format."""
    return IndexOutdated(
        f"{directory}: the index was written by another version of Chaja",
        hint=_rebuild_hint(directory),
    )


def _rebuild_hint(directory: Path) -> str:
    option = index_option_for(directory)
    return f"Rebuild it from the documents with: chaja build --rebuild FOLDER{option}"
