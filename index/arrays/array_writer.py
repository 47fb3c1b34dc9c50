"""Writes files of named arrays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, Self
from zlib import crc32

import numpy as np

from .array_file import ALIGNED, FOOTER, MAGIC, PAGE
from .array_types import AnyArray
from .files import create, naming

# Columns of more bytes are buffered in temporary files.
_IN_MEMORY = 1 << 20
_COPY_BYTES = 1 << 20
_WIDEST = "<u8"


class ArrayWriter:
    """A context that writes the file on exit, unless by an error.

    `facts` are stored with the arrays; `size` and `footer_checksum` are set on exit.
    """

    def __init__(self, path: Path) -> None:
        self.size = self.footer_checksum = 0
        self._path = path
        self._columns: dict[str, _ColumnBuffer] = {}
        self._files = ExitStack()
        self.facts: dict[str, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._files:
            if kind is None:
                self._write()

    def add(self, name: str, part: AnyArray, kind: str | None) -> None:
        """Append to the column `name`, whose elements are of the type `kind`, such as "<u2"."""
        column = self._columns.get(name)
        if column is None:
            column = self._columns[name] = _ColumnBuffer(kind, self._path.parent)
            self._files.callback(column.close)  # on exit
        column.add(part)

    def put(self, name: str, part: AnyArray) -> None:
        """Append to a column of the smallest type that can represent all its numbers."""
        self.add(name, part, None)

    def _write(self) -> None:
        arrays: dict[str, tuple[str, int, int]] = {}
        with create(self._path) as file:
            pages = _PageWriter(file)
            pages.write(MAGIC)
            for name, column in self._columns.items():
                pages.write(b"\0" * (-pages.written % ALIGNED))
                arrays[name] = (column.kind, pages.written, column.count)
                for part in column.parts():
                    pages.write(part)
            end, sums = pages.written, pages.sums()
            directory = json.dumps({"arrays": arrays, "facts": self.facts}).encode()
            footer = FOOTER.pack(end, end + len(sums), len(directory), crc32(directory), MAGIC)
            tail = sums + directory + footer
            file.write(tail)
        self.size, self.footer_checksum = end + len(tail), crc32(tail)


class _ColumnBuffer:
    """Buffers a column, in memory while it is short.

    Without a `kind`, that of the column is the smallest that can represent its greatest number.
    """

    def __init__(self, kind: str | None, folder: Path) -> None:
        self._given = kind
        self._buffered = kind or _WIDEST
        self._most = self.count = 0
        self._folder = folder
        from tempfile import SpooledTemporaryFile  # imported late: readers load this module too

        self.file = SpooledTemporaryFile(_IN_MEMORY, dir=str(folder))  # noqa: SIM115

    def add(self, part: AnyArray) -> None:
        self.count += len(part)
        if self._given is None:
            self._most = max(self._most, int(part.max(initial=0)))
        with naming(self._folder):
            self.file.write(np.ascontiguousarray(part, dtype=self._buffered).data)

    @property
    def kind(self) -> str:
        """The type that the numbers are written in."""
        return self._given or smallest(self._most)

    def parts(self) -> Iterator[bytes]:
        with naming(self._folder):
            self.file.seek(0)
        while part := self._read():
            if self.kind == self._buffered:
                yield part
            else:
                yield np.frombuffer(part, self._buffered).astype(self.kind).tobytes()

    def close(self) -> None:
        with naming(self._folder):
            self.file.close()

    def _read(self) -> bytes:
        with naming(self._folder):
            return self.file.read(_COPY_BYTES)


class _PageWriter:
    """Writes to a file and computes the checksum of each page."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._sums: list[int] = []
        self._sum = 0
        self.written = 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        view = memoryview(data)
        while view:
            room = PAGE - self.written % PAGE
            part, view = view[:room], view[room:]
            self._sum = crc32(part, self._sum)
            self.written += len(part)
            if not self.written % PAGE:
                self._sums.append(self._sum)
                self._sum = 0

    def sums(self) -> bytes:
        last = [self._sum] if self.written % PAGE else []
        return np.array([*self._sums, *last], "<u4").tobytes()


def smallest(most: int) -> str:
    """Return the smallest unsigned type that can represent `most`."""
    return next(kind for kind in ("<u1", "<u2", "<u4", "<u8") if most <= np.iinfo(kind).max)
