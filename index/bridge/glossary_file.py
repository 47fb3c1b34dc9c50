"""Glossaries as files: Korean, English, weight and source, parted by tabs, a pair a line.

People write them in spreadsheets and by hand, so much is put right in silence: the order of the
two languages, a line of column names, several translations in one cell. What cannot be is told
with its line, and nothing of the file is taken: half a glossary would look like a whole one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from math import nan
from pathlib import Path
from typing import NamedTuple, TextIO

from corpus.errors import CorpusError, GlossaryError
from corpus.text_file import TextSource, name_of_source, source_text

from .entry import Entry, Source

# Pairs of one glossary; reading so many takes some seconds and 250 MB.
MOST_PAIRS = 500_000

_GENERAL = "general.tsv"
_COLUMNS = "# Korean\tEnglish\tweight\tsource\n"
_LINE = re.compile("^.*$", re.MULTILINE)  # found one by one: a list of the most is 80 MB
_AROUND = "\r\n\0 \ufeff"
_NAMES = frozenset(
    """
    korean english ko en kr kor eng source target term translation weight hangul
    domain field subject note notes comment comments remarks
    한국어 영어 국문 영문 한글 한영 국어 우리말 용어 번역 번역어 대역어 가중치 출처
    분야 비고 메모 설명 참고
    """.split()  # noqa: SIM905 - a list of words reads as prose
)

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
_AROUND_CELL = ' "'  # spreadsheets put quotation marks around a cell
_BLANK = re.compile(r"\s+")


def read_glossary(source: TextSource) -> list[Entry]:
    """Return the entries of a file or of standard input, each pair once, in the order of the lines.

    A pair that stands twice has its last weight, but stays struck out (0) where it ever is. All are
    the user's, whatever their fourth column says: what is given by hand, no build takes back.
    Raises GlossaryError, which names the file and the line.
    """
    name = name_of_source(source)
    found: dict[tuple[str, str], Entry] = {}
    for number, row in _rows(name, _text(source)):
        for pair in row.pairs():
            if pair not in found or found[pair].weight > 0:
                found[pair] = Entry(*pair, row.weight, Source.USER)
        if len(found) > MOST_PAIRS:
            raise GlossaryError(
                f"{name}, line {number}, exceeds the limit of {MOST_PAIRS:,} pairs",
                hint="Remove the pairs of words that your documents do not contain.",
            )
    return list(found.values())


def write_glossary(entries: Iterable[Entry], target: Path | TextIO) -> None:
    """Write entries, in order, as `read_glossary` reads them, in UTF-8.

    Raises GlossaryError where the file cannot be written.
    """
    if not isinstance(target, Path):
        _write(entries, target)
        return
    try:
        with target.open("w", encoding="utf-8", newline="\n") as file:
            _write(entries, file)
    except OSError as error:
        raise GlossaryError(f"{target} cannot be written: {error.strerror}") from error


def general_entries() -> list[Entry]:
    """Return the entries of the glossary that comes with Chaja, in order.

    Its form is tested, not checked here: every build reads it.
    """
    text = Path(__file__).with_name(_GENERAL).read_text("utf-8")
    rows = [line.split("\t") for line in text.split("\n") if line and not line.startswith("#")]
    weights = {weight: float(weight or 1) for weight in {row[2] for row in rows}}
    return [Entry(row[0], row[1], weights[row[2]], Source.GENERAL) for row in rows]


def _text(source: TextSource) -> str:
    try:
        return source_text(source)
    except CorpusError as error:
        raise GlossaryError(str(error)) from error


def _rows(name: str, text: str) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a text and the numbers of their lines, from 1."""
    first = True
    for number, found in enumerate(_LINE.finditer(text), start=1):
        line = found[0]
        stripped = line.strip(_AROUND)
        if not stripped or line.startswith("#"):
            continue
        if len(stripped) > MOST_CHARACTERS:
            raise _error(name, number, f"is longer than {MOST_CHARACTERS:,} characters")
        if not (first and _is_header(stripped)):
            yield number, _row(name, number, stripped)
        first = False


def _row(name: str, number: int, text: str) -> Row:
    try:
        return parsed(text)
    except RowError as error:
        raise _error(name, number, str(error)) from None


def _error(name: str, number: int, reason: str) -> GlossaryError:
    return GlossaryError(
        f"{name}, line {number}, {reason}",
        hint="A line is: Korean<TAB>English<TAB>weight; the weight is optional.",
    )


def _is_header(text: str) -> bool:
    """Tell whether all cells are names of columns; a Korean and an English one may be a pair."""
    cells = [cell.lower() for cell in cells_of(text)]
    if len(cells) < 2 or not _NAMES.issuperset(cells):
        return False
    try:
        parsed(text)
    except RowError:
        return True
    return False


def _write(entries: Iterable[Entry], file: TextIO) -> None:
    file.write(_COLUMNS)
    file.writelines(map(written, entries))


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
    cells = [_BLANK.sub(" ", cell).strip(_AROUND_CELL) for cell in line.split("\t")]
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
    return tuple(term.strip(_AROUND_CELL) for term in _SEVERAL.split(cell) if _LETTER.search(term))


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
    return _PARTING.sub(",", _BLANK.sub(" ", term)).strip(_AROUND_CELL)
