"""Reads what people wrote into a PDF: the values of form fields, notes and comments."""

from __future__ import annotations

from ctypes import byref
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as native

from .strings import string_from

_MOST_FIELDS = 2_000  # of a page
_VALUES = (
    native.FPDF_FORMFIELD_TEXTFIELD,
    native.FPDF_FORMFIELD_COMBOBOX,
    native.FPDF_FORMFIELD_LISTBOX,
)
_NOT_WRITTEN = (native.FPDF_ANNOT_LINK, native.FPDF_ANNOT_POPUP)


class FieldReader:
    """Reads the fields of the pages of one document; to be closed before it is.

    `have_file` tells whether a file is attached to one of the last page.
    """

    def __init__(self, pdf: pdfium.PdfDocument) -> None:
        self._form: Any = None
        self.have_file = False
        if pdf.get_formtype() != native.FORMTYPE_NONE:
            self._config = native.FPDF_FORMFILLINFO(version=2)
            self._form = native.FPDFDOC_InitFormFillEnvironment(pdf, byref(self._config))

    def close(self) -> None:
        """Close what was opened."""
        if self._form:
            native.FPDFDOC_ExitFormFillEnvironment(self._form)

    def texts(self, page: pdfium.PdfPage) -> list[str]:
        """Return the values and notes of a page in their order, each once."""
        count = min(_MOST_FIELDS, native.FPDFPage_GetAnnotCount(page))
        found: dict[str, None] = {}
        self.have_file = False
        for number in range(count):
            annotation = native.FPDFPage_GetAnnot(page, number)
            if annotation:
                found[self._text(annotation)] = None
                native.FPDFPage_CloseAnnot(annotation)
        return [text for text in found if text]

    def _text(self, annotation: native.FPDF_ANNOTATION) -> str:
        kind = native.FPDFAnnot_GetSubtype(annotation)
        self.have_file |= kind == native.FPDF_ANNOT_FILEATTACHMENT
        if kind in _NOT_WRITTEN:
            return ""
        if kind != native.FPDF_ANNOT_WIDGET:
            return string_from(
                lambda buffer, size: native.FPDFAnnot_GetStringValue(
                    annotation, b"Contents", buffer, size
                )
            )
        if not self._form:
            return ""
        if native.FPDFAnnot_GetFormFieldType(self._form, annotation) not in _VALUES:
            return ""
        return string_from(
            lambda buffer, size: native.FPDFAnnot_GetFormFieldValue(
                self._form, annotation, buffer, size
            )
        )
