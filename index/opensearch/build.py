"""Builds an index on a cluster, as `index.builder.build.build` builds one in a directory.

Only passages, terms and small files leave this machine; reading and analysis happen here.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from corpus.errors import CorpusError, IndexDamaged, IndexOutdated
from corpus.text_file import TextSource

from ..builder.build import MAX_FILE_SIZE, build_with
from ..builder.build_report import BuildReport, Progress
from ..builder.given_documents import SourceDocument
from ..builder.read_limits import DEFAULT_LIMITS, ReadLimits
from ..directory.directory_writer import DirectoryWriter
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
from .state import ClusterCommit, commit_of, find_commit
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
    documents: Iterable[SourceDocument] | None = None,
    remove: Collection[str] = (),
    dictionary: Path | None = None,
    glossaries: Sequence[TextSource] = (),
    pairs: TextSource | None = None,
    rebuild: bool = False,
    wait: float | None = None,
    strict: bool = False,
    max_file_size: int = MAX_FILE_SIZE,
    read_limits: ReadLimits = DEFAULT_LIMITS,
    archives: bool | None = None,
    ocr: bool | None = None,
    always: bool = False,
    progress: Callable[[Progress], None] | None = None,
    shards: int | None = None,
    replicas: int | None = None,
) -> BuildReport:
    """Bring the index at `address` up to date with the folders and files `roots`.

    The options are those of `index.builder.build.build`; names of files are relative to the current
    folder. `shards` and `replicas` are those of the indexes that a first build or a rebuild makes,
    and only given to one: with None there is one shard, and one replica as soon as the cluster has
    a second node. Raises what `build` raises, and ClusterError, and then leaves what searches see
    as it was.
    """
    with Client(address, access) as client:
        client.check_product()
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
                _begin,
                client,
                lock,
                commits,
                before=start.commit,
                last=last,
                rebuild=rebuild,
                copies=copies,
            )
            report = build_with(
                partial(ClusterWriter, directory, begin, dictionary=dictionary, rebuild=rebuild),
                roots,
                base=Path.cwd(),
                documents=documents,
                remove=remove,
                dictionary=dictionary,
                glossaries=glossaries,
                pairs=pairs,
                strict=strict,
                max_file_size=max_file_size,
                read_limits=read_limits,
                archives=archives,
                ocr=ocr,
                always=always or start.is_bridge_due,
                progress=progress,
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


def _begin(
    client: Client,
    lock: WriterLock,
    commits: CommitStore,
    store: DirectoryWriter,
    *,
    before: ClusterCommit | None,
    last: Epoch | None,
    rebuild: bool,
    copies: Copies,
) -> ClusterTransaction:
    fresh = rebuild or before is None
    return ClusterTransaction(
        store,
        client,
        lock,
        commits,
        before=before,
        last=last,
        fresh=fresh,
        copies=copies,
    )
