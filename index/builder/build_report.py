"""What a build did, and what to say of the files it could not use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus import SUFFIXES, Problem
from corpus.errors import CorpusError

from ..ingest.bridge_store import NO_LEARNING, LearningStats


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a build is: its stage, files read of all to be read, passages and seconds so far."""

    stage: str
    files_done: int
    files: int
    passages: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did.

    `added`, `updated`, `removed` and `unchanged` count files, `unreadable` those among them that
    could not be read; `documents` and `passages` all that the index holds now. `problems` are
    files and lines left out, those of unchanged files included; `other_files` counts files of
    kinds that no reader is for. `new_words` were analysed by Kiwi, in `kiwi_seconds` of `seconds`.
    `notes` are sentences for the user. `learning` counts what this build learned from texts in both
    languages.
    """

    added: int
    updated: int
    removed: int
    unchanged: int
    documents: int
    passages: int
    problems: tuple[Problem, ...]
    other_files: int
    seconds: float
    kiwi_seconds: float
    new_words: int
    unreadable: int = 0
    notes: tuple[str, ...] = ()
    learning: LearningStats = NO_LEARNING


def unreadable(problems: Iterable[Problem], files: Iterable[str]) -> int:
    """Return how many of `files` could not be read: such a problem is one of the whole file."""
    return len({problem.path for problem in problems if not problem.line} & set(files))


def refused(problems: Sequence[Problem]) -> CorpusError:
    """Return the error of a strict build that met problems."""
    return CorpusError(
        _in_short(problems),
        hint="Nothing was built. Correct the files, or build without --strict to skip them.",
    )


def nothing_to_read(roots: Sequence[Path], problems: Sequence[Problem]) -> CorpusError:
    """Return the error of a first build that found no file to read."""
    names = ", ".join(map(str, roots))
    return CorpusError(
        _in_short(problems) if problems else f"{names}: there is no file of a supported type",
        hint=f"Supported: {' '.join(sorted(SUFFIXES))}",
    )


def _in_short(problems: Sequence[Problem]) -> str:
    """Return the first of some problems, and how many there are beside it."""
    first = problems[0]
    line = f":{first.line}" if first.line else ""
    more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{first.path}{line}: {first.reason}{more}"
