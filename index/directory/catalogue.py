"""The catalogue: the files an index was built from, each with its fingerprint and problems.

It is a file of its commit, so that the catalogue and the segments always describe the same state.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

from corpus import Problem
from corpus.changes import NO_DIGEST, UNKNOWN, Fingerprint
from corpus.document import State
from corpus.readers import PLAINLY, ReadOptions

from ..arrays.files import CorruptFile, WrittenFile, parsing, read_whole


@dataclass(frozen=True, slots=True)
class CataloguedFile:
    """An indexed file: its fingerprint, and the problems found in it.

    `earlier` is the state that it had when it was read before, if that was another one.
    """

    fingerprint: Fingerprint
    problems: tuple[Problem, ...] = ()
    earlier: State | None = None

    @property
    def was_read(self) -> bool:
        """Whether it was read to its end; if not, its earlier documents stay in the index."""
        return self.fingerprint != UNKNOWN

    @property
    def state(self) -> State:
        """What was got of it: the state of its first problem, unless it has documents."""
        if not self.problems:
            return State.READ
        if self.was_read and self.fingerprint.digest != NO_DIGEST:
            return State.PART
        return self.problems[0].state


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The indexed files by name, and the folders and files given to builds.

    Sources are paths as the disk has them, relative to the folder that contains the index.
    `options` are those of the last build. `documents` are the digests of the documents that a
    program gave, by name; none has the name of a file.
    """

    files: Mapping[str, CataloguedFile] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    options: ReadOptions = PLAINLY
    documents: Mapping[str, str] = field(default_factory=dict)


def encoded(catalogue: Catalogue) -> bytes:
    """Encode a catalogue as JSON in ASCII, which can represent any file name."""
    files: list[tuple[object, ...]] = []
    for name, file in catalogue.files.items():
        row = (name, file.fingerprint.size, file.fingerprint.modified, file.fingerprint.digest)
        problems = [(problem.line, problem.reason, problem.state) for problem in file.problems]
        rest = [problems, file.fingerprint.on_disk, file.earlier]
        while rest and not rest[-1]:
            rest.pop()
        files.append((*row, *rest))
    options = catalogue.options._asdict()
    contents = {"sources": sorted(catalogue.sources), "options": options, "files": files}
    if catalogue.documents:
        contents["documents"] = dict(catalogue.documents)
    return json.dumps(contents, separators=(",", ":")).encode()


def read_catalogue(directory: Path, file: WrittenFile) -> Catalogue:
    """Read the catalogue file of a commit. Raises OSError and CorruptFile."""
    data = read_whole(directory / file.name, most=file.size)
    if (len(data), crc32(data)) != (file.size, file.checksum):
        raise CorruptFile(f"{file.name}: does not match its checksum")
    with parsing(file.name):
        return decoded(data)


def lists(directory: Path, file: WrittenFile, name: str) -> bool:
    """Return whether a catalogue has a file, in a fraction of the time of reading it.

    Raises OSError and CorruptFile.
    """
    return b"[%s," % json.dumps(name).encode() in read_whole(directory / file.name, most=file.size)


def decoded(data: bytes) -> Catalogue:
    """Decode what `encoded` returned."""
    contents = json.loads(data)
    files = {
        str(name): CataloguedFile(
            Fingerprint(int(size), int(modified), str(digest), *map(str, rest[1:2])),
            tuple(
                Problem(path=name, reason=str(reason), line=int(line), state=State(state))
                for rows in rest[:1]
                for line, reason, state in rows
            ),
            *map(State, rest[2:3]),
        )
        for name, size, modified, digest, *rest in contents["files"]
    }
    options = ReadOptions(**contents.get("options", {}))
    documents = {str(name): str(digest) for name, digest in contents.get("documents", {}).items()}
    return Catalogue(files, tuple(map(str, contents["sources"])), options, documents)
