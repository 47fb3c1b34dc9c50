"""The index directory, read at one commit.

    .chaja/
        lock                 held by the process that builds
        lexicon-….lex        words of one analyzer; they only grow
        chaja-N.json         the commit file of commit N: its segments, and the files below
        chaja-N.files        the catalogue of the files it was built from
        chaja-N.bridge       the bridge: words and their translations
        chaja-….seg .txt     a segment: postings and doc values; doc store
        chaja-…-N.del        passages deleted from a segment

A commit writes its files beside the old ones; when all are on disk, its commit file is renamed
into place. A rebuild is a commit that keeps no segment. A process that stops before that leaves
the index unchanged; the next build deletes the files it left. The commit before is kept with its
files, and is read if the newest one cannot be opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from corpus.errors import AnalyzerMismatch, IndexDamaged

from ..arrays.files import CorruptFile, WrittenFile, with_retries
from ..bridge.table import Content, Table
from ..segment.content import Segment
from ..segment.segment_reader import SegmentReader
from ..snapshot import Snapshot
from .commit import About, Commit, latest
from .damage import reported_damage, without_commit

if TYPE_CHECKING:
    from .catalogue import Catalogue

_LEXICON_DIGITS = 12

_T = TypeVar("_T")


class DirectoryReader:
    """An index directory at one commit; `note` says so if that is not the newest one."""

    def __init__(self, directory: Path, commit: Commit, *, note: str = "") -> None:
        self.directory = directory
        self.note = note
        self._commit = commit

    @property
    def about(self) -> About:
        """The metadata of the index."""
        return self._commit.about

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open the index at its current commit. Raises IndexDamaged and IndexOutdated."""
        return cls(directory, current_commit(directory))

    def catalogue(self) -> Catalogue:
        """Read the catalogue. Raises IndexDamaged.

        If a later commit has deleted that of this commit, return that of the later one.
        """
        # Imported late: a search does not need it.
        from .catalogue import Catalogue, read_catalogue

        commit = self._commit
        with reported_damage(self.directory, missing=True):
            while file := commit.catalogue:
                try:
                    return read_catalogue(self.directory, file)
                except FileNotFoundError:
                    later = current_commit(self.directory)
                    if later.generation == commit.generation:
                        raise
                    commit = later
        return Catalogue()

    def has_file(self, name: str) -> bool:
        """Return whether a file was read by a build, unlike what a program has added.

        Raises IndexDamaged.
        """
        # Imported late: a search does not need it.
        from .catalogue import lists

        file = self._commit.catalogue
        with reported_damage(self.directory, missing=True):
            return file is not None and lists(self.directory, file, name)

    def readers(self) -> list[SegmentReader]:
        """Open the segments of the commit."""
        return self.open_segments(self._commit.segments)

    @property
    def bridge_file(self) -> WrittenFile | None:
        """The bridge file of the commit, if it has one."""
        return self._commit.bridge

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The segments of the commit."""
        return self._commit.segments

    def open_segments(self, segments: Iterable[Segment]) -> list[SegmentReader]:
        """Open segments, committed or not; if one cannot be opened, close the others."""
        with ExitStack() as opened:
            readers = [
                opened.enter_context(closing(SegmentReader(self.directory, segment)))
                for segment in segments
            ]
            opened.pop_all()
        return readers

    def snapshot(self, *, bridge: bool = True) -> Snapshot:
        """Open a snapshot of the commit, with or without its bridge.

        Opens a later commit if the files of this one were deleted. Raises IndexDamaged, and
        AnalyzerMismatch if the later commit is a rebuild with another analyzer.
        """
        with reported_damage(self.directory, missing=True):
            return with_retries(lambda: self._open_snapshot(bridge=bridge))

    def _open_snapshot(self, *, bridge: bool) -> Snapshot:
        try:
            with ExitStack() as opened:
                table = self.bridge() if bridge else None
                if table is not None:
                    opened.callback(table.close)
                snapshot = Snapshot(self.readers(), table)
                opened.pop_all()
        except FileNotFoundError:
            self._refresh()
            raise
        return snapshot

    def _refresh(self) -> None:
        commit = current_commit(self.directory)
        if commit.about.analyzer_fingerprint != self.about.analyzer_fingerprint:
            raise AnalyzerMismatch(
                f"{self.directory}: was just rebuilt with another analyzer", hint="Search again."
            )
        self._commit, self.note = commit, ""

    def bridge(self) -> Table | None:
        """Open the bridge table of the commit, if it has one."""
        file = self._commit.bridge
        if file is None:
            return None
        table = Table(self.directory / file.name)
        if table.written != file:
            table.close()
            raise CorruptFile(f"{file.name}: does not match the commit file")
        return table


def current_commit(directory: Path) -> Commit:
    """Read the current commit of an index. Raises IndexDamaged and IndexOutdated."""
    with reported_damage(directory, missing=True):
        commit = with_retries(lambda: latest(directory))
    if commit is None:
        raise without_commit(directory)
    return commit


def read_index(directory: Path, use: Callable[[DirectoryReader], _T]) -> _T:
    """Return what `use` returns for an index, opened at its newest commit that can be opened.

    `use` is called again with the commit before if it raises IndexDamaged, so it should open
    what it needs and no more. Raises the error of the newest commit if both are damaged.
    """
    try:
        return use(DirectoryReader.open(directory))
    except IndexDamaged as damage:
        # Imported late: a sound index does not need it.
        from .fallback import read_commit_before

        return read_commit_before(directory, use, damage)


def current_about(directory: Path) -> About:
    """Read the metadata of an index. Raises IndexDamaged and IndexOutdated."""
    return current_commit(directory).about


def lexicon_path(directory: Path, analyzer_fingerprint: str) -> Path:
    """Return the path of the lexicon of an analyzer, without the number of a file."""
    try:  # hashlib loads OpenSSL first, which takes as long as opening the index
        from _blake2 import blake2b
    except ImportError:  # pragma: no cover - another Python than CPython
        from hashlib import blake2b

    name = analyzer_fingerprint.encode(errors="surrogatepass")
    digest = blake2b(name, digest_size=_LEXICON_DIGITS // 2).hexdigest()
    return directory / f"lexicon-{digest}"


def bridge_content(store: DirectoryReader) -> Content:
    """Read the whole bridge of an index. Raises IndexDamaged."""
    with reported_damage(store.directory, missing=True):
        table = store.bridge()
        return Content() if table is None else read_table(table)


def read_table(table: Table) -> Content:
    """Read everything in a bridge table, and close it."""
    with closing(table):
        return table.content()
