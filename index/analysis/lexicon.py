"""The lexicon: the analyses of all Korean words seen so far, kept across builds.

It only grows. Texts repeat their words, so that almost all are known and most commands never load
Kiwi. Every batch is written at once, so that a build that is killed loses little.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Protocol

from ..arrays.files import parsing
from ..arrays.term_dictionary import TermDictionary
from .word import Part, Role

Analysis = tuple[tuple[Part, ...], int]

_ROLES = tuple(Role)
_AT = range(1 << 31)
# Created once: `json.dumps` would create one per analysis, which takes longer than encoding.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class LexiconStore(Protocol):
    """Persistent words and analyses, as bytes in UTF-8."""

    @property
    def writable(self) -> bool:
        """Whether words can be added."""

    def __len__(self) -> int:
        """Return the number of words."""

    def words(self) -> list[TermDictionary]:
        """Return the sorted words of each file, oldest first."""

    def find(self, words: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return the analyses of those of `words` that are known."""

    def endings(self, candidates: Iterable[bytes]) -> set[bytes]:
        """Return those of `candidates` that end a known word."""

    def add(self, analyses: Mapping[bytes, bytes], endings: Iterable[bytes]) -> None:
        """Write new words durably."""

    def compact(self) -> None:
        """Merge small files; at the end of a build."""

    def close(self) -> None:
        """Release the files."""


class Lexicon:
    """A cache of analyses by word, over a store if there is one."""

    def __init__(self, store: LexiconStore | None = None) -> None:
        self._known: dict[str, Analysis] = {}
        self._missing: set[str] = set()
        self._endings: set[str] = set()
        self._store = store

    def close(self) -> None:
        """Close the store; cached words remain available."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def get(self, word: str) -> Analysis | None:
        """Return the analysis of a word, or None."""
        known = self._known.get(word)
        return known if known is not None else self.look_up([word]).get(word)

    def look_up(self, words: Iterable[str]) -> Mapping[str, Analysis]:
        """Return the analyses of those of `words` that are known."""
        wanted = list(words)
        new = [word for word in wanted if word not in self._known and word not in self._missing]
        if new and self._store is not None:
            found = self._store.find([word.encode() for word in new])
            with parsing("the lexicon"):
                # Decoded together, they take half the time.
                rows = json.loads(f"[{','.join(map(bytes.decode, found.values()))}]")
                analyses = [_analysis(*row) for row in rows]
                self._known.update(zip(map(bytes.decode, found), analyses, strict=True))
        self._missing.update(word for word in new if word not in self._known)
        return {word: self._known[word] for word in wanted if word in self._known}

    def add(self, analyses: Mapping[str, Analysis]) -> None:
        """Add analyses, and write them to the store at once."""
        self._known.update(analyses)
        self._missing.difference_update(analyses)
        endings = {_ending(word, analysis) for word, analysis in analyses.items()}
        new_endings = endings - self._endings - {""}
        self._endings |= new_endings
        if analyses and self._store is not None and self._store.writable:
            rows = {word.encode(): encoded(known).encode() for word, known in analyses.items()}
            self._store.add(rows, [ending.encode() for ending in new_endings])

    def compact(self) -> None:
        """Make later look-ups faster, if a build writes to the store."""
        if self._store is not None and self._store.writable:
            self._store.compact()

    def forget(self) -> None:
        """Clear the cache if a build writes to the store, which has the same words."""
        if self._store is not None and self._store.writable:
            self._known.clear()
            self._missing.clear()

    def endings(self, candidates: Iterable[str]) -> set[str]:
        """Return those of `candidates` that follow the last term of a known word."""
        wanted = set(candidates)
        found = self._endings & wanted
        if self._store is not None:
            known = self._store.endings(ending.encode() for ending in wanted - found)
            found.update(ending.decode() for ending in known)
        return found

    def dictionaries(self) -> list[TermDictionary]:
        """Return the sorted words of each file of the store."""
        return self._store.words() if self._store is not None else []

    def __len__(self) -> int:
        return len(self._known if self._store is None else self._store)


def stem_of(word: str, analysis: Analysis) -> str:
    """Return the nouns before the ending of a word, or "" if it has no ending."""
    ending = _ending(word, analysis)
    return word.removesuffix(ending) if ending else ""


def _ending(word: str, analysis: Analysis) -> str:
    """Return the text behind the last term of a word without predicates, or ""."""
    parts, width = analysis
    if not width or not parts or any(part.term.endswith("다") for part in parts):
        return ""
    if word[0].isascii() or word[-1].isascii():  # a stand-in, which offsets do not count
        return ""
    return word[max(part.end for part in parts) :]


def encoded(analysis: Analysis) -> str:
    """Encode an analysis as a line of JSON."""
    parts, width = analysis
    return _encode([width, parts])


def decoded(analysis: str | bytes) -> Analysis:
    """Decode the result of `encoded`."""
    return _analysis(*json.loads(analysis))


def _analysis(width: int, rows: Iterable[tuple[str, int, int, int, int]]) -> Analysis:
    # Raises TypeError or IndexError for a term that is no text, and for numbers out of range.
    parts = [
        Part(term + "", _ROLES[role], _AT[position], _AT[start], _AT[end])
        for term, role, position, start, end in rows
    ]
    return tuple(parts), _AT[width]
