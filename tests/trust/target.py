"""A small index to be forged: the same bytes in every run, except for times."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from index.directory import directory_writer
from index.directory.commit import commit_file_name
from index.directory.directory_writer import DirectoryWriter
from index.directory.location import FOLDER
from index.ingest import writable_analyzer
from tests.index_corpus import PlainKorean, built, put, put_all, some_files

from .forging import Forgery, Json, commit_file_bytes, commit_file_path

_ARRAYS = (".seg", ".txt", ".del", ".lex", ".bridge")


class Target:
    """An undamaged index, of which files can be forged and reset; `before` keeps two commits."""

    def __init__(self, folder: Path, *, before: bool = False) -> None:
        rng = random.Random(7)
        with (
            patch.object(
                directory_writer.secrets, "token_hex", lambda size: rng.randbytes(size).hex()
            ),
            patch.object(writable_analyzer, "KoreanProcess", PlainKorean),
        ):
            self._build(folder, rng)
            if not before:
                _forget_commit_before(folder / FOLDER)
        self.directory = folder / FOLDER
        self.contents = json.loads(commit_file_path(self.directory).read_bytes())["commit"]
        self.files = {path.name: path.read_bytes() for path in self.directory.iterdir()}
        self.size = sum(map(len, self.files.values()))
        self.arrays = [name for name in sorted(self.files) if Path(name).suffix in _ARRAYS]
        self._forged: set[str] = set()

    def _build(self, folder: Path, rng: random.Random) -> None:
        put_all(folder, some_files(rng, 12))
        put(folder, "often.txt", "river treaty " * 180)
        built(folder)
        put(folder, "b.txt", "glacier storm policy")
        put(folder, "k.txt", "강물이 흐른다.")
        (folder / "a1.md").unlink()
        built(folder)

    def write(self, name: str, data: bytes) -> None:
        """Write a file into the directory, until the next reset."""
        (self.directory / name).write_bytes(data)
        self._forged.add(name)

    def reset(self) -> None:
        """Restore the undamaged files."""
        for name in self._forged:
            (self.directory / name).write_bytes(self.files[name])
        self._forged.clear()

    def commit(self, commit: Json) -> None:
        """Replace the commit file."""
        self.write(commit_file_path(self.directory).name, commit_file_bytes(commit))

    def forge(self, name: str, forgery: Forgery) -> None:
        """Replace an array file, and its size and checksum in the commit file."""
        self.replace(name, *forgery.packed())

    def replace(self, name: str, data: bytes, checksum: int) -> None:
        """Replace a file, and its size and checksum in the commit file."""
        self.write(name, data)
        commit = json.loads(json.dumps(self.contents))
        for file in _files_of(commit):
            if file["name"] == name:
                file.update(size=len(data), checksum=checksum)
        self.commit(commit)


def _forget_commit_before(directory: Path) -> None:
    (directory / commit_file_name(1)).unlink()
    DirectoryWriter.open(directory).clear()


def _files_of(commit: Json) -> Iterator[Json]:
    yield from (commit[kind] for kind in ("catalogue", "bridge") if commit[kind])
    for segment in commit["segments"]:
        yield from (segment[kind] for kind in ("postings", "text", "deletions") if segment[kind])
