"""The lexicon files: words in the order of their bytes, each with its analysis.

A batch of new words becomes a file, renamed into place when it is on disk. Files of similar size
are merged when there are many. Lookups read only parts of a file, so a lexicon of millions of
words opens as fast as an empty one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from functools import cached_property
from pathlib import Path

from ..analysis.lexicon import Lexicon, decoded
from ..arrays.array_file import ArrayFile
from ..arrays.array_writer import ArrayWriter
from ..arrays.files import TEMPORARY_SUFFIX, parsing, remove, sync, with_retries
from ..arrays.term_dictionary import TermDictionary, TermDictionaryWriter, WordHeads

SUFFIX = ".lex"
# Files of one size class that are merged into one, so that a word is rewritten a few times at most.
_FAN_IN = 8
# At the end of a build all files of fewer words are one, which takes some milliseconds to write.
_ALWAYS_MERGED = 1 << 12
# A lookup of more than one in this many words of a file reads the whole file.
_WORTH_ALL = 16
# A file of at most _SMALL words is looked up by word heads, which take a millisecond to prepare,
# for at least one in this many of its words.
_WORTH_HEADS = 2
_SMALL = 1 << 15


class LexiconFile:
    """A lexicon file, open for reading; `words` are in the order of their bytes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = ArrayFile(path)
        self.words = TermDictionary(self.file, "words")
        self._analyses = TermDictionary(self.file, "analyses")
        self._endings = TermDictionary(self.file, "endings")
        if len(self._analyses) != len(self.words):
            raise self.file.corrupt("its words and analyses differ in number")

    def __len__(self) -> int:
        return len(self.words)

    @property
    def merged(self) -> frozenset[int]:
        """The numbers of the files merged into this one that existed when it was written."""
        with parsing(self.path.name):
            return frozenset(map(int, self.file.facts.get("merged", ())))

    def close(self) -> None:
        """Close the file."""
        self.file.close()

    def find(self, words: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
        """Yield those of some distinct words that are in the file, with their analyses."""
        for word, ordinal in self._ordinals(list(words)):
            yield word, self._analyses[ordinal]

    def _ordinals(self, wanted: Sequence[bytes]) -> Iterator[tuple[bytes, int]]:
        if len(wanted) * _WORTH_HEADS <= len(self) <= _SMALL:
            return self._heads.find(wanted)
        find: Callable[[bytes], int | None] = self.words.find
        if len(wanted) * _WORTH_ALL > len(self):
            find = dict(zip(self.words, range(len(self)), strict=True)).get
        return ((word, ordinal) for word in wanted if (ordinal := find(word)) is not None)

    @cached_property
    def _heads(self) -> WordHeads:
        return WordHeads(self.words)

    def has_ending(self, ending: bytes) -> bool:
        """Return whether a word of the file has this ending after its last term."""
        return self._endings.find(ending) is not None

    def contents(self) -> tuple[dict[bytes, bytes], set[bytes]]:
        """Return all words with their analyses, and all endings."""
        return dict(zip(self.words, self._analyses, strict=True)), set(self._endings)


class LexiconFiles:
    """All files of a lexicon: `<stem>-<number>.lex` in a directory.

    The caller excludes other writers. Raises CorruptFile for a damaged file.
    """

    def __init__(self, directory: Path, stem: str, *, writable: bool) -> None:
        self._directory = directory
        self._stem = stem
        self.writable = writable
        self._files = with_retries(
            self._opened
        )  # a merge may delete files while they are being opened
        self._drop_merged()
        if writable:
            for path in directory.glob(f"{stem}-*{SUFFIX}{TEMPORARY_SUFFIX}"):
                path.unlink(missing_ok=True)
        if not self._files:
            if not writable:
                raise FileNotFoundError(f"{stem}: the lexicon is missing")
            self.add({}, ())

    def __len__(self) -> int:
        """Return the number of words; each is in one file, as only new words are added."""
        return sum(map(len, self._files))

    def close(self) -> None:
        """Close the files."""
        for file in self._files:
            file.close()

    def words(self) -> list[TermDictionary]:
        """Return the words of each file, oldest file first."""
        return [file.words for file in self._files]

    def find(self, words: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return those of some words that are in the lexicon, with their analyses."""
        left = set(words)
        found: dict[bytes, bytes] = {}
        for file in reversed(self._files):  # the newest analysis counts
            found.update(file.find(left))
            left -= found.keys()
            if not left:
                break
        return found

    def endings(self, candidates: Iterable[bytes]) -> set[bytes]:
        """Return those of `candidates` that a word of the lexicon has after its last term."""
        return {
            ending for ending in candidates if any(file.has_ending(ending) for file in self._files)
        }

    def add(self, analyses: Mapping[bytes, bytes], endings: Iterable[bytes]) -> None:
        """Write new words, durably, and merge files of similar size."""
        self._files.append(self._write(analyses, endings))
        while mergeable := _mergeable(self._files):
            self._merge(mergeable)

    def compact(self) -> None:
        """Merge the small files into one, durably: a look-up costs as much in each file."""
        small: list[LexiconFile] = []
        words = 0
        for file in sorted(self._files, key=len):
            if len(file) >= max(_ALWAYS_MERGED, _FAN_IN * words):
                break
            small.append(file)
            words += len(file)
        if len(small) > 1:
            self._merge([file for file in self._files if file in small])

    def _drop_merged(self) -> None:
        """Close, and if writable delete, files that were merged but could not be deleted then."""
        merged = frozenset().union(*(file.merged for file in self._files))
        dropped = [file for file in self._files if _number(file.path) in merged]
        self._files = [file for file in self._files if file not in dropped]
        for file in dropped:
            file.close()
            if self.writable:
                remove(file.path)

    def _merge(self, inputs: list[LexiconFile]) -> None:
        analyses: dict[bytes, bytes] = {}
        endings: set[bytes] = set()
        for file in inputs:
            more_analyses, more_endings = file.contents()
            analyses.update(more_analyses)
            endings |= more_endings
        # With the numbers of earlier inputs that could not be deleted yet.
        existing = set(map(_number, lexicon_paths(self._directory, self._stem)))
        earlier = frozenset().union(*(file.merged for file in inputs)) & existing
        numbers = sorted(earlier.union(_number(file.path) for file in inputs))
        merged = self._write(analyses, endings, numbers)
        self._files = [file for file in self._files if file not in inputs] + [merged]
        for file in inputs:
            file.close()
            remove(file.path)  # if that fails, `merged` has its number

    def _write(
        self, analyses: Mapping[bytes, bytes], endings: Iterable[bytes], merged: Sequence[int] = ()
    ) -> LexiconFile:
        words = sorted(analyses)
        columns = {
            "words": words,
            "analyses": [analyses[word] for word in words],
            "endings": sorted(endings),
        }
        last = max(map(_number, lexicon_paths(self._directory, self._stem)), default=0)
        path = self._directory / f"{self._stem}-{last + 1}{SUFFIX}"
        new = path.with_name(path.name + TEMPORARY_SUFFIX)
        with ArrayWriter(new) as writer:
            for name, rows in columns.items():
                column = TermDictionaryWriter(writer, name)
                column.add(rows)
            if merged:
                writer.facts["merged"] = merged
        sync(new)
        new.replace(path)
        sync(path.parent)
        return LexiconFile(path)

    def _opened(self) -> list[LexiconFile]:
        with ExitStack() as opened:
            paths = lexicon_paths(self._directory, self._stem)
            files = [opened.enter_context(closing(LexiconFile(path))) for path in paths]
            opened.pop_all()
        return files


def open_lexicon(path: Path, *, writable: bool = True) -> Lexicon:
    """Open the lexicon whose files are named `path`, a hyphen, a number and a suffix.

    Raises FileNotFoundError if it has no file and is not writable, and CorruptFile.
    """
    return Lexicon(LexiconFiles(path.parent, path.name, writable=writable))


def lexicon_paths(directory: Path, stem: str) -> list[Path]:
    """Return the files of a lexicon, oldest first."""
    name = re.compile(rf"{re.escape(stem)}-[1-9][0-9]{{0,17}}{re.escape(SUFFIX)}")
    found = filter(name.fullmatch, os.listdir(directory)) if directory.is_dir() else ()
    return sorted(map(directory.joinpath, found), key=_number)


def _number(path: Path) -> int:
    return int(path.stem.rpartition("-")[2])


def _mergeable(files: list[LexiconFile]) -> list[LexiconFile]:
    """Return the files of a size class that has at least _FAN_IN files; else none."""
    classes: dict[int, list[LexiconFile]] = {}
    for file in files:
        classes.setdefault(len(file).bit_length() // _FAN_IN.bit_length(), []).append(file)
    return next((some for some in classes.values() if len(some) >= _FAN_IN), [])


def check_file(path: Path) -> None:
    """Read every word of a lexicon file: some seconds for a million words. Raises CorruptFile."""
    with closing(LexiconFile(path)) as file:
        file.file.check_all()
        analyses, _ = file.contents()
        with parsing(path.name):
            for analysis in analyses.values():
                decoded(analysis)
