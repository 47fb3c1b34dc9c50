"""The index directory: what stands in it, and how it goes from one state to the next.

    .chaja/
        lock                 held by the one who builds
        lexicon-….lex        words of one analyser; they only grow
        chaja-N.json         the table of contents of commit N: the segments, and the files below
        chaja-N.files        the files it was built from
        chaja-….seg .txt     a segment: postings and measures, stored text
        chaja-…-N.del        passages deleted from a segment

A commit writes its files beside the old ones, and when all are on the disk one table of contents
is moved into place. A rebuild is a commit that keeps no segment. Whoever is stopped before that
leaves the index as it was; the next build clears away what was left.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from zlib import crc32

from corpus.errors import AnalyserMismatch

from . import catalogue as catalogues
from .catalogue import Catalogue
from .commit import FORMAT as FORMAT
from .commit import About as About
from .commit import Commit, generations, is_own, latest, named_by, write_commit
from .damage import damaged, outdated
from .damage import reported_damage as reported_damage
from .durable import NEW, sync
from .place import OLD_CURRENT, has_index
from .segment.array_writer import ArrayWriter
from .segment.content import Numbers, SegmentContent
from .segment.manifest import Segment, WrittenFile
from .segment.reader import SegmentReader
from .segment.writer import write_segment
from .snapshot import Snapshot

_LEXICON_DIGITS = 12
_NAME_BYTES = 8
# A reader may look at a directory just as a build replaces a commit; it looks again.
_TRIES = 10


class Store:
    """One index directory, as it was at one commit."""

    def __init__(self, directory: Path, commit: Commit) -> None:
        self.directory = directory
        self._commit = commit

    @property
    def about(self) -> About:
        """What the index says of itself."""
        return self._commit.about

    @classmethod
    def open(cls, directory: Path) -> Store:
        """Open the index in `directory` at its last commit.

        Raises IndexDamaged and IndexOutdated.
        """
        return cls(directory, commit_in_force(directory))

    @classmethod
    def fresh(cls, directory: Path, about: About) -> Store:
        """Return an index without a segment, whose first commit replaces what `directory` holds."""
        last = max(generations(directory), default=0)
        return cls(directory, Commit(generation=last, about=about))

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
        file = commit.catalogue
        if file is None:
            return Catalogue()
        data = (self.directory / file.name).read_bytes()
        if (len(data), crc32(data)) != (file.size, file.checksum):
            raise ValueError(f"{file.name}: is not what was written")
        return catalogues.decoded(data)

    def clear(self) -> None:
        """Clear away what builds that were stopped have left, and what no commit needs.

        What the disk says is committed counts: a commit may fail after its last step.
        """
        directory = self.directory
        try:
            commit = latest(directory)
        except (OSError, ValueError, LookupError, TypeError):
            return  # nobody can tell what it needs
        needed = named_by([commit] if commit else [])
        # The tables of contents first: without its own, a commit cannot be read half.
        for path in sorted(directory.glob("chaja-*"), key=lambda path: path.suffix != ".json"):
            name = path.name.removesuffix(NEW)
            if path.name not in needed and is_own(name):
                _remove(path)
        if commit:
            _clear_old_format(directory)

    def readers(self) -> list[SegmentReader]:
        """Open the segments of the commit."""
        return self.open_all(self._commit.segments)

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

    def snapshot(self) -> Snapshot:
        """Open the commit as one. Raises IndexDamaged, AnalyserMismatch after a rebuild."""
        for left in reversed(range(_TRIES)):
            with reported_damage(self.directory):
                try:
                    return Snapshot(self.readers())
                except FileNotFoundError as error:
                    # A build has committed and cleared its old segments away: look again.
                    if not left:
                        raise damaged(self.directory, error) from error
                    self._look_again()
        raise AssertionError  # pragma: no cover - the loop returns or raises

    def _look_again(self) -> None:
        commit = commit_in_force(self.directory)
        if commit.about.analyser != self.about.analyser:
            raise AnalyserMismatch(
                f"{self.directory}: was just built anew with another analyser",
                hint="Search again.",
            )
        self._commit = commit

    def write(self, content: SegmentContent) -> Segment:
        """Write a segment, to be committed or cleared away."""
        name = f"chaja-{secrets.token_hex(_NAME_BYTES)}"
        postings, text = write_segment(self.directory, name, content)
        return Segment(name, len(content.measures.document), postings, text)

    def without(self, segment: Segment, deleted: Numbers) -> Segment:
        """Return a segment from which the passages `deleted` (ascending) are deleted."""
        name = f"{segment.name}-{self._commit.generation + 1}.del"
        with ArrayWriter(self.directory / name) as file:
            file.put("passages", deleted)
        deletions = WrittenFile(name, file.size, file.seal)
        return replace(segment, deleted=len(deleted), deletions=deletions)

    def commit(self, segments: Sequence[Segment], catalogue: Catalogue, *, built: str) -> None:
        """Make `segments` and `catalogue` the index, durably."""
        generation = self._commit.generation + 1
        file = self._write_catalogue(generation, catalogue)
        about = replace(self.about, built=built)
        commit = Commit(generation, about, tuple(segments), file)
        with reported_damage(self.directory, missing=True):
            for written in commit.files:
                sync(self.directory / written.name)
        sync(self.directory)
        write_commit(self.directory, commit)
        self._commit = commit
        self.clear()

    def _write_catalogue(self, generation: int, catalogue: Catalogue) -> WrittenFile:
        data = catalogues.encoded(catalogue)
        file = WrittenFile(f"chaja-{generation}.files", len(data), crc32(data))
        (self.directory / file.name).write_bytes(data)
        return file


def commit_in_force(directory: Path) -> Commit:
    """Return the last commit of an index. Raises IndexDamaged and IndexOutdated."""
    for left in reversed(range(_TRIES)):
        with reported_damage(directory):
            try:
                commit = latest(directory)
            except FileNotFoundError as error:
                # Another commit has replaced it at this moment: look again.
                if not left:
                    raise damaged(directory, error) from error
                continue
            if commit is not None:
                return commit
            if has_index(directory):
                raise outdated(directory)
            raise damaged(directory, FileNotFoundError("it has no table of contents"))
    raise AssertionError  # pragma: no cover - the loop returns or raises


def about_in_force(directory: Path) -> About:
    """Return what an index says of itself. Raises IndexDamaged and IndexOutdated."""
    return commit_in_force(directory).about


def lexicon_path(directory: Path, analyser: str) -> Path:
    """Return what the files that keep the words of `analyser` are called, less their numbers."""
    from hashlib import blake2b

    name = analyser.encode(errors="surrogatepass")
    digest = blake2b(name, digest_size=_LEXICON_DIGITS // 2).hexdigest()
    return directory / f"lexicon-{digest}"


def _clear_old_format(directory: Path) -> None:
    """Clear away an index of format 1, which a rebuild has replaced."""
    if (directory / OLD_CURRENT).is_file():
        for path in directory.glob("index-*"):
            if (path / "about.json").is_file():
                shutil.rmtree(path, ignore_errors=True)
        for path in (*directory.glob("lexicon-*.db*"), directory / OLD_CURRENT):
            _remove(path)


def _remove(path: Path) -> None:
    with suppress(OSError):  # the next build removes it
        path.unlink()
