"""One writer at a time: a lock that the operating system lets go of when its holder dies."""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from whoosh.util.filelock import FileLock

from corpus.errors import IndexDamaged, IndexLocked

_TRY_AGAIN_SECONDS = 0.1


@contextmanager
def writer_lock(path: Path, *, wait: float | None) -> Iterator[None]:
    """Hold the lock at `path`, waiting at most `wait` seconds for it, or not at all.

    Raises IndexLocked, which names the holder, and IndexDamaged.
    """
    _refuse_foreign(path)
    lock = FileLock(str(path))
    deadline = time.monotonic() + (wait or 0)
    while not lock.acquire():
        if time.monotonic() >= deadline:
            raise IndexLocked(
                f"{path.parent}: {_holder(path)} is building this index",
                hint="Wait for it to finish, or build with --wait.",
            )
        time.sleep(_TRY_AGAIN_SECONDS)
    try:
        os.ftruncate(lock.fd, 0)
        os.write(lock.fd, json.dumps({"process": os.getpid(), "since": _now()}).encode())
        yield
    finally:
        try:
            # Who builds stands there only meanwhile: a file that tells nothing can't be damaged.
            with suppress(OSError):
                os.ftruncate(lock.fd, 0)
        finally:
            lock.release()


def _refuse_foreign(path: Path) -> None:
    """Raise IndexDamaged for what no lock is: a link would lead elsewhere, a pipe never end."""
    if not os.path.lexists(path):
        path.touch()  # else the lock would make a program of it
    elif not stat.S_ISREG(path.lstat().st_mode):
        raise IndexDamaged(f"{path}: was not created by Chaja", hint="Remove it.")


def _now() -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S")


def _holder(path: Path) -> str:
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        return f"process {about['process']} (since {about['since']})"
    except (OSError, ValueError, LookupError, TypeError):
        # The holder has not yet written who it is, or the system forbids reading a locked file.
        return "another process"
