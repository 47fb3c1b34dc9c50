"""Plain text: the file is the text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corpus.document import Document, Problem
from corpus.language import detect

from ..text_file import damages, load_text
from .metadata import file_title, first_line_title, stated_date


def read(path: Path, *, name: str) -> Iterator[Document | Problem]:
    """Yield the file as one document; its first line is the title where it reads as one."""
    source = load_text(path)
    yield Document(
        id=name,
        path=name,
        title=first_line_title(source.text) or file_title(name),
        text=source.text,
        language=detect(source.text),
        date=stated_date(source.text),
    )
    yield from damages(source, name=name)
