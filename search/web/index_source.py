"""Where the server's index comes from: a folder, or a cluster; how its newest commit is seen."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from corpus.errors import ClusterUnreachable, IndexMissing
from index.directory.commit import commit_file_name, current_generation
from index.value import NamedTuple

from ..edit_glossary import GlossaryEditor, glossary_editor
from ..searcher import Searcher
from .refusals import Place, without_places

if TYPE_CHECKING:
    from index.opensearch.access import Access
    from index.opensearch.address import ClusterAddress
    from index.opensearch.client import Client

    from ..index_location import IndexLocation

# For how long a cluster is not asked again whether a build has committed.
_SECONDS = 3.0


class IndexState(NamedTuple):
    """A commit of one index: another index at the same place may have the same number."""

    generation: int
    identity: object


class IndexSource(Protocol):
    """What the server needs of the place of an index."""

    @property
    def name(self) -> str:
        """What users see as the name of the index."""

    @property
    def folder(self) -> Path:
        """The folder to which the paths of documents are relative."""

    @property
    def places(self) -> tuple[Place, ...]:
        """What an error may name, and an answer must not."""

    @property
    def glossary(self) -> GlossaryEditor:
        """What lists and changes the translations."""

    def look(self) -> None:
        """Find out what state() tells, if that takes time. Raises IndexMissing, ClusterError."""

    def expire(self) -> None:
        """Have the next look() see a change that was just made."""

    def state(self) -> IndexState:
        """Return the newest commit, at once. Raises IndexMissing."""

    def open(self, synonyms: Path | None) -> Searcher:
        """Open the newest commit. Raises what Searcher.open raises."""

    def file(self, path: str) -> Path | None:
        """Return the file of a path of the index, None where the server gives none away."""

    def close(self) -> None:
        """Close what look() has opened."""


def source_of(location: IndexLocation, access: Access | None) -> IndexSource:
    """Return the source of the index at a location.

    Without `access`, the environment tells a cluster who asks.
    """
    if isinstance(location, Path):
        return _Folder(location)
    from index.opensearch.access import read_access
    from index.opensearch.client import Client

    access = access or read_access(environment=os.environ)
    return _Cluster(location, access, Client(location, access))


class _DiscreetSearcher(Searcher):
    """A searcher whose notes do not tell where its index is."""

    places: tuple[Place, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(without_places(note, self.places) for note in super().notes)


def _opened(
    location: IndexLocation, places: Iterable[Place], options: dict[str, Any]
) -> _DiscreetSearcher:
    given = {name: value for name, value in options.items() if value is not None}
    searcher = _DiscreetSearcher.open(location, **given)
    searcher.places = tuple(places)
    return searcher


class _Folder:
    """An index in a folder, whose commits are seen at once."""

    def __init__(self, directory: Path) -> None:
        self._directory = Path(os.path.abspath(directory))
        self.name = self._directory.parent.name
        self.folder = Path(os.path.realpath(self._directory.parent))
        self.places: tuple[Place, ...] = (self._directory, self._directory.parent, self.folder)

    @property
    def glossary(self) -> GlossaryEditor:
        return glossary_editor(self._directory)

    def look(self) -> None:
        pass

    def expire(self) -> None:
        pass

    def state(self) -> IndexState:
        generation = current_generation(self._directory)
        if not generation:
            raise IndexMissing(f"{self._directory}: the index was moved or removed")
        try:
            status = (self._directory / commit_file_name(generation)).stat()
        except FileNotFoundError:  # lost
            return IndexState(generation, ())
        return IndexState(generation, (status.st_dev, status.st_ino, status.st_mtime_ns))

    def open(self, synonyms: Path | None) -> Searcher:
        return _opened(self._directory, (self._directory,), {"synonyms": synonyms})

    def file(self, path: str) -> Path | None:
        return Path(os.path.normpath(self.folder / path))

    def close(self) -> None:
        pass


class _Cluster:
    """An index on a cluster, which is asked for its newest commit every few seconds at most.

    While no node answers, the last commit is the newest one: its searches tell what is wrong.
    """

    def __init__(self, address: ClusterAddress, access: Access, client: Client) -> None:
        self._address = address
        self._access = access
        self._client = client
        self._asking = Lock()
        self._state: IndexState | None = None
        self._due = 0.0
        self._expired = 0  # how often a look was asked for
        self.name = address.name
        self.folder = Path(os.path.realpath(Path.cwd()))
        self.places: tuple[Place, ...] = (address, self.folder)

    @property
    def glossary(self) -> GlossaryEditor:
        return glossary_editor(self._address, self._access)

    def look(self) -> None:
        if self._state is not None and monotonic() < self._due:
            return
        # Where a commit is known, one thread asks, and the others go on with that.
        if not self._asking.acquire(blocking=self._state is None):
            return
        try:
            if self._state is None or monotonic() >= self._due:
                self._ask()
        finally:
            self._asking.release()

    def _ask(self) -> None:
        from index.opensearch.reader import ClusterReader

        expired = self._expired
        try:
            commit = ClusterReader.open(self._client, self._address).commit
        except ClusterUnreachable:
            if self._state is None:
                raise
        else:
            self._state = IndexState(commit.generation, commit.identity)
        # What was changed while this look was under way, the next one has to see.
        self._due = monotonic() + _SECONDS if expired == self._expired else 0.0

    def expire(self) -> None:
        self._expired += 1
        self._due = 0.0

    def state(self) -> IndexState:
        if self._state is None:
            raise IndexMissing(f"{self._address}: the index was not looked for yet")
        return self._state

    def open(self, synonyms: Path | None) -> Searcher:
        return _opened(self._address, self.places, {"synonyms": synonyms, "access": self._access})

    def file(self, path: str) -> Path | None:
        # Others write to the cluster: no path of theirs leads out of the folder, and a file that
        # they have built from need not be here.
        file = Path(os.path.normpath(self.folder / path))
        return file if file.is_relative_to(self.folder) and file.is_file() else None

    def close(self) -> None:
        self._client.close()
