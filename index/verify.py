"""Reads every byte of an index and tells which files are not what was written.

`deep` reads the stored text as a build reads documents, and compares what that gives with the
postings and measures on the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from .analyzers import open_analyzer
from .arrays.array_file import ArrayFile
from .arrays.files import CorruptFile, WrittenFile, parsing
from .directory.catalogue import read_catalogue
from .directory.commit import (
    Commit,
    OtherFormatError,
    contents_name,
    contents_of,
    encoded,
    generations,
    is_own,
    named_by,
    read_commit,
)
from .directory.damage import damaged, outdated, what_is_wrong
from .directory.directory_reader import lexicon_path
from .directory.lexicon_files import LexiconFiles, check_file, lexicon_paths
from .directory.location import has_index
from .segment.content import Segment
from .segment.segment_reader import SegmentReader

# A build may replace files while they are read; then those it has put there are read.
_TRIES = 10
_UNREADABLE = (CorruptFile, OSError)


@dataclass(frozen=True, slots=True)
class FileDamage:
    """A file of an index, by its name in the directory, and what is wrong with it."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What reading a whole index showed.

    `files` and `bytes` count what was read; `compared` passages were compared with their text.
    `unneeded` are files that no commit needs: a build that was stopped has left them, or one that
    runs is writing them. Where the table of contents is damaged, nobody knows of any.
    """

    directory: Path
    files: int
    bytes: int
    compared: int
    damage: tuple[FileDamage, ...]
    unneeded: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Tell whether every file is what was written."""
        return not self.damage


def verify(directory: Path, *, deep: bool = False) -> Verification:
    """Read every byte of the index in `directory`; `deep` compares it with its stored text.

    Raises IndexOutdated, IndexDamaged without a table of contents, and with `deep`
    AnalyserMismatch.
    """
    if not generations(directory):
        if has_index(directory):
            raise outdated(directory)
        raise damaged(directory, CorruptFile("it has no commit file"))
    for _ in range(_TRIES):
        found = _Reading(directory)
        found.read(deep=deep)
        if not found.damage or found.names == _names(directory):
            break
    return found.result()


class _Reading:
    """One commit, read as a whole."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.names = _names(directory)
        self.generation = max(generations(directory), default=0)
        self.damage: list[FileDamage] = []
        self._needed: set[str] = set()
        self._commit: Commit | None = None
        self._bytes = 0
        self._compared = 0

    def result(self) -> Verification:
        """Return what was found."""
        return Verification(
            directory=self._directory,
            files=len(self._needed),
            bytes=self._bytes,
            compared=self._compared,
            damage=tuple(self.damage),
            unneeded=tuple(sorted(self._unneeded())),
        )

    def read(self, *, deep: bool) -> None:
        """Read all files of the commit."""
        commit = self._commit = self._contents()
        if commit is None:
            return
        self._needed = named_by([commit])
        if commit.catalogue is not None:
            self._check(commit.catalogue.name, _check_catalogue, commit.catalogue)
        if commit.bridge is not None:
            self._check(commit.bridge.name, _check_arrays, commit.bridge)
        self._check_lexicon(commit)
        for segment in commit.segments:
            self._check_segment(segment)
        if deep:
            self._compare(commit)

    def _check_lexicon(self, commit: Commit) -> None:
        stem = lexicon_path(self._directory, commit.about.analyzer_fingerprint).name
        names = [path.name for path in lexicon_paths(self._directory, stem)]
        self._needed.update(names)
        files = [self._check(name, check_file) for name in names]
        if not files:
            self.damage.append(FileDamage(stem, "the lexicon is missing"))
        elif all(files):
            self._count_words(stem, commit.about.words)

    def _count_words(self, stem: str, expected: int) -> None:
        """See that the lexicon has the words it had: no commit names its files."""
        try:
            with closing(LexiconFiles(self._directory, stem, writable=False)) as lexicon:
                found = len(lexicon)
        except _UNREADABLE as error:  # a build has merged them meanwhile
            self._note(stem, error)
            return
        if found < expected:
            reason = f"has {found:,} of the {expected:,} words that the index was built with"
            self.damage.append(FileDamage(stem, reason))

    def _contents(self) -> Commit | None:
        name = contents_name(self.generation)
        self._needed = {name}
        found: list[Commit] = []

        def check(path: Path) -> None:
            try:
                found.append(read_commit(path))
            except OtherFormatError as error:
                raise outdated(self._directory) from error
            # White space counts as well: a file that is one byte shorter is damaged.
            with parsing(name):
                written = encoded(found[0]).encode()
            if contents_of(path) != written:
                raise CorruptFile(f"{name}: does not match its checksum")

        self._check(name, check)
        return found[0] if found else None

    def _check(self, name: str, check: Callable[..., None], *expected: object) -> bool:
        """Read a file, and note what is wrong with it."""
        path = self._directory / name
        try:
            self._bytes += path.stat().st_size
            check(path, *expected)
        except _UNREADABLE as error:
            self._note(name, error)
            return False
        return True

    def _note(self, name: str, error: Exception) -> None:
        reason = what_is_wrong(error).removeprefix(f"{name}: ")
        self.damage.append(FileDamage(name, reason.removesuffix(f": {name}")))

    def _check_segment(self, segment: Segment) -> None:
        files = [self._check(file.name, _check_arrays, file) for file in segment.files]
        if all(files):
            self._check(segment.postings.name, _check_parts, self._directory, segment)
            self._bytes -= segment.postings.size  # it was counted before

    def _compare(self, commit: Commit) -> None:
        """Compare each sound segment with its stored text."""
        # Imported here: only this asks for what a build needs.
        from .verify_deep import differences

        broken = {damage.file for damage in self.damage}
        lexicon = lexicon_path(self._directory, commit.about.analyzer_fingerprint).name
        if any(name.startswith(lexicon) for name in broken):
            return
        analyzer = open_analyzer(self._directory, commit.about)
        with closing(analyzer.lexicon):
            for segment in commit.segments:
                if broken.isdisjoint(file.name for file in segment.files):
                    self._compare_segment(segment, lambda r: differences(r, analyzer))

    def _compare_segment(
        self, segment: Segment, differences: Callable[[SegmentReader], Iterator[str]]
    ) -> None:
        try:
            with closing(SegmentReader(self._directory, segment)) as reader:
                for difference in differences(reader):
                    self.damage.append(FileDamage(segment.postings.name, difference))
            self._compared += segment.passages
        except _UNREADABLE as error:
            self._note(segment.text.name, error)

    def _unneeded(self) -> Iterator[str]:
        """Yield the files of the engine's that the commit does not need."""
        if self._commit is None:
            return
        for path in self._directory.iterdir():
            name = path.name.removesuffix(".new")
            own = is_own(name) or name.startswith("lexicon-")
            if own and path.name not in self._needed:
                yield path.name


def _names(directory: Path) -> frozenset[str]:
    """Return the names that change when a build commits, or merges what its lexicon has."""
    return frozenset(path.name for path in directory.iterdir() if path.suffix in (".json", ".lex"))


def _check_catalogue(path: Path, file: WrittenFile) -> None:
    read_catalogue(path.parent, file)


def _check_arrays(path: Path, file: WrittenFile) -> None:
    with closing(ArrayFile(path)) as arrays:
        if (arrays.size, arrays.footer_checksum) != (file.size, file.checksum):
            raise CorruptFile(f"{path.name}: does not match the commit file")
        arrays.check_all()


def _check_parts(_: Path, directory: Path, segment: Segment) -> None:
    """See that the files of a segment fit together."""
    SegmentReader(directory, segment).close()
