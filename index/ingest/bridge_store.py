"""The bridge during one build: read from the last commit, updated, and written if it changed."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from contextlib import closing
from pathlib import Path

from ..analysis.analyzer import Analyzer
from ..arrays.array_file import ArrayFile
from ..arrays.files import CorruptFile, WrittenFile
from ..bridge.entry import OF_THE_USER, Source, deduplicate
from ..bridge.table import Content, Table
from ..directory.catalogue import CataloguedFile
from ..directory.commit import current_generation, sound_commits
from ..directory.directory_reader import bridge_content, read_table
from ..directory.directory_writer import DirectoryWriter
from ..directory.salvage import newest_first
from ..value import NamedTuple
from .bridge_update import (
    BridgeUpdater,
    Prepared,
    UserTranslations,
    declared_pairs,
    prepared,
)
from .parallel_texts import BridgeSource, ReadAhead

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
        self._prepared: Prepared | None = None
        self.notes: list[str] = []
        self.learning = NO_LEARNING
        self._before = self._user_content(store.directory) if fresh else bridge_content(store)

    def _user_content(self, directory: Path) -> Content:
        """Return the user's part of the bridge of the index that is replaced, if readable."""
        content, notes = readable_bridge(directory)
        self.notes += notes
        return _user_part(content or Content())

    @property
    def is_due(self) -> bool:
        """Whether the user gave entries or file pairs that the bridge does not have."""
        before = _user_part(self._before)
        entries = deduplicate([*self._given.entries, *before.entries])
        return entries != before.entries or not set(self._given.pairs) <= set(before.declared)

    def prepare(self, ahead: ReadAhead, files: Mapping[str, CataloguedFile]) -> None:
        """Do what learning can do before the words of the next commit are analyzed.

        `files` are its catalogue.
        """
        declared = declared_pairs(self._before, self._given)
        self._prepared = prepared(ahead, files, self._before, declared)

    def file(
        self, source: BridgeSource, analyzer: Analyzer, files: Mapping[str, CataloguedFile]
    ) -> WrittenFile:
        """Return the bridge file for the next commit, whose documents `source` shows."""
        updater = BridgeUpdater(source, analyzer, files, prepared=self._prepared)
        content = updater.content(self._before, self._given)
        self.notes += updater.notes
        if content.learned != self._before.learned:
            learned = sum(entry.source is Source.PARALLEL for entry in content.entries)
            self.learning = LearningStats(learned, len(content.learned))
        file = self._store.bridge_file
        return file if file and content == self._before else self._store.write_bridge(content)


def readable_bridge(
    directory: Path, *, damaged: Collection[str] = ()
) -> tuple[Content | None, tuple[str, ...]]:
    """Return the newest sound bridge of an index, with what the user gave in a damaged later one.

    It has any format, as the layout has not changed since format 3, the first with a bridge; it is
    None if there is no bridge. `damaged` are names of files that are not what the commits name.
    The notes say what is lost.
    """
    user = Content()
    notes: tuple[str, ...] = ()
    names = _bridges(directory)
    for name in names:
        try:
            content = read_table(Table(directory / name))
        except (CorruptFile, OSError):
            notes = (_LOST,)
            continue
        is_sound = name not in damaged and _is_sound(directory / name)
        content = content if is_sound else _user_part(content)
        user = content._replace(
            entries=deduplicate([*user.entries, *content.entries]),
            declared=tuple(sorted({*user.declared, *content.declared})),
        )
        if is_sound:
            break
    return user if names else None, notes


def _bridges(directory: Path) -> list[str]:
    """Return the bridges of the kept commits, and others that no stopped build left behind them."""
    last = current_generation(directory) or math.inf
    named = {commit.bridge.name for commit in sound_commits(directory) if commit.bridge}
    found = {path.name for path in newest_first(directory, "bridge")}
    numbers = {name: int(name.removeprefix("chaja-").partition(".")[0]) for name in named | found}
    names = sorted(numbers, key=lambda name: -numbers[name])
    return [name for name in names if numbers[name] <= last]


def _is_sound(path: Path) -> bool:
    try:
        with closing(ArrayFile(path)) as file:
            file.check_all()
    except (CorruptFile, OSError):
        return False
    return True


def _user_part(content: Content) -> Content:
    """Return what the user gave, which cannot be learned again."""
    entries = tuple(entry for entry in content.entries if entry.source in OF_THE_USER)
    return Content(entries=entries, declared=content.declared)
