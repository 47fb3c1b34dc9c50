"""Reads the pages of an open PDF one by one with PDFium, which is not safe for threads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from ctypes import byref, c_double
from enum import Enum
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as native

from .curves import draws_letters
from .fields import FieldReader
from .garbled import cleaned, has_unusual_letters, is_garbled, readable_part, shifted_back
from .line_breaks import WRAP
from .ocr import PictureReader

_BREAK = re.compile("([가-힣])\r\n(?=[가-힣])")
# In widths of a syllable: what the lines of a paragraph differ by at most, or have at least.
_LEAST_WIDTH = 8
_INDENT = 4
_RAGGED = 0.8
_LINE_PITCH = 3
# PDFium drops glyphs narrower than 0.01 units, in forms that are drawn many times as large.
_LARGE_SCALE = 20.0
_FEW_FORMS = 4
_ENLARGED = 1000.0
_MOST_OBJECTS = 100_000
_SAMPLED = 64  # characters
_MORE = 2  # letters of OCR to one of the text


class PageState(Enum):
    """What became of a page."""

    READ = "read"
    PARTLY = "partly"  # without signs that have no character, such as those of formulas
    CURVES = "curves"  # without the letters that are drawn as curves
    EMPTY = "empty"
    PICTURE = "picture"  # no text but that of fields and notes, and something is drawn
    GARBLED = "garbled"
    DAMAGED = "damaged"
    OCR = "ocr"  # was one without text, or with little of it
    UNSURE = "unsure"  # the same, without the lines that OCR is not sure of


_FOR_OCR = (PageState.PICTURE, PageState.GARBLED, PageState.CURVES)


class Page(NamedTuple):
    """The text of a page: its lines end with a line feed or WRAP, hyphens there are HYPHEN.

    `failure` tells why OCR did not read it; `has_file` whether a file is attached to a place on it.
    """

    text: str
    state: PageState
    failure: str = ""
    has_file: bool = False


def read_pages(pdf: pdfium.PdfDocument, *, most: int, ocr: bool = False) -> Iterator[Page]:
    """Yield the pages of a document in order, at most `most`; none is kept open.

    `ocr` reads pages whose text is not given.
    """
    pictures = PictureReader() if ocr else None
    with closing(FieldReader(pdf)) as fields:
        for index in range(min(len(pdf), most)):
            yield _page(pdf, index, fields, pictures)


def _page(
    pdf: pdfium.PdfDocument, index: int, fields: FieldReader, pictures: PictureReader | None
) -> Page:
    try:
        page = pdf[index]
    except pdfium.PdfiumError:
        return Page("", PageState.DAMAGED)
    try:
        _enlarge_small_forms(page)
        found = _drawn(page, *_text(page))
        if pictures and found.state in _FOR_OCR:
            found = _recognized(page, found, pictures)
        found = _with_fields(found, fields.texts(page))
        return found._replace(has_file=fields.have_file)
    except pdfium.PdfiumError:
        return Page("", PageState.DAMAGED)
    finally:
        page.close()


def _drawn(page: pdfium.PdfPage, text: str, state: PageState) -> Page:
    """Return a page with the state that what is drawn on it shows."""
    if state is not PageState.READ:
        return Page(text, state)
    if not text or text.isspace():
        is_drawn = native.FPDFPage_CountObjects(page) > 0  # an image, or letters as curves
        return Page("", PageState.PICTURE if is_drawn else PageState.EMPTY)
    return Page(text, PageState.CURVES if draws_letters(page, text) else state)


def _recognized(page: pdfium.PdfPage, found: Page, pictures: PictureReader) -> Page:
    """Return a page as OCR reads it, if it reads much more than is given as text."""
    text, is_whole, failure = pictures.text(page)
    letters, given = (sum(map(str.isalnum, each)) for each in (text, found.text))
    if letters <= _MORE * given:
        return found._replace(failure=failure)
    return Page(text, PageState.OCR if is_whole else PageState.UNSURE)


def _with_fields(found: Page, fields: list[str]) -> Page:
    if not fields:
        return found
    text = "\n".join([found.text, *fields]).strip("\n")
    state = PageState.READ if found.state is PageState.EMPTY else found.state
    return found._replace(text=text, state=state)


def _text(page: pdfium.PdfPage) -> tuple[str, PageState]:
    glyphs = page.get_textpage()
    try:
        text = glyphs.get_text_range()
        if back := shifted_back(text):
            return _lines(back), PageState.READ
        if is_garbled(text):
            part = readable_part(text)
            return _lines(part), PageState.PARTLY if part else PageState.GARBLED
        if has_unusual_letters(text) and _has_unknown_letters(glyphs, len(text)):
            return "", PageState.GARBLED
        return _marked(glyphs, text), PageState.READ
    finally:
        glyphs.close()


def _lines(text: str) -> str:
    return cleaned(text.replace("\r\n", "\n").replace("\r", "\n"))


def _has_unknown_letters(glyphs: pdfium.PdfTextPage, size: int) -> bool:
    """Return whether the font has no character for most of a sample."""
    sample = range(0, size, max(1, size // _SAMPLED))
    unknown = sum(native.FPDFText_HasUnicodeMapError(glyphs, at) == 1 for at in sample)
    return bool(2 * unknown > len(sample))


def _marked(glyphs: pdfium.PdfTextPage, text: str) -> str:
    """Return the text with WRAP where a line of Korean goes on below at the margin."""
    if text.isascii():
        return _lines(text)
    exact = len(text) == glyphs.count_chars()
    pieces: list[str] = []
    start = 0
    for found in _BREAK.finditer(text):
        end = found.end(1)
        if _is_wrapped(glyphs, text, end - 1, exact=exact):
            pieces.append(_lines(text[start:end]))
            start = found.end()
    pieces.append(_lines(text[start:]))
    return WRAP.join(pieces)


class _Box(NamedTuple):
    left: float
    right: float
    middle: float


def _is_wrapped(glyphs: pdfium.PdfTextPage, text: str, last: int, *, exact: bool) -> bool:
    """Return whether the line that ends at `last` goes on below, in the same column."""
    below = last + 3
    end = text.find("\r\n", below)
    line = text[below : end if end >= 0 else len(text)].rstrip()
    offsets = [text.rfind("\n", 0, last) + 1, last, below, below + len(line) - 1]
    if not exact:
        offsets = [native.FPDFText_GetCharIndexFromTextIndex(glyphs, at) for at in offsets]
    start, stop, first, final = (_box(glyphs, at) for at in offsets)
    width = max(1.0, stop.right - stop.left)
    return (
        0 < stop.middle - first.middle < _LINE_PITCH * width
        and abs(first.left - start.left) < _INDENT * width
        and final.right <= stop.right + _RAGGED * width
        and stop.right - start.left >= _LEAST_WIDTH * width
    )


def _box(glyphs: pdfium.PdfTextPage, at: int) -> _Box:
    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    native.FPDFText_GetCharBox(glyphs, at, byref(left), byref(right), byref(bottom), byref(top))
    return _Box(left.value, right.value, (bottom.value + top.value) / 2)


def _enlarge_small_forms(page: pdfium.PdfPage) -> None:
    """Draw the text of forms in tiny units as large as it is shown, for PDFium to keep it."""
    # Programs that draw so put the whole page into one form, or a few.
    count = native.FPDFPage_CountObjects(page)
    if count > _FEW_FORMS:
        return
    for number in range(count):
        form = native.FPDFPage_GetObject(page, number)
        if native.FPDFPageObj_GetType(form) != native.FPDF_PAGEOBJ_FORM:
            continue
        matrix = native.FS_MATRIX()
        native.FPDFPageObj_GetMatrix(form, byref(matrix))
        if max(abs(matrix.a), abs(matrix.b)) >= _LARGE_SCALE:
            _enlarge(form, matrix)


def _enlarge(form: native.FPDF_PAGEOBJECT, matrix: native.FS_MATRIX) -> None:
    for number in range(min(_MOST_OBJECTS, native.FPDFFormObj_CountObjects(form))):
        part = native.FPDFFormObj_GetObject(form, number)
        native.FPDFPageObj_Transform(part, _ENLARGED, 0, 0, _ENLARGED, 0, 0)
    smaller = [value / _ENLARGED for value in (matrix.a, matrix.b, matrix.c, matrix.d)]
    native.FPDFPageObj_SetMatrix(form, byref(native.FS_MATRIX(*smaller, matrix.e, matrix.f)))
