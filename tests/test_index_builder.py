"""Builds bring an index to what a first build of the folder would give, and tell what they did."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from corpus.errors import CorpusError
from index import builder
from index.analysis.korean import Korean
from index.builder import BuildReport, Progress, build
from index.catalogue import Catalogue
from index.place import FOLDER
from index.store import Store

from index_corpus import built, put, put_all, seen, seen_afresh, some_files, some_text
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk

pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk")


def counts(report: BuildReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.removed, report.unchanged


class Editor:
    """Changes a folder at random, and knows what a build should count."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self._folder = folder
        self._rng = rng
        self._built: dict[str, str] = {}
        self._now: dict[str, str] = {}
        self._named = 0

    def change(self) -> None:
        """Add, edit, delete or rename a file."""
        change = self._rng.choice((self._add, self._add, self._edit, self._delete, self._rename))
        change()

    def _write(self, name: str, text: str) -> None:
        put(self._folder, name, text)
        self._now[name] = text

    def _add(self) -> None:
        self._named += 1
        suffix = self._rng.choice(("txt", "md", "sub/x.md"))
        self._write(f"n{self._named}.{suffix}", some_text(self._rng))

    def _edit(self) -> None:
        if self._now:
            self._write(self._rng.choice(sorted(self._now)), some_text(self._rng, paragraphs=2))

    def _delete(self) -> str:
        if not self._now:
            return ""
        name = self._rng.choice(sorted(self._now))
        (self._folder / name).unlink()
        return self._now.pop(name)

    def _rename(self) -> None:
        if text := self._delete():
            self._named += 1
            self._write(f"renamed{self._named}.txt", text)

    def expected(self) -> tuple[int, int, int, int]:
        """Return what a build counts now, and take it for done."""
        before, now = self._built, self._now
        kept = before.keys() & now.keys()
        updated = sum(before[name] != now[name] for name in kept)
        added, removed = len(now.keys() - before.keys()), len(before.keys() - now.keys())
        self._built = dict(now)
        return added, updated, removed, len(kept) - updated


@pytest.mark.parametrize("seed", range(4))
def test_any_way_to_a_folder_gives_the_index_of_the_folder(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    editor = Editor(tmp_path, rng)
    for step in range(24):
        for _ in range(rng.randint(0, 4)):
            editor.change()
        assert counts(built(tmp_path)) == editor.expected()
        if step % 8 == 7:
            assert seen(tmp_path / FOLDER) == seen_afresh(tmp_path)
