"""The user dictionary: lines of word, tag and score, separated by tabs, as Kiwi reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import isfinite, nan

from ..value import NamedTuple
from .normalize import normal_form

# The tags that a user may give a word: those of whole words in Kiwi.
TAGS = frozenset(
    "NNG NNP NNB NR NP VV VA MM MAG MAJ IC XPN XSN XR SL SH SN".split()  # noqa: SIM905 - one line
)
MOST_WORDS = 500_000


class DictionaryError(ValueError):
    """Raised for an invalid line of a user dictionary; the message names the line."""


class Entry(NamedTuple):
    """A word of the user, its tag, and a score by which Kiwi prefers it."""

    word: str
    tag: str = "NNP"
    score: float = 0.0


class Dictionary(NamedTuple):
    """The words of the user, in order."""

    entries: tuple[Entry, ...] = ()

    @property
    def name(self) -> str:
        """The dictionary in a fingerprint: equal for equal entries."""
        if not self.entries:
            return "no dictionary"
        from hashlib import blake2b  # imported late: few indexes have a dictionary

        words = repr([(entry.word, entry.tag, entry.score) for entry in self.entries])
        digest = blake2b(words.encode(), digest_size=6).hexdigest()
        return f"dictionary of {len(self.entries)} words ({digest})"


def parse_dictionary(lines: Iterable[str]) -> Dictionary:
    """Parse `word<TAB>tag<TAB>score` lines; tag (NNP) and score (0) are optional.

    Empty lines and lines that start with # are skipped. Raises DictionaryError.
    """
    entries: list[Entry] = []
    for number, line in enumerate(lines, 1):
        text = line.rstrip("\r\n").removeprefix("\ufeff")
        if text.strip() and not text.startswith("#"):
            entries.append(_entry(text, number))
        if len(entries) > MOST_WORDS:
            raise DictionaryError(f"line {number} exceeds the limit of {MOST_WORDS:,} words")
    return Dictionary(tuple(entries))


def _entry(line: str, number: int) -> Entry:
    word, tag, score, *rest = [*map(str.strip, line.split("\t")), "", ""]
    word = normal_form(word)  # as texts are, before Kiwi analyzes them
    if any(rest):
        raise DictionaryError(f"line {number} has more columns than word, tag and score")
    if not word or any(map(str.isspace, word)):
        raise DictionaryError(f"line {number} does not have a single word in its first column")
    # Compiled on first use: few indexes have a dictionary.
    if not re.fullmatch("[가-힣]+", word):
        raise DictionaryError(
            f"line {number} has {word!r}: a word must be in Hangul, "
            "since Kiwi is given nothing else"
        )
    if tag and tag not in TAGS:
        raise DictionaryError(f"line {number} has the tag {tag!r}, which Kiwi does not know")
    return Entry(word, tag or "NNP", _score(score, number))


def _score(score: str, number: int) -> float:
    try:
        value = float(score or 0)
    except ValueError:
        value = nan
    if not isfinite(value):
        raise DictionaryError(f"line {number} has the score {score!r}, which is not a number")
    return value
