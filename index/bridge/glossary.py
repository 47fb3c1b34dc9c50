"""Glossaries as files: Korean, English, weight and source, parted by tabs, a pair a line.

People write them in spreadsheets and by hand, so much is put right in silence: the order of the
two languages, a line of column names, several translations in one cell. What cannot be is told
with its line, and nothing of the file is taken: half a glossary would look like a whole one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from corpus.errors import CorpusError, GlossaryError

from .entry import Entry, Source
from .glossary_row import MOST_CHARACTERS, Row, RowError, cells_of, parsed, written
from .source_text import TextSource, name_of_source, source_text

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
