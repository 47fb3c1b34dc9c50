"""The index directory: what stands in it, and how it goes from one state to the next.

    .chaja/
        current             the name of the folder in force, replaced as a whole
        lock                held by the one who builds
        lexicon-….db        the words of one analyser; it only grows
        index-…/            one index
            about.json      its format and its analyser
            files.db        the files it was built from
            _chaja_N.toc    Whoosh's table of contents: the segments of commit N
            chaja_….*       the files of a segment

A commit writes new segments beside the old ones and then one new table of contents, moved into
place. A rebuild makes a new index folder beside the old one and then moves `current`. Whoever is
stopped before that leaves the index as it was; the next build clears away what was left.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whoosh.index import TOC, EmptyIndexError, clean_files

from corpus.errors import AnalyserMismatch

from .catalogue import Catalogue
from .damage import damaged, outdated
from .damage import reported_damage as reported_damage
from .durable import NEW, replace_text, sync
from .fields import schema
from .place import CURRENT
from .segment.content import SegmentContent
from .segment.reader import SegmentReader
from .segment.writer import write_segment
from .snapshot import Snapshot
from .toc import HALF_WRITTEN, NAME, IndexStorage, read_toc

FORMAT = 1
_CATALOGUE = "files.db"
_LEXICON_DIGITS = 12
# A reader may look at a folder just as a build replaces it; it looks again this many times.
_TRIES = 10


@dataclass(frozen=True, slots=True)
class About:
    """What an index says of itself: its format, and the analyser that made its terms."""

    format: int
    analyser: str
    built: str
    dictionary: tuple[tuple[str, str, float], ...] = ()


class Store:
    """One index folder, open."""

    def __init__(self, folder: Path, about: About) -> None:
        self.folder = folder
        self.about = about
        self._storage = IndexStorage(str(folder))
        self._schema = schema()
        self._toc = read_toc(self._storage, self._schema)

    @classmethod
    def open(cls, directory: Path) -> Store:
        """Open the index that is in force in `directory`.

        Raises IndexDamaged and IndexOutdated.
        """
        for left in reversed(range(_TRIES)):
            with reported_damage(directory):
                try:
                    folder = folder_in_force(directory)
                    return cls(folder, read_about(folder))
                except (FileNotFoundError, EmptyIndexError) as error:
                    # A rebuild has replaced the folder and cleared it away: look again.
                    if not left:
                        raise damaged(directory, error) from error
        raise AssertionError  # pragma: no cover - the loop returns or raises

    @classmethod
    def create(cls, directory: Path, about: About) -> Store:
        """Make an empty index folder in `directory`, not yet in force."""
        last = max(map(_number, directory.glob("index-*")), default=0)
        folder = directory / f"index-{last + 1}"
        folder.mkdir(parents=True)
        TOC(schema(), [], 0).write(IndexStorage(str(folder)), NAME)
        Catalogue(folder / _CATALOGUE, new=True).close()
        write_about(folder, about)
        return cls(folder, about)

    def catalogue(self, *, writable: bool = True) -> Catalogue:
        """Open the list of what the index was built from. Raises IndexDamaged."""
        with reported_damage(self.folder.parent):
            return Catalogue(self.folder / _CATALOGUE, writable=writable)

    def put_in_force(self) -> None:
        """Make this the index of its directory and clear away the others."""
        replace_text(self.folder.with_name(CURRENT), self.folder.name + "\n")
        self.clear()

    def clear(self) -> None:
        """Clear away what builds that were stopped have left: other folders, loose segments."""
        directory = self.folder.parent
        for path in directory.glob("index-*"):
            if path != self.folder and _is_index(path):
                shutil.rmtree(path, ignore_errors=True)
        _remove(directory.glob(CURRENT + NEW))
        self.forget()

    def discard(self) -> None:
        """Clear away a new index, unless it has been put in force."""
        with suppress(OSError, ValueError):
            if folder_in_force(self.folder.parent) == self.folder:
                return
        shutil.rmtree(self.folder, ignore_errors=True)

    def readers(self) -> list[SegmentReader]:
        """Open the segments of the last commit."""
        return self.open_all(self._toc.segments)

    def open_all(self, segments: Iterable[Any]) -> list[SegmentReader]:
        """Open segments, committed or not: all of them, or none."""
        with ExitStack() as opened:
            readers: list[SegmentReader] = []
            for segment in segments:
                reader = SegmentReader(self._storage, segment, self._schema)
                opened.callback(reader.close)
                readers.append(reader)
            opened.pop_all()
        return readers

    def snapshot(self) -> Snapshot:
        """Open the last commit as one. Raises IndexDamaged, AnalyserMismatch after a rebuild."""
        for left in reversed(range(_TRIES)):
            with reported_damage(self.folder.parent):
                try:
                    return Snapshot(self.readers())
                except FileNotFoundError as error:
                    # A build has committed and cleared its old segments away: look again.
                    if not left:
                        raise damaged(self.folder.parent, error) from error
                    self._look_again()
        raise AssertionError  # pragma: no cover - the loop returns or raises

    def _look_again(self) -> None:
        latest = Store.open(self.folder.parent)
        if latest.about.analyser != self.about.analyser:
            raise AnalyserMismatch(
                f"{self.folder.parent}: was just built anew with another analyser",
                hint="Search again.",
            )
        self.folder, self.about = latest.folder, latest.about
        self._storage, self._toc = latest._storage, latest._toc

    def write(self, content: SegmentContent) -> Any:  # noqa: ANN401 - Whoosh has no types
        """Write a segment, to be committed or forgotten."""
        return write_segment(self._storage, self._schema, NAME, content)

    def commit(self, segments: Iterable[Any]) -> None:
        """Make `segments` (of `readers`, changed or not, and of `write`) the index, durably."""
        segments = list(segments)
        for segment in segments:
            for name in segment.list_files(self._storage):
                sync(self.folder / name)
        toc = TOC(self._schema, segments, self._toc.generation + 1)
        toc.write(self._storage, NAME)
        self._toc = toc
        self.forget()

    def forget(self) -> None:
        """Clear away the files of segments that are not committed.

        What the disk says is committed counts: a commit may fail after its last step.
        """
        toc = read_toc(self._storage, self._schema)
        clean_files(self._storage, NAME, toc.generation, toc.segments)
        for pattern in (HALF_WRITTEN, "*" + NEW):
            _remove(self.folder.glob(pattern))


def about_in_force(directory: Path) -> About:
    """Return what the index in force says of itself. Raises IndexDamaged and IndexOutdated."""
    with reported_damage(directory, missing=True):
        return read_about(folder_in_force(directory))


def folder_in_force(directory: Path) -> Path:
    """Return the index folder that `current` names; it need not exist."""
    return directory / (directory / CURRENT).read_text(encoding="utf-8").strip()


def _number(folder: Path) -> int:
    """Return the number in the name of an index folder, 0 for one of another name."""
    number = folder.name.removeprefix("index-")
    return int(number) if number.isdecimal() and number.isascii() else 0


def _is_index(folder: Path) -> bool:
    """Tell an index folder from one of the user's, who may keep an index among documents."""
    own = re.compile(rf"about\.json|files\.db|_?{NAME}_")
    return _number(folder) > 0 and all(own.match(path.name) for path in folder.iterdir())


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        with suppress(OSError):  # the next build removes it
            path.unlink()


def lexicon_path(directory: Path, analyser: str) -> Path:
    """Return the file that keeps the words of `analyser`."""
    from hashlib import blake2b

    digest = blake2b(analyser.encode(), digest_size=_LEXICON_DIGITS // 2).hexdigest()
    return directory / f"lexicon-{digest}.db"


def read_about(folder: Path) -> About:
    """Read what an index says of itself. Raises IndexOutdated for another format."""
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    if about["format"] != FORMAT:
        raise outdated(folder.parent)
    words = tuple((str(word), str(tag), float(score)) for word, tag, score in about["dictionary"])
    return About(FORMAT, str(about["analyser"]), str(about["built"]), words)


def write_about(folder: Path, about: About) -> None:
    """Write what an index says of itself, in one move."""
    facts = {name: getattr(about, name) for name in About.__slots__}
    replace_text(folder / "about.json", json.dumps(facts, ensure_ascii=False, indent=1) + "\n")
