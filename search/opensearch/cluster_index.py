"""An index on a cluster, opened for searching."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from corpus.errors import ClusterViewLost
from index.analysis.analyzer import Analyzer
from index.analyzers import open_analyzer
from index.directory.damage import reported_damage
from index.opensearch.access import Access, read_access
from index.opensearch.address import ClusterAddress
from index.opensearch.client import Client
from index.opensearch.reader import ClusterReader
from index.opensearch.staging import naming

from .engine import ClusterEngine
from .state import ClusterState
from .view import ClusterView

if TYPE_CHECKING:
    from ..inspection import IndexInfo

# Attempts to open an index, as builds commit.
_TRIES = 10

_T = TypeVar("_T")


class ClusterIndex:
    """An index on a cluster at one commit, with the analyzer that it was built with."""

    note = ""

    def __init__(
        self, client: Client, reader: ClusterReader, view: ClusterView, analyzer: Analyzer
    ) -> None:
        self._client = client
        self._reader = reader
        self._view = view
        self.analyzer = analyzer
        state = ClusterState(client, reader.commit, view, analyzer)
        self.engine = ClusterEngine(state, reader.bridge())

    @property
    def location(self) -> str:
        """The address of the index."""
        return str(self._reader.address)

    @property
    def built(self) -> str:
        """The time of the build that was opened, in ISO 8601."""
        return self._reader.about.built

    def close(self) -> None:
        """Close the view of the commit, and the connections."""
        self.engine.close()
        self.analyzer.lexicon.close()
        self._client.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Turn errors from damaged files into IndexDamaged."""
        directory = self._reader.directory
        with naming(self._reader.address, directory), reported_damage(directory):
            yield

    def has_file(self, name: str) -> bool:
        """Return whether a file was read by a build, unlike what a program has added."""
        return self._reader.has_file(name)

    def info(self) -> IndexInfo:
        """Return the counts and settings of the index."""
        from ..inspection import index_info  # imported late: a search can do without

        return index_info(
            self.engine,
            location=self.location,
            about=self._reader.about,
            catalogue=self._reader.catalogue(),
            words=len(self.analyzer.lexicon),
            size=self._size(),
        )

    def _size(self) -> int:
        """Return the bytes of the indexes, without replicas."""
        names = ",".join(self._reader.epoch.indexes)
        answer = self._view.guarded(lambda: self._client.request("GET", f"/{names}/_stats/store"))
        return int(answer["_all"]["primaries"]["store"]["size_in_bytes"])


def open_cluster(
    address: ClusterAddress, access: Access | None, use: Callable[[ClusterIndex], _T]
) -> _T:
    """Return what `use` makes of the index at an address.

    Without `access`, the environment tells who asks. Raises IndexMissing, IndexOutdated,
    AnalyzerMismatch and ClusterError.
    """
    access = access or read_access(environment=os.environ)
    for _ in range(_TRIES - 1):
        with suppress(ClusterViewLost):
            return _opened(address, access, use)
    return _opened(address, access, use)


def _opened(address: ClusterAddress, access: Access, use: Callable[[ClusterIndex], _T]) -> _T:
    """Return the same. Raises ClusterViewLost if a build has committed meanwhile."""
    with ExitStack() as opened:
        client = opened.enter_context(Client(address, access))
        reader = ClusterReader.open(client, address)
        with naming(address, reader.directory):
            analyzer = open_analyzer(reader.directory, reader.about)
        opened.callback(analyzer.lexicon.close)
        view = ClusterView(client, reader.commit)
        opened.callback(view.close)
        made = use(ClusterIndex(client, reader, view, analyzer))
        opened.pop_all()
    return made
