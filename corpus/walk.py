"""Walks folders: yields the files of the corpus, always in the same order."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .document import Problem
from .errors import CorpusError
from .ignore import IgnoreFiles, IgnoreRules
from .names import readable

# The index lies beside the documents and is never part of them.
_INDEX_FOLDER = ".chaja"

# What `unsupported` counts symbolic links as; a suffix begins with a dot.
LINKS = "links"

_SAME_NAME = "another file has this name in another Unicode normal form or encoding"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the corpus.

    `path` opens it. `name` identifies it in the index and in messages: the path relative to the
    base of the corpus, with "/", decoded and in NFC, the same on every machine. `size` is in bytes,
    `modified` in nanoseconds since 1970. `on_disk` is the path relative to the base where the disk
    has other characters than `name`, else "".
    """

    path: Path
    name: str
    size: int
    modified: int
    on_disk: str = ""


def walk(
    roots: Sequence[Path],
    *,
    base: Path,
    suffixes: Collection[str],
    unsupported: Counter[str] | None = None,
) -> Iterator[SourceFile | Problem]:
    """Yield each file below `roots` whose suffix is in `suffixes` (lower case, with the dot) once.

    Folders are walked in depth, sorted by name. Hidden files, files matched by `.chajaignore`,
    symbolic links and other file types are skipped; `unsupported` counts the last by suffix, and
    links as LINKS. A root is never skipped for being hidden, ignored or a link.

    Raises CorpusError, before the first file, for a root that is missing or cannot be opened.
    """
    real_roots = sorted({os.path.realpath(root): _is_folder(root) for root in roots}.items())
    return _Walk(os.path.realpath(base), frozenset(suffixes), unsupported).run(real_roots)


def _is_folder(root: Path) -> bool:
    try:
        if not stat.S_ISDIR(root.stat().st_mode):
            return False
        # If it failed later instead, all its documents would count as removed.
        os.scandir(root).close()
    except FileNotFoundError as error:
        hint = "Check the spelling, and that its disk is connected."
        raise CorpusError(f"{root}: no such file or folder", hint=hint) from error
    except OSError as error:
        hint = "Check its permissions."
        raise CorpusError(f"{root}: {error.strerror}", hint=hint) from error
    return True


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file or folder to visit, with the ignore rules of the folder that contains it."""

    path: str
    name: str
    is_folder: bool
    rules: IgnoreRules | None = None


class _Walk:
    """One walk, with the paths visited so far."""

    def __init__(
        self, base: str, suffixes: frozenset[str], unsupported: Counter[str] | None
    ) -> None:
        self._base = base
        self._suffixes = suffixes
        self._others = Counter[str]() if unsupported is None else unsupported
        self._ignore_files = IgnoreFiles()
        self._visited: set[str] = set()
        self._paths: dict[str, str] = {}

    def run(self, roots: Iterable[tuple[str, bool]]) -> Iterator[SourceFile | Problem]:
        for path, is_folder in roots:
            name = _name(path, self._base)
            reason = self._refusal(path, name, is_folder=is_folder)
            if reason:
                yield Problem(path=name, reason=reason)
                continue
            rules = None
            if is_folder:
                try:
                    rules, problems = self._ignore_files.rules_above(self._base, path)
                except OSError as error:
                    yield _unread_rules(error, self._base)
                    continue
                yield from problems
            yield from self._descend(_Entry(path, name, is_folder, rules))

    def _refusal(self, path: str, name: str, *, is_folder: bool) -> str:
        """Return why a root cannot be walked, or ""."""
        if _INDEX_FOLDER in Path(path).parts:
            return "part of an index, not a document"
        suffix = _suffix(path)
        if is_folder or suffix in self._suffixes:
            return ""
        return f"files of this type are not supported: {suffix or 'no suffix'}"

    def _descend(self, root: _Entry) -> Iterator[SourceFile | Problem]:
        # A stack, not recursion: folders may nest deeper than Python calls.
        pending = [root]
        while pending:
            entry = pending.pop()
            if not entry.is_folder:
                file = self._file(entry)
                if file is not None:
                    yield file
            elif entry.path not in self._visited:
                self._visited.add(entry.path)
                children = list(self._children(entry))
                yield from (child for child in children if isinstance(child, Problem))
                pending.extend(child for child in reversed(children) if isinstance(child, _Entry))

    def _children(self, folder: _Entry) -> Iterator[_Entry | Problem]:
        """Yield the entries of `folder` to visit, sorted by name, and its Problems."""
        try:
            with os.scandir(folder.path) as entries:
                visible = sorted(
                    (readable(entry.name), entry.name, entry)
                    for entry in entries
                    if not entry.name.startswith(".")
                )
        except OSError as error:
            yield _problem(folder.name, error)
            return
        try:
            rules, problems = self._ignore_files.rules_of(folder.path, folder.name, folder.rules)
        except OSError as error:
            yield _unread_rules(error, self._base)
            return
        yield from problems
        prefix = "" if folder.name == "." else folder.name + "/"
        for name, _, entry in visible:
            child = self._child(entry, prefix + name, rules)
            if child is not None:
                yield child

    def _child(
        self, entry: os.DirEntry[str], name: str, rules: IgnoreRules | None
    ) -> _Entry | Problem | None:
        """Return a folder's entry as one to visit; None if it is skipped."""
        try:
            is_folder = entry.is_dir(follow_symlinks=False)
            is_file = entry.is_file(follow_symlinks=False)
            is_link = entry.is_symlink()
        except OSError as error:
            return _problem(name, error)
        if rules is not None and rules.ignores(name, is_folder=is_folder):
            return None
        kind = LINKS if is_link else _suffix(entry.name)
        if is_link or (is_file and kind not in self._suffixes):
            self._others[kind] += 1
            return None
        if not is_file and not is_folder:
            return None
        return _Entry(entry.path, name, is_folder, rules)

    def _file(self, entry: _Entry) -> SourceFile | Problem | None:
        """Return the file of an entry; None if it was reached from another root before."""
        if self._paths.setdefault(entry.name, entry.path) != entry.path:
            return Problem(path=entry.name, reason=_SAME_NAME)
        if entry.path in self._visited:
            return None
        self._visited.add(entry.path)
        try:
            status = os.stat(entry.path)
        except OSError as error:
            return _problem(entry.name, error)
        if not stat.S_ISREG(status.st_mode):
            # Opening a pipe would block until a process writes to it.
            return Problem(path=entry.name, reason="not a regular file")
        on_disk = "" if entry.path.isascii() else _relative(entry.path, self._base)
        return SourceFile(
            Path(entry.path),
            entry.name,
            status.st_size,
            status.st_mtime_ns,
            on_disk if on_disk != entry.name else "",
        )


def name_of(path: Path, base: Path) -> str:
    """Return the name that `walk` gives to `path`: relative to `base`, with links resolved."""
    return readable(path_on_disk(path, base))


def path_on_disk(path: Path, base: Path) -> str:
    """Return `path` relative to `base`, with links resolved and "/" between its parts."""
    return _relative(os.path.realpath(path), os.path.realpath(base))


def _name(path: str, base: str) -> str:
    return readable(_relative(path, base))


def _relative(path: str, base: str) -> str:
    try:
        relative = os.path.relpath(path, base)
    except ValueError:  # they are on different drives of a Windows machine
        relative = path
    return Path(relative).as_posix()


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1].lower()


def _problem(name: str, error: OSError) -> Problem:
    reason = f"cannot be read: {error.strerror}"
    return Problem(path=name, reason=reason, passing=True)


def _unread_rules(error: OSError, base: str) -> Problem:
    """Return the problem of an ignore file; its folder is left out, which it may be meant to be."""
    return _problem(_name(error.filename or base, base), error)
