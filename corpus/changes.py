"""Compares the files of a folder with the files of the last build.

Size and time are compared first: `stat` costs microseconds, reading a file milliseconds. The
content is read only where they differ.

A clock ticks in steps, of up to two seconds on some disks, so a file can change twice in one step
and keep its size and time: Git calls this the racy file. A fingerprint taken within two seconds
of the file's own time therefore records no time, and the next comparison reads the file. A file
whose time is set back on purpose and whose size stays goes unnoticed, as in Git and rsync.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .walk import SourceFile

# A modification time that differs from that of every file.
UNTRUSTED = -1

_TICK = 2_000_000_000  # nanoseconds


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The state of a file: `size` in bytes, `modified` in nanoseconds, and the content's digest.

    `modified` is UNTRUSTED where the time would not reveal a later change.
    """

    size: int
    modified: int
    digest: str


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


def digest(path: Path) -> str:
    """Return the digest of a file's content, in 32 hexadecimal digits. Raises OSError."""
    import hashlib  # 3 ms for OpenSSL, which a search never needs

    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def fingerprint(file: SourceFile) -> Fingerprint:
    """Return the fingerprint of `file`. Raises OSError if it cannot be read.

    Take it before reading the file: the next comparison then notices a change in between.
    """
    trusted = file.modified < time.time_ns() - _TICK
    return Fingerprint(file.size, file.modified if trusted else UNTRUSTED, digest(file.path))


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
        elif (before.size, before.modified) == (file.size, file.modified):
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
    if file.size != before.size:
        return None
    try:
        now = fingerprint(file)
    except OSError:
        return None
    return now if now.digest == before.digest else None
