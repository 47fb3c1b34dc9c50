"""The bridge on disk: entries, found by the words of either side.

A side of an entry is found by its key: Korean by its letters without spaces, which is what its
terms give when they are joined, however Kiwi cuts them; English by its stems, stop words left out.
So the words of a glossary need no analysis, and no Kiwi.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from ..arrays.array_file import ArrayFile
from ..arrays.array_types import AnyArray
from ..arrays.array_writer import ArrayWriter
from ..arrays.files import WrittenFile, parsing
from ..arrays.term_dictionary import TermDictionary, TermDictionaryWriter
from .entry import WEIGHT_DIGITS, Entry, Source
from .keys import english_key, korean_key

# Entries of a key that are looked at; a table may hold hundreds for one.
MOST_ENTRIES = 100
SOURCES = tuple(Source)
WEIGHT_STEPS = 10**WEIGHT_DIGITS


class Content(NamedTuple):
    """All that a table holds.

    `declared` are the paths of files that the user says are translations, Korean and English;
    `learned` has an even number for each pair of files that was learned from, an odd one for each
    document in both languages, as they were then; `compared` tells how many passages the index had
    when the sounds of its words were compared.
    """

    entries: tuple[Entry, ...] = ()
    declared: tuple[tuple[str, str], ...] = ()
    learned: tuple[int, ...] = ()
    compared: int = 0


class Met(NamedTuple):
    """What a key leads to: its best entries, and whether some key begins with it, as itself does.

    Both at once: the bisection for the one is that for the other.
    """

    entries: Sequence[Entry]
    goes_on: bool


class Table:
    """Entries by number, in the order of their words; a file that threads may share."""

    def __init__(self, path: Path, *, trusted: bool = False) -> None:
        """Open a file; one that is `trusted` is not compared with its checksums as it is read."""
        self._file = ArrayFile(path, trusted=trusted)
        self._entries = TermDictionary(self._file, "entries")
        self._weights = self._file["weights"]
        self._sources = self._file["sources"]
        if not len(self._weights) == len(self._sources) == len(self._entries):
            raise self._file.corrupt("its columns differ in length")
        self._korean = _Keys(self._file, "korean", len(self._entries))
        self._english = _Keys(self._file, "english", len(self._entries))

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def written(self) -> WrittenFile:
        """What a table of contents says of the file."""
        return WrittenFile(self._file.path.name, self._file.size, self._file.footer_checksum)

    def content(self) -> Content:
        """Return all that the table holds."""
        rows = (row.decode().split("\t") for row in TermDictionary(self._file, "declared"))
        columns = (self._weights.all().tolist(), self._sources.all().tolist())
        with parsing(self._file.path.name):
            return Content(
                entries=tuple(map(_entry, self._entries, *columns)),
                declared=tuple((korean, english) for korean, english in rows),
                learned=tuple(self._file["learned"].all().astype(np.uint64).tolist()),
                compared=self._file.count("compared"),
            )

    def __len__(self) -> int:
        return len(self._entries)

    def counts(self) -> dict[str, int]:
        """Return how many entries there are of each source that has any, the most trusted first."""
        sources = self._sources.all()
        counts = [int((sources == number).sum()) for number in range(len(SOURCES))]
        return {source.value: n for source, n in zip(SOURCES, counts, strict=True) if n}

    def entry(self, number: int) -> Entry:
        """Return an entry by its number."""
        columns = self._entries[number], self._weights.at(number), self._sources.at(number)
        with parsing(self._file.path.name):
            return _entry(*columns)

    def find(self, key: str, *, korean: bool) -> Met:
        """Return what a key of one language leads to, the heaviest first."""
        numbers, goes_on = (self._korean if korean else self._english).find(key, most=MOST_ENTRIES)
        return Met([self.entry(number) for number in numbers], goes_on)

    def of(self, word: str) -> list[Entry]:
        """Return all entries of a word or term of either language, also those struck out.

        They are in the order of their words.
        """
        korean, english = korean_key(word), english_key(word)
        found = {*self._korean.find(korean)[0], *self._english.find(english)[0]}
        for number in (self._weights.all() == 0).nonzero()[0].tolist():
            entry = self.entry(number)
            if korean_key(entry.korean) == korean or english_key(entry.english) == english:
                found.add(number)
        return [self.entry(number) for number in sorted(found)]

    def english_keys(self) -> dict[str, str]:
        """Return what the English words of its entries are found by, those struck out left out."""
        rows = list(self._entries)
        pairs = self._english.pairs()
        with parsing(self._file.path.name):
            return {rows[number].decode().partition("\t")[2]: key for key, number in pairs}

    def overrules(self, korean: str, english: str) -> bool:
        """Tell whether the user has said what a pair of words weighs, or struck it out."""
        if not self._file.count("users"):
            return False
        number = self._entries.find(row_of(korean, english))
        return number is not None and self.entry(number).source is Source.USER


def _entry(row: bytes, weight: int, source: int) -> Entry:
    korean, _, english = row.decode().partition("\t")
    return Entry(korean, english, weight / WEIGHT_STEPS, SOURCES[source])


def row_of(korean: str, english: str) -> bytes:
    """Return the words of an entry, or two paths, as they are written: in this order they stand."""
    return f"{korean}\t{english}".encode()


class _Keys:
    """The entries of each key of one language, the heaviest first; those struck out are in none."""

    def __init__(self, file: ArrayFile, name: str, entries: int) -> None:
        self._file = file
        self._most = entries
        self._keys = TermDictionary(file, name)
        self._ends = file[f"{name}.entry_ends"]
        self._entries = file[f"{name}.entries"]
        if len(self._ends) != len(self._keys):
            raise file.corrupt("its keys and their entries differ in number")

    def find(self, key: str, *, most: int | None = None) -> tuple[Sequence[int], bool]:
        """Return the entries of a key, and whether some key begins with it."""
        wanted = key.encode()
        number = self._keys.first_from(wanted)
        met = self._keys[number] if number < len(self._keys) else None
        if met != wanted:
            return (), met is not None and met.startswith(wanted)
        start, end = self._ends.span(number)
        return self._checked(self._entries.read(start, min(end, start + (most or end)))), True

    def _checked(self, entries: AnyArray) -> list[int]:
        """Return the numbers of entries that there are."""
        if len(entries) and not 0 <= int(entries.min()) <= int(entries.max()) < self._most:
            raise self._file.corrupt("a key leads to an entry that is not there")
        numbers: list[int] = entries.tolist()
        return numbers

    def pairs(self) -> Iterator[tuple[str, int]]:
        """Yield each key with the number of each of its entries."""
        entries = self._checked(self._entries.all())
        start = 0
        for key, end in zip(self._keys, self._ends.all().tolist(), strict=True):
            with parsing(self._file.path.name):
                name = key.decode()
            yield from ((name, number) for number in entries[start:end])
            start = end


def write_table(
    path: Path, content: Content, *, known: Mapping[str, str] = MappingProxyType({})
) -> WrittenFile:
    """Write a table; no two of its entries are of the same words.

    `known` are keys of English words: to find them out takes longer than all the rest.
    """
    rows = sorted((row_of(entry.korean, entry.english), entry) for entry in content.entries)
    with ArrayWriter(path) as writer:
        writer.facts["compared"] = content.compared
        writer.facts["users"] = sum(entry.source is Source.USER for _, entry in rows)
        _write_terms(writer, "declared", sorted(row_of(*pair) for pair in content.declared))
        writer.add("learned", np.array(sorted(content.learned), np.uint64), "<u8")
        _write_terms(writer, "entries", [row for row, _ in rows])
        weights = [round(entry.weight * WEIGHT_STEPS) for _, entry in rows]
        writer.add("weights", np.array(weights, np.uint16), "<u2")
        sources = [SOURCES.index(entry.source) for _, entry in rows]
        writer.add("sources", np.array(sources, np.uint8), "<u1")
        used = [number for number, weight in enumerate(weights) if weight]
        used.sort(key=lambda number: (-weights[number], number))
        of_korean = ((korean_key(rows[number][1].korean), number) for number in used)
        _write_keys(writer, "korean", _grouped(of_korean))
        english = (rows[number][1].english for number in used)
        keys = (known.get(words) or english_key(words) for words in english)
        of_english = zip(keys, used, strict=True)
        _write_keys(writer, "english", _grouped(of_english))
    return WrittenFile(path.name, writer.size, writer.footer_checksum)


def _grouped(pairs: Iterable[tuple[str, int]]) -> dict[bytes, list[int]]:
    groups: dict[bytes, list[int]] = {}
    for key, number in pairs:
        groups.setdefault(key.encode(), []).append(number)
    groups.pop(b"", None)
    return groups


def _write_keys(writer: ArrayWriter, name: str, groups: Mapping[bytes, list[int]]) -> None:
    keys = sorted(groups)
    _write_terms(writer, name, keys)
    ends = list(accumulate(len(groups[key]) for key in keys))
    writer.put(f"{name}.entry_ends", np.array(ends, np.int64))
    entries = [number for key in keys for number in groups[key]]
    writer.put(f"{name}.entries", np.array(entries, np.int64))


def _write_terms(writer: ArrayWriter, name: str, terms: list[bytes]) -> None:
    written = TermDictionaryWriter(writer, name)
    written.add(terms)
    written.close()
