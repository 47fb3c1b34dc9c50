"""Reads documents of office programs: their content tells the format, whatever the suffix."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import BinaryIO

from corpus.document import Document, Problem, State
from corpus.errors import Damaged, OtherFormat, TooLarge

from ..archive import Archive
from ..embedded import Embedded
from ..xml_cursor import Cursor
from .embeddings import embedded_files
from .properties import properties
from .relations import of_kind, relations

# Modules by the root element of the main part of an Office document.
_OFFICE = {"document": "docx", "presentation": "pptx", "workbook": "xlsx"}
_USUAL = ("word/document.xml", "ppt/presentation.xml", "xl/workbook.xml")
_CORE = "docProps/core.xml"
# Of all sheets: a few bytes can name a sheet, or repeat a cell, thousands of times.
_MOST_CHARACTERS = 1 << 27


def read(file: BinaryIO, *, name: str) -> Iterator[Document | Embedded | Problem]:
    """Yield the documents of the file, what is embedded, and a Problem for each part not read."""
    archive = Archive(file)
    is_empty, date, characters = True, "", 0
    for document in _documents(archive, name):
        characters += len(document.text)
        if characters > _MOST_CHARACTERS:
            raise TooLarge(f"has more than {_MOST_CHARACTERS:,} characters")
        date = date or document.date
        if document.text:
            is_empty = False
            yield document
    has_text = not is_empty
    for found in embedded_files(archive, name, date=date):
        is_empty = False
        yield found
    reasons = dict.fromkeys(archive.faults)
    if is_empty and not reasons:
        yield Problem(path=name, reason="has no text", state=State.NO_TEXT)
    for reason in reasons:
        reason = f"was read in part; it {reason}" if has_text else reason
        yield Problem(path=name, reason=reason, state=State.DAMAGED)


def _documents(archive: Archive, name: str) -> Iterator[Document]:
    if "META-INF/container.xml" in archive and "content.xml" not in archive:
        from .epub import documents as chapters

        yield from chapters(archive, name)
    elif "content.xml" in archive:
        from .odf import documents as opened

        yield from opened(archive, name)
    else:
        yield from _office_documents(archive, name)


def _office_documents(archive: Archive, name: str) -> Iterator[Document]:
    found = relations(archive, "")
    main = next(of_kind(archive, found, "officeDocument"), "")
    main = main or next((part for part in _USUAL if part in archive), "")
    if not main:
        raise OtherFormat(_unknown(archive))
    if main.endswith(".bin"):
        raise OtherFormat("is a binary workbook (XLSB); save it as XLSX")
    root = next(Cursor(archive.chunks(main), main).children(), None)
    module = _OFFICE.get(root.name if root else "")
    if module is None:
        raise Damaged(f"is damaged: {main} is no document")
    metadata = properties(archive, next(of_kind(archive, found, "core-properties"), _CORE))
    reader = import_module(f".{module}", __package__)
    yield from reader.documents(archive, name, part=main, metadata=metadata)


def _unknown(archive: Archive) -> str:
    if "Contents/content.hpf" in archive or "Contents/section0.xml" in archive:
        return "is an HWPX document under another suffix"
    return "is a ZIP archive without a document that Chaja knows"
