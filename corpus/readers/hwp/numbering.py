"""Makes the automatic numbers of paragraphs, which are not in their text: 제1조, 1., 가., ①."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..number_forms import (
    CONSONANTS,
    HANGUL_DIGITS,
    HANJA_DIGITS,
    LETTERS,
    SYLLABLES,
    Form,
    consecutive,
    repeated,
    roman,
    signs,
    spelled,
    upper_roman,
)

_REFERENCE = re.compile(r"\^([0-9nN])")
_MOST_LEVELS = 10
_CIRCLED = consecutive("①", 20) + consecutive("㉑", 15) + consecutive("㊱", 15)

# In the order of their codes in HWP, with their names in HWPX.
_FORMATS: dict[str, Form] = {
    "DIGIT": str,
    "CIRCLED_DIGIT": signs(_CIRCLED),
    "ROMAN_CAPITAL": upper_roman,
    "ROMAN_SMALL": roman,
    "LATIN_CAPITAL": repeated(LETTERS.upper()),
    "LATIN_SMALL": repeated(LETTERS),
    "CIRCLED_LATIN_CAPITAL": signs(consecutive("Ⓐ", 26)),
    "CIRCLED_LATIN_SMALL": signs(consecutive("ⓐ", 26)),
    "HANGUL_SYLLABLE": repeated(SYLLABLES),
    "CIRCLED_HANGUL_SYLLABLE": signs(consecutive("㉮", 14)),
    "HANGUL_JAMO": repeated(CONSONANTS),
    "CIRCLED_HANGUL_JAMO": signs(consecutive("㉠", 14)),
    "HANGUL_PHONETIC": spelled(HANGUL_DIGITS, "십백천만"),
    "IDEOGRAPH": spelled(HANJA_DIGITS, "十百千萬"),
    "CIRCLED_IDEOGRAPH": signs(consecutive("㊀", 10)),
    "DECAGON_CIRCLE": repeated("갑을병정무기경신임계"),
    "DECAGON_CIRCLE_HANJA": repeated("甲乙丙丁戊己庚辛壬癸"),
}
FORMATS = tuple(_FORMATS)


def formatted(number: int, name: str) -> str:
    """Return a number in one of the FORMATS, in digits if it is of another; none is below 1."""
    return _FORMATS.get(name, str)(number) if number > 0 else str(number)


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a numbering: its text with ^1 for the number of level 1, its format and start."""

    text: str
    format: str = "DIGIT"
    start: int = 1


@dataclass(slots=True)
class Numbering:
    """The numbers of the paragraphs of one kind, counted through a document."""

    levels: Sequence[Level]
    _counts: list[int | None] = field(default_factory=lambda: [None] * _MOST_LEVELS)

    def next(self, level: int) -> str:
        """Count a paragraph at a level, from 0, and return its number; levels below start anew."""
        if not 0 <= level < min(len(self.levels), _MOST_LEVELS):
            return ""
        for at in range(level):
            if self._counts[at] is None:
                self._counts[at] = self.levels[at].start
        count = self._counts[level]
        self._counts[level] = self.levels[level].start if count is None else count + 1
        self._counts[level + 1 :] = [None] * (_MOST_LEVELS - level - 1)
        return _REFERENCE.sub(lambda found: self._number(found[1], level), self.levels[level].text)

    def _number(self, reference: str, level: int) -> str:
        if reference in "nN":
            found = ".".join(self._count(at) for at in range(level + 1))
            return found + "." * (reference == "N")
        at = int(reference) - 1 if reference != "0" else _MOST_LEVELS - 1
        return self._count(at) if at < len(self.levels) else ""

    def _count(self, level: int) -> str:
        return formatted(self._counts[level] or 0, self.levels[level].format)
