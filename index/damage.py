"""What a damaged, foreign or unreachable file makes of Whoosh, numpy and SQLite, as our errors."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EINVAL
from pathlib import Path
from struct import error as StructError  # noqa: N812 - it is an exception
from zipfile import BadZipFile
from zlib import error as ZlibError  # noqa: N812 - it is an exception

from whoosh.filedb.filetables import FileFormatError
from whoosh.index import EmptyIndexError, IndexVersionError
from whoosh.index import IndexError as WhooshIndexError

from corpus.errors import ChajaError, IndexDamaged, IndexOutdated

from .database import system_error

_DAMAGE = (
    AssertionError,
    AttributeError,
    BadZipFile,
    EOFError,
    EmptyIndexError,
    FileFormatError,
    ImportError,
    IsADirectoryError,
    LookupError,
    MemoryError,
    NotADirectoryError,
    OverflowError,
    RuntimeError,
    StructError,
    SyntaxError,
    TypeError,
    ValueError,
    WhooshIndexError,
    ZlibError,
)


@contextmanager
def reported_damage(directory: Path, *, missing: bool = False) -> Iterator[None]:
    """Turn what a damaged file makes of Whoosh, numpy and SQLite into IndexDamaged.

    A `missing` file is damage where no other process can have removed it just now. Raises OSError
    where the disk is to blame, and IndexOutdated.
    """
    try:
        yield
    except ChajaError:
        raise
    except IndexVersionError as error:
        raise outdated(directory) from error
    except sqlite3.Error as error:
        raise system_error(error) or damaged(directory, error) from error
    except _DAMAGE as error:
        raise damaged(directory, error) from error
    except OSError as error:
        # A place before the start of a file is what a damaged file leads Whoosh to.
        if error.errno == EINVAL or (missing and isinstance(error, FileNotFoundError)):
            raise damaged(directory, error) from error
        raise
    except Exception as error:
        # Whoosh raises bare Exception for a bad block, and pickle whatever it pleases.
        if type(error) is Exception or type(error).__module__ in ("_pickle", "pickle", "tokenize"):
            raise damaged(directory, error) from error
        raise


def damaged(directory: Path, error: Exception) -> IndexDamaged:
    """Say that an index cannot be read, and what it was that showed it."""
    return IndexDamaged(
        f"{directory}: the index is damaged ({type(error).__name__}: {error})",
        hint="Build it anew from the documents with: chaja build --rebuild FOLDER",
    )


def outdated(directory: Path) -> IndexOutdated:
    """Say that an index is of another format."""
    return IndexOutdated(
        f"{directory}: the index was written by another version of Chaja",
        hint="Build it anew from the documents with: chaja build --rebuild FOLDER",
    )
