"""The lexicon: every Korean word that was ever analysed, and what it gave.

It only grows, and every later build and query uses it: text repeats its words, so almost all of
them are known, and Kiwi is not even loaded. Every batch is a file at once, so that a build that is
killed keeps what Kiwi has done.
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
_PLACES = range(1 << 31)
# Made once: `json.dumps` would make one for each analysis, which takes longer than using it.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class LexiconStore(Protocol):
    """Where words and their analyses are kept between processes, as bytes in UTF-8."""

    @property
    def writable(self) -> bool:
        """Whether new words can be added."""

    def __len__(self) -> int:
        """Return the number of words."""

    def words(self) -> list[TermDictionary]:
        """Return the words of each file, oldest first, in the order of their bytes."""

    def find(self, words: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return the known ones of some words, with their analyses."""

    def endings(self, candidates: Iterable[bytes]) -> set[bytes]:
        """Return those of `candidates` that a known word has behind its last term."""

    def add(self, analyses: Mapping[bytes, bytes], endings: Iterable[bytes]) -> None:
        """Keep new words durably."""

    def close(self) -> None:
        """Release the files."""


class Lexicon:
    """Word → analysis, in memory over a store; without a store it lasts as long as the process."""

    def __init__(self, store: LexiconStore | None = None) -> None:
        self._known: dict[str, Analysis] = {}
        self._missing: set[str] = set()
        self._endings: set[str] = set()
        self._store = store

    def close(self) -> None:
        """Close the store; what was looked up stays known."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def get(self, word: str) -> Analysis | None:
        """Return what is known of a word, or None."""
        known = self._known.get(word)
        return known if known is not None else self.look_up([word]).get(word)

    def look_up(self, words: Iterable[str]) -> Mapping[str, Analysis]:
        """Return what is known of each of `words`; those nobody has met are left out."""
        wanted = list(words)
        new = [word for word in wanted if word not in self._known and word not in self._missing]
        if new and self._store is not None:
            found = self._store.find([word.encode() for word in new])
            with parsing("the lexicon"):
                analyses = _all_decoded(found.values())
                self._known.update(zip(map(bytes.decode, found), analyses, strict=True))
        self._missing.update(word for word in new if word not in self._known)
        return {word: self._known[word] for word in wanted if word in self._known}

    def add(self, analyses: Mapping[str, Analysis]) -> None:
        """Remember analyses, in the store at once where there is one."""
        self._known.update(analyses)
        self._missing.difference_update(analyses)
        new_endings = self._learn_endings(analyses)
        if analyses and self._store is not None and self._store.writable:
            rows = {
                word.encode(): encoded(analysis).encode() for word, analysis in analyses.items()
            }
            self._store.add(rows, [ending.encode() for ending in new_endings])

    def forget(self) -> None:
        """Make room in memory: what is in the store is read again when it is asked for."""
        if self._store is not None and self._store.writable:
            self._known.clear()
            self._missing.clear()

    def endings(self, candidates: Iterable[str]) -> set[str]:
        """Return those of `candidates` that some known word has behind its last term."""
        wanted = set(candidates)
        found = self._endings & wanted
        if self._store is not None:
            known = self._store.endings(ending.encode() for ending in wanted - found)
            found.update(ending.decode() for ending in known)
        return found

    def dictionaries(self) -> list[TermDictionary]:
        """Return the words of each of its files, in the order of their bytes."""
        return self._store.words() if self._store is not None else []

    def _learn_endings(self, analyses: Mapping[str, Analysis]) -> set[str]:
        new = {_ending(word, analysis) for word, analysis in analyses.items()} - {""}
        new -= self._endings
        self._endings |= new
        return new

    def __len__(self) -> int:
        return len(self._known if self._store is None else self._store)


def stem_of(word: str, analysis: Analysis) -> str:
    """Return the nouns that a word begins with if all behind them is an ending, or ""."""
    ending = _ending(word, analysis)
    return word.removesuffix(ending) if ending else ""


def _ending(word: str, analysis: Analysis) -> str:
    """Return what stands behind the last term of a word that is otherwise all nouns, or ""."""
    parts, width = analysis
    if not width or any(part.term.endswith("다") for part in parts):
        return ""
    # A key with a stand-in (의 after letters) has its parts counted without it.
    if word[0].isascii() or word[-1].isascii():
        return ""
    return word[max(part.end for part in parts) :]


def encoded(analysis: Analysis) -> str:
    """Return an analysis as a line of JSON."""
    parts, width = analysis
    return _encode([width, parts])


def decoded(analysis: str | bytes) -> Analysis:
    """Return the analysis that `encoded` gave."""
    return _analysis(*json.loads(analysis))


def _all_decoded(analyses: Iterable[bytes]) -> list[Analysis]:
    """Return some analyses: read together, they take half the time."""
    rows = json.loads(f"[{','.join(map(bytes.decode, analyses))}]")
    return [_analysis(*row) for row in rows]


def _analysis(width: int, rows: Iterable[tuple[str, int, int, int, int]]) -> Analysis:
    # Adding "" refuses what is no text, and a range what is no number, or none of a place.
    at = _PLACES
    parts = [
        Part(term + "", _ROLES[role], at[position], at[start], at[end])
        for term, role, position, start, end in rows
    ]
    return tuple(parts), at[width]
