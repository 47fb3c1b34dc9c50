"""The numbers of paragraphs in lists, which documents state by rules only."""

from __future__ import annotations

import re
from collections.abc import Mapping
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

BULLET = "- "
_LEVEL = re.compile(r"%([1-9])")
_KOREAN, _HANJA = spelled(HANGUL_DIGITS, "십"), spelled(HANJA_DIGITS, "十")
_CIRCLED = signs(consecutive("①", 20), beyond="{}")

_FORMATS: Mapping[str, Form] = {
    "lowerLetter": repeated(LETTERS),
    "upperLetter": repeated(LETTERS.upper()),
    "lowerRoman": roman,
    "upperRoman": upper_roman,
    "ganada": repeated(SYLLABLES),
    "chosung": repeated(CONSONANTS),
    "koreanCounting": _KOREAN,
    "koreanDigital": _KOREAN,
    "japaneseCounting": _HANJA,
    "chineseCounting": _HANJA,
    "chineseCountingThousand": _HANJA,
    "ideographDigital": _HANJA,
    "decimalZero": "{:02}".format,
    "decimalEnclosedCircle": _CIRCLED,
    "decimalEnclosedCircleChinese": _CIRCLED,
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
