"""Ignore rules: `.chajaignore` files, in the syntax of `.gitignore`."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from .document import Problem
from .encoding import bad_bytes, decode
from .errors import CorpusError, TooLarge
from .ignore_patterns import IgnorePattern, compiled, parse_pattern
from .names import readable
from .nfc import nfc
from .text_file import open_regular

IGNORE_FILE = ".chajaignore"

# A folder has a few patterns. Each name is compared with all of them, and they are compiled first,
# which takes some seconds for as many as fit.
_MOST_BYTES = 1 << 19
_LONGEST_SHOWN = 80  # characters of a line, in a message


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The rules of one folder, and `outer`, the rules of the folders around it.

    `prefix` is the folder's name as the walk gives it, with a "/" at its end, or "".
    """

    prefix: str
    pattern: re.Pattern[str]
    outer: IgnoreRules | None = None

    def ignores(self, name: str, *, is_folder: bool) -> bool:
        """Return whether the file or folder `name`, in or below this folder, is ignored.

        As in Git the last matching rule decides, and the rules of an inner folder come after
        those of an outer one. The caller must not descend into an ignored folder.
        """
        path = name + "/" if is_folder else name
        rules: IgnoreRules | None = self
        while rules is not None:
            found = rules.pattern.match(path, len(rules.prefix))
            if found:
                return found.lastindex is None
            rules = rules.outer
        return False


class IgnoreFiles:
    """The ignore files of a walk; each is read once, and its errors are reported once."""

    def __init__(self) -> None:
        self._known: dict[str, IgnoreRules | None] = {}

    def rules_of(
        self, folder: str, name: str, outer: IgnoreRules | None
    ) -> tuple[IgnoreRules | None, tuple[Problem, ...]]:
        """Return the rules in force in `folder`, and the problems of its ignore file.

        `name` is the folder's name in the walk, "." for the base. Without an ignore file the
        rules are `outer`, as they are with one that is no text file, or too large; invalid lines
        are skipped. Raises OSError if there is an ignore file that cannot be read now: it may
        exclude anything in this folder.
        """
        if folder in self._known:
            return self._known[folder], ()
        prefix = "" if name == "." else name + "/"
        self._known[folder], problems = _read(Path(folder), prefix, outer)
        return self._known[folder], problems

    def rules_above(self, base: str, folder: str) -> tuple[IgnoreRules | None, tuple[Problem, ...]]:
        """Return the rules of `base` and of the folders down to `folder`, without its own.

        A part of the corpus walked alone thus yields the same files as in a walk of the whole.
        There are no rules for a folder outside `base`, or one that these rules ignore. Raises
        OSError as `rules_of` does.
        """
        steps = Path(folder).parts[len(Path(base).parts) :]
        if Path(base, *steps) != Path(folder):
            return None, ()
        names = ["."] + [readable("/".join(steps[:depth])) for depth in range(1, len(steps) + 1)]
        rules: IgnoreRules | None = None
        problems: tuple[Problem, ...] = ()
        for depth, name in enumerate(names[:-1]):
            rules, found = self.rules_of(os.path.join(base, *steps[:depth]), name, rules)
            problems += found
        if rules is not None and rules.ignores(names[-1], is_folder=True):
            return None, problems
        return rules, problems


def _read(
    folder: Path, prefix: str, outer: IgnoreRules | None
) -> tuple[IgnoreRules | None, tuple[Problem, ...]]:
    path = prefix + IGNORE_FILE
    try:
        source = decode(_bytes(folder / IGNORE_FILE))
    except FileNotFoundError:
        return outer, ()
    except CorpusError as error:
        return outer, (Problem(path=path, reason=str(error)),)
    patterns: list[IgnorePattern] = []
    problems = [*bad_bytes(path, source.encoding, source.bad, source.line)]
    for number, line in enumerate(nfc(source.text).split("\n"), start=1):
        try:
            pattern = parse_pattern(line)
        except ValueError:
            reason = f"is not a valid pattern: {line[:_LONGEST_SHOWN]}"
            problems.append(Problem(path=path, reason=reason, line=number))
        else:
            patterns += [pattern] if pattern else []
    if not patterns:
        return outer, tuple(problems)
    return IgnoreRules(prefix, compiled(patterns), outer), tuple(problems)


def _bytes(path: Path) -> bytes:
    """Return the bytes of an ignore file.

    Raises CorpusError if it cannot be one, and OSError with its name.
    """
    try:
        with open_regular(path) as file:
            data = file.read(_MOST_BYTES + 1)
    except IsADirectoryError as error:
        raise CorpusError("is not a regular file") from error
    except OSError as error:
        error.filename = str(path)
        raise
    if len(data) > _MOST_BYTES:
        raise TooLarge(f"is longer than {_MOST_BYTES:,} bytes")
    return data
