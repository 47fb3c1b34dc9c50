"""The readers of the file formats, chosen by the suffix of the file.

A reader is a function `read(file, *, name)` that yields the documents of an open file, with `name`
as their path, a Problem for everything it cannot use, and an Embedded for every file inside, which
is read here by the reader of its own format. It may raise OSError and CorpusError: all become
Problems here, so that one bad file never stops a build.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from corpus.binary import OLE
from corpus.document import LINE, Document, Problem, State
from corpus.errors import CorpusError, NoText

from ..text_file import PART, open_regular, part_end
from .embedded import Allowance, Begun, Container, Embedded
from .options import PLAINLY as PLAINLY
from .options import ReadOptions as ReadOptions

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
    ".rtf": "rtf.reader",
    ".xls": "office.xls",
    ".doc": "word.reader",
    ".ppt": "powerpoint.reader",
    ".msg": "outlook.reader",
    ".ipynb": "notebook",
    **dict.fromkeys((".srt", ".vtt"), "subtitles"),
    ".zip": "zip",
}
ARCHIVES = frozenset({".zip"})
SUFFIXES = frozenset(_MODULES) - ARCHIVES
_WITH_OCR = frozenset({"pdf.reader"})
_HEAD = 128  # bytes
_ZIP = b"PK\3\4"
_OLDER = frozenset(_MODULES[suffix] for suffix in (".xls", ".doc", ".ppt", ".msg"))
# The first member of a document that is a ZIP, and where its name is.
_FIRST_MEMBERS = (b"[Content_Types].xml", b"mimetype")
_NAME = 30
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


def suffixes(options: ReadOptions) -> frozenset[str]:
    """Return the suffixes of the files that are read, in lower case, with the dot."""
    return SUFFIXES | ARCHIVES if options.archives else SUFFIXES


def read_opened(
    file: BinaryIO, *, name: str, suffix: str, options: ReadOptions = PLAINLY
) -> Iterator[Document | Problem]:
    """Yield the documents of an open file, as `read` does; `suffix` is its format."""
    for found in _read(options, file, suffix, Container(name, Allowance.of(file))):
        if not isinstance(found, Begun):
            yield found


def read_in_steps(
    file: BinaryIO, *, name: str, suffix: str, options: ReadOptions, refused: Mapping[str, str]
) -> Iterator[Document | Problem | Begun]:
    """Yield what `read_opened` does, and a Begun before what is of a file inside.

    Those whose Begun is in `refused` are not read, for the reason there.
    """
    container = Container(name, Allowance.of(file), refused=refused)
    yield from _read(options, file, suffix, container)


def _read(
    options: ReadOptions, file: BinaryIO, suffix: str, container: Container
) -> Iterator[Document | Problem | Begun]:
    name, suffix = container.name, suffix.lower()
    if suffix not in suffixes(options):
        yield _unsupported(container, suffix)
        return
    try:
        _refuse_blank(file)
        module = _MODULES[suffix]
        if suffix not in PLAIN:
            module = _module_by_content(file, module)
        reader = import_module(f".{module}", __name__)
        read = partial(reader.read, ocr=options.ocr) if module in _WITH_OCR else reader.read
        for found in read(file, name=name):
            if isinstance(found, Embedded):
                read_inside = partial(_read, options)
                yield from container.inside(found, found.format(_MODULES), read_inside)
            elif isinstance(found, Problem):
                yield found
            elif not found.text or found.text.isspace():
                reason, line = "has no readable text", found.line if found.unit == LINE else 0
                yield Problem(path=found.path, reason=reason, line=line, state=State.NO_TEXT)
            else:
                yield from in_parts(container.own(found))
    except Exception as error:
        yield unread(name, error)


def _unsupported(container: Container, suffix: str) -> Problem:
    if suffix in ARCHIVES:
        reason = "is an archive; build with --archives to read it"
    elif container.depth:
        reason = "is of a kind that Chaja does not read"
    else:
        reason = f"has the unsupported suffix {suffix!r}"
    return Problem(path=container.name, reason=reason, state=State.UNKNOWN)


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
    if head.startswith(b"{\\rtf"):
        return "rtf.reader"
    if head.startswith(OLE) or (module in _OLDER and not head.startswith(_ZIP)):
        from .older_formats import module_of  # of what older programs wrote, the suffix says little

        return module_of(file, module)
    if not head.startswith(_ZIP) or module == "hwp.reader":
        return module  # HWPX of some programs says nothing of itself
    if module == "zip" and not head.startswith(_FIRST_MEMBERS, _NAME):
        return module
    return "hwp.reader" if b"application/hwp+zip" in head else "office.reader"


def in_parts(document: Document) -> Iterator[Document]:
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
