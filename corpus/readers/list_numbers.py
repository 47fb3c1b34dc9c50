"""Counts the paragraphs of lists, whose numbers documents state by rules only: %1.%2, 제%1조."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .number_forms import written

BULLET = "- "
_LEVEL = re.compile(r"%([0-9])")
_TENTH = 10  # the level that %0 stands for, which Word does not have


@dataclass(slots=True)
class Level:
    """How the paragraphs of one level are numbered: "%1.%2" stands for the numbers of levels."""

    form: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass(slots=True)
class Counter:
    """The numbers of one list while it is read: of each level the last, or none.

    In Hangul, a level has begun (`begins_above`) once there is a paragraph of one below it.
    """

    levels: Mapping[int, Level]
    numbers: dict[int, int] = field(default_factory=dict)
    begins_above: bool = False

    def next(self, level: int) -> str:
        """Return the mark of the next paragraph of a level, counted from 0, with a space."""
        rule = self.levels.get(level, Level(form="bullet"))
        if self.begins_above:
            for above in range(level):
                self.numbers.setdefault(above, self.levels.get(above, Level()).start)
        self.numbers[level] = self.numbers.get(level, rule.start - 1) + 1
        for deeper in [each for each in self.numbers if each > level]:
            del self.numbers[deeper]
        if rule.form == "bullet":
            return BULLET
        mark = "" if rule.form == "none" else _LEVEL.sub(self._written, rule.text)
        return f"{mark} " if mark.strip() else ""

    def _written(self, found: re.Match[str]) -> str:
        level = (int(found[1]) or _TENTH) - 1
        rule = self.levels.get(level, Level())
        number = self.numbers.setdefault(level, rule.start)
        return "" if rule.form in ("none", "bullet") else written(number, rule.form)
