"""The files that are attached to a PDF or to a place on one of its pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ctypes import byref, c_ulong, create_string_buffer
from functools import partial
from mimetypes import guess_type

import pypdfium2 as pdfium
import pypdfium2.raw as native

from ...document import Problem, State
from ...errors import Damaged, TooLarge
from ..embedded import Embedded
from .information import date_of
from .strings import string_from

_MOST = 1_000
_MOST_BYTES = 1 << 28  # of a file, unpacked
_MEDIA = ("image/", "audio/", "video/")
# Data for programs, of which the document is the picture: formulas, invoices.
_DATA = ("text/xml", "application/xml")


def attached_files(
    pdf: pdfium.PdfDocument, pages: Iterable[int], *, path: str
) -> Iterator[Embedded | Problem]:
    """Yield the files attached to a document, then those on the pages of these indices.

    Pictures, sounds and data for programs are passed over.
    """
    for number, file in enumerate(_files(pdf, pages), start=1):
        if number > _MOST:
            reason = f"has more than {_MOST:,} attached files, of which the others are not read"
            yield Problem(path=path, reason=reason, state=State.PART)
            return
        name = string_from(partial(native.FPDFAttachment_GetName, file)) or f"file {number}"
        kind = guess_type(name)[0] or ""
        if not kind.startswith(_MEDIA) and kind not in _DATA:
            content = partial(_content, file)
            yield Embedded(kind="attachment", name=name, content=content, date=_date(file))


def _files(pdf: pdfium.PdfDocument, pages: Iterable[int]) -> Iterator[native.FPDF_ATTACHMENT]:
    """Yield the files; each is valid until the next is asked for."""
    for number in range(native.FPDFDoc_GetAttachmentCount(pdf)):
        if file := native.FPDFDoc_GetAttachment(pdf, number):
            yield file
    for index in pages:
        page = pdf[index]
        try:
            for number in range(native.FPDFPage_GetAnnotCount(page)):
                yield from _on_annotation(page, number)
        finally:
            page.close()


def _on_annotation(page: pdfium.PdfPage, number: int) -> Iterator[native.FPDF_ATTACHMENT]:
    annotation = native.FPDFPage_GetAnnot(page, number)
    if not annotation:
        return
    try:
        if file := native.FPDFAnnot_GetFileAttachment(annotation):
            yield file
    finally:
        native.FPDFPage_CloseAnnot(annotation)


def _content(file: native.FPDF_ATTACHMENT) -> list[bytes]:
    size = c_ulong()
    if not native.FPDFAttachment_GetFile(file, None, 0, byref(size)):
        # PDFium finds no content under another key than its name, as some programs write it.
        raise Damaged("cannot be unpacked: it is damaged, or stored in an unusual way")
    if size.value > _MOST_BYTES:
        raise TooLarge(f"has more than {_MOST_BYTES:,} bytes")
    buffer = create_string_buffer(size.value)
    native.FPDFAttachment_GetFile(file, buffer, size.value, byref(size))
    return [buffer.raw]


def _date(file: native.FPDF_ATTACHMENT) -> str:
    key = b"ModDate"
    return date_of(string_from(partial(native.FPDFAttachment_GetStringValue, file, key)))
