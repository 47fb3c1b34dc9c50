"""Builds an index on a cluster, as `index.builder.build.build` builds one in a directory.

Only passages, terms and small files leave this machine; reading and analysis happen here.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Unpack

from corpus.errors import CorpusError, IndexDamaged, IndexOutdated

from ..builder.build import BuildOptions, build_with
from ..builder.build_report import BuildReport
from ..value import NamedTuple
from . import epochs
from .access import Access
from .address import ClusterAddress
from .client import Client
from .commits import CommitStore
from .lock import WriterLock
from .mapping import Copies
from .names import Epoch
from .staging import naming, stage
from .state import ClusterCommit, check_mappings, commit_of, epoch_in_force, find_commit
from .transaction import ClusterTransaction
from .writer import ClusterWriter

_LOST = (
    "{}; the new index begins with nothing of it: give its user dictionary, and what --glossary, "
    "--pairs and chaja glossary added, again"
)


def build_in_cluster(
    address: ClusterAddress,
    access: Access = Access(),  # noqa: B008 - a value that nobody can change
    roots: Sequence[Path] = (),
    *,
    dictionary: Path | None = None,
    rebuild: bool = False,
    wait: float | None = None,
    always: bool = False,
    shards: int | None = None,
    replicas: int | None = None,
    **options: Unpack[BuildOptions],
) -> BuildReport:
    """Bring the index at `address` up to date with the folders and files `roots`.

    The options are those of `index.builder.build.build` but `shared`; names of files are relative
    to the current folder. `shards` and `replicas` are those of the indexes that a first build or a
    rebuild makes, and only given to one: with None there is one shard, and one replica as soon as
    the cluster has a second node. Raises what `build` raises, and ClusterError, and then leaves
    what searches see as it was.
    """
    with Client(address, access) as client:
        client.check_product()
        epoch_in_force(client, address.name)  # no lock where the name is not free
        copies = Copies(shards or 1, replicas)
        with (
            WriterLock(client, address, wait=wait, copies=copies) as lock,
            tempfile.TemporaryDirectory(prefix="chaja-") as folder,
            naming(address, directory := Path(folder)),
        ):
            commits = CommitStore(client, address)
            last = epochs.drop_unused(client, address, rebuild=rebuild)
            if last is not None and not rebuild and (shards, replicas) != (None, None):
                raise _divided_already(address)
            start = _staged(client, lock, commits, directory, last, rebuild=rebuild)
            begin = partial(
                ClusterTransaction,
                client=client,
                lock=lock,
                commits=commits,
                before=start.commit,
                last=last,
                fresh=rebuild or start.commit is None,
                copies=copies,
            )
            report = build_with(
                partial(ClusterWriter, directory, begin, dictionary=dictionary, rebuild=rebuild),
                roots,
                base=Path.cwd(),
                dictionary=dictionary,
                always=always or start.is_bridge_due,
                **options,
            )
            return replace(report, notes=(*start.notes, *report.notes))


def _divided_already(address: ClusterAddress) -> CorpusError:
    return CorpusError(
        f"{address}: --shards and --replicas are for a new index, and this one is there already",
        hint="Leave them out, or have the index made anew with --rebuild.",
    )


class _Start(NamedTuple):
    """The commit that a build begins with, and notes for the user."""

    commit: ClusterCommit | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_bridge_due(self) -> bool:
        """Whether the bridge has yet to learn from what is committed."""
        return self.commit is not None and self.commit.is_bridge_due


def _staged(
    client: Client,
    lock: WriterLock,
    commits: CommitStore,
    directory: Path,
    last: Epoch | None,
    *,
    rebuild: bool,
) -> _Start:
    """Stage the small files of the current commit, after making good what a dead build left.

    A rebuild takes those of the `last` epoch if none is in force, and begins with nothing if they
    cannot be read.
    """
    try:
        commit = find_commit(client, commits.address)
        if commit is not None:
            check_mappings(client, commits.address, commit)
            commit = commits.made_good(commit, lock)
        elif last is not None:
            commit = commit_of(client, commits.address, last)
        if commit is None:
            return _Start()
        stage(directory, commits, commit)
    except (IndexDamaged, IndexOutdated) as error:
        if not rebuild:
            raise
        for path in directory.iterdir():
            path.unlink()
        return _Start(notes=(_LOST.format(error),))
    return _Start(commit)
