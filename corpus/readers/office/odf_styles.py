"""What the styles of an OpenDocument say of its lists."""

from __future__ import annotations

from ..list_numbers import Counter, Level
from ..xml_cursor import Cursor, Element, whole_number

_FORMS = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "": "none",
    "가, 나, 다, ...": "ganada",
    "ㄱ, ㄴ, ㄷ, ...": "chosung",
    "일, 이, 삼, ...": "koreanCounting",
    "一, 二, 三, ...": "chineseCounting",
    "①, ②, ③, ...": "decimalEnclosedCircle",
}
_OUTLINE = ""  # the name of the style of headings, which is the only one of its kind


class ListStyles:
    """The styles of lists by name; that of headings has none."""

    def __init__(self) -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self.headings = Counter({})

    def load(self, cursor: Cursor) -> None:
        """Take the styles in the element where the cursor is."""
        for element in cursor.find("list-style", "outline-style"):
            levels = {}
            for part in cursor.children():
                levels[_positive(part.get("level")) - 1] = _level(part)
            if element.name == "list-style":
                self._levels[element.get("name")] = levels
            else:
                self.headings = Counter(levels)

    def counter(self, style: str) -> Counter:
        """Return the counter of a new list."""
        return Counter(self._levels.get(style, {}))


def _level(element: Element) -> Level:
    """Return how a level is numbered: with the number of each level that is displayed."""
    if element.name in ("list-level-style-bullet", "list-level-style-image"):
        return Level(form="bullet")
    form = _FORMS.get(element.get("num-format"), "decimal")
    last = _positive(element.get("level"))
    shown = min(last, _positive(element.get("display-levels")))
    numbers = ".".join(f"%{level}" for level in range(last - shown + 1, last + 1))
    text = element.get("num-prefix") + numbers + element.get("num-suffix")
    return Level(form, text if form != "none" else "", _positive(element.get("start-value")))


def _positive(value: str) -> int:
    return max(1, whole_number(value))
