"""Which files an index was built from, and what each was like then.

It is a file of the commit it belongs to, so that the two can never tell of different states.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

from corpus import Problem
from corpus.changes import UNTRUSTED, Fingerprint

from ..arrays.files import CorruptFile, WrittenFile, parsing, read_whole

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


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The files of an index by name, and the folders and files that builds were told of.

    Sources are relative to the index's place.
    """

    files: Mapping[str, CataloguedFile] = field(default_factory=dict)
    sources: tuple[str, ...] = ()


def encoded(catalogue: Catalogue) -> bytes:
    """Return a catalogue as it is kept: JSON in ASCII, in which any file name can stand."""
    files = [
        [name, *_columns(file.fingerprint), *([_rows(file.problems)] if file.problems else [])]
        for name, file in catalogue.files.items()
    ]
    contents = {"sources": sorted(catalogue.sources), "files": files}
    return json.dumps(contents, separators=(",", ":")).encode()


def read_catalogue(directory: Path, file: WrittenFile) -> Catalogue:
    """Return the catalogue that a commit names. Raises OSError and CorruptFile."""
    data = read_whole(directory / file.name, most=file.size)
    if (len(data), crc32(data)) != (file.size, file.checksum):
        raise CorruptFile(f"{file.name}: does not match its checksum")
    with parsing(file.name):
        return decoded(data)


def decoded(data: bytes) -> Catalogue:
    """Return the catalogue that `encoded` gave."""
    contents = json.loads(data)
    files = {
        str(name): CataloguedFile(
            Fingerprint(int(size), int(modified), str(digest)),
            tuple(
                Problem(path=name, reason=str(reason), line=int(line))
                for rows in problems
                for line, reason in rows
            ),
        )
        for name, size, modified, digest, *problems in contents["files"]
    }
    return Catalogue(files, tuple(map(str, contents["sources"])))


def _columns(fingerprint: Fingerprint) -> tuple[int, int, str]:
    return fingerprint.size, fingerprint.modified, fingerprint.digest


def _rows(problems: tuple[Problem, ...]) -> list[tuple[int, str]]:
    return [(problem.line, problem.reason) for problem in problems]
