"""Reads RTF: the text that is shown, and what the document states of itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from ...document import PARAGRAPH, Document, Problem, State
from ...encoding import bad_bytes
from ...errors import Damaged, NoText
from ...text_file import whole
from ..metadata import believed
from ..placed_text import PlacedText
from .interpreter import Interpreter

MAGIC = b"{\\rtf"
_MOST_BYTES = 1 << 28  # with pictures, which are twice as long as in other formats


def read(file: BinaryIO, *, name: str) -> Iterator[Document | Problem]:
    """Yield the document, whose places are paragraphs and rows, and what of it was not read."""
    data = whole(file, kind="an RTF", most=_MOST_BYTES)
    if not data.lstrip().startswith(MAGIC):
        raise Damaged("is damaged, or no RTF")
    found = interpreted(data)
    text = PlacedText()
    text.add_all(found.blocks())
    if not text:
        raise NoText("has no text")
    yield text.document(name, PARAGRAPH, believed(found.stated))
    yield from bad_bytes(name, found.encodings.document, found.encodings.bad, 0)
    if found.is_deep:
        yield _part(name, "its groups are nested too deep", State.PART)
    elif not found.is_whole:
        yield _part(name, "its end is missing", State.DAMAGED)
    elif found.rest and interpreted(MAGIC + b" " + found.rest).blocks():
        yield _part(name, "a stray brace ends it, and more follows", State.DAMAGED)


def _part(name: str, reason: str, state: State) -> Problem:
    return Problem(path=name, reason=f"was read in part; {reason}", state=state)


def interpreted(data: bytes) -> Interpreter:
    """Return what an RTF shows and states."""
    found = Interpreter()
    found.read(data)
    return found
