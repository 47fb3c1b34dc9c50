"""Title, author and dates that a PDF states, without what programs put there."""

from __future__ import annotations

import re

import pypdfium2 as pdfium

from ..metadata import parse_date, stated_author, tidy_title
from .garbled import cleaned, is_garbled

_PROGRAM = re.compile(r"microsoft (?:office )?(?:word|powerpoint|excel) - ", re.I)
_SUFFIX = re.compile(
    r"\.(?:hwpx?|docx?|pptx?|xlsx?|pdf|odt|odp|ods|tex|dvi|rtf|indd|qxd|html?|txt)$", re.I
)
_JUNK = re.compile(
    r"(?:untitled|no ?title|title|document|presentation|문서|slide|powerpoint|pdf|제목|무제|"
    r"새 문서|프레젠테이션|빈 문서|이름 없음|없음|제목 없음|"
    r"powerpoint (?:presentation|프레젠테이션)|"
    r"(?:https?|file)://\S*|about:blank)?[\W\d_]*",
    re.I,
)
_DATE = re.compile(r"(?:D:)?\s*(\d{4})(\d\d)(\d\d)")
# Earlier ones are those of a clock that was never set.
_FIRST_DATE = "1985"


def stated_title(pdf: pdfium.PdfDocument) -> str:
    """Return the title in the metadata, or "" where it is that of a template or a program."""
    title = _PROGRAM.sub("", _value(pdf, "Title"), count=1)
    title = tidy_title(_SUFFIX.sub("", title))
    return "" if is_garbled(title) or _JUNK.fullmatch(title) else title


def stated_date(pdf: pdfium.PdfDocument, key: str = "CreationDate") -> str:
    """Return a date of the metadata in ISO 8601, or ""."""
    value = _value(pdf, key)
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
