"""Ignore rules: `.chajaignore` files, in the syntax of `.gitignore`."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .document import Problem
from .encoding import bad_bytes, decode
from .errors import CorpusError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec, PathSpec, Pattern

IGNORE_FILE = ".chajaignore"


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The rules of one folder, and `outer`, the rules of the folders around it.

    `prefix` is the folder's name as the walk gives it, with a "/" at its end, or "".
    """

    prefix: str
    files: GitIgnoreSpec
    folders: PathSpec[Pattern]
    outer: IgnoreRules | None = None

    def ignores(self, name: str, *, is_folder: bool) -> bool:
        """Return whether the file or folder `name`, in or below this folder, is ignored.

        As in Git the last matching rule decides, and the rules of an inner folder come after
        those of an outer one. The caller must not descend into an ignored folder.
        """
        path = name.removeprefix(self.prefix)
        # For a file pathspec weighs patterns of files above those of folders around it, as Git
        # does; for a folder that would let "*" win over a later "!*/".
        checked = self.folders.check_file(path + "/") if is_folder else self.files.check_file(path)
        if checked.include is None and self.outer is not None:
            return self.outer.ignores(name, is_folder=is_folder)
        return bool(checked.include)


class IgnoreFiles:
    """The ignore files of a walk; each is read once, and its errors are reported once."""

    def __init__(self) -> None:
        self._known: dict[str, IgnoreRules | None] = {}

    def rules_of(
        self, folder: str, name: str, outer: IgnoreRules | None
    ) -> tuple[IgnoreRules | None, tuple[Problem, ...]]:
        """Return the rules in force in `folder`, and the problems of its ignore file.

        `name` is the folder's name in the walk, "." for the base. Without an ignore file the
        rules are `outer`. Invalid lines and unreadable files are skipped.
        """
        if folder in self._known:
            return self._known[folder], ()
        prefix = "" if name == "." else name + "/"
        self._known[folder], problems = _read(Path(folder), prefix, outer)
        return self._known[folder], problems

    def rules_above(self, base: str, folder: str) -> tuple[IgnoreRules | None, tuple[Problem, ...]]:
        """Return the rules of `base` and of the folders down to `folder`, without its own.

        A part of the corpus walked alone thus yields the same files as in a walk of the whole.
        There are no rules for a folder outside `base`, or one that these rules ignore.
        """
        steps = Path(folder).parts[len(Path(base).parts) :]
        if Path(base, *steps) != Path(folder):
            return None, ()
        names = ["."] + [normal_form("/".join(steps[:depth])) for depth in range(1, len(steps) + 1)]
        rules: IgnoreRules | None = None
        problems: tuple[Problem, ...] = ()
        for depth, name in enumerate(names[:-1]):
            rules, found = self.rules_of(os.path.join(base, *steps[:depth]), name, rules)
            problems += found
        if rules is not None and rules.ignores(names[-1], is_folder=True):
            return None, problems
        return rules, problems


def normal_form(name: str) -> str:
    """Return a name in NFC: macOS, archives and network drives also write Hangul decomposed."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def _read(
    folder: Path, prefix: str, outer: IgnoreRules | None
) -> tuple[IgnoreRules | None, tuple[Problem, ...]]:
    path = prefix + IGNORE_FILE
    try:
        source = decode((folder / IGNORE_FILE).read_bytes())
    except FileNotFoundError:
        return outer, ()
    except CorpusError as error:
        return outer, (Problem(path=path, reason=str(error)),)
    except OSError as error:
        return outer, (Problem(path=path, reason=f"cannot be read: {error.strerror}"),)
    lines = normal_form(source.text).splitlines()
    invalid = dict(_invalid_patterns(lines))
    valid = [line for number, line in enumerate(lines, 1) if number not in invalid]
    problems = [
        Problem(path=path, reason=f"is not a valid pattern: {line}", line=number)
        for number, line in invalid.items()
    ]
    damage = bad_bytes(path, source.encoding, source.bad, source.line)
    return _compile(valid, prefix, outer), (*damage, *problems)


def _invalid_patterns(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield number, from 1, and text of each line that is not a pattern."""
    for number, line in enumerate(lines, 1):
        try:
            _compile([line], "", None)
        except (ValueError, re.error):
            yield number, line


def _compile(lines: list[str], prefix: str, outer: IgnoreRules | None) -> IgnoreRules:
    from pathspec import GitIgnoreSpec, PathSpec  # 50 ms, and most corpora ignore nothing

    files = GitIgnoreSpec.from_lines(lines)
    return IgnoreRules(prefix, files, PathSpec(files.patterns), outer)
