"""The writer lock: one writer at a time; the operating system releases it if the holder dies."""

from __future__ import annotations

import errno
import json
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from weakref import WeakSet

from whoosh.util.filelock import FileLock

from corpus.errors import IndexDamaged, IndexLocked

from ..arrays.files import naming, open_new

_RETRY_SECONDS = 0.1
# What file systems without locks answer, besides ENOLCK: of networks, and in user space.
_NO_LOCKS = (errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS)
_LOCKS: WeakSet[FileLock] = WeakSet()


def _leave_to_parent() -> None:
    """Close the locks of the parent in a forked child: the child must not hold or release them."""
    for lock in list(_LOCKS):
        if lock.fd is not None:
            os.close(lock.fd)
            lock.fd = None


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_leave_to_parent)


@contextmanager
def writer_lock(path: Path, *, wait: float | None) -> Iterator[None]:
    """Hold the lock file at `path`, waiting for it at most `wait` seconds.

    Raises IndexLocked, which names the holder, IndexDamaged, and OSError: ENOLCK if the file system
    has no locks.
    """
    _create_or_check(path)
    lock = FileLock(str(path))
    _LOCKS.add(lock)
    deadline = time.monotonic() + (wait or 0)
    while not _acquired(lock, path):
        if time.monotonic() >= deadline:
            raise IndexLocked(
                f"{path.parent}: {_holder(path)} is building this index",
                hint="Wait for it to finish, or build with --wait.",
            )
        time.sleep(_RETRY_SECONDS)
    try:
        since = time.strftime("%Y-%m-%d %H:%M:%S")
        with naming(path):
            os.ftruncate(lock.fd, 0)
            os.write(lock.fd, json.dumps({"process": os.getpid(), "since": since}).encode())
        yield
    finally:
        if lock.fd is not None:  # else this is a forked child
            try:
                # An unlocked lock file is empty, so that no damage to it matters.
                with suppress(OSError):
                    os.ftruncate(lock.fd, 0)
            finally:
                lock.release()


def _acquired(lock: FileLock, path: Path) -> bool:
    with naming(path):
        try:
            return bool(lock.acquire())
        except OSError as error:
            if error.errno in _NO_LOCKS:
                raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK)) from error
            raise


def _create_or_check(path: Path) -> None:
    """Raise IndexDamaged unless the lock is a regular file: a pipe would block."""
    if not os.path.lexists(path):
        os.close(open_new(path, os.O_WRONLY))  # FileLock would let everybody read and execute it
    elif not stat.S_ISREG(path.lstat().st_mode):
        raise IndexDamaged(f"{path}: was not created by Chaja", hint="Remove it.")


def _holder(path: Path) -> str:
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        return f"process {about['process']} (since {about['since']})"
    except (OSError, ValueError, LookupError, TypeError):
        # The holder has not written its id yet, or the system forbids reading a locked file.
        return "another process"
