"""Which files an index was built from, and what each was like then."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus import Problem
from corpus.changes import UNTRUSTED, Fingerprint

from .database import open_database, writing

_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    name TEXT PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL, digest TEXT NOT NULL,
    problems TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sources (name TEXT PRIMARY KEY) WITHOUT ROWID;
"""


# Like no file: what has one of these fingerprints is read again.
UNKNOWN = Fingerprint(0, UNTRUSTED, "")
GONE = Fingerprint(0, UNTRUSTED, "gone")


@dataclass(frozen=True, slots=True)
class CataloguedFile:
    """A file of the index: its fingerprint, and what could not be used of it."""

    fingerprint: Fingerprint
    problems: tuple[Problem, ...] = ()

    @property
    def was_read(self) -> bool:
        """Tell whether its content is known: a file that cannot be opened may be as it was."""
        return self.fingerprint != UNKNOWN


class Catalogue:
    """The files and sources of an index.

    What a commit is about to change is expected before it and written down after it. A build
    killed in between finds these files changed once more, and replaces or removes their documents.
    """

    def __init__(self, path: Path, *, writable: bool = True, new: bool = False) -> None:
        # One that is lost is not made anew: documents of files long gone would never go.
        self._file = open_database(path, _SCHEMA if new else "", writable=writable)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def files(self) -> dict[str, CataloguedFile]:
        """Return every file by name. Raises sqlite3.Error."""
        rows = self._file.execute("SELECT name, size, modified, digest, problems FROM files")
        return {
            name: CataloguedFile(Fingerprint(size, modified, digest), _decode(name, problems))
            for name, size, modified, digest, problems in rows
        }

    def sources(self) -> list[str]:
        """Return the folders and files that builds were told of, relative to the index's place."""
        return [name for (name,) in self._file.execute("SELECT name FROM sources ORDER BY name")]

    def expect(self, names: Iterable[str]) -> None:
        """Note files that a commit is about to change; until `update`, they count as changed."""
        rows = [(name, *_columns(UNKNOWN), "") for name in names]
        with writing(self._file):
            self._file.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", rows)

    def update(
        self, files: Mapping[str, CataloguedFile], *, removed: Iterable[str], sources: Iterable[str]
    ) -> None:
        """Keep `files`, forget `removed`, and remember `sources` for builds that name none."""
        rows = [
            (name, *_columns(file.fingerprint), _encode(file.problems))
            for name, file in files.items()
        ]
        with writing(self._file):
            self._file.executemany("DELETE FROM files WHERE name = ?", [(n,) for n in removed])
            self._file.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", rows)
            self._file.executemany(
                "INSERT OR IGNORE INTO sources VALUES (?)", [(name,) for name in sources]
            )


def _columns(fingerprint: Fingerprint) -> tuple[int, int, str]:
    return fingerprint.size, fingerprint.modified, fingerprint.digest


def _encode(problems: Iterable[Problem]) -> str:
    rows = [[problem.line, problem.reason] for problem in problems]
    return json.dumps(rows, ensure_ascii=False) if rows else ""


def _decode(name: str, problems: str) -> tuple[Problem, ...]:
    rows = json.loads(problems) if problems else []
    return tuple(Problem(path=name, reason=reason, line=line) for line, reason in rows)
