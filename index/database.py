"""SQLite files of the index: how they are opened, and what their errors mean."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# A writer holds its file for milliseconds; who meets it waits this long at most.
_BUSY_SECONDS = 10.0


def open_database(path: Path, schema: str, *, writable: bool) -> sqlite3.Connection:
    """Open a file, for writing with the tables of `schema` in it, or for reading as it is.

    Raises sqlite3.Error, and OSError for a full disk.
    """
    if not writable:
        name = f"{path.absolute().as_uri()}?mode=ro"
        return sqlite3.connect(name, uri=True, timeout=_BUSY_SECONDS, check_same_thread=False)
    file = sqlite3.connect(path, timeout=_BUSY_SECONDS, check_same_thread=False)
    try:
        with writing(file):
            file.executescript(schema)
    except BaseException:
        file.close()
        raise
    return file


@contextmanager
def writing(file: sqlite3.Connection) -> Iterator[None]:
    """Hold a transaction; say of a full disk what every other file says of it."""
    try:
        with file:
            yield
    except sqlite3.OperationalError as error:
        if "full" in str(error):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
        raise
