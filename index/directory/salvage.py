"""What can still be read of an index that is damaged or of another format."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from ..arrays.files import CorruptFile, parsing, read_whole
from .catalogue import Catalogue, decoded, read_catalogue
from .commit import Commit, names_in, sound_commits

# Larger than a catalogue of ten million files.
_MOST_BYTES = 2 << 30
_NAME = re.compile(r"chaja-([1-9][0-9]{0,17})\.(files|bridge)")


def newest_first(directory: Path, kind: str) -> list[Path]:
    """Return the catalogues (`files`) or bridges (`bridge`) in a directory, newest first."""
    found = [name for name in map(_NAME.fullmatch, names_in(directory)) if name]
    found.sort(key=lambda name: -int(name[1]))
    return [directory / name[0] for name in found if name[2] == kind]


def sound_states(directory: Path) -> list[tuple[Commit, Catalogue]]:
    """Return the commits whose commit file and catalogue are sound, newest first."""
    found = []
    for commit in sound_commits(directory):
        with suppress(OSError, CorruptFile):
            file = commit.catalogue
            found.append((commit, read_catalogue(directory, file) if file else Catalogue()))
    return found


def readable_catalogue(directory: Path) -> Catalogue:
    """Return the newest readable catalogue, of any format since 2; else an empty one.

    The catalogue of a commit is preferred to one that a stopped build may have left.
    """
    for _, catalogue in sound_states(directory):
        return catalogue
    for path in newest_first(directory, "files"):
        with suppress(OSError, CorruptFile), parsing(path.name):
            return decoded(read_whole(path, most=_MOST_BYTES))
    return Catalogue()
