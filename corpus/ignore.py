"""Which files of a folder are left out: `.chajaignore`, in the syntax of `.gitignore`."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .document import Problem
from .encoding import decode
from .errors import CorpusError
from .text_file import damages

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec, PathSpec, Pattern

IGNORE_FILE = ".chajaignore"


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The rules of one folder, and `outer`, those of the folders around it.

    `prefix` is the name of the folder as the walk gives it, with a "/" at its end, or "".
    """

    prefix: str
    files: GitIgnoreSpec
    folders: PathSpec[Pattern]
    outer: IgnoreRules | None = None

    def ignores(self, name: str, *, is_folder: bool) -> bool:
        """Tell whether the file or folder `name`, in or below this folder, is left out.

        As in Git the last rule that matches decides, and an inner folder's rules come after an
        outer one's. What stands in an ignored folder is not asked about: nothing enters it.
        """
        path = name.removeprefix(self.prefix)
        # For a file pathspec weighs patterns of files above those of folders around it, as Git
        # does. Asked for a folder that would let "*" win over a later "!*/".
        checked = self.folders.check_file(path + "/") if is_folder else self.files.check_file(path)
        verdict = checked.include
        if verdict is None and self.outer is not None:
            return self.outer.ignores(name, is_folder=is_folder)
        return bool(verdict)


class IgnoreFiles:
    """The ignore files of a walk; each is read once, and its mistakes told once."""

    def __init__(self) -> None:
        self._known: dict[str, IgnoreRules | None] = {}

    def rules_of(
        self, folder: str, name: str, outer: IgnoreRules | None
    ) -> tuple[IgnoreRules | None, tuple[Problem, ...]]:
        """Return the rules that hold in `folder`, and what is wrong with its ignore file.

        `name` is what the walk calls the folder, "." for the base. Without an ignore file the
        rules are those of `outer`. A line that is no pattern is left out, and so is a whole file
        that cannot be read. Its encoding is told as that of a document is.
        """
        if folder in self._known:
            return self._known[folder], ()
        prefix = "" if name == "." else name + "/"
        self._known[folder], problems = _read(Path(folder), prefix, outer)
        return self._known[folder], problems

    def rules_above(self, base: str, folder: str) -> tuple[IgnoreRules | None, tuple[Problem, ...]]:
        """Return the rules that hold in `base` and from there down to `folder`, but not its own.

        So a part of the corpus walked alone gives the files that it gives as part of the whole.
        A folder outside `base`, or one that these rules leave out, has none.
        """
        steps = Path(folder).parts[len(Path(base).parts) :]
        if Path(base, *steps) != Path(folder):
            return None, ()
        names = ["."] + [normal_form("/".join(steps[:depth])) for depth in range(1, len(steps) + 1)]
        rules: IgnoreRules | None = None
        problems: tuple[Problem, ...] = ()
        for depth, name in enumerate(names[:-1]):
            rules, wrong = self.rules_of(os.path.join(base, *steps[:depth]), name, rules)
            problems += wrong
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
    wrong = dict(_wrong_patterns(lines))
    right = [line for number, line in enumerate(lines, 1) if number not in wrong]
    problems = [
        Problem(path=path, reason=f"is not a valid pattern: {line}", line=number)
        for number, line in wrong.items()
    ]
    return _compile(right, prefix, outer), (*damages(source, name=path), *problems)


def _wrong_patterns(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield number, from 1, and text of the lines that are no pattern."""
    for number, line in enumerate(lines, 1):
        try:
            _compile([line], "", None)
        except (ValueError, re.error):
            yield number, line


def _compile(lines: list[str], prefix: str, outer: IgnoreRules | None) -> IgnoreRules:
    # 50 ms that most corpora, which ignore nothing, need not wait for.
    from pathspec import GitIgnoreSpec, PathSpec

    files = GitIgnoreSpec.from_lines(lines)
    return IgnoreRules(prefix, files, PathSpec(files.patterns), outer)
