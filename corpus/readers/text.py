"""Reads plain text: the file is the text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corpus.document import Document, Problem
from corpus.language import detect

from ..encoding import bad_bytes, decode
from ..text_file import load
from .metadata import file_title, find_date, first_line_title


def read(path: Path, *, name: str) -> Iterator[Document | Problem]:
    """Yield the file as one document, titled by its first line where that looks like a title."""
    source = decode(load(path))
    yield Document(
        id=name,
        path=name,
        title=first_line_title(source.text) or file_title(name),
        text=source.text,
        language=detect(source.text),
        date=find_date(source.text),
    )
    yield from bad_bytes(name, source.encoding, source.bad, source.line)
