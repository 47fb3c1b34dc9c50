"""Durable writing of files, their permissions, memory maps, and the error for damage."""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO, TextIO, TypeVar

from ..value import NamedTuple

# The suffix of a file that is being written, before it replaces another.
TEMPORARY_SUFFIX = ".new"

# O_NONBLOCK, which Windows does not have: a pipe in place of a file is opened without waiting for a
# writer, and then rejected. O_BINARY, which only Windows has: no translation of line ends.
_SYNC_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)
_READ_FLAGS = _SYNC_FLAGS | getattr(os, "O_BINARY", 0)

# Paths of open files. The file behind one is not replaced: its reader would keep the old one.
_OPEN_FILES = ("/dev/fd/", "/dev/std", "/proc/")

_T = TypeVar("_T")
# Attempts to read files that concurrent builds replace.
_TRIES = 10
# The errors of json.loads, and of code that reads its result and finds another structure.
_PARSE_ERRORS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Give the errors of the system in the block a file name; those of open files have none."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


def sync(path: Path) -> None:
    """Flush a file, or the names in a folder, to the disk."""
    try:
        descriptor = os.open(path, _SYNC_FLAGS)
    except PermissionError:  # Windows cannot open folders
        return
    try:
        with naming(path):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_new(path: Path, flags: int) -> int:
    """Open a file with `flags`; if that creates it, whoever may open its folder may open it.

    So the permissions of the folder of an index are those of all its files.
    """
    mode = os.stat(path.parent).st_mode & 0o666
    descriptor = os.open(path, flags | os.O_CREAT, mode)
    _set_mode(descriptor, mode)
    return descriptor


@contextmanager
def create(path: Path) -> Iterator[BinaryIO]:
    """Create a file for writing; a file or link of that name is removed, never its target."""
    with naming(path):
        if os.path.lexists(path):
            path.unlink()
        with open(path, "xb", opener=lambda _, flags: open_new(path, flags)) as file:
            yield file


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Yield a file of the user to write, in UTF-8, that replaces `path` at the end, durably.

    After an error, `path` is as it was, or new as a whole. A link stays a link: its target is
    replaced. Permissions are kept. A device or a pipe is written to directly. Raises OSError, which
    names `path`.
    """
    before = None
    try:
        with suppress(FileNotFoundError):
            before = path.stat()
        if os.path.abspath(path).startswith(_OPEN_FILES) or (
            before and not S_ISREG(before.st_mode)
        ):
            with path.open("a", encoding="utf-8", newline="\n") as file:
                yield file
        else:
            with _beside(Path(os.path.realpath(path)), before) as file:
                yield file
    except OSError as error:
        error.filename = str(path)
        raise


@contextmanager
def _beside(path: Path, before: os.stat_result | None) -> Iterator[TextIO]:
    """Yield a new file that replaces `path`, whose status is `before`, unless by an error."""
    fresh = path.with_name(f".chaja-{os.urandom(8).hex()}{TEMPORARY_SUFFIX}")
    mode = before.st_mode & 0o777 if before else 0o666
    try:
        with open(
            fresh,
            "x",
            encoding="utf-8",
            newline="\n",
            opener=lambda name, flags: os.open(name, flags, mode),
        ) as file:
            if before:
                _set_owner(file.fileno(), before)
                _set_mode(file.fileno(), mode)
            yield file
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        remove(fresh)
        raise
    sync(path.parent)


def _set_mode(descriptor: int, mode: int) -> None:
    """Set the permissions of a new file, from which the umask may have taken some."""
    if hasattr(os, "fchmod"):
        with suppress(OSError):  # some file systems have no permissions
            os.fchmod(descriptor, mode)


def _set_owner(descriptor: int, status: os.stat_result) -> None:
    """Give a file the owner and group of another, as far as the user may."""
    if hasattr(os, "fchown"):
        for owner, group in ((-1, status.st_gid), (status.st_uid, -1)):
            with suppress(OSError):
                os.fchown(descriptor, owner, group)


def remove(path: Path) -> None:
    """Remove an unneeded file; if that fails, the next build tries again."""
    with suppress(OSError):
        path.unlink()


class CorruptFile(Exception):  # noqa: N818 - reported as IndexDamaged
    """A file is damaged, or contradicts another; the message names it and the reason."""


def map_file(path: Path) -> mmap.mmap:
    """Map a file into memory. Raises OSError, and CorruptFile if empty or not a regular file."""
    with _opened(path) as (descriptor, size):
        if not size:
            raise CorruptFile(f"{path.name}: is empty")
        return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)


def read_whole(path: Path, *, most: int) -> bytes:
    """Read a file. Raises OSError, and CorruptFile if over `most` bytes or not a regular file."""
    with _opened(path) as (descriptor, size):
        if size > most:
            raise CorruptFile(f"{path.name}: is larger than expected")
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(size)


def with_retries(read: Callable[[], _T]) -> _T:
    """Return the result of `read`; retries a limited number of times on FileNotFoundError."""
    for _ in range(_TRIES - 1):
        with suppress(FileNotFoundError):
            return read()
    return read()


@contextmanager
def parsing(name: str) -> Iterator[None]:
    """Convert the errors of parsing a damaged file to CorruptFile.

    The block must do nothing but parse: any other error in it would be a bug, and be hidden.
    """
    try:
        yield
    except KeyError as error:
        raise CorruptFile(f"{name}: lacks {error.args[0]}") from error
    except _PARSE_ERRORS as error:
        kind = "" if type(error) is ValueError else f"{type(error).__name__}: "
        raise CorruptFile(f"{name}: {kind}{error}") from error


@contextmanager
def _opened(path: Path) -> Iterator[tuple[int, int]]:
    """Open a regular file and yield its descriptor and its size in bytes."""
    descriptor = os.open(path, _READ_FLAGS)
    try:
        status = os.fstat(descriptor)
        if not S_ISREG(status.st_mode):
            raise CorruptFile(f"{path.name}: is not a regular file")
        with naming(path):
            yield descriptor, status.st_size
    finally:
        os.close(descriptor)


class WrittenFile(NamedTuple):
    """A file of the index: name, size in bytes, and checksum.

    The checksum is the footer checksum of an array file, and the CRC-32 of any other.
    """

    name: str
    size: int
    checksum: int
