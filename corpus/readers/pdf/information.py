"""Title, author and dates that a PDF states, without what programs put there."""

from __future__ import annotations

import re

import pypdfium2 as pdfium

from .. import metadata
from ..metadata import parse_date, stated_author, tidy_title
from .garbled import cleaned, is_garbled

_DATE = re.compile(r"(?:D:)?\s*(\d{4})(\d\d)(\d\d)")
# Earlier ones are those of a clock that was never set.
_FIRST_DATE = "1985"


def stated_title(pdf: pdfium.PdfDocument) -> str:
    """Return the title in the metadata, or "" where it is that of a template or a program."""
    title = metadata.stated_title(_value(pdf, "Title"))
    return "" if is_garbled(title) else title


def stated_date(pdf: pdfium.PdfDocument, key: str = "CreationDate") -> str:
    """Return a date of the metadata in ISO 8601, or ""."""
    return date_of(_value(pdf, key))


def date_of(value: str) -> str:
    """Return a date as PDF writes it, or as people do, in ISO 8601, or ""."""
    found = _DATE.match(value)
    day = parse_date("-".join(found.groups()) if found else value)
    return day if day > _FIRST_DATE else ""


def metadata_of(pdf: pdfium.PdfDocument) -> dict[str, str]:
    """Return author, keywords and the date of the last change, where they are stated."""
    found = {
        "author": stated_author(_value(pdf, "Author")),
        "keywords": tidy_title(_value(pdf, "Keywords")),
        "modified": stated_date(pdf, "ModDate"),
    }
    return {name: value for name, value in found.items() if value and not is_garbled(value)}


def _value(pdf: pdfium.PdfDocument, key: str) -> str:
    try:
        return cleaned(pdf.get_metadata_value(key))
    except UnicodeDecodeError:  # half a pair of surrogates, which costs the value only
        return ""
