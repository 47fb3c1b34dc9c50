"""A disk that fails when it is told to: at the first, second, third thing done to it."""

from __future__ import annotations

import builtins
import errno
import io
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

import pytest

_Function = Callable[..., Any]


class Killed(BaseException):
    """The process is dead: nothing that is done after this reaches the disk."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to whatever writes: `error` is raised once, or at each step from then on.

    `sparing` leaves out what needs no room on the disk: removing and renaming.
    """

    error: Callable[[], BaseException]
    lasting: bool = False
    sparing: bool = False


def full() -> OSError:
    """The error of a disk that is full."""
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def unreadable() -> OSError:
    """The error of a disk that is worn out."""
    return OSError(errno.EIO, os.strerror(errno.EIO))


FAULTS = {
    "the disk is full": Fault(full, lasting=True, sparing=True),
    "the disk fails once": Fault(unreadable),
    "the user interrupts": Fault(KeyboardInterrupt),
    "the process is killed": Fault(Killed, lasting=True),
}


class Disk:
    """Counts the steps done to the disk, and fails at step `at` (from 1; 0 for never)."""

    def __init__(self, fault: Fault, at: int) -> None:
        self.steps = 0
        self.failed = False
        self._fault = fault
        self._at = at

    def step(self, *, needs_room: bool = True) -> None:
        """Count one step, or fail in its place."""
        self.steps += 1
        due = self.steps == self._at or (self._fault.lasting and self.failed)
        if due and (needs_room or not self._fault.sparing):
            self.failed = True
            raise self._fault.error()


@contextmanager
def failing(fault: Fault, at: int = 0) -> Iterator[Disk]:
    """Put a failing disk under all that writes by way of `os`, `open` and SQLite."""
    disk = Disk(fault, at)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("mkdir", "rmdir", "remove", "unlink", "rename", "replace"):
            room = name == "mkdir"
            patch.setattr(os, name, _counted(getattr(os, name), disk, needs_room=room))
        # What is written stays in memory; only that it was asked for counts.
        patch.setattr(os, "fsync", lambda descriptor: disk.step())
        for module in (builtins, io):
            patch.setattr(module, "open", _opener(open, disk))
        patch.setattr(sqlite3, "connect", _connector(sqlite3.connect, disk))
        yield disk


def _counted(function: _Function, disk: Disk, *, needs_room: bool) -> _Function:
    def counted(*arguments: object, **options: object) -> object:
        disk.step(needs_room=needs_room)
        return function(*arguments, **options)

    return counted


class _File:
    """A file whose first write and whose end are steps; at a fault, half of it is written."""

    def __init__(self, file: IO[Any], disk: Disk) -> None:
        self._file = file
        self._disk = disk
        self._written = False

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def write(self, data: str | bytes) -> int:
        if not self._written:
            self._written = True
            try:
                self._disk.step()
            except BaseException:
                self._file.write(data[: len(data) // 2])
                if ".toc." in str(self._file.name):  # Whoosh leaves this one to the collector
                    self._file.close()
                raise
        return self._file.write(data)

    def close(self) -> None:
        if not self._file.closed:
            self._file.close()
            self._disk.step()


def _opener(real: _Function, disk: Disk) -> _Function:
    def opener(file: object, mode: str = "r", *arguments: object, **options: object) -> object:
        if "r" in mode and "+" not in mode:
            return real(file, mode, *arguments, **options)
        disk.step()
        return _File(real(file, mode, *arguments, **options), disk)

    return opener


def _connector(real: _Function, disk: Disk) -> _Function:
    class Connection(sqlite3.Connection):
        def _step(self) -> None:
            try:
                disk.step()
            except OSError as error:
                raise _in_words_of_sqlite(error) from None

        def executescript(self, script: str) -> sqlite3.Cursor:
            if not script.startswith("PRAGMA"):
                self._step()
            return super().executescript(script)

        def executemany(self, *arguments: object) -> sqlite3.Cursor:
            self._step()
            return super().executemany(*arguments)

        def __exit__(self, *error: object) -> bool:
            if error[0] is None:
                try:
                    self._step()
                except BaseException:
                    self.rollback()
                    raise
            return super().__exit__(*error)

    def connect(*arguments: object, **options: object) -> object:
        return real(*arguments, **options, factory=Connection)

    return connect


def _in_words_of_sqlite(error: OSError) -> sqlite3.OperationalError:
    is_full = error.errno == errno.ENOSPC
    said = sqlite3.OperationalError("database or disk is full" if is_full else "disk I/O error")
    said.sqlite_errorcode = sqlite3.SQLITE_FULL if is_full else sqlite3.SQLITE_IOERR
    said.sqlite_errorname = "SQLITE_FULL" if is_full else "SQLITE_IOERR"
    return said
