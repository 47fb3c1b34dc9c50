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
# What is no fault of the file, by SQLite's number and by the system's.
_OF_THE_SYSTEM = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_NOMEM: errno.ENOMEM,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_BUSY: errno.EBUSY,
    sqlite3.SQLITE_LOCKED: errno.EBUSY,
}
_PRIMARY = 0xFF  # the rest of SQLite's number tells more than is needed here


def open_database(path: Path, schema: str, *, writable: bool) -> sqlite3.Connection:
    """Open a file, for writing with the tables of `schema` in it, or for reading as it is.

    Without a schema the file must exist. Raises sqlite3.Error, and OSError for a full disk.
    """
    # A reader, too, must be able to roll back what a killed writer left half done.
    mode = "rwc" if writable and schema else "rw"
    file = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=_BUSY_SECONDS,
        check_same_thread=False,
    )
    try:
        with writing(file):
            file.executescript(schema if writable else "PRAGMA query_only = ON")
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
    except sqlite3.Error as error:
        reason = system_error(error)
        if reason is not None:
            raise reason from error
        raise


def system_error(error: sqlite3.Error) -> OSError | None:
    """Return an error of SQLite as the system's own where the file is not to blame, else None."""
    number = _OF_THE_SYSTEM.get(getattr(error, "sqlite_errorcode", 0) & _PRIMARY)
    return None if number is None else OSError(number, os.strerror(number))
