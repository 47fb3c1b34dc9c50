"""Tells what a build got of each file: how many of each format and state, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from corpus.document import Problem, State

from .directory.catalogue import Catalogue, CataloguedFile
from .directory.directory_reader import DirectoryReader

# Files by format, which is the suffix in small letters, and state.
States = Mapping[str, Mapping[State, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileHealth:
    """A file of which something is missing, with its problems, or that is in another state.

    `path` is its name in the index, `earlier` its state at the reading before, if another.
    """

    path: str
    state: State
    problems: tuple[Problem, ...]
    earlier: State | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The files of an index by format and state, and those to be told of, by state and path.

    `directory` is where the index is: a directory, or an address on a cluster.
    """

    directory: str
    states: States
    files: tuple[FileHealth, ...]


def health(directory: Path) -> Health:
    """Return the health of the files of an index. Raises StoreError."""
    return health_of(DirectoryReader.open(directory).catalogue(), where=str(directory))


def health_of(catalogue: Catalogue, *, where: str) -> Health:
    """Return the health of the files of a catalogue; `where` is the place of its index."""
    files = catalogue.files
    missing = [
        FileHealth(path=name, state=file.state, problems=file.problems, earlier=file.earlier)
        for name, file in files.items()
        if file.state is not State.READ or file.earlier
    ]
    order = list(State)
    missing.sort(key=lambda file: (order.index(file.state), file.path))
    return Health(directory=where, states=states(files.items()), files=tuple(missing))


def states(files: Iterable[tuple[str, CataloguedFile]]) -> States:
    """Count files by format and state."""
    found: dict[str, Counter[State]] = {}
    for name, file in files:
        suffix = PurePosixPath(name).suffix.lower()
        found.setdefault(suffix, Counter())[file.state] += 1
    return found
