"""The index directory, written: new files beside the old ones, then a commit file."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Self
from zlib import crc32

from ..arrays.array_types import Int64s
from ..arrays.array_writer import ArrayWriter
from ..arrays.files import TEMPORARY_SUFFIX, CorruptFile, WrittenFile, create, remove, sync
from ..bridge.table import Content, write_table
from ..segment.content import Segment, SegmentContent
from ..segment.segment_writer import write_segment
from . import catalogue as catalogues
from .catalogue import Catalogue
from .commit import (
    About,
    Commit,
    commit_file_name,
    generations,
    is_index_file,
    last_number,
    latest,
    names_in,
    put_in_force,
    referenced_files,
    sound_commits,
    stage_commit,
)
from .damage import error_summary, reported_damage
from .directory_reader import DirectoryReader, lexicon_path
from .location import OLD_CURRENT

_NAME_BYTES = 8


class DirectoryWriter(DirectoryReader):
    """An index directory whose next commit is being written; the caller holds the writer lock.

    `notes` say what failed after a commit was in force.
    """

    def __init__(self, directory: Path, commit: Commit) -> None:
        super().__init__(directory, commit)
        self.notes: list[str] = []
        self._written: set[str] = set()
        self._starts_anew = False

    @classmethod
    def fresh(cls, directory: Path, about: About) -> Self:
        """Return an index without segments, whose first commit replaces that in `directory`."""
        return cls.continuing(directory, Commit(generation=0, about=about))

    @classmethod
    def continuing(cls, directory: Path, commit: Commit) -> Self:
        """Return an index at `commit`, whose next commit overwrites no file in `directory`."""
        store = cls(directory, commit._replace(generation=last_number(directory)))
        store._starts_anew = True
        return store

    def clear(self) -> None:
        """Delete the files that neither the current commit nor the one before refers to.

        Such are those of dead builds. The commits are read from the disk: a commit may fail after
        its last step. While no current commit can be read, or one is being replaced because it may
        be damaged, only files of this writer are deleted: any other may tell what was lost.
        """
        directory = self.directory
        needed = referenced_files(_kept_commits(directory))
        names = sorted(names_in(directory), key=_removal_order)
        if needed and not self._starts_anew:
            _delete_format_1(directory)
        elif max(generations(directory), default=0) <= self._commit.generation:
            names = sorted(self._written, key=_removal_order)
        else:
            return  # unknown which files it refers to
        for name in names:
            own = name.startswith("chaja-") and is_index_file(name.removesuffix(TEMPORARY_SUFFIX))
            if own and name not in needed:
                remove(directory / name)

    def _clear_lexicons(self) -> None:
        """Delete the lexicons of analyzers that no kept commit was made with."""
        commits = _kept_commits(self.directory)
        analyzers = {commit.about.analyzer_fingerprint for commit in commits}
        kept = {lexicon_path(self.directory, analyzer).name for analyzer in analyzers}
        for name in names_in(self.directory):
            own = name.startswith("lexicon-") and is_index_file(name.removesuffix(TEMPORARY_SUFFIX))
            if own and kept and name.rpartition("-")[0] not in kept:
                remove(self.directory / name)

    def write(self, content: SegmentContent) -> Segment:
        """Write a segment, which is deleted by `clear` unless it is committed."""
        name = f"chaja-{secrets.token_hex(_NAME_BYTES)}"
        self._written |= {f"{name}.seg", f"{name}.txt"}
        postings, text = write_segment(self.directory, name, content)
        return Segment(name, len(content.doc_values.document), postings, text)

    def with_deletions(self, segment: Segment, deleted: Int64s) -> Segment:
        """Return a segment whose deleted passages are `deleted`, ascending."""
        name = f"{segment.name}-{self._commit.generation + 1}.del"
        self._written.add(name)
        with ArrayWriter(self.directory / name) as file:
            file.put("passages", deleted)
        deletions = WrittenFile(name, file.size, file.footer_checksum)
        return replace(segment, deleted=len(deleted), deletions=deletions)

    def write_bridge(self, content: Content) -> WrittenFile:
        """Write the bridge of the next commit."""
        path = self.directory / f"chaja-{self._commit.generation + 1}.bridge"
        self._written.add(path.name)
        return write_table(path, content, known=self._english_keys())

    def _english_keys(self) -> dict[str, str]:
        """Return the keys in the bridge of the last commit, none if it cannot be read."""
        with suppress(CorruptFile):  # its entries were read before; keys can be computed again
            before = self.bridge()
            if before is not None:
                with closing(before):
                    return before.english_keys()
        return {}

    def commit(
        self,
        segments: Sequence[Segment],
        catalogue: Catalogue,
        *,
        bridge: WrittenFile | None = None,
        built: str,
        words: int = 0,
    ) -> None:
        """Commit `segments` and `catalogue`, durably, with `bridge` or else the last one.

        `words` is the size of the lexicon; as it only grows, a smaller number is ignored. Raises
        no OSError once the commit is in force: `notes` then say what failed.
        """
        generation = self._commit.generation + 1
        data = catalogues.encoded(catalogue)
        file = WrittenFile(f"chaja-{generation}.files", len(data), crc32(data))
        about = replace(self.about, built=built, words=max(words, self.about.words))
        commit = Commit(generation, about, tuple(segments), file, bridge or self._commit.bridge)
        self._written |= {file.name, commit_file_name(generation) + TEMPORARY_SUFFIX}
        stage_commit(self.directory, commit)
        with create(self.directory / file.name) as new:
            new.write(data)
        with reported_damage(self.directory, missing=True):
            for written in commit.files:
                sync(self.directory / written.name)
        sync(self.directory)
        put_in_force(self.directory, commit)
        self._commit = commit
        self._starts_anew = False
        try:
            sync(self.directory)
        except OSError as error:
            self._note("syncing its folder", error, "a power cut now may undo it")
        try:
            self.clear()
            self._clear_lexicons()
        except OSError as error:
            self._note("removing files that are no longer needed", error, "the next build does it")

    def _note(self, what: str, error: OSError, effect: str) -> None:
        self.notes.append(
            f"the change is committed; {what} failed ({error_summary(error)}): {effect}"
        )


def _removal_order(name: str) -> int:
    """Commit files come first, so that none is left of which a file is missing; staged ones last.

    Else a catalogue might be left that seems to have been in force.
    """
    return 0 if name.endswith(".json") else 2 if name.endswith(TEMPORARY_SUFFIX) else 1


def _kept_commits(directory: Path) -> list[Commit]:
    """Return the current commit and the last readable one before it; none without a current one."""
    try:
        current = latest(directory)
    except (CorruptFile, FileNotFoundError):
        return []
    if current is None:
        return []
    before = (each for each in sound_commits(directory) if each.generation < current.generation)
    return [current, *islice(before, 1)]


def _delete_format_1(directory: Path) -> None:
    """Delete an index of format 1, which a rebuild has replaced."""
    if (directory / OLD_CURRENT).is_file():
        for path in directory.glob("index-*"):
            if (path / "about.json").is_file():
                shutil.rmtree(path, ignore_errors=True)
        for path in (*directory.glob("lexicon-*.db*"), directory / OLD_CURRENT):
            remove(path)
