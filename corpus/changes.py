"""What has changed in a folder since it was last built.

Size and time decide first, for asking the file system costs microseconds and reading a file
costs milliseconds; only where they differ is the content read.

A clock ticks in steps, of up to two seconds on some disks, so a file can change twice within one
step and keep its size and time. Git calls this the racy file. A fingerprint taken within two
seconds of the file's own time therefore records no time at all: the next comparison reads the
file, and by then its time can be recorded. What sets a file's time back on purpose and keeps its
size stays unnoticed, as it does in Git and rsync.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .walk import SourceFile

# A time that no file has: it differs from all of them.
UNTRUSTED = -1

_TICK = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a file was like: `size` in bytes, `modified` in nanoseconds, and its content's digest.

    `modified` is UNTRUSTED where the time could not tell a later change from this state.
    """

    size: int
    modified: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How the files found differ from those known.

    `added` and `updated` are to be indexed, in the order they were found. `touched` has the new
    fingerprints, by name, of files with the same content: save them and index nothing. `removed`
    are sorted names; `unchanged` is a number of files.
    """

    added: tuple[SourceFile, ...]
    updated: tuple[SourceFile, ...]
    touched: Mapping[str, Fingerprint]
    removed: tuple[str, ...]
    unchanged: int


def digest(path: Path) -> str:
    """Return the digest of a file's content, in 32 hexadecimal digits.

    Raises OSError if the file cannot be read.
    """
    # 3 ms for OpenSSL, which a search never needs.
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def fingerprint(file: SourceFile) -> Fingerprint:
    """Return what `file` is like now; take it before the file is read.

    A change between the two is then noticed by the next comparison. Raises OSError if the file
    cannot be read.
    """
    taken = time.time_ns()
    trusted = file.modified < taken - _TICK
    return Fingerprint(file.size, file.modified if trusted else UNTRUSTED, digest(file.path))


def compare(found: Iterable[SourceFile], known: Mapping[str, Fingerprint]) -> Changes:
    """Tell how the files `found` differ from those `known` by name.

    A file that can no longer be read counts as updated: whoever reads it reports it.
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
    """Return the new fingerprint of a file whose content is what it was, else None."""
    if file.size != before.size:
        return None
    try:
        now = fingerprint(file)
    except OSError:
        return None
    return now if now.digest == before.digest else None
