"""Walks folders: the files that make up the corpus, always in the same order."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .document import Problem
from .errors import CorpusError
from .ignore import IgnoreFiles, IgnoreRules, normal_form

# The index stands beside the documents and is never part of them.
_INDEX_FOLDER = ".chaja"

_SAME_NAME = "another file has this name in a different Unicode normal form"
_UNPRINTABLE = "its name is not valid in the encoding of file names"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the corpus.

    `path` opens it. `name` is what it is called everywhere else: its path from the base of the
    corpus, with "/" and in NFC, so that it is the same on every machine. `size` is in bytes,
    `modified` in nanoseconds since 1970.
    """

    path: Path
    name: str
    size: int
    modified: int


def walk(
    roots: Sequence[Path],
    *,
    base: Path,
    suffixes: Collection[str],
    others: Counter[str] | None = None,
) -> Iterator[SourceFile | Problem]:
    """Yield each file once whose suffix is one of `suffixes` (small letters, with the dot).

    Folders are walked to the bottom, by name. Hidden files, symbolic links, what `.chajaignore`
    names and files of other kinds are passed over; `others` counts the last by suffix. A root that
    is itself hidden, ignored or a link is taken all the same.

    Raises CorpusError, before anything is yielded, for a root that is missing or cannot be opened.
    """
    places = sorted({os.path.realpath(root): _is_folder(root) for root in roots}.items())
    return _Walk(os.path.realpath(base), frozenset(suffixes), others).run(places)


def _is_folder(root: Path) -> bool:
    try:
        is_folder = stat.S_ISDIR(root.stat().st_mode)
        if is_folder:
            # Found unreadable only later, an empty walk would take every document for removed.
            os.scandir(root).close()
    except FileNotFoundError as error:
        hint = "Check the spelling, and that its disk is connected."
        raise CorpusError(f"{root}: no such file or folder", hint=hint) from error
    except OSError as error:
        hint = "Check its permissions."
        raise CorpusError(f"{root}: {error.strerror}", hint=hint) from error
    return is_folder


@dataclass(frozen=True, slots=True)
class _Place:
    """A file or folder to visit, and the rules that hold where it stands."""

    path: str
    name: str
    is_folder: bool
    rules: IgnoreRules | None = None


class _Walk:
    """One walk: what it looks for, and what it has met."""

    def __init__(self, base: str, suffixes: frozenset[str], others: Counter[str] | None) -> None:
        self._base = base
        self._suffixes = suffixes
        self._others = Counter[str]() if others is None else others
        self._ignore_files = IgnoreFiles()
        self._opened: set[str] = set()
        self._paths: dict[str, str] = {}

    def run(self, roots: Iterable[tuple[str, bool]]) -> Iterator[SourceFile | Problem]:
        for path, is_folder in roots:
            name = _name(path, self._base)
            reason = self._refusal(path, name, is_folder=is_folder)
            if reason:
                yield Problem(path=_printable(name), reason=reason)
                continue
            rules = None
            if is_folder:
                rules, problems = self._ignore_files.rules_above(self._base, path)
                yield from problems
            yield from self._descend(_Place(path, name, is_folder, rules))

    def _refusal(self, path: str, name: str, *, is_folder: bool) -> str:
        """Return why a place that was asked for cannot be taken, or ""."""
        if _INDEX_FOLDER in Path(path).parts:
            return "part of an index, not a document"
        if not _is_printable(name):
            return _UNPRINTABLE
        suffix = _suffix(path)
        if is_folder or suffix in self._suffixes:
            return ""
        return f"files of this type are not supported: {suffix or 'no suffix'}"

    def _descend(self, root: _Place) -> Iterator[SourceFile | Problem]:
        # A stack, not recursion: folders may nest deeper than Python calls.
        pending = [root]
        while pending:
            place = pending.pop()
            if not place.is_folder:
                found = self._take(place)
                if found is not None:
                    yield found
            elif place.path not in self._opened:
                self._opened.add(place.path)
                places, problems = self._open(place)
                yield from problems
                pending.extend(reversed(places))

    def _open(self, folder: _Place) -> tuple[list[_Place], list[Problem]]:
        """Return what to visit in `folder`, by name, and what cannot be."""
        try:
            with os.scandir(folder.path) as entries:
                visible = [
                    (normal_form(entry.name), entry.name, entry)
                    for entry in entries
                    if not entry.name.startswith(".")
                ]
        except OSError as error:
            return [], [_problem(folder.name, error)]
        visible.sort()
        rules, wrong = self._ignore_files.rules_of(folder.path, folder.name, folder.rules)
        prefix = "" if folder.name == "." else folder.name + "/"
        places: list[_Place] = []
        problems = list(wrong)
        for name, _, entry in visible:
            found = self._look_at(entry, prefix + name, rules)
            if isinstance(found, Problem):
                problems.append(found)
            elif found is not None:
                places.append(found)
        return places, problems

    def _look_at(
        self, entry: os.DirEntry[str], name: str, rules: IgnoreRules | None
    ) -> _Place | Problem | None:
        """Return the entry of a folder as a place to visit; None if it is passed over."""
        try:
            is_folder = entry.is_dir(follow_symlinks=False)
            if not is_folder and not entry.is_file(follow_symlinks=False):
                return None
        except OSError as error:
            return _problem(name, error)
        if rules is not None and rules.ignores(name, is_folder=is_folder):
            return None
        if not is_folder and (suffix := _suffix(entry.name)) not in self._suffixes:
            self._others[suffix] += 1
            return None
        if not _is_printable(name):
            return Problem(path=_printable(name), reason=_UNPRINTABLE)
        return _Place(entry.path, name, is_folder, rules)

    def _take(self, place: _Place) -> SourceFile | Problem | None:
        """Return the file at `place`; None if another root led to it."""
        known = self._paths.setdefault(place.name, place.path)
        if known != place.path:
            return Problem(path=place.name, reason=_SAME_NAME)
        if place.path in self._opened:
            return None
        self._opened.add(place.path)
        return _file(place)


def _file(place: _Place) -> SourceFile | Problem:
    try:
        status = os.stat(place.path)
    except OSError as error:
        return _problem(place.name, error)
    if not stat.S_ISREG(status.st_mode):
        # Opening a pipe would wait for whoever writes to it.
        return Problem(path=place.name, reason="not a regular file")
    return SourceFile(Path(place.path), place.name, status.st_size, status.st_mtime_ns)


def name_of(path: Path, base: Path) -> str:
    """Return what the corpus calls `path`: as `walk` does, from `base`, with links resolved."""
    return _name(os.path.realpath(path), os.path.realpath(base))


def _name(path: str, base: str) -> str:
    try:
        relative = os.path.relpath(path, base)
    except ValueError:  # they are on different drives of a Windows machine
        relative = path
    return normal_form(Path(relative).as_posix())


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1].lower()


def _problem(name: str, error: OSError) -> Problem:
    return Problem(path=_printable(name), reason=f"cannot be read: {error.strerror}")


def _is_printable(name: str) -> bool:
    return name.isascii() or _printable(name) == name


def _printable(name: str) -> str:
    """Return a name that can be written as UTF-8: bytes that were no text become escapes."""
    return name.encode(errors="backslashreplace").decode()
