"""An index that is written to: files beside the old ones, then a commit that names them."""

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
from ..arrays.files import NEW, CorruptFile, WrittenFile, create, remove, sync
from ..bridge.table import Content, write_table
from ..segment.content import Segment, SegmentContent
from ..segment.segment_writer import write_segment
from . import catalogue as catalogues
from .catalogue import Catalogue
from .commit import About, Commit, generations, is_own, latest, named_by, write_commit
from .damage import reported_damage
from .directory_reader import DirectoryReader
from .location import OLD_CURRENT

_NAME_BYTES = 8


class DirectoryWriter(DirectoryReader):
    """A store that the one who holds the lock takes to its next commit."""

    @classmethod
    def fresh(cls, directory: Path, about: About) -> Self:
        """Return an index without a segment, whose first commit replaces what `directory` holds."""
        last = max(generations(directory), default=0)
        return cls(directory, Commit(generation=last, about=about))

    def clear(self) -> None:
        """Clear away what builds that were stopped have left, and what no commit needs.

        What the disk says is committed counts: a commit may fail after its last step.
        """
        directory = self.directory
        try:
            commit = latest(directory)
        except (OSError, CorruptFile):
            return  # nobody can tell what it needs
        needed = named_by([commit] if commit else [])
        # The tables of contents first: without its own, a commit cannot be read half.
        for path in sorted(directory.glob("chaja-*"), key=lambda path: path.suffix != ".json"):
            name = path.name.removesuffix(NEW)
            if path.name not in needed and is_own(name):
                remove(path)
        if commit:
            _clear_old_format(directory)

    def write(self, content: SegmentContent) -> Segment:
        """Write a segment, to be committed or cleared away."""
        name = f"chaja-{secrets.token_hex(_NAME_BYTES)}"
        postings, text = write_segment(self.directory, name, content)
        return Segment(name, len(content.measures.document), postings, text)

    def without(self, segment: Segment, deleted: Int64s) -> Segment:
        """Return a segment from which the passages `deleted` (ascending) are deleted."""
        name = f"{segment.name}-{self._commit.generation + 1}.del"
        with ArrayWriter(self.directory / name) as file:
            file.put("passages", deleted)
        deletions = WrittenFile(name, file.size, file.footer_checksum)
        return replace(segment, deleted=len(deleted), deletions=deletions)

    def write_bridge(self, content: Content) -> WrittenFile:
        """Write what the next commit says of words in the other language."""
        path = self.directory / f"chaja-{self._commit.generation + 1}.bridge"
        return write_table(path, content, known=self._english_keys())

    def _english_keys(self) -> dict[str, str]:
        """Return the keys that the bridge of the last commit has, as far as they can be read."""
        with suppress(CorruptFile):  # its words are kept by now; keys can be found out again
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
        """Make `segments` and `catalogue` the index, durably, with `bridge` or that of before.

        The lexicon has `words`; as it only grows, never fewer than before.
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
        file = WrittenFile(f"chaja-{generation}.files", len(data), crc32(data))
        with create(self.directory / file.name) as catalogued:
            catalogued.write(data)
        return file


def _clear_old_format(directory: Path) -> None:
    """Clear away an index of format 1, which a rebuild has replaced."""
    if (directory / OLD_CURRENT).is_file():
        for path in directory.glob("index-*"):
            if (path / "about.json").is_file():
                shutil.rmtree(path, ignore_errors=True)
        for path in (*directory.glob("lexicon-*.db*"), directory / OLD_CURRENT):
            remove(path)
