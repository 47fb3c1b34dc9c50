"""The bridge of one build: read from the last commit, written for the next where it has changed."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from corpus.errors import IndexDamaged, IndexOutdated

from ..analysis.analyzer import Analyzer
from ..arrays.files import CorruptFile, WrittenFile
from ..bridge.entry import Source, each_once
from ..bridge.table import Content, Table
from ..directory.catalogue import CataloguedFile
from ..directory.damage import damaged
from ..directory.directory_reader import DirectoryReader, all_of, content_of
from ..directory.directory_writer import DirectoryWriter
from ..directory.location import has_index
from ..snapshot import Snapshot
from .bridge_update import BridgeUpdater, UserTranslations

_NAME = re.compile(r"chaja-([1-9][0-9]{0,17})\.bridge")
_LOST = "the damaged index lost what --glossary, --pairs and chaja glossary added: add it again"


class LearningStats(NamedTuple):
    """What was learned anew: so many translations, from so many texts in both languages."""

    translations: int = 0
    texts: int = 0


NO_LEARNING = LearningStats()


class BridgeStore:
    """Keeps the bridge of the index that `store` is to bring up to date.

    `notes` are sentences for the user.
    """

    def __init__(self, store: DirectoryWriter, given: UserTranslations, *, fresh: bool) -> None:
        """Take what the user says now; a `fresh` store replaces the index in its directory."""
        self._store = store
        self._given = given
        self.notes: list[str] = []
        self.learning = NO_LEARNING
        self._before = self._kept(store.directory) if fresh else content_of(store)

    def _kept(self, directory: Path) -> Content:
        """Return what an index made anew keeps of the one it replaces, where that can be read."""
        try:
            return _of_user(_content_in(directory))
        except IndexDamaged:
            self.notes.append(_LOST)
            return Content()

    @property
    def is_due(self) -> bool:
        """Whether the user says what they did not say before."""
        before = _of_user(self._before)
        said = each_once([*self._given.entries, *before.entries])
        return said != before.entries or not set(self._given.pairs) <= set(before.declared)

    def file(
        self, snapshot: Snapshot, analyzer: Analyzer, files: Mapping[str, CataloguedFile]
    ) -> WrittenFile:
        """Return the file of the bridge for an index that is about to be committed."""
        upkeep = BridgeUpdater(snapshot, analyzer, files)
        content = upkeep.content(self._before, self._given)
        self.notes += upkeep.notes
        if content.learned != self._before.learned:
            learned = sum(entry.source is Source.PARALLEL for entry in content.entries)
            self.learning = LearningStats(learned, len(content.learned))
        file = self._store.bridge_file
        return file if file and content == self._before else self._store.write_bridge(content)


def _content_in(directory: Path) -> Content:
    """Return what the bridge of the index in a directory holds, whatever format the index is of.

    Raises IndexDamaged.
    """
    if not has_index(directory):
        return Content()
    try:
        store = DirectoryReader.open(directory)
    except (IndexDamaged, IndexOutdated):
        return _newest_content(directory)
    return content_of(store)


def _newest_content(directory: Path) -> Content:
    """Return what the newest bridge that can be read holds, where no table of contents names it.

    Its layout has been the same since format 3, the first to have one. Raises IndexDamaged.
    """
    found = map(_NAME.fullmatch, os.listdir(directory))
    wrong: Exception | None = None
    for number in sorted((int(name[1]) for name in found if name), reverse=True):
        try:
            return all_of(Table(directory / f"chaja-{number}.bridge"))
        except (CorruptFile, OSError) as error:
            wrong = error  # a build that was stopped may have left half of one
    if wrong is not None:
        raise damaged(directory, wrong)
    return Content()


def _of_user(content: Content) -> Content:
    """Return what nobody can learn again."""
    entries = tuple(entry for entry in content.entries if entry.source is Source.USER)
    return Content(entries=entries, declared=content.declared)
