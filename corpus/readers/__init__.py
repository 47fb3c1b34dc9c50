"""The readers of the file formats, chosen by the suffix of the file.

A reader is a function `read(file, *, name)` that yields the documents of an open file, with `name`
as their path, and a Problem for everything it cannot use. It may raise OSError and CorpusError: all
become Problems here, so that one bad file never stops a build.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from corpus.document import Document, Problem, State
from corpus.errors import CorpusError, NoText

from ..text_file import PART, open_regular, part_end

# Modules by name, imported on first use: most commands read no documents.
_MODULES = {
    **dict.fromkeys((".txt", ".text", ".log"), "text"),
    **dict.fromkeys((".md", ".markdown"), "markdown"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html.reader"),
    **dict.fromkeys((".jsonl", ".ndjson", ".json"), "json"),
    **dict.fromkeys((".csv", ".tsv"), "csv"),
    ".pdf": "pdf.reader",
    **dict.fromkeys((".hwp", ".hwpx"), "hwp.reader"),
    **dict.fromkeys((".docx", ".pptx", ".xlsx", ".xlsm"), "office.reader"),
    **dict.fromkeys((".odt", ".ods", ".odp", ".epub"), "office.reader"),
    ".eml": "mail.reader",
    ".mbox": "mail.mbox",
    ".ipynb": "notebook",
    **dict.fromkeys((".srt", ".vtt"), "subtitles"),
}
SUFFIXES = frozenset(_MODULES)
_HEAD = 128  # bytes
# What a crash, a full disk or a synchronization that was not finished leaves in a file.
_BLANKS = b"\0 \t\n\r\v\f"
# Of bytes that are looked through for others: a disk image may have terabytes of them.
_MOST_BLANK = 1 << 28
_CHUNK = 1 << 16  # bytes
# Formats of plain text: what they take to read depends on their size only.
PLAIN = frozenset(
    suffix
    for suffix, module in _MODULES.items()
    if module in {"text", "markdown", "html.reader", "json", "csv"}
)


def read(path: Path, *, name: str) -> Iterator[Document | Problem]:
    """Yield the documents of the file at `path`, in file order, with `name` as their path.

    A Problem is yielded for every row or file that gives no document, and after a document with
    invalid bytes. Nothing is raised.
    """
    try:
        with open_regular(path) as file:
            yield from read_opened(file, name=name, suffix=path.suffix)
    except Exception as error:
        yield unread(name, error)


def read_opened(file: BinaryIO, *, name: str, suffix: str) -> Iterator[Document | Problem]:
    """Yield the documents of an open file, as `read` does; `suffix` is its format."""
    module = _MODULES.get(suffix.lower())
    if module is None:
        reason = f"has the unsupported suffix {suffix!r}"
        yield Problem(path=name, reason=reason, state=State.UNKNOWN)
        return
    try:
        _refuse_blank(file)
        if suffix.lower() not in PLAIN:
            module = _module_by_content(file, module)
        for found in import_module(f".{module}", __name__).read(file, name=name):
            if isinstance(found, Document) and (not found.text or found.text.isspace()):
                reason, line = "has no readable text", found.line
                yield Problem(path=found.path, reason=reason, line=line, state=State.NO_TEXT)
            elif isinstance(found, Document):
                yield from _in_parts(found)
            else:
                yield found
    except Exception as error:
        yield unread(name, error)


def _refuse_blank(file: BinaryIO) -> None:
    """Raise NoText for a file of white space and zero bytes only; else go back to its beginning."""
    chunk = head = file.read(_HEAD)
    while chunk and not chunk.strip(_BLANKS) and file.tell() < _MOST_BLANK:
        chunk = file.read(_CHUNK)
    if not chunk:
        raise NoText("has no readable text" if head else "is empty")
    file.seek(0)


def _module_by_content(file: BinaryIO, module: str) -> str:
    """Return the module for a file whose first bytes tell its format, else that of its suffix."""
    head = file.read(_HEAD)
    file.seek(0)
    if head.startswith(b"%PDF-"):
        return "pdf.reader"
    if not head.startswith(b"PK\3\4") or module == "hwp.reader":
        return module  # HWPX of some programs says nothing of itself
    return "hwp.reader" if b"application/hwp+zip" in head else "office.reader"


def _in_parts(document: Document) -> Iterator[Document]:
    """Yield a document, or several of at most PART characters, so that memory is bounded."""
    start = 0
    while len(document.text) - start > PART:
        end = start + part_end(document.text[start : start + PART])
        yield _part(document, start, end)
        start = end
    yield _part(document, start, len(document.text)) if start else document


def _part(document: Document, start: int, end: int) -> Document:
    line = document.line_at(start)
    later = ((offset - start, number) for offset, number in document.lines if start < offset < end)
    return document._replace(
        id=f"{document.id}#{start}" if start else document.id,
        text=document.text[start:end],
        line=line,
        lines=((0, line), *later) if document.lines else (),
        headings=tuple(
            replace(heading, start=heading.start - start, end=heading.end - start)
            for heading in document.headings
            if start <= heading.start and heading.end <= end
        ),
    )


def unread(name: str, error: Exception) -> Problem:
    """Return the problem of a file that could not be read because of `error`.

    It is passing unless the content is the reason: also for an unexpected error, of which the next
    version may be free.
    """
    is_passing = not isinstance(error, CorpusError)
    return Problem(path=name, reason=_reason(error), passing=is_passing, state=_state(error))


def _state(error: Exception) -> State:
    if isinstance(error, MemoryError):
        return State.TOO_LARGE
    return error.state if isinstance(error, CorpusError) else State.UNREAD


def _reason(error: Exception) -> str:
    if isinstance(error, CorpusError):
        return str(error)
    if isinstance(error, MemoryError):
        return "is too large for the available memory"
    if isinstance(error, FileNotFoundError):
        return "was removed before it was read"
    if isinstance(error, PermissionError):
        return "cannot be read: permission denied"
    if isinstance(error, IsADirectoryError):
        return "is a folder, not a file"
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or error}"
    return f"cannot be read: {type(error).__name__}: {error}"
