"""Watches a build read: a function is called before each operation on documents."""

from __future__ import annotations

import builtins
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from corpus.text_file import _FileAsOpened

Hook = Callable[[str, str], None]
_Function = Callable[..., Any]

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_OF_AN_ENTRY = ("is_dir", "is_file", "is_symlink", "stat")
_OF_A_FILE = ("read", "read1", "readall", "readinto", "readinto1", "readline", "readlines", "seek")


@contextmanager
def watched_reads(folder: Path, hook: Hook) -> Iterator[None]:
    """Call `hook` with operation and path before each by which documents below a folder are read.

    It may raise, or change the folder. What is in hidden folders is no document.
    """
    reads = _Reads(folder, hook)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("stat", "fstat", "read", "lseek"):
            patch.setattr(os, name, reads.watched(getattr(os, name), name))
        patch.setattr(os, "scandir", reads.scandir(os.scandir))
        patch.setattr(os, "open", reads.low_opener(os.open))
        patch.setattr(os, "close", reads.closer(os.close))
        for name in ("readinto", "readall"):
            real = getattr(_FileAsOpened, name)
            patch.setattr(_FileAsOpened, name, reads.method(real, name))
        for module in (builtins, io):
            patch.setattr(module, "open", reads.opener(open))
        yield


class _Reads:
    """Wraps functions that read; knows which descriptors are those of documents."""

    def __init__(self, folder: Path, hook: Hook) -> None:
        self._folder = os.path.realpath(folder)
        self._hook = hook
        self._in_hook = False
        self._paths: dict[int, str] = {}

    def call_hook(self, kind: str, path: str | None) -> None:
        """Call the hook, unless it is the hook itself that reads."""
        if path and not self._in_hook:
            self._in_hook = True
            try:
                self._hook(kind, path)
            finally:
                self._in_hook = False

    def watched(self, real: _Function, kind: str, path: str | None = None) -> _Function:
        """Wrap a function of a path or descriptor, or a method of the object at `path`."""

        def function(*arguments: object, **options: object) -> object:
            self.call_hook(kind, path or self.path_of(arguments[0]))
            return real(*arguments, **options)

        return function

    def method(self, real: _Function, kind: str) -> _Function:
        """Wrap a method of open files."""

        def method(file: io.FileIO, *arguments: object) -> object:
            self.call_hook(kind, self.path_of(file.name))
            return real(file, *arguments)

        return method

    def scandir(self, real: _Function) -> _Function:
        def scandir(target: object = ".") -> object:
            path = self.path_of(target)
            self.call_hook("scandir", path)
            return _Watched(real(target), self, path) if path else real(target)

        return scandir

    def opener(self, real: _Function) -> _Function:
        def opener(file: object, mode: str = "r", *arguments: object, **options: object) -> object:
            path = self.path_of(file) if "r" in mode and "+" not in mode else None
            self.call_hook("open", path)
            opened = real(file, mode, *arguments, **options)
            self._note(opened.fileno(), path)
            return _Watched(opened, self, path) if path else opened

        return opener

    def low_opener(self, real: _Function) -> _Function:
        def opener(file: object, flags: int, *arguments: object, **options: object) -> int:
            path = None if flags & _WRITING else self.path_of(file)
            self.call_hook("open", path)
            descriptor: int = real(file, flags, *arguments, **options)
            self._note(descriptor, path)
            return descriptor

        return opener

    def closer(self, real: _Function) -> _Function:
        def close(descriptor: int) -> None:
            self._note(descriptor, None)
            real(descriptor)

        return close

    def _note(self, descriptor: int, path: str | None) -> None:
        self._paths.pop(descriptor, None)
        if path:
            self._paths[descriptor] = path

    def path_of(self, target: Any) -> str | None:  # noqa: ANN401 - whatever `os` takes
        """Return the path of a document, or of a folder of some, else None."""
        if isinstance(target, int):
            return self._paths.get(target)
        path = os.path.abspath(os.fsdecode(target))
        *folders, name = path.removeprefix(self._folder).split(os.sep)
        is_hidden = name in (".chaja", ".fresh") or any(part[:1] == "." for part in folders)
        is_below = path == self._folder or path.startswith(self._folder + os.sep)
        return path if is_below and not is_hidden else None


class _Watched:
    """An open file, an open folder or one of its entries."""

    def __init__(self, real: Any, reads: _Reads, path: str) -> None:  # noqa: ANN401 - any of these
        self._real = real
        self._reads = reads
        self._path = path

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - of any name
        found = getattr(self._real, name)
        if name in _OF_A_FILE or name in _OF_AN_ENTRY:
            return self._reads.watched(found, name, self._path)
        return found

    def __enter__(self) -> _Watched:
        return self

    def __exit__(self, *error: object) -> None:
        self._real.close()

    def __iter__(self) -> _Watched:
        return self

    def __next__(self) -> Any:  # noqa: ANN401 - a line or an entry
        if isinstance(self._real, io.IOBase):
            self._reads.call_hook("readline", self._path)
            return next(self._real)
        entry = next(self._real)
        return _Watched(entry, self._reads, entry.path)

    def __fspath__(self) -> str:
        return self._path
