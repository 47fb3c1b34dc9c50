"""The numbers of paragraphs in lists, which documents state by rules only."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

BULLET = "- "
_LEVEL = re.compile(r"%([1-9])")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SYLLABLES = "가나다라마바사아자차카타파하"
_CONSONANTS = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"
_KOREAN_DIGITS = "영일이삼사오육칠팔구"
_HANJA_DIGITS = "〇一二三四五六七八九"
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_MOST_ROMAN = 4000


def _repeated(letters: str) -> Callable[[int], str]:
    """Return how a program counts with letters: a, b, …, z, aa, bb."""
    size = len(letters)
    return lambda number: letters[(number - 1) % size] * min((number - 1) // size + 1, 9)


def _roman(number: int) -> str:
    if not 0 < number < _MOST_ROMAN:
        return str(number)
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def _counted(digits: str, ten: str) -> Callable[[int], str]:
    """Return how a number up to 99 is written in words: 일, 십, 이십일."""

    def written(number: int) -> str:
        tens, ones = divmod(number, 10)
        if not 0 < number < 100:
            return str(number)
        return (digits[tens] if tens > 1 else "") + ten * (tens > 0) + digits[ones] * (ones > 0)

    return written


def _circled(number: int) -> str:
    return chr(0x245F + number) if 0 < number <= 20 else str(number)


_FORMATS: Mapping[str, Callable[[int], str]] = {
    "lowerLetter": _repeated(_LETTERS),
    "upperLetter": _repeated(_LETTERS.upper()),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "ganada": _repeated(_SYLLABLES),
    "chosung": _repeated(_CONSONANTS),
    "koreanCounting": _counted(_KOREAN_DIGITS, "십"),
    "koreanDigital": _counted(_KOREAN_DIGITS, "십"),
    "japaneseCounting": _counted(_HANJA_DIGITS, "十"),
    "chineseCounting": _counted(_HANJA_DIGITS, "十"),
    "chineseCountingThousand": _counted(_HANJA_DIGITS, "十"),
    "ideographDigital": _counted(_HANJA_DIGITS, "十"),
    "decimalZero": lambda number: f"{number:02}",
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
}


def written(number: int, form: str) -> str:
    """Return a number in one of the forms of Word, in digits if the form is another."""
    return _FORMATS[form](number) if form in _FORMATS and number > 0 else str(number)


@dataclass(slots=True)
class Level:
    """How the paragraphs of one level are numbered: "%1.%2" stands for the numbers of levels."""

    form: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class Counter:
    """The numbers of one list while it is read: of each level the last, or none."""

    levels: Mapping[int, Level]
    numbers: dict[int, int] = field(default_factory=dict)

    def next(self, level: int) -> str:
        """Return the mark of the next paragraph of a level, counted from 0, with a space."""
        rule = self.levels.get(level, Level(form="bullet"))
        self.numbers[level] = self.numbers.get(level, rule.start - 1) + 1
        for deeper in [each for each in self.numbers if each > level]:
            del self.numbers[deeper]
        if rule.form == "bullet":
            return BULLET
        mark = "" if rule.form == "none" else _LEVEL.sub(self._written, rule.text)
        return f"{mark} " if mark.strip() else ""

    def _written(self, found: re.Match[str]) -> str:
        level = int(found[1]) - 1
        rule = self.levels.get(level, Level())
        number = self.numbers.setdefault(level, rule.start)
        return "" if rule.form in ("none", "bullet") else written(number, rule.form)
