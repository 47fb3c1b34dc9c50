"""Compares the files of a folder with the files of the last build.

Size and time are compared first: `stat` costs microseconds, reading a file milliseconds. The
content is read only where they differ.

A clock ticks in steps, of up to two seconds on some disks, so a file can change twice in one step
and keep its size and time: Git calls this the racy file. A fingerprint taken within two seconds
of the file's own time therefore records no time, and the next comparison reads the file. A file
whose time is set back on purpose and whose size stays goes unnoticed, as in Git and rsync.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from io import BufferedReader
from typing import NamedTuple, Self

from .document import Document, Problem
from .readers import PLAINLY, ReadOptions, read_in_steps, unread
from .readers.embedded import Begun
from .text_file import open_regular, status_when_opened
from .walk import SourceFile

# A modification time that differs from that of every file.
UNTRUSTED = -1
# The digest of a file that gave no document: it is told by its beginning, and not read to its end.
NO_DIGEST = "-"

_NOTHING: Mapping[str, str] = {}
_SECOND = 1_000_000_000  # nanoseconds
_TICK = 2 * _SECOND


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The state of a file: `size` in bytes, `modified` in nanoseconds, and the content's digest.

    `modified` is UNTRUSTED where the time would not reveal a later change. `on_disk` is that of
    the SourceFile: a file can be renamed to another normal form, and keep its name in the index.
    """

    size: int
    modified: int
    digest: str
    on_disk: str = ""


# Equal to the fingerprint of no file, so both are due at the next build: a file that could not be
# read, whose earlier documents stay, and one that changed while its documents were read.
UNKNOWN = Fingerprint(0, UNTRUSTED, "")
CHANGED = Fingerprint(0, UNTRUSTED, "changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The differences between the files found and the files known.

    `added` and `updated` are to be indexed, in the order they were found. `touched` maps names of
    files with unchanged content to their new fingerprints, which are to be saved. `removed` are
    sorted names; `unchanged` is a number of files.
    """

    added: tuple[SourceFile, ...]
    updated: tuple[SourceFile, ...]
    touched: Mapping[str, Fingerprint]
    removed: tuple[str, ...]
    unchanged: int


class FileReading:
    """One reading of a file; `fingerprint` is UNKNOWN until all of it has been read.

    The file is opened once, so that the fingerprint is that of the content read, whatever takes
    the place of the file meanwhile. `refused` is as for `readers.read_in_steps`.
    """

    def __init__(
        self,
        file: SourceFile,
        options: ReadOptions = PLAINLY,
        refused: Mapping[str, str] = _NOTHING,
    ) -> None:
        self._file = file
        self._options = options
        self._refused = refused
        self.fingerprint = UNKNOWN

    def __iter__(self) -> Iterator[Document | Problem | Begun]:
        """Yield what `readers.read_in_steps` does; nothing is raised.

        After a passing problem the fingerprint stays UNKNOWN.
        """
        try:
            with open_regular(self._file.path) as file:
                yield from self._read(file)
        except Exception as error:  # of the system, or for lack of memory
            yield unread(self._file.name, error)

    def _read(self, file: BufferedReader) -> Iterator[Document | Problem | Begun]:
        before = _State.of(status_when_opened(file))
        has_documents = False
        on_disk = self._file.on_disk
        for found in read_in_steps(
            file,
            name=self._file.name,
            suffix=self._file.path.suffix,
            options=self._options,
            refused=self._refused,
        ):
            if isinstance(found, Document):
                found = found._replace(on_disk=on_disk, modified=before.seconds)
            yield found
            has_documents = has_documents or isinstance(found, Document)
            if isinstance(found, Problem) and found.passing:
                return
        content = digest(file) if has_documents else NO_DIGEST
        self.fingerprint = replace(before.fingerprint(file, content), on_disk=on_disk)


class _State(NamedTuple):
    """What would show that an open file is being changed, at one moment."""

    size: int
    modified: int
    changed: int
    trusted: bool

    @classmethod
    def of(cls, status: os.stat_result) -> Self:
        trusted = status.st_mtime_ns < time.time_ns() - _TICK
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, trusted)

    @property
    def seconds(self) -> int:
        """The time of the file in seconds since 1970, 0 for an earlier one."""
        return max(0, self.modified // _SECOND)

    def fingerprint(self, file: BufferedReader, content: str) -> Fingerprint:
        """Return the fingerprint of what was read since; CHANGED if the file was changed."""
        if self.of(os.fstat(file.fileno()))[:3] != self[:3]:
            return CHANGED
        return Fingerprint(self.size, self.modified if self.trusted else UNTRUSTED, content)


def digest(file: BufferedReader) -> str:
    """Return the digest of an open file's content, in 32 hexadecimal digits. Raises OSError."""
    import hashlib  # 3 ms for OpenSSL, which a search never needs

    file.seek(0)
    return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def compare(found: Iterable[SourceFile], known: Mapping[str, Fingerprint]) -> Changes:
    """Compare the files `found` with the fingerprints `known` by name.

    A file that can no longer be read counts as updated, so that its reader reports it.
    """
    added: list[SourceFile] = []
    updated: list[SourceFile] = []
    touched: dict[str, Fingerprint] = {}
    seen: set[str] = set()
    unchanged = 0
    for file in found:
        seen.add(file.name)
        before = known.get(file.name)
        if before is None:
            added.append(file)
        elif (before.size, before.modified, before.on_disk) == (
            file.size,
            file.modified,
            file.on_disk,
        ):
            unchanged += 1
        elif (now := _same_content(file, before)) is not None:
            touched[file.name] = now
        else:
            updated.append(file)
    return Changes(
        added=tuple(added),
        updated=tuple(updated),
        touched=touched,
        removed=tuple(sorted(known.keys() - seen)),
        unchanged=unchanged,
    )


def _same_content(file: SourceFile, before: Fingerprint) -> Fingerprint | None:
    """Return the new fingerprint of a file whose content is the same as before, else None."""
    is_other = (file.size, file.on_disk) != (before.size, before.on_disk)
    if is_other or before.digest == NO_DIGEST:
        return None
    try:
        with open_regular(file.path) as opened:
            state = _State.of(status_when_opened(opened))
            now = replace(state.fingerprint(opened, digest(opened)), on_disk=file.on_disk)
    except Exception:  # its reader reports it
        return None
    return now if now.digest == before.digest else None
