"""The bridge during one build: read from the last commit, updated, and written if it changed."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from corpus.errors import IndexDamaged, IndexOutdated

from ..analysis.analyzer import Analyzer
from ..arrays.files import CorruptFile, WrittenFile
from ..bridge.entry import Source, deduplicate
from ..bridge.table import Content, Table
from ..directory.catalogue import CataloguedFile
from ..directory.damage import damaged
from ..directory.directory_reader import DirectoryReader, bridge_content, read_table
from ..directory.directory_writer import DirectoryWriter
from ..directory.location import has_index
from ..snapshot import Snapshot
from .bridge_update import BridgeUpdater, UserTranslations

_NAME = re.compile(r"chaja-([1-9][0-9]{0,17})\.bridge")
_LOST = "the damaged index lost what --glossary, --pairs and chaja glossary added: add it again"


class LearningStats(NamedTuple):
    """The number of translations learned by a build, and of texts in both languages used."""

    translations: int = 0
    texts: int = 0


NO_LEARNING = LearningStats()


class BridgeStore:
    """Loads and saves the bridge of an index during a build; `notes` are for the user."""

    def __init__(self, store: DirectoryWriter, given: UserTranslations, *, fresh: bool) -> None:
        """Load the last bridge; a `fresh` store replaces the index, and keeps user entries only."""
        self._store = store
        self._given = given
        self.notes: list[str] = []
        self.learning = NO_LEARNING
        self._before = self._user_content(store.directory) if fresh else bridge_content(store)

    def _user_content(self, directory: Path) -> Content:
        """Return the user's part of the bridge of the index that is replaced, if readable."""
        try:
            return _user_part(_content_in(directory))
        except IndexDamaged:
            self.notes.append(_LOST)
            return Content()

    @property
    def is_due(self) -> bool:
        """Whether the user gave entries or file pairs that the bridge does not have."""
        before = _user_part(self._before)
        entries = deduplicate([*self._given.entries, *before.entries])
        return entries != before.entries or not set(self._given.pairs) <= set(before.declared)

    def file(
        self, snapshot: Snapshot, analyzer: Analyzer, files: Mapping[str, CataloguedFile]
    ) -> WrittenFile:
        """Return the bridge file for the next commit, of which `snapshot` shows the segments."""
        updater = BridgeUpdater(snapshot, analyzer, files)
        content = updater.content(self._before, self._given)
        self.notes += updater.notes
        if content.learned != self._before.learned:
            learned = sum(entry.source is Source.PARALLEL for entry in content.entries)
            self.learning = LearningStats(learned, len(content.learned))
        file = self._store.bridge_file
        return file if file and content == self._before else self._store.write_bridge(content)


def _content_in(directory: Path) -> Content:
    """Return the bridge of the index in a directory, of any format. Raises IndexDamaged.

    If the commit file cannot be read, return the newest readable bridge: the layout has not
    changed since format 3, the first with a bridge.
    """
    if not has_index(directory):
        return Content()
    try:
        store = DirectoryReader.open(directory)
    except (IndexDamaged, IndexOutdated):
        pass
    else:
        return bridge_content(store)
    found = map(_NAME.fullmatch, os.listdir(directory))
    failure: Exception | None = None
    for number in sorted((int(name[1]) for name in found if name), reverse=True):
        try:
            return read_table(Table(directory / f"chaja-{number}.bridge"))
        except (CorruptFile, OSError) as error:
            failure = error  # a build that was stopped may have left half of one
    if failure is not None:
        raise damaged(directory, failure)
    return Content()


def _user_part(content: Content) -> Content:
    """Return what the user gave, which cannot be learned again."""
    entries = tuple(entry for entry in content.entries if entry.source is Source.USER)
    return Content(entries=entries, declared=content.declared)
