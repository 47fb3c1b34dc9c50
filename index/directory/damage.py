"""What the readers of files find wrong with an index, as errors for its user."""

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

    A `missing` file is damage where no other process can have removed it just now. All other
    errors pass: the disk is to blame, or a bug.
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
    """Say that an index cannot be read, and what it was that showed it."""
    return IndexDamaged(
        f"{directory}: the index is damaged ({what_is_wrong(error)})",
        hint=f"Check it with: chaja verify{index_option_for(directory)}. " + _anew(directory),
    )


def what_is_wrong(error: Exception) -> str:
    """Say in a few words what an error tells of a file."""
    if isinstance(error, OSError) and error.strerror:
        place = f": {Path(os.fsdecode(error.filename)).name}" if error.filename else ""
        return error.strerror.lower() + place
    return str(error)


def outdated(directory: Path) -> IndexOutdated:
    """Say that an index is of another format."""
    return IndexOutdated(
        f"{directory}: the index was written by another version of Chaja",
        hint=_anew(directory),
    )


def _anew(directory: Path) -> str:
    option = index_option_for(directory)
    return f"Rebuild it from the documents with: chaja build --rebuild FOLDER{option}"
