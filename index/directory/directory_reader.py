"""The index directory: what stands in it, and how it goes from one state to the next.

    .chaja/
        lock                 held by the one who builds
        lexicon-….lex        words of one analyser; they only grow
        chaja-N.json         the table of contents of commit N: the segments, and the files below
        chaja-N.files        the files it was built from
        chaja-N.bridge       words and what they are in the other language
        chaja-….seg .txt     a segment: postings and measures, stored text
        chaja-…-N.del        passages deleted from a segment

A commit writes its files beside the old ones, and when all are on the disk one table of contents
is moved into place. A rebuild is a commit that keeps no segment. Whoever is stopped before that
leaves the index as it was; the next build clears away what was left.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Self

from corpus.errors import AnalyzerMismatch

from ..arrays.files import CorruptFile, WrittenFile, repeated
from ..bridge.table import Content, Table
from ..segment.content import Segment
from ..segment.segment_reader import SegmentReader
from ..snapshot import Snapshot
from .commit import FORMAT as FORMAT
from .commit import About as About
from .commit import Commit, latest
from .damage import damaged, outdated
from .damage import reported_damage as reported_damage
from .location import has_index

if TYPE_CHECKING:
    from ..bridge.table import Table
    from .catalogue import Catalogue

_LEXICON_DIGITS = 12


class DirectoryReader:
    """One index directory, as it was at one commit."""

    def __init__(self, directory: Path, commit: Commit) -> None:
        self.directory = directory
        self._commit = commit

    @property
    def about(self) -> About:
        """What the index says of itself."""
        return self._commit.about

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open the index in `directory` at its last commit.

        Raises IndexDamaged and IndexOutdated.
        """
        return cls(directory, commit_in_force(directory))

    def catalogue(self) -> Catalogue:
        """Return what the index was built from. Raises IndexDamaged.

        Where a later commit has cleared that away, it is what that one was built from.
        """
        commit = self._commit
        with reported_damage(self.directory, missing=True):
            while True:
                try:
                    return self._read_catalogue(commit)
                except FileNotFoundError:
                    later = commit_in_force(self.directory)
                    if later.generation == commit.generation:
                        raise
                    commit = later

    def _read_catalogue(self, commit: Commit) -> Catalogue:
        # Imported late, as all that a search can do without.
        from .catalogue import Catalogue, read_catalogue

        return read_catalogue(self.directory, commit.catalogue) if commit.catalogue else Catalogue()

    def readers(self) -> list[SegmentReader]:
        """Open the segments of the commit."""
        return self.open_all(self._commit.segments)

    @property
    def bridge_file(self) -> WrittenFile | None:
        """The file of words in the other language, where there is one."""
        return self._commit.bridge

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The segments of the commit."""
        return self._commit.segments

    def open_all(self, segments: Iterable[Segment]) -> list[SegmentReader]:
        """Open segments, committed or not: all of them, or none."""
        with ExitStack() as opened:
            readers: list[SegmentReader] = []
            for segment in segments:
                reader = SegmentReader(self.directory, segment)
                opened.callback(reader.close)
                readers.append(reader)
            opened.pop_all()
        return readers

    def snapshot(self, *, bridge: bool = True) -> Snapshot:
        """Open the commit as one, with its `bridge` or without.

        Raises IndexDamaged, AnalyserMismatch after a rebuild.
        """

        def opened() -> Snapshot:
            try:
                return self._opened(bridge=bridge)
            except FileNotFoundError:  # a build has committed and cleared its old segments away
                self._look_again()
                raise

        with reported_damage(self.directory, missing=True):
            return repeated(opened)

    def _opened(self, *, bridge: bool) -> Snapshot:
        with ExitStack() as opened:
            table = self.bridge() if bridge else None
            if table is not None:
                opened.callback(table.close)
            snapshot = Snapshot(self.readers(), table)
            opened.pop_all()
        return snapshot

    def _look_again(self) -> None:
        commit = commit_in_force(self.directory)
        if commit.about.analyzer_fingerprint != self.about.analyzer_fingerprint:
            raise AnalyzerMismatch(
                f"{self.directory}: was just rebuilt with another analyzer",
                hint="Search again.",
            )
        self._commit = commit

    def bridge(self) -> Table | None:
        """Open the words in the other language, or return None where there are none."""
        file = self._commit.bridge
        if file is None:
            return None
        # Imported late: a word is completed without.
        from ..bridge.table import Table

        table = Table(self.directory / file.name)
        if table.written != file:
            table.close()
            raise CorruptFile(f"{file.name}: does not match the commit file")
        return table


def commit_in_force(directory: Path) -> Commit:
    """Return the last commit of an index. Raises IndexDamaged and IndexOutdated."""
    with reported_damage(directory, missing=True):
        commit = repeated(lambda: latest(directory))
    if commit is not None:
        return commit
    if has_index(directory):
        raise outdated(directory)
    raise damaged(directory, CorruptFile("it has no commit file"))


def about_in_force(directory: Path) -> About:
    """Return what an index says of itself. Raises IndexDamaged and IndexOutdated."""
    return commit_in_force(directory).about


def lexicon_path(directory: Path, analyzer_fingerprint: str) -> Path:
    """Return the path of the lexicon files of an analyzer, without their numbers."""
    try:  # hashlib loads OpenSSL first, which takes as long as opening the index
        from _blake2 import blake2b
    except ImportError:  # pragma: no cover - another Python than CPython
        from hashlib import blake2b

    name = analyzer_fingerprint.encode(errors="surrogatepass")
    digest = blake2b(name, digest_size=_LEXICON_DIGITS // 2).hexdigest()
    return directory / f"lexicon-{digest}"


def content_of(store: DirectoryReader) -> Content:
    """Return what the bridge of an index holds. Raises IndexDamaged."""
    with reported_damage(store.directory, missing=True):
        table = store.bridge()
        return Content() if table is None else all_of(table)


def all_of(table: Table) -> Content:
    """Read everything that a table of the bridge holds."""
    with closing(table):
        return table.content()
