"""Reads an index at the commit before, when the newest one is damaged."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from corpus.errors import IndexDamaged, StoreError

from .commit import Commit, current_generation, sound_commits
from .damage import repair_hint
from .directory_reader import DirectoryReader

_T = TypeVar("_T")
_TRIES = 10  # attempts while builds commit


def read_commit_before(
    directory: Path, use: Callable[[DirectoryReader], _T], damage: IndexDamaged
) -> _T:
    """Return what `use` returns for the commit before; raise `damage` if that is damaged too.

    The newest commit is tried again first: it may have been replaced while it was opened.
    """
    for _ in range(_TRIES):
        newest = current_generation(directory)
        try:
            return use(DirectoryReader.open(directory))
        except IndexDamaged as error:
            damage = error
        if current_generation(directory) == newest:
            break
    for commit in sound_commits(directory):
        if commit.generation < newest:
            with suppress(StoreError):
                return use(
                    DirectoryReader(directory, commit, note=_note(directory, commit, damage))
                )
    raise damage


def _note(directory: Path, commit: Commit, damage: IndexDamaged) -> str:
    built = f"as it was before its last change, built {commit.about.built}"
    return f"{damage}; it is read {built}. {repair_hint(directory)}"
