"""Reads PDF: one document of a file, its places the pages, and the pages that give no text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from io import SEEK_END
from typing import BinaryIO

import pypdfium2 as pdfium
import pypdfium2.raw as native

from ...binary import signature
from ...document import PAGE, Document, Heading, Problem, State
from ...errors import Damaged, NoText, OtherFormat, Protected, TooLarge
from ...language import detect
from ..embedded import Embedded
from ..metadata import file_title, find_date, first_line_title
from .attachments import attached_files
from .information import metadata_of, stated_date, stated_title
from .labels import labels_of
from .line_breaks import with_whole_words
from .outline import headings_on, outline_of
from .pages import Page, PageState, read_pages
from .running_lines import without_running_lines

_MAGIC, _MAGIC_WITHIN = b"%PDF-", 4096  # bytes; junk of mail or a web server may precede it
_MOST_BYTES = 1 << 30
_MOST_IN_MEMORY = 1 << 26  # bytes; larger files are read as PDFium asks for them
_MOST_PAGES = 20_000
_MOST_CHARACTERS = 1 << 26
_LISTED = 12  # ranges of pages in a problem
_SENTENCE_ENDS = ".!?…。:;"
_FULL = 0.6  # of the longest line of a page

_REASONS = {
    PageState.PICTURE: "has no text on some pages, which may be scanned",
    PageState.GARBLED: "has pages whose font gives no readable characters",
    PageState.DAMAGED: "has damaged pages",
    PageState.CURVES: "draws letters as curves on some pages, where words are missing",
    PageState.UNSURE: "has pages that OCR cannot read well; only lines that it is sure of are read",
    PageState.PARTLY: "has signs without characters on some pages, such as those of formulas",
}
_REASONS_OF_ALL = {
    PageState.PICTURE: "has no text; it may be scanned",
    PageState.GARBLED: "has no readable text, as its fonts give no characters",
    PageState.DAMAGED: "is damaged: no page can be read",
    PageState.EMPTY: "has no text; its pages are empty",
}
# Of pages that OCR has read.
_TRIED = {
    PageState.PICTURE: "; OCR gives none",
    PageState.GARBLED: "; OCR gives none",
    PageState.CURVES: "; OCR gives little more",
}
_STATES = {
    PageState.PICTURE: State.NO_TEXT,
    PageState.GARBLED: State.GARBLED,
    PageState.DAMAGED: State.DAMAGED,
    PageState.EMPTY: State.NO_TEXT,
}


def read(
    file: BinaryIO, *, name: str, ocr: bool = False
) -> Iterator[Document | Problem | Embedded]:
    """Yield the text of the pages as one document, a problem for each kind of pages without, files.

    `ocr` reads pages without text, and those with much that is drawn only, by OCR.
    Raises CorpusError for a file that is no PDF, is damaged, or is protected by a password.
    """
    with closing(_opened(file)) as pdf:
        pages = list(_within_memory(read_pages(pdf, most=_MOST_PAGES, ocr=ocr)))
        if any(page.text for page in pages):
            yield _document(pdf, pages, name)
            for state, reason in _REASONS.items():
                if told := _told(pages, state, reason, ocr=ocr):
                    yield Problem(path=name, reason=told)
        else:
            state = next(filter(lambda state: _numbers(pages, state), _REASONS), PageState.EMPTY)
            told = _told(pages, state, _REASONS_OF_ALL[state], ocr=ocr)
            yield Problem(path=name, reason=told, state=_STATES[state])
        yield from _failures(pages, name)
        if len(pages) < len(pdf):
            reason = f"has {len(pdf):,} pages, of which only the first {len(pages):,} are read"
            yield Problem(path=name, reason=reason)
        with_files = [index for index, page in enumerate(pages) if page.has_file]
        yield from attached_files(pdf, with_files, path=name)


def _told(pages: Sequence[Page], state: PageState, reason: str, *, ocr: bool) -> str:
    """Return a reason with the pages that are in a state, "" for none."""
    numbers = _numbers(pages, state)
    is_tried = ocr and not any(pages[number - 1].failure for number in numbers)
    tried = _TRIED.get(state, "") if is_tried else ""
    return f"{reason}{tried}: {_ranges(numbers)}" if numbers else ""


def _failures(pages: Sequence[Page], name: str) -> Iterator[Problem]:
    """Yield a problem for each reason why OCR did not read some pages."""
    for failure in dict.fromkeys(page.failure for page in pages if page.failure):
        numbers = [number for number, page in enumerate(pages, start=1) if page.failure == failure]
        reason = f"has pages that OCR did not read, as {failure}: {_ranges(numbers)}"
        yield Problem(path=name, reason=reason, state=State.NO_TEXT)


def _opened(file: BinaryIO) -> pdfium.PdfDocument:
    size = file.seek(0, SEEK_END)
    if not size:
        raise NoText("is empty")
    if size > _MOST_BYTES:
        raise TooLarge(f"is a PDF of more than {_MOST_BYTES:,} bytes")
    file.seek(0)
    head = file.read(_MAGIC_WITHIN)
    if _MAGIC not in head:
        raise OtherFormat(f"is not a PDF but {signature(head) or 'another format'}")
    file.seek(0)
    try:
        return pdfium.PdfDocument(file.read() if size <= _MOST_IN_MEMORY else file)
    except pdfium.PdfiumError as error:
        if error.err_code == native.FPDF_ERR_PASSWORD:
            raise Protected("is protected by a password") from error
        if error.err_code == native.FPDF_ERR_SECURITY:
            raise Protected("is protected in a way that Chaja does not read") from error
        raise Damaged("is damaged: it cannot be opened as a PDF") from error


def _within_memory(pages: Iterable[Page]) -> Iterator[Page]:
    size = 0
    for page in pages:
        yield page
        size += len(page.text)
        if size > _MOST_CHARACTERS:
            return


def _document(pdf: pdfium.PdfDocument, read: Sequence[Page], name: str) -> Document:
    whole = with_whole_words(without_running_lines([page.text for page in read]))
    pages = [page.strip() for page in whole]
    text, lines = _joined(pages)
    titles = outline_of(pdf)
    headings = (
        heading
        for start, number in lines
        if (found := titles.get(number - 1))
        for heading in headings_on(pages[number - 1], start, found)
    )
    return Document(
        id=name,
        path=name,
        title=stated_title(pdf) or first_line_title(text) or file_title(name),
        text=text,
        language=detect(text),
        date=stated_date(pdf) or find_date(text),
        lines=lines,
        headings=_apart(headings),
        metadata=metadata_of(pdf),
        unit=PAGE,
        labels=labels_of(pdf, pages=len(pages)),
        ocr=_runs(_numbers(read, PageState.OCR, PageState.UNSURE)),
    )


def _joined(pages: Sequence[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Join the pages that have text; return their text, and where each begins with its number."""
    pieces: list[str] = []
    lines: list[tuple[int, int]] = []
    end, before = 0, ""
    for number, page in enumerate(pages, start=1):
        if not page:
            continue
        if before:
            pieces.append("\n" if _goes_on(before, page) else "\n\n")
            end += len(pieces[-1])
        lines.append((end, number))
        pieces.append(page)
        end += len(page)
        before = page
    return "".join(pieces), tuple(lines)


def _goes_on(page: str, following: str) -> bool:
    """Return whether the last line of a page is full, and its sentence goes on on the next."""
    *others, last = page.rsplit("\n", 12)
    is_full = len(last) >= _FULL * max(map(len, others), default=0)
    first = following[0]
    return is_full and last[-1] not in _SENTENCE_ENDS and (first.islower() or "가" <= first <= "힣")


def _apart(headings: Iterable[Heading]) -> tuple[Heading, ...]:
    """Return the headings in their order, of those at the same place the first."""
    kept: list[Heading] = []
    for heading in sorted(headings, key=lambda heading: heading.start):
        if not kept or heading.start >= kept[-1].end:
            kept.append(heading)
    return tuple(kept)


def _numbers(pages: Sequence[Page], *states: PageState) -> list[int]:
    return [number for number, page in enumerate(pages, start=1) if page.state in states]


def _runs(numbers: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Return first and last of the numbers that follow each other."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        is_next = runs and runs[-1][1] == number - 1
        first = runs.pop()[0] if is_next else number
        runs.append((first, number))
    return tuple(runs)


def _ranges(numbers: Sequence[int]) -> str:
    """Return page numbers in words: page 3, or pages 1, 4–7."""
    runs = _runs(numbers)
    shown = [f"{first}–{last}" if last > first else str(first) for first, last in runs]
    more = f" and {len(shown) - _LISTED:,} more ranges" if len(shown) > _LISTED else ""
    return ("pages " if len(numbers) > 1 else "page ") + ", ".join(shown[:_LISTED]) + more
