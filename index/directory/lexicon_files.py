"""The files of a lexicon: words in the order of their bytes, each with its analysis.

A batch of new words becomes a file of its own, moved into place when it is on the disk; when many
files of like size have come together, they are merged into one. None of them is read as a whole
for a few words, so a lexicon of millions of words opens as fast as an empty one.
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
from ..arrays.files import NEW, parsing, remove, repeated, sync
from ..arrays.term_dictionary import TermDictionary, TermDictionaryWriter, WordHeads

SUFFIX = ".lex"
# This many files of one size class become one, so that a word is written a few times at most.
_FAN_IN = 8
# Where more than one in this many of a file's words are asked for, all of them are read; and where
# more than one in so few are, in a small file as well.
_WORTH_ALL = 16
_WORTH_ALL_OF_FEW = 2
# In a file of no more words they are found by their heads, which takes a millisecond to prepare.
_SMALL = 1 << 15


class LexiconFile:
    """One file, open for reading; `words` are those that it has, in the order of their bytes."""

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
        """The numbers of the files that were merged into this one, as far as any were left."""
        with parsing(self.path.name):
            return frozenset(map(int, self.file.facts.get("merged", ())))

    def close(self) -> None:
        """Let go of the file."""
        self.file.close()

    def find(self, words: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
        """Yield those of some distinct words that stand in the file, with their analyses."""
        for word, number in self._numbered(list(words)):
            yield word, self._analyses[number]

    def _numbered(self, wanted: Sequence[bytes]) -> Iterator[tuple[bytes, int]]:
        """Yield those of some distinct words that stand in the file, with their numbers."""
        if len(wanted) * _WORTH_ALL_OF_FEW <= len(self) <= _SMALL:
            return self._heads.find(wanted)
        find: Callable[[bytes], int | None] = self.words.find
        if len(wanted) * _WORTH_ALL > len(self):
            find = dict(zip(self.words, range(len(self)), strict=True)).get
        return ((word, number) for word in wanted if (number := find(word)) is not None)

    @cached_property
    def _heads(self) -> WordHeads:
        return WordHeads(self.words)

    def has_ending(self, ending: bytes) -> bool:
        """Tell whether some word of the file ends so behind its last term."""
        return self._endings.find(ending) is not None

    def contents(self) -> tuple[dict[bytes, bytes], set[bytes]]:
        """Return all words with their analyses, and all endings."""
        return dict(zip(self.words, self._analyses, strict=True)), set(self._endings)


class LexiconFiles:
    """All files of one lexicon: `<stem>-<number>.lex` in a directory.

    The caller sees to it that nobody else writes. Raises CorruptFile for a damaged file.
    """

    def __init__(self, directory: Path, stem: str, *, writable: bool) -> None:
        self._directory = directory
        self._stem = stem
        self.writable = writable
        self._files = repeated(self._opened)  # some may be merged while they are being opened
        self._drop_merged(writable=writable)
        if writable:
            for path in directory.glob(f"{stem}-*{SUFFIX}{NEW}"):
                path.unlink(missing_ok=True)
        if not self._files:
            if not writable:
                raise FileNotFoundError(f"{stem}: the lexicon is missing")
            self.add({}, ())

    def __len__(self) -> int:
        """Return how many words there are: only new ones are added, so each is in one file."""
        return sum(map(len, self._files))

    def close(self) -> None:
        """Let go of the files."""
        for file in self._files:
            file.close()

    def words(self) -> list[TermDictionary]:
        """Return the words of each file, the oldest first."""
        return [file.words for file in self._files]

    def find(self, words: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return those of some words that are known, with their analyses."""
        left = set(words)
        found: dict[bytes, bytes] = {}
        for file in reversed(self._files):  # what was learned last counts
            found.update(file.find(left))
            left -= found.keys()
            if not left:
                break
        return found

    def endings(self, candidates: Iterable[bytes]) -> set[bytes]:
        """Return those of `candidates` that some known word has behind its last term."""
        return {
            ending for ending in candidates if any(file.has_ending(ending) for file in self._files)
        }

    def add(self, analyses: Mapping[bytes, bytes], endings: Iterable[bytes]) -> None:
        """Keep new words, durably, and merge files of which there are many alike."""
        self._files.append(self._written(analyses, endings))
        while crowd := _crowd(self._files):
            self._merge(crowd)

    def _drop_merged(self, *, writable: bool) -> None:
        """Let go of files that were merged into another and could not be removed just then."""
        merged = frozenset().union(*(file.merged for file in self._files))
        left = [file for file in self._files if _number(file.path) in merged]
        self._files = [file for file in self._files if file not in left]
        for file in left:
            file.close()
            if writable:
                remove(file.path)

    def _merge(self, crowd: list[LexiconFile]) -> None:
        words: dict[bytes, bytes] = {}
        endings: set[bytes] = set()
        for file in crowd:
            more, behind = file.contents()
            words.update(more)
            endings |= behind
        one = self._written(words, endings, merged=self._numbers_of(crowd))
        self._files = [file for file in self._files if file not in crowd] + [one]
        for file in crowd:
            file.close()
            remove(file.path)  # one that stays is named by the file that it went into

    def _numbers_of(self, crowd: list[LexiconFile]) -> list[int]:
        """Return the numbers of files, with those merged into them of which a file is left."""
        left = set(map(_number, lexicon_paths(self._directory, self._stem)))
        before = frozenset().union(*(file.merged for file in crowd)) & left
        return sorted(before.union(_number(file.path) for file in crowd))

    def _written(
        self,
        analyses: Mapping[bytes, bytes],
        endings: Iterable[bytes],
        *,
        merged: Sequence[int] = (),
    ) -> LexiconFile:
        words = sorted(analyses)
        path = self._directory / f"{self._stem}-{self._last() + 1}{SUFFIX}"
        fresh = path.with_name(path.name + NEW)
        with ArrayWriter(fresh) as writer:
            columns = {
                "words": words,
                "analyses": [analyses[word] for word in words],
                "endings": sorted(endings),
            }
            for name, rows in columns.items():
                column = TermDictionaryWriter(writer, name)
                column.add(rows)
                column.close()
            if merged:
                writer.facts["merged"] = merged
        sync(fresh)
        fresh.replace(path)
        sync(path.parent)
        return LexiconFile(path)

    def _last(self) -> int:
        return max(map(_number, lexicon_paths(self._directory, self._stem)), default=0)

    def _opened(self) -> list[LexiconFile]:
        with ExitStack() as opened:
            files: list[LexiconFile] = []
            for path in lexicon_paths(self._directory, self._stem):
                files.append(LexiconFile(path))
                opened.callback(files[-1].close)
            opened.pop_all()
        return files


def open_lexicon(path: Path, *, writable: bool = True) -> Lexicon:
    """Open the lexicon whose files are named `path`, a hyphen, a number and a suffix.

    Raises FileNotFoundError where there is none to read, CorruptFile for a damaged file.
    """
    return Lexicon(LexiconFiles(path.parent, path.name, writable=writable))


def lexicon_paths(directory: Path, stem: str) -> list[Path]:
    """Return the files of a lexicon, the oldest first."""
    name = re.compile(rf"{re.escape(stem)}-[1-9][0-9]{{0,17}}{re.escape(SUFFIX)}")
    found = filter(name.fullmatch, os.listdir(directory)) if directory.is_dir() else ()
    return sorted(map(directory.joinpath, found), key=_number)


def _number(path: Path) -> int:
    return int(path.stem.rpartition("-")[2])


def _crowd(files: list[LexiconFile]) -> list[LexiconFile]:
    """Return files of one size class where there are many, else none."""
    classes: dict[int, list[LexiconFile]] = {}
    for file in files:
        classes.setdefault(len(file).bit_length() // _FAN_IN.bit_length(), []).append(file)
    return next((some for some in classes.values() if len(some) >= _FAN_IN), [])


def check_file(path: Path) -> None:
    """Read every word of a lexicon's file: some seconds for a million words.

    Raises CorruptFile for what is not as it was written.
    """
    with closing(LexiconFile(path)) as file:
        file.file.check_all()
        words, _ = file.contents()
        with parsing(path.name):
            for analysis in words.values():
                decoded(analysis)
