"""Reads PPT: the texts of the slides, their speaker notes and comments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from ...document import SLIDE, Document, Problem, State
from ...errors import NoText
from ..office.properties import believed
from ..ole import Container
from ..placed_text import PlacedText
from .presentation import Presentation, Slide


def read(file: BinaryIO, *, name: str) -> Iterator[Document | Problem]:
    """Yield the document, whose places are slides, and what of it was not read."""
    container = Container(file)
    presentation = Presentation(container)
    text = PlacedText()
    for place, slide in enumerate(presentation.slides(), start=1):
        _add(text, slide, place)
    if not text and not presentation.missing:
        raise NoText("has no text")
    yield text.document(name, SLIDE, believed(container.stated()))
    if presentation.missing:
        reason = f"was read in part; {presentation.missing:,} of its slides cannot be read"
        yield Problem(path=name, reason=reason, state=State.DAMAGED)


def _add(text: PlacedText, slide: Slide, place: int) -> None:
    """Add a slide: its titles as headings, then the other texts, what is said of it, and notes."""
    for each in sorted(slide.texts, key=lambda found: not found.is_title):
        if each.is_row:
            text.add_row(each.text, place)
        else:
            text.add(each.text, place, is_heading=each.is_title)
    for each in slide.notes:
        text.add(each.text, place)
    for comment in slide.comments:
        text.add(comment, place)
