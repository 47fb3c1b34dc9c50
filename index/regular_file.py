"""Opens the files of an index: regular ones only.

A pipe by the name of one would keep who opens it waiting for ever, and a device may have no end.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISREG

# O_NONBLOCK: a pipe nobody writes to is opened at once, and then refused. Windows has no pipes
# by name in a folder, and without O_BINARY it would translate ends of lines.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def mapped(path: Path) -> mmap.mmap:
    """Map a file into memory, to be read.

    Raises OSError, and ValueError for what is empty or no regular file.
    """
    with _opened(path) as (descriptor, size):
        if not size:
            raise ValueError(f"{path.name}: is empty")
        return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)


def read_whole(path: Path, *, most: int) -> bytes:
    """Read a file of at most so many bytes.

    Raises OSError, and ValueError for what is larger or no regular file.
    """
    with _opened(path) as (descriptor, size):
        if size > most:
            raise ValueError(f"{path.name}: is larger than the commit says")
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(size)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[int, int]]:
    """Open a regular file; yield its descriptor and its size."""
    descriptor = os.open(path, _FLAGS)
    try:
        status = os.fstat(descriptor)
        if not S_ISREG(status.st_mode):
            raise ValueError(f"{path.name}: is not a regular file")
        yield descriptor, status.st_size
    finally:
        os.close(descriptor)
