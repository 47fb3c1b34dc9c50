"""The index directory, written: new files beside the old ones, then a commit file."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import replace
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
    generations,
    is_index_file,
    latest,
    referenced_files,
    write_commit,
)
from .damage import reported_damage
from .directory_reader import DirectoryReader
from .location import OLD_CURRENT

_NAME_BYTES = 8


class DirectoryWriter(DirectoryReader):
    """An index directory whose next commit is being written; the caller holds the writer lock."""

    @classmethod
    def fresh(cls, directory: Path, about: About) -> Self:
        """Return an index without segments, whose first commit replaces that in `directory`."""
        last = max(generations(directory), default=0)
        return cls(directory, Commit(generation=last, about=about))

    def clear(self) -> None:
        """Delete the files that the current commit does not refer to, such as those of dead builds.

        The current commit is read from the disk: a commit may fail after its last step.
        """
        directory = self.directory
        try:
            commit = latest(directory)
        except (OSError, CorruptFile):
            return  # unknown which files it refers to
        needed = referenced_files([commit] if commit else [])
        # Commit files first, so that no commit is left of which a file is missing.
        for path in sorted(directory.glob("chaja-*"), key=lambda path: path.suffix != ".json"):
            if path.name not in needed and is_index_file(path.name.removesuffix(TEMPORARY_SUFFIX)):
                remove(path)
        if commit:
            _delete_format_1(directory)

    def write(self, content: SegmentContent) -> Segment:
        """Write a segment, which is deleted by `clear` unless it is committed."""
        name = f"chaja-{secrets.token_hex(_NAME_BYTES)}"
        postings, text = write_segment(self.directory, name, content)
        return Segment(name, len(content.doc_values.document), postings, text)

    def with_deletions(self, segment: Segment, deleted: Int64s) -> Segment:
        """Return a segment whose deleted passages are `deleted`, ascending."""
        name = f"{segment.name}-{self._commit.generation + 1}.del"
        with ArrayWriter(self.directory / name) as file:
            file.put("passages", deleted)
        deletions = WrittenFile(name, file.size, file.footer_checksum)
        return replace(segment, deleted=len(deleted), deletions=deletions)

    def write_bridge(self, content: Content) -> WrittenFile:
        """Write the bridge of the next commit."""
        path = self.directory / f"chaja-{self._commit.generation + 1}.bridge"
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

        `words` is the size of the lexicon; as it only grows, a smaller number is ignored.
        """
        generation = self._commit.generation + 1
        file = self._write_catalogue(generation, catalogue)
        about = replace(self.about, built=built, words=max(words, self.about.words))
        commit = Commit(generation, about, tuple(segments), file, bridge or self._commit.bridge)
        with reported_damage(self.directory, missing=True):
            for written in commit.files:
                sync(self.directory / written.name)
        sync(self.directory)
        write_commit(self.directory, commit)
        self._commit = commit
        self.clear()

    def _write_catalogue(self, generation: int, catalogue: Catalogue) -> WrittenFile:
        data = catalogues.encoded(catalogue)
        written = WrittenFile(f"chaja-{generation}.files", len(data), crc32(data))
        with create(self.directory / written.name) as file:
            file.write(data)
        return written


def _delete_format_1(directory: Path) -> None:
    """Delete an index of format 1, which a rebuild has replaced."""
    if (directory / OLD_CURRENT).is_file():
        for path in directory.glob("index-*"):
            if (path / "about.json").is_file():
                shutil.rmtree(path, ignore_errors=True)
        for path in (*directory.glob("lexicon-*.db*"), directory / OLD_CURRENT):
            remove(path)
