"""Glossaries as files: Korean, English, weight and source, separated by tabs, one pair a line.

People write them in spreadsheets and by hand, so much is tolerated: either order of the two
languages, a line of column names, several translations in one cell. Two terms of one language are
synonyms. Any other fault is reported with its line and rejects the whole file: half a glossary
would look like a whole one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from itertools import product
from math import nan
from pathlib import Path
from typing import TextIO

from corpus.errors import CorpusError, GlossaryError
from corpus.text_file import TextSource, read_source, source_name

from ..arrays.files import replacing
from .entry import Entry, Source

# Pairs of one glossary; reading so many takes some seconds and 250 MB.
MOST_PAIRS = 500_000

_GENERAL = "general.tsv"
_HEADER = "# Korean\tEnglish\tweight\tsource\n"
_LINE = re.compile("^.*$", re.MULTILINE)  # iterated: a list of lines may take 80 MB
_PADDING = "\r\n\0 \ufeff"
_COLUMN_NAMES = frozenset(
    """
    korean english ko en kr kor eng source target term translation weight hangul
    domain field subject note notes comment comments remarks
    한국어 영어 국문 영문 한글 한영 국어 우리말 용어 번역 번역어 대역어 가중치 출처
    분야 비고 메모 설명 참고
    """.split()  # noqa: SIM905 - a list of words reads as prose
)

# A longer line is not a row, and one with more pairs not a translation: each would take seconds.
_MAX_ROW = 20_000  # characters
_MAX_ROW_PAIRS = 2_000

_MAX_COLUMNS = 4
_KOREAN = re.compile("[가-힣一-鿿]")
_HANGUL = re.compile("[가-힣ㄱ-ㆎ\u1100-\u11ff]")
_LETTER = re.compile(r"[^\W_]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
# English with a remark in Korean is no Korean: partner (친구).
_REMARK = re.compile(r"\([^)]*\)|\[[^]]*\]")
_SEVERAL = re.compile(r"\s*[;|；]\s*|\s+/\s+")
# A row that needs no normalisation, as nearly all: seven times as fast as parsing its cells.
_PLAIN = re.compile(
    "([가-힣][가-힣0-9]*(?: [가-힣0-9]+)*)\t([A-Za-z][A-Za-z0-9'.-]*(?: [A-Za-z0-9'.-]+)*)"
    "(?:\t(1|0|0[.][0-9]+|)(?:\t[A-Za-z ]*)?)?"
)
_SEPARATOR = re.compile(r"[;|；]|(?<=\s)/(?=\s)")
_CELL_PADDING = ' "'  # spreadsheets put quotation marks around a cell
# What is no part of a term and not seen, or would control the terminal that shows it: dropped where
# the analyzer drops it, else a blank.
_UNSEEN = re.compile("[\u00ad\u180e\u200b\u2060\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")
_BLANK = re.compile(
    "[\\s\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2061-\u206f\ud800-\udfff\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]+"
)

Pair = tuple[str, str]


def read_glossary(source: TextSource) -> list[Entry]:
    """Return the entries of a file or of standard input, one for each pair, in order.

    A repeated pair has its last weight, but is removed (0) if it ever is. Two words of one language
    are a synonym; all others are the user's, whatever their fourth column says: no build takes them
    back. Raises GlossaryError, which names the file and the line.
    """
    name = source_name(source)
    found: dict[Pair, Entry] = {}
    try:
        text = read_source(source)
    except CorpusError as error:
        raise GlossaryError(str(error), hint=error.hint) from error
    for number, pairs, weight, source_ in _rows(name, text):
        for pair in pairs:
            if pair not in found or found[pair].weight > 0:
                found[pair] = Entry(*pair, weight, source_)
        if len(found) > MOST_PAIRS:
            raise GlossaryError(
                f"{name}, line {number}, exceeds the limit of {MOST_PAIRS:,} pairs",
                hint="Remove the pairs of words that your documents do not contain.",
            )
    return list(found.values())


def write_glossary(entries: Iterable[Entry], target: Path | TextIO) -> None:
    """Write entries, in order; a file is replaced when all are written. Raises OSError."""
    with replacing(target) if isinstance(target, Path) else nullcontext(target) as file:
        file.write(_HEADER)
        file.writelines(map(_written, entries))


def general_entries() -> list[Entry]:
    """Return the entries of the glossary shipped with Chaja, in order.

    Its form is checked by a test, not here: every build reads it.
    """
    text = Path(__file__).with_name(_GENERAL).read_text("utf-8")
    rows = [line.split("\t") for line in text.split("\n") if line and not line.startswith("#")]
    weights = {weight: float(weight or 1) for weight in {row[2] for row in rows}}
    return [Entry(row[0], row[1], weights[row[2]], Source.GENERAL) for row in rows]


def _rows(name: str, text: str) -> Iterator[tuple[int, list[Pair], float, Source]]:
    """Yield the number of the line of each row, from 1, its pairs, their weight and source."""
    is_first = True
    for number, found in enumerate(_LINE.finditer(text), start=1):
        line = found[0].strip(_PADDING)
        if not line or found[0].startswith("#"):
            continue
        try:
            if len(line) > _MAX_ROW:
                raise RowError(f"is longer than {_MAX_ROW:,} characters")
            if not (is_first and _is_header(line)):
                yield number, *_parse(line)
        except RowError as error:
            raise GlossaryError(
                f"{name}, line {number}, {error}",
                hint="A line is: Korean<TAB>English<TAB>weight, or two words of one language; "
                "the weight is optional.",
            ) from None
        is_first = False


def _is_header(text: str) -> bool:
    """Return whether all cells are names of columns, and are not a Korean and an English term."""
    cells = [cell.lower() for cell in _cells(text)]
    if len(cells) < 2 or not _COLUMN_NAMES.issuperset(cells):
        return False
    try:
        _parse(text)
    except RowError:
        return True
    return False


class RowError(ValueError):
    """A fault of a row, worded to follow the number of its line in a sentence."""


def _parse(line: str) -> tuple[list[Pair], float, Source]:
    """Return the pairs of a line, (Korean, English) or synonyms, their weight and source.

    Raises RowError.
    """
    if plain := _PLAIN.fullmatch(line):
        korean, english, weight = plain.groups("")
        return [(korean, english)], float(weight or 1), Source.USER
    cells = _cells(line)
    if len(cells) > _MAX_COLUMNS:
        raise RowError(f"has {len(cells)} columns; a row may have at most four")
    if len(cells) < 2:
        raise RowError("has one column; a row needs at least two, separated by a tab")
    terms = _terms(cells[0]), _terms(cells[1])
    source = Source.SYNONYM if _is_one_language(*terms) else Source.USER
    if source is Source.USER:
        terms = _languages(cells[0], cells[1])
    if len(terms[0]) * len(terms[1]) > _MAX_ROW_PAIRS:
        counts = f"{len(terms[0])} terms with {len(terms[1])}"
        raise RowError(f"pairs {counts}, which is too many")
    _, _, weight, *_ = [*cells, ""]
    pairs = list(product(*terms))
    if source is Source.SYNONYM:
        pairs = _unordered(pairs)
    return pairs, _weight(weight), source


def _cells(line: str) -> list[str]:
    """Return the normalised cells of a line, without empty ones at the end from the third on."""
    cells = [_visible(cell).strip(_CELL_PADDING) for cell in line.split("\t")]
    while len(cells) > 2 and not cells[-1]:
        cells.pop()
    return cells


def _written(entry: Entry) -> str:
    """Return the line of an entry, with its line feed."""
    korean, english = _cell(entry.korean), _cell(entry.english)
    # A line that begins with # is a comment, unless a blank comes before it.
    indent = " " if korean.startswith("#") else ""
    return f"{indent}{korean}\t{english}\t{entry.weight:.6g}\t{entry.source.value}\n"


def _unordered(pairs: Iterable[Pair]) -> list[Pair]:
    """Return pairs of different terms, each in the order of the alphabet. Raises RowError."""
    found = [(first, second) for first, second in map(sorted, pairs) if first != second]
    if not found:
        raise RowError("has the same term in both columns")
    return found


def _is_one_language(first: Sequence[str], second: Sequence[str]) -> bool:
    """Return whether the terms of two cells are all Korean or all English.

    The names of columns are no terms.
    """
    both = [*first, *second]
    if not (first and second) or _COLUMN_NAMES.issuperset(map(str.lower, both)):
        return False
    return all(map(_is_korean, both)) or all(map(_is_english, both))


def _is_korean(term: str) -> bool:
    return _HANGUL.search(_REMARK.sub("", term)) is not None


def _is_english(term: str) -> bool:
    return _LATIN.search(term) is not None and not _KOREAN.search(term)


def _languages(first: str, second: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the Korean and the English terms of two cells in either order."""
    if not first or not second:
        raise RowError("has an empty cell instead of a term")
    if _HANGUL.search(first) and _HANGUL.search(second):
        raise RowError("has Korean in both columns, and English too")
    if not _KOREAN.search(first):
        first, second = second, first
    korean, english = _terms(first), _terms(second)
    if not korean or not all(map(_KOREAN.search, korean)):
        raise RowError("has no Korean term where one is expected")
    if not english or any(map(_KOREAN.search, english)):
        raise RowError("has no English term where one is expected")
    return korean, english


def _terms(cell: str) -> tuple[str, ...]:
    """Return the terms of a cell that have a letter or a digit."""
    return tuple(term.strip(_CELL_PADDING) for term in _SEVERAL.split(cell) if _LETTER.search(term))


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
    """Return a term as a cell that is read as one term."""
    return _SEPARATOR.sub(",", _visible(term)).strip(_CELL_PADDING)


def _visible(text: str) -> str:
    """Return a text with single blanks, and without what is not seen."""
    return _BLANK.sub(" ", _UNSEEN.sub("", text))
