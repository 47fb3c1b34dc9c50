"""Finds the reader of a file of an older program by what it holds: the suffixes say little.

Web systems export tables of HTML as .xls; editors save RTF or newer documents as .doc.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from ..binary import has_controls, signature
from ..errors import CorpusError, Damaged, NoText, OtherFormat
from .ole import MAGIC, Container

_HEAD = 4096  # bytes
# Modules by the streams of containers, in small letters; the first that there is decides.
_BY_STREAM = {
    "encryptedpackage": "office.reader",
    "fileheader": "hwp.reader",
    "worddocument": "word.reader",
    "powerpoint document": "powerpoint.reader",
    "workbook": "office.xls",
    "book": "office.xls",
    "__properties_version1.0": "outlook.reader",
}
_AS_TEXT = {"office.xls": "csv", "word.reader": "text", "outlook.reader": "mail.reader"}
# Workbooks before Excel 5 begin with these records, and are no containers.
_SHEET = re.compile(rb"\x09[\x00\x02\x04](?:\x04|\x06)\x00")
_PAGE = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|table|meta|style|div|!--)\b", re.IGNORECASE
)
_MAIL = re.compile(rb"(?:MIME-Version|Received|Return-Path|From|Date|Subject):", re.IGNORECASE)
_XML = (
    (b"office:spreadsheet", "is an XML spreadsheet of Excel 2003; save it as XLSX"),
    (b"office/word/2003", "is an XML document of Word 2003; save it as DOCX"),
    (b"office/2006/xmlPackage", "is a document in one XML file (Flat OPC); save it as DOCX"),
)


def module_of(file: BinaryIO, module: str) -> str:
    """Return the module for a file; that of its suffix, `module`, if the content tells no other.

    Raises CorpusError for a file that no module reads.
    """
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    if head.startswith(MAGIC):
        found = _module_of_container(file)
        file.seek(0)
        return found or module
    if module not in _AS_TEXT and module != "powerpoint.reader":
        return module
    if not head:
        raise NoText("is empty")
    return _module_of_text(head, module)


def _module_of_container(file: BinaryIO) -> str:
    """Return the module for a container, or "" if it is unknown or damaged."""
    try:
        container = Container(file)
    except Damaged:
        return ""
    return next((module for stream, module in _BY_STREAM.items() if stream in container), "")


def _module_of_text(head: bytes, module: str) -> str:
    """Return the module for a file of another kind than its suffix says. Raises CorpusError."""
    if module == "office.xls" and _SHEET.match(head):
        return module
    start = head.translate(None, b"\0").removeprefix(b"\xff\xfe").removeprefix(b"\xef\xbb\xbf")
    start = start.lstrip()
    for mark, reason in _XML:
        if start.startswith(b"<") and mark in start:
            raise OtherFormat(reason)
    if _PAGE.match(start) or (start.startswith(b"<?xml") and _PAGE.search(start)):
        return "html.whole_page"
    if _MAIL.match(start):
        return "mail.reader"
    if module in _AS_TEXT and start and not has_controls(start) and not signature(head):
        return _AS_TEXT[module]
    raise _unknown(head)


def _unknown(head: bytes) -> CorpusError:
    what = signature(head)
    if what:
        return OtherFormat(f"is {what} under another suffix")
    return Damaged("is damaged, or of an unknown format")
