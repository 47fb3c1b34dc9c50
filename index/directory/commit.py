"""The table of contents of a commit: what the index says of itself, and every file it is made of.

It is JSON, with a checksum of itself; docs/index-format.md has an example. The one with the
highest number is in force; it is moved into place as a whole, after all that it names is on disk.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from ..arrays.files import CorruptFile, WrittenFile, parsing, read_whole, replace_text
from ..segment.content import Segment
from ..value import Value

FORMAT = 4
SEGMENT_NAME = re.compile(r"chaja-[0-9a-f]{16}")
_NUMBER = "[1-9][0-9]{0,17}"
_CONTENTS_NAME = re.compile(rf"chaja-({_NUMBER})\.json")
# No wider than what is written: what has such a name may be cleared away, and the index may stand
# among the user's files, of which chaja-2024.txt is one.
_FILE_NAME = re.compile(
    rf"{SEGMENT_NAME.pattern}(?:\.seg|\.txt|-{_NUMBER}\.del)|chaja-{_NUMBER}\.(?:files|bridge)"
)


# More than any table of contents has, if not for a dictionary of a million words; what is read as
# JSON takes many times as much memory.
_MOST_BYTES = 64 << 20


class OtherFormatError(CorruptFile):
    """A table of contents of another version of Chaja."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class About(Value):
    """What an index says of itself: its format, and the analyser that made its terms.

    `built` is when, in ISO 8601; `dictionary` has the words, tags and scores of the user's;
    `words` is how many words the lexicon had, 0 where nobody counted.
    """

    format: int
    analyzer_fingerprint: str
    built: str
    dictionary: tuple[tuple[str, str, float], ...] = ()
    words: int = 0


class Commit(NamedTuple):
    """A state of the index, numbered from 1.

    `catalogue` lists what it was built from, `bridge` what its words are in the other language.
    """

    generation: int
    about: About
    segments: tuple[Segment, ...] = ()
    catalogue: WrittenFile | None = None
    bridge: WrittenFile | None = None

    @property
    def files(self) -> tuple[WrittenFile, ...]:
        """All files that the state is made of."""
        of_segments = tuple(file for segment in self.segments for file in segment.files)
        return (*of_segments, *(file for file in (self.catalogue, self.bridge) if file))


def contents_name(generation: int) -> str:
    """Return the name of the table of contents of a commit."""
    return f"chaja-{generation}.json"


def generations(directory: Path) -> list[int]:
    """Return the numbers of the tables of contents in a directory, ascending."""
    # A search asks three times. A listing takes a tenth of what globbing does.
    names = os.listdir(directory) if directory.is_dir() else ()
    return sorted(int(match[1]) for match in map(_CONTENTS_NAME.fullmatch, names) if match)


def is_own(name: str) -> bool:
    """Tell a file of an index by its name from one of the user's beside it."""
    return bool(_CONTENTS_NAME.fullmatch(name) or _FILE_NAME.fullmatch(name))


def latest(directory: Path) -> Commit | None:
    """Return the commit in force, or None where there was never one.

    Raises CorruptFile, OtherFormatError for that of another version, and FileNotFoundError when
    another commit replaces it at this moment.
    """
    found = generations(directory)
    return read_commit(directory / contents_name(found[-1])) if found else None


def read_commit(path: Path) -> Commit:
    """Read a table of contents. Raises OSError, CorruptFile and OtherFormatError."""
    data = contents_of(path)
    with parsing(path.name):
        return _commit(path, json.loads(data))


def _commit(path: Path, contents: dict[str, Any]) -> Commit:
    if contents["format"] != FORMAT:
        raise OtherFormatError(f"{path.name}: has format {contents['format']}")
    commit = contents["commit"]
    if contents["checksum"] != _checksum(commit) or path.name != contents_name(
        _natural(commit["generation"])
    ):
        raise CorruptFile(f"{path.name}: does not match its checksum")
    return Commit(
        generation=_natural(commit["generation"]),
        about=_about(contents),
        segments=tuple(map(_segment, commit["segments"])),
        catalogue=_file(commit["catalogue"]),
        bridge=_file(commit.get("bridge")),
    )


def latest_about(directory: Path) -> About:
    """Return what an index says of itself, in whatever format since 2 it is.

    Raises OSError and CorruptFile. There is an index in the directory.
    """
    path = directory / contents_name(max(generations(directory), default=0))
    data = contents_of(path)
    with parsing(path.name):
        return _about(json.loads(data))


def contents_of(path: Path) -> bytes:
    """Read the bytes of a table of contents. Raises OSError and CorruptFile."""
    return read_whole(path, most=_MOST_BYTES)


def _about(contents: dict[str, Any]) -> About:
    about = contents["commit"]["about"]
    dictionary = ((str(word), str(tag), float(score)) for word, tag, score in about["dictionary"])
    return About(
        format=int(contents["format"]),
        analyzer_fingerprint=str(about["analyser"]),
        built=str(about["built"]),
        dictionary=tuple(dictionary),
        words=_natural(about.get("words", 0)),
    )


def write_commit(directory: Path, commit: Commit) -> None:
    """Put a commit in force, durably; all that it names must be on the disk."""
    replace_text(directory / contents_name(commit.generation), encoded(commit))


def encoded(commit: Commit) -> str:
    """Return the table of contents of a commit, which is always written alike."""
    facts = commit._asdict() | {
        "about": _about_facts(commit.about),
        "segments": [_segment_facts(segment) for segment in commit.segments],
        "catalogue": _file_facts(commit.catalogue),
        "bridge": _file_facts(commit.bridge),
    }
    contents = {"format": FORMAT, "checksum": _checksum(facts), "commit": facts}
    return json.dumps(contents, ensure_ascii=False, indent=1) + "\n"


def _about_facts(about: About) -> dict[str, Any]:
    facts = {
        "analyser": about.analyzer_fingerprint,
        "built": about.built,
        "dictionary": about.dictionary,
    }
    return facts | ({"words": about.words} if about.words else {})


def _segment_facts(segment: Segment) -> dict[str, Any]:
    return asdict(segment) | {
        "postings": _file_facts(segment.postings),
        "text": _file_facts(segment.text),
        "deletions": _file_facts(segment.deletions),
    }


def _file_facts(file: WrittenFile | None) -> dict[str, Any] | None:
    return None if file is None else file._asdict()


def _checksum(commit: Any) -> int:  # noqa: ANN401 - JSON
    return crc32(json.dumps(commit, sort_keys=True).encode())


def _segment(facts: dict[str, Any]) -> Segment:
    segment = Segment(
        name=str(facts["name"]),
        passages=_natural(facts["passages"]),
        postings=_needed(facts["postings"]),
        text=_needed(facts["text"]),
        deleted=_natural(facts["deleted"]),
        deletions=_file(facts["deletions"]),
    )
    if not SEGMENT_NAME.fullmatch(segment.name):
        raise ValueError(f"{segment.name}: is not a valid name of a segment")
    return segment


def _file(facts: dict[str, Any] | None) -> WrittenFile | None:
    return None if facts is None else _needed(facts)


def _needed(facts: dict[str, Any]) -> WrittenFile:
    file = WrittenFile(str(facts["name"]), _natural(facts["size"]), _natural(facts["checksum"]))
    if not _FILE_NAME.fullmatch(file.name):
        raise ValueError(f"{file.name}: is not a valid name of an index file")
    return file


def _natural(number: Any) -> int:  # noqa: ANN401 - JSON
    if not isinstance(number, int) or number < 0:
        raise ValueError(f"{number}: is not a valid count")
    return number


def named_by(commits: Iterable[Commit]) -> set[str]:
    """Return the names of all files that commits are made of, tables of contents included."""
    return {
        name
        for commit in commits
        for name in (contents_name(commit.generation), *(file.name for file in commit.files))
    }
