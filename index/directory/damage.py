"""Converts errors of reading index files into errors for the user."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import IndexDamaged, IndexMissing, IndexOutdated, StoreError

from ..arrays.files import CorruptFile
from .commit import FORMAT, OtherFormatError
from .location import has_format_1, index_option_for

# The errors of opening a link that leads to itself, or something else in place of a file or folder.
_NO_FILE = (errno.ELOOP, errno.ENOTDIR, errno.EISDIR)


@contextmanager
def reported_damage(directory: Path, *, missing: bool = False) -> Iterator[None]:
    """Turn CorruptFile into IndexDamaged, and OtherFormatError into IndexOutdated.

    So it does with what is no file. With `missing`, FileNotFoundError is damage as well: no other
    process can have removed the file. All other errors pass, being those of the disk or bugs.
    """
    try:
        yield
    except OtherFormatError as error:
        raise outdated(directory, error.format) from error
    except CorruptFile as error:
        raise damaged(directory, error) from error
    except OSError as error:
        lost = missing and isinstance(error, FileNotFoundError)
        if lost or error.errno in _NO_FILE:
            raise damaged(directory, error) from error
        raise


def damaged(directory: Path, error: Exception) -> StoreError:
    """Return the error for an index that cannot be read because of `error`."""
    if not directory.is_dir():
        return IndexMissing(
            f"{directory}: the index was moved or removed while it was in use",
            hint="Name its new folder with --index.",
        )
    return IndexDamaged(
        f"{directory}: the index is damaged ({error_summary(error)})",
        hint=f"{repair_hint(directory)} (chaja verify lists what is damaged)",
    )


def without_commit(directory: Path) -> StoreError:
    """Return the error for a directory without a commit file."""
    if has_format_1(directory):
        return outdated(directory, 1)
    lost = "its commit file is missing: it was lost, or the first build was stopped before its end"
    error = damaged(directory, CorruptFile(lost))
    if isinstance(error, IndexDamaged) and not _sources(directory):
        error.hint = f"Build it again with: chaja build FOLDER{index_option_for(directory)}"
    return error


def repair_hint(directory: Path) -> str:
    """Return the advice to repair an index."""
    return f"Mend it with: chaja repair{index_option_for(directory)}"


def error_summary(error: Exception) -> str:
    """Summarize an error of a file in a few words."""
    if isinstance(error, OSError) and error.strerror:
        name = f": {Path(os.fsdecode(error.filename)).name}" if error.filename else ""
        return error.strerror.lower() + name
    return str(error)


def outdated(directory: Path, number: object) -> IndexOutdated:
    """Return the error for an index of another format, whose number the commit file states."""
    newer = isinstance(number, int) and number > FORMAT
    return IndexOutdated(
        f"{directory}: the index was written by {'a newer' if newer else 'an older'} version of "
        f"Chaja (its format is {number}, this version reads {FORMAT})",
        hint="Update Chaja, or build another index with --index." if newer else _rebuild(directory),
    )


def _rebuild(directory: Path) -> str:
    folder = "" if _sources(directory) else " FOLDER"
    option = index_option_for(directory)
    return f"Rebuild it from the documents with: chaja build --rebuild{folder}{option}"


def _sources(directory: Path) -> tuple[str, ...]:
    # Imported late: only some errors need it.
    from .salvage import readable_catalogue

    return readable_catalogue(directory).sources
