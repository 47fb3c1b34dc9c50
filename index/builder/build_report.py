"""The progress and the report of a build, and errors about files it cannot use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus import SUFFIXES, Problem
from corpus.errors import CorpusError
from corpus.readers import ARCHIVES
from corpus.state import HAS_TEXT

from ..health import States
from ..ingest.bridge_store import NO_LEARNING, LearningStats


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The stage of a build, files read of all files to read, and passages and seconds so far."""

    stage: str
    files_done: int
    files: int
    passages: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did.

    `added`, `updated`, `removed` and `unchanged` count files and the documents that a program gave,
    `unreadable` the files of the index that could not be read, and `other_files` those passed over
    for their type, by suffix; symbolic links are a type as well. `postponed` counts files and
    folders that could not be read now: what the index had of them stays, and the next build tries
    them again. `documents` and `passages` count the whole index. `problems` are files, lines and
    given documents left out, also those of unchanged files. `states` counts the files of the index
    by format and state. Kiwi analyzed `new_words` in `kiwi_seconds` of `seconds`. `notes` are for
    the user. `learning` counts what this build learned from texts in both languages.
    """

    added: int
    updated: int
    removed: int
    unchanged: int
    documents: int
    passages: int
    problems: tuple[Problem, ...]
    other_files: Mapping[str, int]
    seconds: float
    kiwi_seconds: float
    new_words: int
    unreadable: int = 0
    postponed: int = 0
    states: States = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    learning: LearningStats = NO_LEARNING


def unreadable(states: States) -> int:
    """Return how many files could not be read, not even in part."""
    counts = (count for found in states.values() for count in found.items())
    return sum(number for state, number in counts if state not in HAS_TEXT)


def refused(problems: Sequence[Problem]) -> CorpusError:
    """Return the error of a strict build with problems."""
    return CorpusError(
        _summary(problems),
        hint="Nothing was built. Correct the files, or build without --strict to skip them.",
    )


def nothing_to_read(roots: Sequence[Path], problems: Sequence[Problem]) -> CorpusError:
    """Return the error of a first build without any file to read."""
    names = ", ".join(map(str, roots))
    plain, archives = (" ".join(sorted(each)) for each in (SUFFIXES, ARCHIVES))
    return CorpusError(
        _summary(problems) if problems else f"{names}: there is no file of a supported type",
        hint=f"Supported: {plain}; with --archives {archives}",
    )


def _summary(problems: Sequence[Problem]) -> str:
    """Return the first problem and the number of others."""
    first = problems[0]
    line = f":{first.line}" if first.line else ""
    more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{first.path}{line}: {first.reason}{more}"
