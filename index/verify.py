"""Verifies every byte of an index against its checksums.

With `deep`, also inverts the stored text and compares the result with the postings and doc values.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import IndexOutdated

from .analysis.analyzer import Analyzer
from .analyzers import open_analyzer
from .arrays.array_file import ArrayFile
from .arrays.files import CorruptFile, WrittenFile, parsing
from .directory.catalogue import read_catalogue
from .directory.commit import (
    Commit,
    OtherFormatError,
    commit_file_name,
    current_generation,
    encoded,
    generations,
    is_index_file,
    read_commit,
    read_commit_file,
    referenced_files,
)
from .directory.damage import error_summary, outdated, without_commit
from .directory.directory_reader import lexicon_path
from .directory.lexicon_files import LexiconFiles, check_file, lexicon_paths
from .segment.content import Segment
from .segment.segment_reader import SegmentReader

_TRIES = 10  # attempts while builds replace files
# Errors after which every file would seem damaged.
_NO_DAMAGE = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)
_UNREADABLE = (CorruptFile, OSError)


@dataclass(frozen=True, slots=True)
class FileDamage:
    """A damaged file of an index, by its name in the directory, and the reason."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The result of verifying an index.

    `files` and `bytes` were read, and `compared` passages were compared with their text. `damage`
    is of the files of the current commit, `damage_before` of those that only the commit before
    needs, which is read if the current one cannot be opened. `before` is when that was built, ""
    unless it is sound. `unneeded` files belong to no commit: a build left them when
    it was stopped, or is still writing them. It is empty if the commit file is damaged.
    """

    directory: Path
    files: int
    bytes: int
    compared: int
    damage: tuple[FileDamage, ...]
    damage_before: tuple[FileDamage, ...]
    before: str
    unneeded: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether the current commit has no damage."""
        return not self.damage


def verify(directory: Path, *, deep: bool = False) -> Verification:
    """Read every byte of the index in `directory`; with `deep`, compare it with its stored text.

    Only the current commit is compared. Raises IndexOutdated, IndexDamaged without a commit file,
    and with `deep` AnalyzerMismatch.
    """
    if not generations(directory):
        raise without_commit(directory)
    for _ in range(_TRIES):
        verifier = _Verifier(directory)
        verifier.verify(deep=deep)
        if verifier.is_sound or verifier.names == _names(directory):
            break
    return verifier.result()


class _Verifier:
    """Verifies the current commit and the one before."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.names = _names(directory)
        self.damage: list[FileDamage] = []
        self._damage_before: list[FileDamage] = []
        self._before: Commit | None = None
        self._needed: set[str] = set()
        self._commit: Commit | None = None
        self._bytes = 0
        self._compared = 0

    @property
    def is_sound(self) -> bool:
        return not (self.damage or self._damage_before)

    def result(self) -> Verification:
        return Verification(
            directory=self._directory,
            files=len(self._needed),
            bytes=self._bytes,
            compared=self._compared,
            damage=tuple(self.damage),
            damage_before=tuple(self._damage_before),
            before=self._built_before(),
            unneeded=tuple(sorted(self._unneeded())),
        )

    def verify(self, *, deep: bool) -> None:
        current = current_generation(self._directory)
        self._commit = commit = self._check_commit(current)
        if deep and commit:
            self._compare(commit)
        damage, self.damage = self.damage, []
        with suppress(IndexOutdated):  # a rebuild has replaced it
            for number in generations(self._directory)[-2:]:
                if number < current and (before := self._check_commit(number)):
                    self._before = before
        known = {file.file for file in damage}
        self._damage_before = [file for file in self.damage if file.file not in known]
        self.damage = damage

    def _built_before(self) -> str:
        """Return when the commit before was built, "" if it is damaged too."""
        if self._before is None:
            return ""
        about = self._before.about
        needed = referenced_files([self._before])
        stem = lexicon_path(self._directory, about.analyzer_fingerprint).name
        damaged = [damage.file for damage in (*self.damage, *self._damage_before)]
        is_damaged = any(name in needed or name.startswith(stem) for name in damaged)
        return "" if is_damaged else about.built

    def _check_commit(self, generation: int) -> Commit | None:
        """Check a commit and the files not checked before; return it if it can be read."""
        name = commit_file_name(generation)
        self._needed.add(name)
        found: list[Commit] = []
        self._check(name, lambda path: self._read_commit(path, found))
        for commit in found:
            if catalogue := commit.catalogue:
                self._check(catalogue.name, lambda _: read_catalogue(self._directory, catalogue))
            if commit.bridge and commit.bridge.name not in self._needed:
                self._check_arrays(commit.bridge)
            self._check_lexicon(commit)
            for segment in commit.segments:
                self._check_segment(segment)
            self._needed |= referenced_files([commit])
            return commit
        return None

    def _check(self, name: str, check: Callable[[Path], object]) -> bool:
        """Call `check` with the path of a file; record damage, and return whether there is none."""
        path = self._directory / name
        try:
            self._bytes += path.stat().st_size
            check(path)
        except _UNREADABLE as error:
            self._record(name, error)
            return False
        return True

    def _record(self, name: str, error: Exception) -> None:
        if isinstance(error, OSError) and error.errno in _NO_DAMAGE:
            raise error
        reason = error_summary(error).removeprefix(f"{name}: ")
        self.damage.append(FileDamage(name, reason.removesuffix(f": {name}")))

    def _read_commit(self, path: Path, found: list[Commit]) -> None:
        try:
            commit = read_commit(path)
        except OtherFormatError as error:
            raise outdated(self._directory, error.format) from error
        found.append(commit)
        # Compared as text, so that a missing byte of white space is damage as well.
        with parsing(path.name):
            written = encoded(commit).encode()
        if read_commit_file(path) != written:
            raise CorruptFile(f"{path.name}: does not match its checksum")

    def _check_arrays(self, file: WrittenFile) -> bool:
        def check(path: Path) -> None:
            with closing(ArrayFile(path)) as arrays:
                if (arrays.size, arrays.footer_checksum) != (file.size, file.checksum):
                    raise CorruptFile(f"{path.name}: does not match the commit file")
                arrays.check_all()

        return self._check(file.name, check)

    def _check_lexicon(self, commit: Commit) -> None:
        stem = lexicon_path(self._directory, commit.about.analyzer_fingerprint).name
        names = [path.name for path in lexicon_paths(self._directory, stem)]
        if names and self._needed.issuperset(names):
            return
        self._needed.update(names)
        sound = [self._check(name, check_file) for name in names]
        if not names:
            self.damage.append(FileDamage(stem, "the lexicon is missing"))
        elif all(sound):
            self._count_words(stem, commit.about.words)

    def _count_words(self, stem: str, expected: int) -> None:
        """Check that the lexicon is complete by its words, since no commit names its files."""
        try:
            with closing(LexiconFiles(self._directory, stem, writable=False)) as lexicon:
                found = len(lexicon)
        except _UNREADABLE as error:  # a build has merged them meanwhile
            self._record(stem, error)
            return
        if found < expected:
            reason = f"has {found:,} of the {expected:,} words that the index was built with"
            self.damage.append(FileDamage(stem, reason))

    def _check_segment(self, segment: Segment) -> None:
        new = [file for file in segment.files if file.name not in self._needed]
        sound = [self._check_arrays(file) for file in new]
        if new and all(sound):
            # Opening a segment checks that its files are consistent.
            name = segment.postings.name
            self._check(name, lambda _: SegmentReader(self._directory, segment).close())
            self._bytes -= segment.postings.size  # counted twice

    def _compare(self, commit: Commit) -> None:
        """Compare each undamaged segment with its stored text, if the lexicon is undamaged."""
        broken = {damage.file for damage in self.damage}
        lexicon = lexicon_path(self._directory, commit.about.analyzer_fingerprint).name
        if any(name.startswith(lexicon) for name in broken):
            return
        analyzer = open_analyzer(self._directory, commit.about)
        with closing(analyzer.lexicon):
            for segment in commit.segments:
                if broken.isdisjoint(file.name for file in segment.files):
                    self._compare_segment(segment, analyzer)

    def _compare_segment(self, segment: Segment, analyzer: Analyzer) -> None:
        from .verify_deep import differences  # imported late: it needs the modules of a build

        try:
            with closing(SegmentReader(self._directory, segment)) as reader:
                for difference in differences(reader, analyzer):
                    self.damage.append(FileDamage(segment.postings.name, difference))
            self._compared += segment.passages
        except _UNREADABLE as error:
            self._record(segment.text.name, error)

    def _unneeded(self) -> Iterator[str]:
        """Yield the files of the index that the commit does not need."""
        if self._commit is None:
            return
        for path in self._directory.iterdir():
            name = path.name.removesuffix(".new")
            if is_index_file(name) and path.name not in self._needed:
                yield path.name


def _names(directory: Path) -> frozenset[str]:
    """Return the names that change when a build commits or merges its lexicon."""
    return frozenset(path.name for path in directory.iterdir() if path.suffix in (".json", ".lex"))
