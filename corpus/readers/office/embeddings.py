"""What is embedded in a document of an office program: other documents, and whole files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from zipfile import ZipFile

from ...document import Problem
from ..archive import Archive
from ..embedded import Embedded
from ..ole_objects import embedded_in_ole
from ..xml_cursor import Cursor
from .relations import of_kind, relations

_FOLDERS = ("word/embeddings", "ppt/embeddings", "xl/embeddings")
_CONTAINER = ".bin"

_CONTENT = "content.xml"
_OBJECT = re.compile(r"Object \d+")  # one of another program, in an OpenDocument
_KINDS = ("text", "spreadsheet", "presentation", "drawing")


def embedded_files(archive: Archive, name: str, *, date: str) -> Iterator[Embedded | Problem]:
    """Yield what is embedded in the document, and a Problem for each object that is damaged.

    A workbook behind a chart is not given: it repeats what the chart shows.
    """
    yield from _objects(archive, name, date) if _CONTENT in archive else _parts(archive, name, date)


def _parts(archive: Archive, name: str, date: str) -> Iterator[Embedded | Problem]:
    charts = _behind_charts(archive)
    for part in archive.names():
        folder, file = posixpath.split(part)
        if folder not in _FOLDERS or part in charts or not file:
            continue
        if file.endswith(_CONTAINER):
            yield from _in_container(archive, part, name, date)
        else:
            content = partial(archive.chunks, part)
            yield Embedded(kind="embedded", name=file, content=content, date=date)


def _in_container(
    archive: Archive, part: str, name: str, date: str
) -> Iterator[Embedded | Problem]:
    file = posixpath.basename(part)
    return embedded_in_ole(partial(archive.read, part), name=file, path=name, date=date)


def _objects(archive: Archive, name: str, date: str) -> Iterator[Embedded | Problem]:
    """Yield the objects of an OpenDocument, but for charts and formulas."""
    for part in archive.names():
        folder, file = posixpath.split(part)
        if _OBJECT.fullmatch(part):
            yield from _in_container(archive, part, name, date)
        elif file == _CONTENT and folder and "/" not in folder:
            with archive.reporting():
                if _kind(archive, part) in _KINDS:
                    content = partial(_package, archive, f"{folder}/")
                    yield Embedded(
                        kind="embedded", name=folder, content=content, suffix=".odt", date=date
                    )


def _kind(archive: Archive, part: str) -> str:
    """Return what the content of an OpenDocument is, or ""."""
    cursor = Cursor(archive.chunks(part), part)
    kinds = (kind.name for _ in cursor.find("body") for kind in cursor.children())
    return next(kinds, "")


def _package(archive: Archive, folder: str) -> Iterator[bytes]:
    """Yield the bytes of a folder of the archive as an archive of its own."""
    file = BytesIO()
    with ZipFile(file, "w") as package:
        for part in archive.names():
            if part.startswith(folder) and not part.endswith("/"):
                package.writestr(part.removeprefix(folder), archive.read(part))
    yield file.getvalue()


def _behind_charts(archive: Archive) -> set[str]:
    """Return the parts to which charts lead."""
    charts = [part for part in archive.names() if "/charts/" in part and part.endswith(".xml")]
    return {
        target
        for part in charts
        for target in of_kind(archive, relations(archive, part), "package", "oleObject")
    }
