"""The commit file, chaja-N.json: the metadata of an index, and every file that commit N refers to.

It is JSON with a checksum of itself; docs/index-format.md has an example. The highest N is the
current commit; the one before it is kept. The file is renamed into place after everything it
refers to is on disk.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from zlib import crc32

from ..arrays.files import (
    TEMPORARY_SUFFIX,
    CorruptFile,
    WrittenFile,
    create,
    parsing,
    read_whole,
    sync,
)
from ..late_pattern import late_pattern
from ..segment.content import Segment
from ..value import NamedTuple, value

FORMAT = 5
SEGMENT_NAME = re.compile(r"chaja-[0-9a-f]{16}")
_NUMBER = "[1-9][0-9]{0,17}"
COMMIT_NAME = re.compile(rf"chaja-({_NUMBER})\.json")
# Exactly what Chaja writes: files with such names may be deleted, and the index may share its
# directory with the user's files, such as chaja-2024.txt.
_FILE_NAME = re.compile(
    rf"{SEGMENT_NAME.pattern}(?:\.seg|\.txt|-{_NUMBER}\.del)|chaja-{_NUMBER}\.(?:files|bridge)"
)
_LEXICON_NAME = late_pattern(rf"lexicon-[0-9a-f]{{12}}-{_NUMBER}\.lex")
_NUMBERED_NAME = late_pattern(
    rf"(?:{SEGMENT_NAME.pattern}-|chaja-)({_NUMBER})\.(?:json|files|bridge|del)"
)
# Larger than any commit file but for a user dictionary of a million words; parsed JSON takes many
# times as much memory.
_MOST_BYTES = 64 << 20


class OtherFormatError(CorruptFile):
    """A commit file of another version of Chaja, with its `format`, which may be anything."""

    def __init__(self, name: str, number: object) -> None:
        super().__init__(f"{name}: has format {number}")
        self.format = number


@value
class About:
    """The metadata of an index: its format, and the analyzer that produced its terms.

    `built` is a time in ISO 8601; `dictionary` has the word, tag and score of each entry of the
    user dictionary; `words` is the size of the lexicon, 0 if unknown.
    """

    format: int
    analyzer_fingerprint: str
    built: str
    dictionary: tuple[tuple[str, str, float], ...] = ()
    words: int = 0


class Commit(NamedTuple):
    """A state of the index; `generation` counts from 1."""

    generation: int
    about: About
    segments: tuple[Segment, ...] = ()
    catalogue: WrittenFile | None = None
    bridge: WrittenFile | None = None

    @property
    def files(self) -> tuple[WrittenFile, ...]:
        """All files of the commit, without the commit file."""
        of_segments = tuple(file for segment in self.segments for file in segment.files)
        return (*of_segments, *(file for file in (self.catalogue, self.bridge) if file))


def commit_file_name(generation: int) -> str:
    """Return the name of the commit file of a generation."""
    return f"chaja-{generation}.json"


def names_in(directory: Path) -> list[str]:
    """Return the names in a directory, none if there is no directory."""
    # A search calls this three times; listing takes a tenth of the time of globbing.
    return os.listdir(directory) if directory.is_dir() else []


def generations(directory: Path) -> list[int]:
    """Return the generations of the commit files in a directory, ascending."""
    return _numbers(COMMIT_NAME, names_in(directory))


def current_generation(directory: Path) -> int:
    """Return the generation of the current commit, 0 without a commit file.

    Its commit file may be lost: a catalogue without one has been in force, unless its commit file
    is only staged, because a build was stopped or is still writing.
    """
    names = names_in(directory)
    last = max(_numbers(COMMIT_NAME, names), default=0)
    staged = commit_file_name(last + 1) + TEMPORARY_SUFFIX
    lost = last and f"chaja-{last + 1}.files" in names and staged not in names
    return last + 1 if lost else last


def last_number(directory: Path) -> int:
    """Return the highest number in the name of a file, committed or not; 0 if there is none."""
    return max(_numbers(_NUMBERED_NAME(), names_in(directory)), default=0)


def _numbers(pattern: re.Pattern[str], names: Iterable[str]) -> list[int]:
    return sorted(int(match[1]) for match in map(pattern.fullmatch, names) if match)


def is_index_file(name: str) -> bool:
    """Return whether a file name is one of an index, not of a user's file beside it."""
    patterns = (COMMIT_NAME, _FILE_NAME, _LEXICON_NAME())
    return any(pattern.fullmatch(name) for pattern in patterns)


def latest(directory: Path) -> Commit | None:
    """Read the current commit; None if the directory has no commit file.

    Raises CorruptFile, OtherFormatError if another version wrote it, and FileNotFoundError if
    it is lost, or another commit replaces it meanwhile.
    """
    current = current_generation(directory)
    return read_commit(directory / commit_file_name(current)) if current else None


def sound_commits(directory: Path) -> Iterator[Commit]:
    """Yield the commits whose commit file is sound, newest first."""
    for generation in reversed(generations(directory)):
        with suppress(OSError, CorruptFile):
            yield read_commit(directory / commit_file_name(generation))


def read_commit(path: Path) -> Commit:
    """Read and check a commit file. Raises OSError, CorruptFile and OtherFormatError."""
    data = read_commit_file(path)
    with parsing(path.name):
        contents = json.loads(data)
        if contents["format"] != FORMAT:
            raise OtherFormatError(path.name, contents["format"])
        commit = contents["commit"]
        sound = contents["checksum"] == _checksum(commit)
        if not sound or path.name != commit_file_name(_natural(commit["generation"])):
            raise CorruptFile(f"{path.name}: does not match its checksum")
        return Commit(
            generation=commit["generation"],
            about=_about(contents),
            segments=tuple(map(_segment, commit["segments"])),
            catalogue=_optional_file(commit["catalogue"]),
            bridge=_optional_file(commit.get("bridge")),
        )


def latest_about(directory: Path) -> About | None:
    """Read the newest readable metadata of an index, of any format since 2.

    Metadata that does not match its checksum counts if no sound commit has the same analyzer.
    """
    found = (_readable_about(directory, number) for number in reversed(generations(directory)))
    newest = next(filter(None, found), None)
    if newest is None:
        return None
    sound = (commit.about for commit in sound_commits(directory))
    same = (about for about in sound if about.analyzer_fingerprint == newest.analyzer_fingerprint)
    return next(same, newest)


def _readable_about(directory: Path, generation: int) -> About | None:
    path = directory / commit_file_name(generation)
    with suppress(OSError, CorruptFile), parsing(path.name):
        return _about(json.loads(read_commit_file(path)))
    return None


def read_commit_file(path: Path) -> bytes:
    """Read the bytes of a commit file. Raises OSError and CorruptFile."""
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


def stage_commit(directory: Path, commit: Commit) -> None:
    """Write a commit file under another name, durably.

    Its catalogue is created after that, so that a catalogue that was never in force is known.
    """
    path = _staged(directory, commit)
    with create(path) as file:
        file.write(encoded(commit).encode())
    sync(path)


def put_in_force(directory: Path, commit: Commit) -> None:
    """Make a staged commit current. All files it refers to must be on disk."""
    _staged(directory, commit).replace(directory / commit_file_name(commit.generation))


def _staged(directory: Path, commit: Commit) -> Path:
    return directory / (commit_file_name(commit.generation) + TEMPORARY_SUFFIX)


def encoded(commit: Commit) -> str:
    """Encode a commit file; equal commits give equal text."""
    about = {
        "analyser": commit.about.analyzer_fingerprint,
        "built": commit.about.built,
        "dictionary": commit.about.dictionary,
    }
    words = {"words": commit.about.words} if commit.about.words else {}
    facts = commit._asdict() | {
        "about": about | words,
        "segments": [_segment_facts(segment) for segment in commit.segments],
        "catalogue": _file_facts(commit.catalogue),
        "bridge": _file_facts(commit.bridge),
    }
    contents = {"format": FORMAT, "checksum": _checksum(facts), "commit": facts}
    return json.dumps(contents, ensure_ascii=False, indent=1) + "\n"


def _segment_facts(segment: Segment) -> dict[str, Any]:
    from dataclasses import asdict  # imported late: only a writer does this

    files = ("postings", "text", "deletions")
    return asdict(segment) | {name: _file_facts(getattr(segment, name)) for name in files}


def _file_facts(file: WrittenFile | None) -> dict[str, Any] | None:
    return None if file is None else file._asdict()


def _checksum(commit: Any) -> int:  # noqa: ANN401 - JSON
    return crc32(json.dumps(commit, sort_keys=True).encode())


def _segment(facts: dict[str, Any]) -> Segment:
    segment = Segment(
        name=str(facts["name"]),
        passages=_natural(facts["passages"]),
        postings=_file(facts["postings"]),
        text=_file(facts["text"]),
        deleted=_natural(facts["deleted"]),
        deletions=_optional_file(facts["deletions"]),
    )
    if not SEGMENT_NAME.fullmatch(segment.name):
        raise ValueError(f"{segment.name}: is not a valid name of a segment")
    return segment


def _optional_file(facts: dict[str, Any] | None) -> WrittenFile | None:
    return None if facts is None else _file(facts)


def _file(facts: dict[str, Any]) -> WrittenFile:
    file = WrittenFile(str(facts["name"]), _natural(facts["size"]), _natural(facts["checksum"]))
    if not _FILE_NAME.fullmatch(file.name):
        raise ValueError(f"{file.name}: is not a valid name of an index file")
    return file


def _natural(number: Any) -> int:  # noqa: ANN401 - JSON
    if not isinstance(number, int) or number < 0:
        raise ValueError(f"{number}: is not a valid count")
    return number


def referenced_files(commits: Iterable[Commit]) -> set[str]:
    """Return the names of all files of some commits, commit files included."""
    commits = list(commits)
    names = {file.name for commit in commits for file in commit.files}
    return names | {commit_file_name(commit.generation) for commit in commits}
