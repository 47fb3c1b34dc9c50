"""What a damaged, foreign or unreachable file makes of our readers, as our errors."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from struct import error as StructError  # noqa: N812 - it is an exception

from corpus.errors import ChajaError, IndexDamaged, IndexOutdated

from .commit import OtherFormatError
from .location import index_option_for

# What files that contradict each other lead to: a file of arrays tells of its own damage.
DAMAGE = (
    IsADirectoryError,
    LookupError,
    MemoryError,
    NotADirectoryError,
    OverflowError,
    RecursionError,
    StructError,
    TypeError,
    ValueError,
)


@contextmanager
def reported_damage(directory: Path, *, missing: bool = False) -> Iterator[None]:
    """Turn what a damaged file leads to into IndexDamaged.

    A `missing` file is damage where no other process can have removed it just now. Raises OSError
    where the disk is to blame, and IndexOutdated.
    """
    try:
        yield
    except ChajaError:
        raise
    except OtherFormatError as error:
        raise outdated(directory) from error
    except DAMAGE as error:
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
    if type(error) in (ValueError, OtherFormatError, FileNotFoundError) and str(error):
        return str(error)  # our readers say what they have found
    if isinstance(error, KeyError) and error.args:
        return f"lacks {error.args[0]}"
    if isinstance(error, MemoryError):
        return "ran out of memory"
    return f"{type(error).__name__}: {error}"


def outdated(directory: Path) -> IndexOutdated:
    """Say that an index is of another format."""
    return IndexOutdated(
        f"{directory}: the index was written by another version of Chaja",
        hint=_anew(directory),
    )


def _anew(directory: Path) -> str:
    option = index_option_for(directory)
    return f"Rebuild it from the documents with: chaja build --rebuild FOLDER{option}"
