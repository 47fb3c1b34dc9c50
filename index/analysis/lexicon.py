"""The lexicon: every Korean word that was ever analysed, and what it gave.

It only grows, and every later build and query uses it: text repeats its words, so almost all of
them are known, and Kiwi is not even loaded. SQLite keeps it, because a word looked up must not
cost the reading of all others, and a build that is killed must keep what Kiwi has done.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

from ..database import open_database, writing
from .word import Part, Role

Analysis = tuple[tuple[Part, ...], int]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS words (word TEXT PRIMARY KEY, analysis TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS endings (ending TEXT PRIMARY KEY) WITHOUT ROWID;
"""
# SQLite takes a few hundred parameters in one statement; beyond that, a look-up is repeated.
_AT_ONCE = 500
_ROLES = tuple(Role)


class Lexicon:
    """Word → analysis, in memory over a file; without a file it lasts as long as the process."""

    def __init__(self, path: Path | None = None, *, writable: bool = True) -> None:
        self._known: dict[str, Analysis] = {}
        self._missing: set[str] = set()
        self._endings: set[str] = set()
        self._file = open_database(path, _SCHEMA, writable=writable) if path else None
        self._writable = writable

    def close(self) -> None:
        """Close the file; what was looked up stays known."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def get(self, word: str) -> Analysis | None:
        """Return what is known of a word, or None."""
        return self.look_up([word]).get(word)

    def look_up(self, words: Iterable[str]) -> Mapping[str, Analysis]:
        """Return what is known of each of `words`; those nobody has met are left out."""
        wanted = list(words)
        new = [word for word in wanted if word not in self._known and word not in self._missing]
        if new and self._file is not None:
            for start in range(0, len(new), _AT_ONCE):
                self._read(self._file, new[start : start + _AT_ONCE])
        self._missing.update(word for word in new if word not in self._known)
        return {word: self._known[word] for word in wanted if word in self._known}

    def _read(self, file: sqlite3.Connection, words: list[str]) -> None:
        marks = ",".join("?" * len(words))
        query = f"SELECT word, analysis FROM words WHERE word IN ({marks})"
        for word, analysis in file.execute(query, words):
            self._known[word] = decoded(analysis)

    def add(self, analyses: Mapping[str, Analysis]) -> None:
        """Remember analyses, on disk at once where there is a file."""
        self._known.update(analyses)
        self._missing.difference_update(analyses)
        new_endings = self._learn_endings(analyses)
        if self._file is not None and self._writable:
            rows = [(word, encoded(analysis)) for word, analysis in analyses.items()]
            endings = [(ending,) for ending in new_endings]
            with writing(self._file):
                self._file.executemany("INSERT OR REPLACE INTO words VALUES (?, ?)", rows)
                self._file.executemany("INSERT OR IGNORE INTO endings VALUES (?)", endings)

    def endings(self, candidates: Iterable[str]) -> set[str]:
        """Return those of `candidates` that some known word has behind its last term."""
        wanted = list(candidates)
        found = self._endings.intersection(wanted)
        if self._file is not None:
            for start in range(0, len(wanted), _AT_ONCE):
                some = wanted[start : start + _AT_ONCE]
                marks = ",".join("?" * len(some))
                query = f"SELECT ending FROM endings WHERE ending IN ({marks})"
                found.update(ending for (ending,) in self._file.execute(query, some))
        return found

    def _learn_endings(self, analyses: Mapping[str, Analysis]) -> set[str]:
        new = {_ending(word, analysis) for word, analysis in analyses.items()} - {""}
        new -= self._endings
        self._endings |= new
        return new

    def __len__(self) -> int:
        if self._file is None:
            return len(self._known)
        count: int = self._file.execute("SELECT count(*) FROM words").fetchone()[0]
        return count


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
    rows = [[part.term, int(part.role), part.position, part.start, part.end] for part in parts]
    return json.dumps([width, rows], ensure_ascii=False, separators=(",", ":"))


def decoded(analysis: str) -> Analysis:
    """Return the analysis that `encoded` gave."""
    width, rows = json.loads(analysis)
    return tuple(Part(row[0], _ROLES[row[1]], *row[2:]) for row in rows), width
