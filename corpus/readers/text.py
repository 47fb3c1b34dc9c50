"""Reads plain text: the file is the text, in parts if it is long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from corpus.document import Document, Problem
from corpus.language import detect

from ..encoding import bad_bytes
from ..text_file import Parts, part_end
from .metadata import file_title, find_date, first_line_title


def read(file: BinaryIO, *, name: str) -> Iterator[Document | Problem]:
    """Yield the file as one document, titled by its first line where that looks like a title.

    A text of more than a million characters gives several, with the title and date of the first.
    """
    parts = Parts(file, end=part_end)
    first: Document | None = None
    for part in parts:
        document = Document(
            id=f"{name}#{part.line}" if first else name,
            path=name,
            title=first.title if first else first_line_title(part.text) or file_title(name),
            text=part.text,
            language=detect(part.text),
            date=first.date if first else find_date(part.text),
            line=part.line,
        )
        yield document
        first = first or document
    yield from bad_bytes(name, parts.encoding, parts.bad, parts.bad_line)
