"""Reads XLS by xlrd: each sheet as a document, its rows as lines with the names of columns."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, BinaryIO, TextIO, TypeAlias

from corpus.binary import OLE
from corpus.document import ROW, Document, Problem, State
from corpus.errors import CorpusError, Damaged, Protected
from corpus.text_file import whole

from ..code_pages import western_or_korean
from ..metadata import believed
from ..ole import MOST_BYTES, Container
from ..placed_text import PlacedText
from .cell_values import kind_of_format, number_text
from .sheet_rows import add_sheet

# xlrd states no types; the names tell what these are.
_Book: TypeAlias = Any
_Sheet: TypeAlias = Any

_STREAMS = ("Workbook", "Book")
_MISSING = "cannot be read without xlrd; install it: pip install 'chaja[office]'"
# Formats with a lower number are the same in every file; in files before Excel 5 none is.
_FIRST_OWN_FORMAT = 164
_EXCEL_5 = 50
_EXCEL_97 = 80
_UNSURE = {None: "latin-1", 1252: "cp1252"}  # how xlrd decodes texts of these code pages
_MOST_EXACT = 1e16  # larger numbers are shown by their power of ten
# Types of cells.
_TEXT, _NUMBER, _DATE, _BOOLEAN = 1, 2, 3, 4


def read(file: BinaryIO, *, name: str) -> Iterator[Document | Problem]:
    """Yield a document for each sheet, hidden ones too; its places are rows."""
    try:
        import xlrd  # of the extra "office"
    except ModuleNotFoundError:
        yield Problem(path=name, reason=_MISSING, passing=True)
        return
    data, metadata = _workbook(file)
    has_text = False
    with open(os.devnull, "w") as log:
        book = _opened(xlrd, data, log)
        for number, stated in enumerate(book.sheet_names()):
            title, text = _text(stated, book), PlacedText()
            try:
                _add(text, title, book, number, xlrd)
            except Damaged as error:
                reason = f"was read in part; its sheet {title} {error}"
                yield Problem(path=name, reason=reason, state=State.DAMAGED)
            if text:
                has_text = True
                yield text.document(name, ROW, metadata, part=title if book.nsheets > 1 else "")
    if not has_text:
        yield Problem(path=name, reason="has no text", state=State.NO_TEXT)


def _workbook(file: BinaryIO) -> tuple[bytes, dict[str, str]]:
    """Return the records of a workbook, and what it states of itself. Raises CorpusError.

    xlrd opens containers too, but goes round in circles in some that are damaged.
    """
    file.seek(0)
    if file.read(len(OLE)) == OLE:
        container = Container(file)
        data = next(filter(None, map(container.read, _STREAMS)), b"")
        if not data:
            raise Damaged("is damaged, or no workbook")
        return data, believed(container.stated())
    return whole(file, kind="a workbook", most=MOST_BYTES), {}  # one of before Excel 5


def _opened(xlrd: ModuleType, data: bytes, log: TextIO) -> _Book:
    """Open a workbook. Raises CorpusError."""
    with _damage(xlrd):
        return xlrd.open_workbook(
            file_contents=data,
            logfile=log,
            formatting_info=True,  # it has the formats of dates and shares, and the comments
            on_demand=True,
            ragged_rows=True,
        )


@contextmanager
def _damage(xlrd: ModuleType) -> Iterator[None]:
    """Raise CorpusError for whatever xlrd raises, which may be anything in a damaged file."""
    try:
        yield
    except (CorpusError, MemoryError):
        raise
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            raise Protected("is protected by a password") from error
        raise Damaged(f"is damaged: {error}") from error
    except Exception as error:
        raise Damaged(f"is damaged: {str(error) or type(error).__name__}") from error


def _add(text: PlacedText, title: str, book: _Book, number: int, xlrd: ModuleType) -> None:
    """Add a sheet of a book. Raises CorpusError; what was added before is kept."""
    with _damage(xlrd):
        sheet = book.sheet_by_index(number)
        remarks: dict[int, list[str]] = {}
        for (row, _), note in sorted(sheet.cell_note_map.items()):
            remarks.setdefault(row + 1, []).append(_text(note.text, book))
        add_sheet(text, title, _rows(sheet, _kinds(book), is_1904=book.datemode == 1), remarks)
        book.unload_sheet(number)


def _kinds(book: _Book) -> list[str]:
    """Return the kinds of values by the formats of cells."""
    codes = {number: found.format_str for number, found in book.format_map.items()}
    first = _FIRST_OWN_FORMAT if book.biff_version >= _EXCEL_5 else 0
    return [
        kind_of_format(key, codes.get(key) if key >= first else None)
        for key in (found.format_key for found in book.xf_list)
    ]


def _rows(
    sheet: _Sheet, kinds: list[str], *, is_1904: bool
) -> Iterator[tuple[int, dict[int, str]]]:
    for row in range(sheet.nrows):
        cells: dict[int, str] = {}
        values = zip(sheet.row_types(row), sheet.row_values(row), strict=True)
        for column, (kind, value) in enumerate(values):
            if kind == _TEXT and value:
                cells[column] = _text(value, sheet.book)
            elif kind == _BOOLEAN:
                cells[column] = "TRUE" if value else "FALSE"
            elif kind in (_NUMBER, _DATE):
                shown = kinds[sheet.cell_xf_index(row, column)]
                is_whole = value.is_integer() and abs(value) < _MOST_EXACT
                stored = str(int(value)) if is_whole else repr(value)
                cells[column] = number_text(stored, shown, is_1904=is_1904)
        yield row + 1, cells


def _text(value: str, book: _Book) -> str:
    """Return a text, which in a file before Excel 97 may be Korean whatever code page it states."""
    codec = _UNSURE.get(book.codepage)
    if codec is None or book.biff_version >= _EXCEL_97 or value.isascii():
        return value
    return western_or_korean(value.encode(codec, "replace"))
