"""A disk that fails on request, at any operation."""

from __future__ import annotations

import builtins
import errno
import io
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

import pytest

_Function = Callable[..., Any]

# Operations on the disk through `os`, and whether they need space there.
_CALLS = {
    "mkdir": True,
    "write": True,
    "ftruncate": True,
    "truncate": True,
    "rmdir": False,
    "remove": False,
    "unlink": False,
    "rename": False,
    "replace": False,
}
_truncate = os.ftruncate
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to whatever writes: `error` is raised once, or at each step from then on.

    `sparing` leaves out what needs no room on the disk: removing and renaming. After a `forgetful`
    one, of each file half is lost that was written and not synced.
    """

    error: Callable[[], BaseException]
    lasting: bool = False
    sparing: bool = False
    forgetful: bool = False


def full() -> OSError:
    """The error of a disk that is full."""
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def unreadable() -> OSError:
    """The error of a broken disk."""
    return OSError(errno.EIO, os.strerror(errno.EIO))


def dead() -> BaseException:
    """End this process without flushing or cleaning up."""
    os.kill(os.getpid(), signal.SIGKILL)
    return AssertionError("a process that is killed is alive")


FAULTS = {
    "the disk is full": Fault(full, lasting=True, sparing=True),
    "the disk fails once": Fault(unreadable),
    "the user interrupts": Fault(KeyboardInterrupt),
}
# They end the process, which must be a child's.
DEADLY_FAULTS = {
    "the process is killed": Fault(dead),
    "the power is cut": Fault(dead, forgetful=True),
}


class Disk:
    """Counts the steps done to the disk, and fails at step `at` (from 1; 0 for never)."""

    def __init__(self, fault: Fault, at: int) -> None:
        self.steps = 0
        self.failed = False
        self._fault = fault
        self._at = at
        self._unsynced: dict[int, int] = {}

    def step(self, file: object = None, *, needs_room: bool = True) -> None:
        """Count one step, or fail instead; the error names the `file`, if a path is given."""
        self.steps += 1
        due = self.steps == self._at or (self._fault.lasting and self.failed)
        if due and (needs_room or not self._fault.sparing):
            self.failed = True
            if self._fault.forgetful:
                self._forget()
            error = self._fault.error()
            if isinstance(error, OSError) and isinstance(file, str | os.PathLike):
                error.filename = os.fspath(file)
            raise error

    def opened(self, descriptor: int) -> None:
        """Record that a file is written to."""
        number = os.fstat(descriptor).st_ino
        before = self._unsynced.get(number)
        if before is not None:  # a file opened again
            os.close(before)
        self._unsynced[number] = os.dup(descriptor)

    def sync(self, descriptor: int) -> None:
        """Sync a file: only recorded, not done."""
        self.step()
        kept = self._unsynced.pop(os.fstat(descriptor).st_ino, None)
        if kept is not None:
            os.close(kept)

    def close(self) -> None:
        """Close the files."""
        for kept in self._unsynced.values():
            os.close(kept)

    def _forget(self) -> None:
        for kept in self._unsynced.values():
            _truncate(kept, os.fstat(kept).st_size // 2)


@contextmanager
def failing(fault: Fault, at: int = 0) -> Iterator[Disk]:
    """Make writes through `os`, `open` and `tempfile` use a failing disk."""
    disk = Disk(fault, at)
    with pytest.MonkeyPatch.context() as patch:
        for name, room in _CALLS.items():
            patch.setattr(os, name, _counted(getattr(os, name), disk, needs_room=room))
        patch.setattr(os, "fsync", disk.sync)
        patch.setattr(os, "open", _low_opener(os.open, disk))
        for module in (builtins, io):
            patch.setattr(module, "open", _opener(open, disk))
        try:
            yield disk
        finally:
            disk.close()


def _counted(function: _Function, disk: Disk, *, needs_room: bool) -> _Function:
    def counted(*arguments: object, **options: object) -> object:
        disk.step(arguments[0], needs_room=needs_room)
        return function(*arguments, **options)

    return counted


class _File:
    """A file of which each write and the end are steps; at a fault, half of it is written."""

    def __init__(self, file: IO[Any], disk: Disk) -> None:
        self._file = file
        self._disk = disk

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def write(self, data: str | bytes) -> int:
        try:
            self._disk.step()
        except BaseException:
            self._file.write(data[: len(data) // 2])
            raise
        return self._file.write(data)

    def close(self) -> None:
        if not self._file.closed:
            self._file.close()
            self._disk.step()


def _low_opener(real: _Function, disk: Disk) -> _Function:
    def opener(path: object, flags: int, *arguments: object, **options: object) -> object:
        if flags & _WRITING:
            disk.step(path)
        return real(path, flags, *arguments, **options)

    return opener


def _opener(real: _Function, disk: Disk) -> _Function:
    def opener(file: object, mode: str = "r", *arguments: object, **options: object) -> object:
        if "r" in mode and "+" not in mode:
            return real(file, mode, *arguments, **options)
        disk.step(file)
        opened = real(file, mode, *arguments, **options)
        disk.opened(opened.fileno())
        return _File(opened, disk)

    return opener
