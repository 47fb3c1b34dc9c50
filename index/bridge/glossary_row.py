"""One line of a glossary: read, checked, put right, and written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import nan
from typing import NamedTuple

from .entry import Entry

# A longer line is no row, and one with more pairs no translation: each would take seconds.
MOST_CHARACTERS = 20_000
MOST_PAIRS_A_ROW = 2_000

_MOST_COLUMNS = 4
_KOREAN = re.compile("[가-힣一-鿿]")
_HANGUL = re.compile("[가-힣ㄱ-ㆎ\u1100-\u11ff]")
_LETTER = re.compile(r"[^\W_]")
_SEVERAL = re.compile(r"\s*[;|；]\s*|\s+/\s+")
# A row that needs nothing put right, which nearly all are: seven times as fast as taking it apart.
_PLAIN = re.compile(
    "([가-힣][가-힣0-9]*(?: [가-힣0-9]+)*)\t([A-Za-z][A-Za-z0-9'.-]*(?: [A-Za-z0-9'.-]+)*)"
    "(?:\t(1|0|0[.][0-9]+|)(?:\t[A-Za-z ]*)?)?"
)
_PARTING = re.compile(r"[;|；]|(?<=\s)/(?=\s)")
_AROUND = ' "'  # spreadsheets put quotation marks around a cell
_BLANK = re.compile(r"\s+")


class RowError(ValueError):
    """What is wrong with a row, to follow the number of its line in a sentence."""


class Row(NamedTuple):
    """The terms of a row in both languages, each of one with each of the other."""

    korean: tuple[str, ...]
    english: tuple[str, ...]
    weight: float

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield the pairs of the row."""
        return ((korean, english) for korean in self.korean for english in self.english)


def parsed(line: str) -> Row:
    """Return the row that a line is, the Korean terms first however it has them.

    Raises RowError.
    """
    if plain := _PLAIN.fullmatch(line):
        korean, english, weight = plain.groups("")
        return Row((korean,), (english,), float(weight or 1))
    return _parsed_cells(cells_of(line))


def cells_of(line: str) -> list[str]:
    """Return the cells of a line, put right; empty ones at the end are left out from the third."""
    cells = [_BLANK.sub(" ", cell).strip(_AROUND) for cell in line.split("\t")]
    while len(cells) > 2 and not cells[-1]:
        cells.pop()
    return cells


def _parsed_cells(cells: list[str]) -> Row:
    if len(cells) > _MOST_COLUMNS:
        raise RowError(f"has {len(cells)} columns; a row may have at most four")
    if len(cells) < 2:
        raise RowError("has one column; a row needs at least two, separated by a tab")
    ours, theirs = _languages(cells[0], cells[1])
    if len(ours) * len(theirs) > MOST_PAIRS_A_ROW:
        raise RowError(f"pairs {len(ours)} terms with {len(theirs)}, which is too many")
    _, _, weight, *_ = [*cells, ""]
    return Row(ours, theirs, _weight(weight))


def written(entry: Entry) -> str:
    """Return the line of an entry, with its line feed."""
    korean, english = _cell(entry.korean), _cell(entry.english)
    # A line that begins with # is a comment, unless a blank stands before it.
    mark = " " if korean.startswith("#") else ""
    return f"{mark}{korean}\t{english}\t{entry.weight:.6g}\t{entry.source.value}\n"


def _languages(first: str, second: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the Korean and the English terms of two cells, whichever of them is which."""
    if not first or not second:
        raise RowError("has an empty cell instead of a term")
    if _HANGUL.search(first) and _HANGUL.search(second):
        raise RowError("has Korean in both columns")
    if not _KOREAN.search(first):
        first, second = second, first
    korean, english = _terms(first), _terms(second)
    if not korean or not all(map(_KOREAN.search, korean)):
        raise RowError("has no Korean term where one is expected")
    if not english or any(map(_KOREAN.search, english)):
        raise RowError("has no English term where one is expected")
    return korean, english


def _terms(cell: str) -> tuple[str, ...]:
    """Return the terms of a cell; what has neither letter nor digit is none."""
    return tuple(term.strip(_AROUND) for term in _SEVERAL.split(cell) if _LETTER.search(term))


def _weight(cell: str) -> float:
    if not cell:
        return 1.0
    try:
        weight = float(cell)
    except ValueError:
        weight = nan
    if not 0 <= weight <= 1:
        raise RowError(f"has the weight {cell!r}, which is not a number from 0 to 1")
    return weight


def _cell(term: str) -> str:
    """Return a term as one cell that is read as one term."""
    return _PARTING.sub(",", _BLANK.sub(" ", term)).strip(_AROUND)
