"""Makes the automatic numbers of paragraphs, which are not in their text: 제1조, 1., 가., ①."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_REFERENCE = re.compile(r"\^([0-9nN])")
_MOST_LEVELS = 10
_SYLLABLES = "가나다라마바사아자차카타파하"
_CONSONANTS = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"
_HANGUL_DIGITS, _HANJA_DIGITS = "일이삼사오육칠팔구", "一二三四五六七八九"
_HANGUL_TENS, _HANJA_TENS = "십백천만", "十百千萬"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_LONGEST_ROMAN = 4000


def _letters(letters: str) -> Callable[[int], str]:
    """Return the numbers that count with letters: after the last one, they are doubled."""
    return lambda number: letters[(number - 1) % len(letters)] * ((number - 1) // len(letters) + 1)


def _circled(first: str, count: int) -> Callable[[int], str]:
    """Return the numbers that are consecutive characters; those beyond are in brackets."""
    return lambda number: chr(ord(first) + number - 1) if number <= count else f"({number})"


def _circled_number(number: int) -> str:
    for first, count, before in (("①", 20, 0), ("㉑", 15, 20), ("㊱", 15, 35)):
        if number <= before + count:
            return chr(ord(first) + number - before - 1)
    return f"({number})"


def _roman(number: int) -> str:
    if number >= _LONGEST_ROMAN:
        return str(number)
    found = ""
    for value, letters in _ROMAN:
        found += letters * (number // value)
        number %= value
    return found


def _spelled(digits: str, tens: str) -> Callable[[int], str]:
    """Return the numbers in words: 이십일, 二十一."""

    def number(value: int) -> str:
        if value >= 10 ** (len(tens) + 1):
            return str(value)
        found = ""
        for place, digit in enumerate(reversed(str(value))):
            if digit == "0":
                continue
            unit = tens[place - 1] if place else ""
            found = ("" if digit == "1" and unit else digits[int(digit) - 1]) + unit + found
        return found

    return number


# In the order of their codes in HWP, with their names in HWPX.
_FORMATS: dict[str, Callable[[int], str]] = {
    "DIGIT": str,
    "CIRCLED_DIGIT": _circled_number,
    "ROMAN_CAPITAL": _roman,
    "ROMAN_SMALL": lambda number: _roman(number).lower(),
    "LATIN_CAPITAL": _letters("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "LATIN_SMALL": _letters("abcdefghijklmnopqrstuvwxyz"),
    "CIRCLED_LATIN_CAPITAL": _circled("Ⓐ", 26),
    "CIRCLED_LATIN_SMALL": _circled("ⓐ", 26),
    "HANGUL_SYLLABLE": _letters(_SYLLABLES),
    "CIRCLED_HANGUL_SYLLABLE": _circled("㉮", 14),
    "HANGUL_JAMO": _letters(_CONSONANTS),
    "CIRCLED_HANGUL_JAMO": _circled("㉠", 14),
    "HANGUL_PHONETIC": _spelled(_HANGUL_DIGITS, _HANGUL_TENS),
    "IDEOGRAPH": _spelled(_HANJA_DIGITS, _HANJA_TENS),
    "CIRCLED_IDEOGRAPH": _circled("㊀", 10),
    "DECAGON_CIRCLE": _letters("갑을병정무기경신임계"),
    "DECAGON_CIRCLE_HANJA": _letters("甲乙丙丁戊己庚辛壬癸"),
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
