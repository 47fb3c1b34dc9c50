"""Lists and edits the translations of an index on a cluster, as `index.edit_glossary` does."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from ..bridge.entry import Entry
from ..directory.damage import reported_damage
from ..directory.directory_writer import DirectoryWriter
from ..edit_glossary import bridge_with, entries_in_use, of_pair, struck, unlike
from .access import Access
from .address import ClusterAddress
from .client import Client
from .commits import CommitStore
from .lock import WriterLock
from .reader import ClusterReader
from .staging import naming, stage
from .state import BRIDGE, ClusterCommit, current_commit


def entries_of(address: ClusterAddress, access: Access, word: str = "") -> list[Entry]:
    """Return the entries that searches use, ordered; with `word`, only those with it.

    Raises IndexMissing, IndexOutdated, IndexDamaged and ClusterError.
    """
    with Client(address, access) as client:
        reader = ClusterReader.open(client, address)
        bridge = reader.bridge()
        if bridge is None:
            return entries_in_use(None, word)
        with naming(address, reader.directory), reported_damage(reader.directory), closing(bridge):
            return entries_in_use(bridge, word)


def new_entries(address: ClusterAddress, access: Access, entries: Sequence[Entry]) -> list[Entry]:
    """Return those of `entries` that an index does not have, or has with another weight."""
    return unlike(entries, entries_of(address, access))


def add_entries(
    address: ClusterAddress, access: Access, entries: Sequence[Entry], *, wait: float | None = None
) -> Sequence[str]:
    """Add user entries to an index; they replace its entries of the same words.

    `wait` is the number of seconds to wait for a build. Returns no notes. Raises IndexLocked and
    what `entries_of` raises, and then leaves the index unchanged.
    """
    with Client(address, access) as client:
        client.check_product()
        current_commit(client, address)  # no lock where there is no index
        with (
            WriterLock(client, address, wait=wait) as lock,
            tempfile.TemporaryDirectory(prefix="chaja-") as folder,
            naming(address, directory := Path(folder)),
        ):
            commits = CommitStore(client, address)
            commit = commits.made_good(current_commit(client, address), lock)
            stage(directory, commits, commit)
            lock.check()
            _commit_bridge(commits, commit, directory, entries)
    return ()


def _commit_bridge(
    commits: CommitStore, commit: ClusterCommit, directory: Path, entries: Sequence[Entry]
) -> None:
    file = bridge_with(DirectoryWriter.open(directory), entries)
    blob = commits.write_blob(commit.epoch, BRIDGE, (directory / file.name).read_bytes())
    blobs = (*(one for one in commit.blobs if one.name != BRIDGE), blob)
    old = tuple(one for one in commit.blobs if one not in blobs)
    after = commit._replace(generation=commit.generation + 1, blobs=blobs, old=old)
    commits.write(after)
    commits.delete_blobs(set(commit.old).difference(blobs, old), commit.epoch)


def strike_pair(
    address: ClusterAddress, access: Access, korean: str, english: str
) -> tuple[list[Entry], Sequence[str]]:
    """Strike the pair of two words out of an index, so that no build adds it again.

    Returns its entries as they were, and no notes. Raises CorpusError if the index has none, and
    what `add_entries` raises.
    """
    entries = entries_of_pair(address, access, korean, english)
    return entries, add_entries(address, access, struck(entries))


def entries_of_pair(
    address: ClusterAddress, access: Access, korean: str, english: str
) -> list[Entry]:
    """Return the entries of two words, compared in normal form. Raises CorpusError if none is."""
    return of_pair(entries_of(address, access, korean), korean, english)
