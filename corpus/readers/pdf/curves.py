"""Tells pages that draw letters as curves, which are shown but are no text."""

from __future__ import annotations

from ctypes import byref, c_float, c_int

import pypdfium2 as pdfium
import pypdfium2.raw as native

_SAMPLED = 256  # objects of a page
_LEAST = 60  # outlines: a logo has fewer
_LEAST_CURVED = 5  # of the sample; an outline without curves is of a letter too, or of a diagram
_SHARE = 0.08  # of the objects: drawings of ten thousands of strokes have some like letters
_TO_LETTERS = 0.25  # outlines to a letter of the text
_SIZES = 2.0, 40.0  # points
_LEAST_SEGMENTS, _MOST_SEGMENTS = 8, 40


def draws_letters(page: pdfium.PdfPage, text: str) -> bool:
    """Return whether a page has outlines of letters beside its text, by a sample of its objects."""
    count = native.FPDFPage_CountObjects(page)
    if count < _LEAST:
        return False
    letters = sum(map(str.isalnum, text))
    if count - letters < _LEAST:  # nearly all can be text
        return False
    step = -(-count // _SAMPLED)
    found = [_curved(native.FPDFPage_GetObject(page, at)) for at in range(0, count, step)]
    outlines = step * (len(found) - found.count(None))
    return found.count(True) >= _LEAST_CURVED and outlines >= max(
        _LEAST, _SHARE * count, _TO_LETTERS * letters
    )


def _curved(part: native.FPDF_PAGEOBJECT) -> bool | None:
    """Return whether an outline like that of a letter has curves; None for anything else."""
    if native.FPDFPageObj_GetType(part) != native.FPDF_PAGEOBJ_PATH:
        return None
    segments = native.FPDFPath_CountSegments(part)
    if segments < _LEAST_SEGMENTS or not _is_filled(part) or not _is_small(part):
        return None
    return any(
        native.FPDFPathSegment_GetType(native.FPDFPath_GetPathSegment(part, number))
        == native.FPDF_SEGMENT_BEZIERTO
        for number in range(min(segments, _MOST_SEGMENTS))
    )


def _is_filled(path: native.FPDF_PAGEOBJECT) -> bool:
    fill, stroke = c_int(), c_int()
    native.FPDFPath_GetDrawMode(path, byref(fill), byref(stroke))
    return bool(fill.value) and not stroke.value


def _is_small(path: native.FPDF_PAGEOBJECT) -> bool:
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    native.FPDFPageObj_GetBounds(path, byref(left), byref(bottom), byref(right), byref(top))
    least, most = _SIZES
    return least < top.value - bottom.value < most and right.value - left.value < most
