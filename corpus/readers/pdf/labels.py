"""The labels that a PDF states for its pages."""

from __future__ import annotations

import pypdfium2 as pdfium
import pypdfium2.raw as native

from ...page_labels import PageLabels, kept_labels
from .strings import string_from

_LONGEST = 64  # bytes of UTF-16; a longer one is no label


def labels_of(pdf: pdfium.PdfDocument, *, pages: int) -> PageLabels:
    """Return the labels of the first pages, or none where they are the numbers of the pages."""
    # The first page has a label in every document that has any.
    if not pages or not _label(pdf, 0):
        return ()
    return kept_labels([_label(pdf, index) for index in range(pages)])


def _label(pdf: pdfium.PdfDocument, index: int) -> str:
    label = string_from(
        lambda buffer, size: native.FPDF_GetPageLabel(pdf, index, buffer, size), longest=_LONGEST
    )
    return " ".join(label.split())
