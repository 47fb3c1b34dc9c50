"""The writer of a build whose index is on a cluster: it stages small files in a folder of its own.

The folder is an index directory without segments, with the lexicon, the bridge and the catalogue
of the cluster; what is added goes to a ClusterTransaction.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from ..arrays.files import WrittenFile
from ..directory.catalogue import Catalogue
from ..directory.directory_writer import DirectoryWriter
from ..ingest.parallel_texts import BridgeSource
from ..ingest.transaction import Transaction
from ..whoosh.writer import IndexWriter
from .transaction import ClusterTransaction


class ClusterWriter(IndexWriter):
    """Writes to a cluster what a build gives it; documents cannot be deleted one by one."""

    def __init__(
        self,
        directory: Path,
        begin: Callable[[DirectoryWriter], ClusterTransaction],
        *,
        dictionary: Path | None,
        rebuild: bool,
    ) -> None:
        """Open a staged `directory`; `begin` gets it as a store. Raises as IndexWriter."""
        self._begin_with = begin
        super().__init__(directory, dictionary=dictionary, rebuild=rebuild)

    def _begin(self) -> Transaction:
        self._on_cluster = self._begin_with(self.store)
        return self._on_cluster

    def apply(self, catalogue: Catalogue, *, bridge: Callable[[BridgeSource], WrittenFile]) -> None:
        """Commit with this `catalogue`, without releasing the lock."""
        self.analyzer.lexicon.compact()
        self._on_cluster.commit(
            self._replaced,
            catalogue,
            bridge=bridge,
            built=time.strftime("%Y-%m-%dT%H:%M:%S%z"),
            words=len(self.analyzer.lexicon),
            discarded=self._discarded,
        )
