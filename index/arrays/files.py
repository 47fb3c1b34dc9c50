"""Files that are wholly on the disk before anything is called by their name."""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO, NamedTuple, TypeVar

# A pipe that somebody has put in the place of a file is not waited for; Windows has none.
_SYNC_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)
# What is written beside a file before it is moved into its place.
NEW = ".new"

# O_NONBLOCK: a pipe nobody writes to is opened at once, and then refused. Windows has no pipes
# by name in a folder, and without O_BINARY it would translate ends of lines.
_READ_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)

_T = TypeVar("_T")
# So often is a directory looked at while builds replace what stands in it.
_TRIES = 10
# What json.loads raises, and who takes apart what it gives and finds another shape.
_UNPARSABLE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


def sync(path: Path) -> None:
    """Return when a file, or the names in a folder, are on the disk."""
    try:
        descriptor = os.open(path, _SYNC_FLAGS)
    except PermissionError:  # Windows opens no folder
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def create(path: Path) -> BinaryIO:
    """Open a file to be written anew; a link by its name is replaced, never what it leads to."""
    if os.path.lexists(path):
        path.unlink()
    return path.open("xb")


def replace_text(path: Path, text: str) -> None:
    """Give `path` the content `text`, so that a reader sees the old or the new, never a part."""
    fresh = path.with_name(path.name + NEW)
    with create(fresh) as file:
        file.write(text.encode())
    sync(fresh)
    fresh.replace(path)
    sync(path.parent)


def remove(path: Path) -> None:
    """Remove a file that nothing needs, if that is possible now: else the next build does."""
    with suppress(OSError):
        path.unlink()


class CorruptFile(Exception):  # noqa: N818 - as IndexDamaged, which it becomes
    """A file is not what was written, or contradicts another: says which, and what is wrong."""


def mapped(path: Path) -> mmap.mmap:
    """Map a file into memory, to be read.

    Raises OSError, and CorruptFile for what is empty or no regular file.
    """
    with _opened(path) as (descriptor, size):
        if not size:
            raise CorruptFile(f"{path.name}: is empty")
        return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)


def read_whole(path: Path, *, most: int) -> bytes:
    """Read a file of at most so many bytes.

    Raises OSError, and CorruptFile for what is larger or no regular file.
    """
    with _opened(path) as (descriptor, size):
        if size > most:
            raise CorruptFile(f"{path.name}: is larger than the commit says")
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(size)


def repeated(read: Callable[[], _T]) -> _T:
    """Return what `read` returns; where a file of its is gone, a build has just replaced it: again.

    Raises FileNotFoundError where one stays away.
    """
    for _ in range(_TRIES - 1):
        with suppress(FileNotFoundError):
            return read()
    return read()


@contextmanager
def parsing(name: str) -> Iterator[None]:
    """Raise CorruptFile in place of what a parser raises for bytes that nobody wrote.

    Nothing but the parsing of a file may stand inside: any other error there is a bug.
    """
    try:
        yield
    except KeyError as error:
        raise CorruptFile(f"{name}: lacks {error.args[0]}") from error
    except _UNPARSABLE as error:
        kind = "" if type(error) is ValueError else f"{type(error).__name__}: "
        raise CorruptFile(f"{name}: {kind}{error}") from error


@contextmanager
def _opened(path: Path) -> Iterator[tuple[int, int]]:
    """Open a regular file; yield its descriptor and its size."""
    descriptor = os.open(path, _READ_FLAGS)
    try:
        status = os.fstat(descriptor)
        if not S_ISREG(status.st_mode):
            raise CorruptFile(f"{path.name}: is not a regular file")
        yield descriptor, status.st_size
    finally:
        os.close(descriptor)


class WrittenFile(NamedTuple):
    """A file of the index: its name, its size in bytes, and a checksum.

    The checksum of a file of arrays is the seal of its own checksums, that of any other file the
    CRC-32 of its bytes.
    """

    name: str
    size: int
    checksum: int
