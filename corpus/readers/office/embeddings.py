"""What is embedded in an Office document: documents of other programs, and whole files."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import partial

from ...document import Problem
from ...errors import CorpusError
from ..archive import Archive
from ..embedded import Embedded
from ..ole_objects import embedded_in_ole
from .relations import of_kind, relations

_FOLDERS = ("word/embeddings", "ppt/embeddings", "xl/embeddings")
_CONTAINER = ".bin"


def embedded_files(archive: Archive, name: str, *, date: str) -> Iterator[Embedded | Problem]:
    """Yield what is embedded in the document, and a Problem for each object that is damaged.

    A workbook behind a chart is not given: it repeats what the chart shows.
    """
    charts = _behind_charts(archive)
    for part in archive.names():
        folder, file = posixpath.split(part)
        if folder not in _FOLDERS or part in charts or not file:
            continue
        found: Embedded | None = Embedded(
            kind="embedded", name=file, content=partial(archive.chunks, part), date=date
        )
        if file.endswith(_CONTAINER):
            try:
                found = embedded_in_ole(archive.read(part), name=file, date=date)
            except CorpusError as error:
                reason = f"its embedded {file} {error}"
                yield Problem(path=name, reason=reason, state=error.state)
                continue
        if found:
            yield found


def _behind_charts(archive: Archive) -> set[str]:
    """Return the parts to which charts lead."""
    charts = [part for part in archive.names() if "/charts/" in part and part.endswith(".xml")]
    return {
        target
        for part in charts
        for target in of_kind(archive, relations(archive, part), "package", "oleObject")
    }
