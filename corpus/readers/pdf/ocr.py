"""Reads the pages of a PDF that have no text by OCR, each in a time of its own."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import NamedTuple

import pypdfium2 as pdfium

from ..tesseract import Line, recognize
from .garbled import cleaned
from .line_breaks import WRAP

_DPI = 300
_POINTS = 72  # to an inch
_MOST_PIXELS, _MOST_SIDE = 25_000_000, 30_000  # Tesseract refuses a side of 32,768
_SECONDS = 60.0  # for a page
_RENDERING = 30.0  # seconds more, for PDFium
_MOST_PAGES = 2_000  # of a document
_MOST_FAILURES = 3
# What the program is less sure of is a photograph, a script that it does not know, or a bad print,
# of which the lines that it is sure of are right.
_SURE_OF_PAGE, _SURE_OF_LINE = 60.0, 70.0
_LEAST_LETTERS = 20  # of such lines; a photograph has some
_MARGIN = 1.5  # of the height of a line


class PictureText(NamedTuple):
    """The text of a picture, its lines as those of `read_pages`, and whether that is all of it.

    `failure` tells why it was not read; "" if it was, whatever the text.
    """

    text: str = ""
    is_whole: bool = False
    failure: str = ""


class PictureReader:
    """Reads pages of one document by OCR, so many at most, and gives up after some failures."""

    def __init__(self) -> None:
        self._pages = _MOST_PAGES
        self._failures = 0

    def text(self, page: pdfium.PdfPage) -> PictureText:
        """Return the text of a page."""
        if not self._pages:
            return PictureText(failure=f"it reads {_MOST_PAGES:,} pages of a document at most")
        if self._failures >= _MOST_FAILURES:
            return PictureText(failure=f"it was given up after {_MOST_FAILURES} pages that failed")
        self._pages -= 1
        try:
            with _own_time():
                picture, dpi = _rendered(page)
                found = recognize(picture, dpi=dpi, seconds=_SECONDS)
        except (OSError, MemoryError, pdfium.PdfiumError) as error:
            self._failures += 1
            return PictureText(failure=str(error) or "there is not enough memory")
        if found.sure >= _SURE_OF_PAGE:
            return PictureText(_text(found.lines), is_whole=True)
        text = _text([line for line in found.lines if line.sure >= _SURE_OF_LINE])
        return PictureText(text if sum(map(str.isalnum, text)) >= _LEAST_LETTERS else "")


@contextmanager
def _own_time() -> Iterator[None]:
    """Stop the clock of a document that may take so long only, and start one for a page."""
    left = signal.getitimer(signal.ITIMER_REAL)[0] if hasattr(signal, "getitimer") else 0.0
    if not left:
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, _SECONDS + _RENDERING)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, left)


def _rendered(page: pdfium.PdfPage) -> tuple[bytes, int]:
    """Return the picture of a page in PGM, and its dots per inch."""
    width, height = page.get_size()
    scale = min(
        _DPI / _POINTS,
        _MOST_SIDE / max(1.0, width, height),
        (_MOST_PIXELS / max(1.0, width * height)) ** 0.5,
    )
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        rows = memoryview(bitmap.buffer).cast("B")
        head = f"P5 {bitmap.width} {bitmap.height} 255\n".encode("ascii")
        starts = range(0, bitmap.height * bitmap.stride, bitmap.stride)
        picture = b"".join((head, *(rows[start : start + bitmap.width] for start in starts)))
    finally:
        bitmap.close()
    return picture, round(scale * _POINTS)


def _text(lines: Sequence[Line]) -> str:
    margins: dict[tuple[str, ...], int] = {}
    for line in lines:
        margins[line.paragraph] = max(line.right, margins.get(line.paragraph, 0))
    ends = [_end(line, below, margins) for line, below in pairwise(lines)]
    pieces = zip(lines, [*ends, ""], strict=True) if lines else ()
    return "".join(cleaned(line.text) + end for line, end in pieces)


def _end(line: Line, below: Line, margins: Mapping[tuple[str, ...], int]) -> str:
    """Return WRAP behind a line of Korean that goes on below, at the margin, else a line feed."""
    is_wrapped = (
        line.paragraph
        and line.paragraph == below.paragraph
        and line.right >= margins[line.paragraph] - _MARGIN * line.height
        and "가" <= line.text[-1] <= "힣"
        and "가" <= below.text[0] <= "힣"
    )
    return WRAP if is_wrapped else "\n"
