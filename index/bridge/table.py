"""The bridge on disk: entries, found by the key of either term.

The key of a Korean term is its letters without spaces, which are also the index terms joined,
however Kiwi splits them; that of an English one is its stems without stop words. So the words of
a glossary need no Kiwi. `Lookup` asks the bridge of an index first, then the general glossary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from types import MappingProxyType

import numpy as np

from ..arrays.array_file import ArrayFile
from ..arrays.array_types import AnyArray
from ..arrays.array_writer import ArrayWriter
from ..arrays.files import WrittenFile, parsing
from ..arrays.term_dictionary import TermDictionary, TermDictionaryWriter
from ..value import NamedTuple
from .entry import WEIGHT_DIGITS, Entry, Source, english_key, heavier, korean_key

# The most entries that a key gives; a table may have hundreds for one.
MOST_ENTRIES = 100
_SOURCES = tuple(Source)
_SYNONYM = _SOURCES.index(Source.SYNONYM)
_WEIGHT_STEPS = 10**WEIGHT_DIGITS

_CACHE_SIZE = 10_000  # keys


class Content(NamedTuple):
    """The content of a table.

    `declared` are the paths of files that the user says are translations, Korean and English;
    `learned` are hashes of the texts that were learned from, even for a pair of files and odd for
    a document in both languages; `compared` is the number of passages of the index when the sounds
    of its words were compared.
    """

    entries: tuple[Entry, ...] = ()
    declared: tuple[tuple[str, str], ...] = ()
    learned: tuple[int, ...] = ()
    compared: int = 0


class KeyMatch(NamedTuple):
    """The best entries of a key, and whether it is a prefix of any: one search finds both."""

    entries: Sequence[Entry]
    is_prefix: bool


class Table:
    """A file of entries, sorted by their terms; threads may share it."""

    def __init__(self, path: Path, *, trusted: bool = False) -> None:
        """Open a file; the checksums of a `trusted` one are not verified."""
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
        """The name, size and checksum of the file, as a commit file lists them."""
        return WrittenFile(self._file.path.name, self._file.size, self._file.footer_checksum)

    def content(self) -> Content:
        """Return the content of the table."""
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
        """Return the number of entries of each source that has any, the most trusted first."""
        sources = self._sources.all()
        counts = ((name.value, int((sources == n).sum())) for n, name in enumerate(_SOURCES))
        return {name: count for name, count in counts if count}

    def entry(self, number: int) -> Entry:
        """Return an entry by its number."""
        columns = self._entries[number], self._weights.at(number), self._sources.at(number)
        with parsing(self._file.path.name):
            return _entry(*columns)

    def find(self, key: str, *, korean: bool) -> KeyMatch:
        """Return the best entries of a key of one language, the heaviest first."""
        keys = self._korean if korean else self._english
        numbers, is_prefix = keys.find(key, most=MOST_ENTRIES)
        return KeyMatch([self.entry(number) for number in numbers], is_prefix)

    def synonyms(self) -> Iterator[tuple[str, str]]:
        """Yield the pairs of words of one language that mean the same, without removed ones."""
        for number in (self._sources.all() == _SYNONYM).nonzero()[0].tolist():
            entry = self.entry(number)
            if entry.weight:
                yield entry.korean, entry.english

    def find_all(self, word: str) -> list[Entry]:
        """Return all entries of a term of either language, removed ones too, sorted by terms."""
        korean, english = korean_key(word), english_key(word)
        found = {*self._korean.find(korean)[0], *self._english.find(english)[0]}
        without_key = (self._weights.all() == 0) | (self._sources.all() == _SYNONYM)
        for number in without_key.nonzero()[0].tolist():
            entry = self.entry(number)
            keys = [korean_key(entry.korean)]
            if entry.source is Source.SYNONYM:
                keys.append(korean_key(entry.english))
            if korean in keys or english_key(entry.english) == english:
                found.add(number)
        return [self.entry(number) for number in sorted(found)]

    def english_keys(self) -> dict[str, str]:
        """Return the keys of the English terms, without those of removed entries."""
        rows = list(self._entries)
        pairs = self._english.pairs()
        with parsing(self._file.path.name):
            return {rows[number].decode().partition("\t")[2]: key for key, number in pairs}

    def has_user_entry(self, korean: str, english: str) -> bool:
        """Return whether the user gave the entry of a pair of terms, or removed it."""
        if not self._file.count("users"):
            return False
        number = self._entries.find(_row(korean, english))
        return number is not None and self.entry(number).source is Source.USER


def _entry(row: bytes, weight: int, source: int) -> Entry:
    korean, _, english = row.decode().partition("\t")
    return Entry(korean, english, weight / _WEIGHT_STEPS, _SOURCES[source])


def _row(korean: str, english: str) -> bytes:
    """Return two terms, or two paths, as they are stored and sorted."""
    return f"{korean}\t{english}".encode()


class _Keys:
    """The keys of one language with their entries, heaviest first and without removed ones."""

    def __init__(self, file: ArrayFile, name: str, entries: int) -> None:
        self._file = file
        self._entry_count = entries
        self._keys = TermDictionary(file, name)
        self._ends = file[f"{name}.entry_ends"]
        self._entries = file[f"{name}.entries"]
        if len(self._ends) != len(self._keys):
            raise file.corrupt("its keys and their entries differ in number")

    def find(self, key: str, *, most: int | None = None) -> tuple[Sequence[int], bool]:
        """Return the numbers of a key's entries, and whether it is a prefix of any key."""
        wanted = key.encode()
        number = self._keys.first_from(wanted)
        found = self._keys[number] if number < len(self._keys) else None
        if found != wanted:
            return (), found is not None and found.startswith(wanted)
        start, end = self._ends.span(number)
        return self._checked(self._entries.read(start, min(end, start + (most or end)))), True

    def _checked(self, entries: AnyArray) -> list[int]:
        if len(entries) and not 0 <= int(entries.min()) <= int(entries.max()) < self._entry_count:
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
    """Write a table, whose entries have distinct pairs of terms.

    `known` are keys of English terms: computing them takes longer than all the rest.
    """
    rows = sorted((_row(entry.korean, entry.english), entry) for entry in content.entries)
    with ArrayWriter(path) as writer:
        writer.facts["compared"] = content.compared
        writer.facts["users"] = sum(entry.source is Source.USER for _, entry in rows)
        _write_terms(writer, "declared", sorted(_row(*pair) for pair in content.declared))
        writer.add("learned", np.array(sorted(content.learned), np.uint64), "<u8")
        _write_terms(writer, "entries", [row for row, _ in rows])
        weights = [round(entry.weight * _WEIGHT_STEPS) for _, entry in rows]
        writer.add("weights", np.array(weights, np.uint16), "<u2")
        sources = [_SOURCES.index(entry.source) for _, entry in rows]
        writer.add("sources", np.array(sources, np.uint8), "<u1")
        # Neither what was removed nor a synonym is found as a translation.
        used = [
            number
            for number, (weight, source) in enumerate(zip(weights, sources, strict=True))
            if weight and source != _SYNONYM
        ]
        used.sort(key=lambda number: (-weights[number], number))
        korean_keys = (korean_key(rows[number][1].korean) for number in used)
        _write_keys(writer, "korean", korean_keys, used)
        english = (rows[number][1].english for number in used)
        english_keys = (known.get(term) or english_key(term) for term in english)
        _write_keys(writer, "english", english_keys, used)
    return WrittenFile(path.name, writer.size, writer.footer_checksum)


def _write_keys(
    writer: ArrayWriter, name: str, names: Iterable[str], numbers: Sequence[int]
) -> None:
    """Write the keys of some entries; an entry without a key has no row."""
    groups: dict[bytes, list[int]] = {}
    for key, number in zip(names, numbers, strict=True):
        if key:
            groups.setdefault(key.encode(), []).append(number)
    keys = sorted(groups)
    _write_terms(writer, name, keys)
    ends = list(accumulate(len(groups[key]) for key in keys))
    writer.put(f"{name}.entry_ends", np.array(ends, np.int64))
    entries = [number for key in keys for number in groups[key]]
    writer.put(f"{name}.entries", np.array(entries, np.int64))


def _write_terms(writer: ArrayWriter, name: str, terms: list[bytes]) -> None:
    dictionary = TermDictionaryWriter(writer, name)
    dictionary.add(terms)


class Lookup:
    """The entries of an index, which override those of the general glossary; thread-safe."""

    def __init__(self, table: Table, general: Table) -> None:
        self._table = table
        self._general = general
        self._cache: dict[tuple[str, bool], KeyMatch] = {}

    def find(self, key: str, *, korean: bool) -> Sequence[Entry]:
        """Return the best entries of a key of one language, the heaviest first."""
        return self._match(key, korean=korean).entries

    def has_prefix(self, prefix: str, *, korean: bool) -> bool:
        """Return whether a key of one language begins with `prefix`."""
        return self._match(prefix, korean=korean).is_prefix

    def _match(self, key: str, *, korean: bool) -> KeyMatch:
        match = self._cache.get((key, korean))
        if match is None:
            if len(self._cache) >= _CACHE_SIZE:
                self._cache.clear()
            own = self._table.find(key, korean=korean)
            general = self._general.find(key, korean=korean)
            entries = self._merged(own.entries, general.entries)
            match = self._cache[key, korean] = KeyMatch(entries, own.is_prefix or general.is_prefix)
        return match

    def _merged(self, own: Iterable[Entry], general: Iterable[Entry]) -> Sequence[Entry]:
        found = {(entry.korean, entry.english): entry for entry in own}
        for entry in general:
            terms = (entry.korean, entry.english)
            if terms in found:
                found[terms] = _confirmed(found[terms], entry)
            elif not self._table.has_user_entry(*terms):
                found[terms] = entry
        best = sorted(found.values(), key=lambda entry: -entry.weight)
        return tuple(best[:MOST_ENTRIES])


def _confirmed(known: Entry, general: Entry) -> Entry:
    """Return one entry for two of a pair; a gloss that the glossary has is no chance bracket."""
    return heavier(general, known) if known.source is Source.GLOSS else heavier(known, general)
