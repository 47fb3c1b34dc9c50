"""Reads HWP 5 and HWPX documents; the first bytes decide which of them a file is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from ...binary import signature
from ...document import PARAGRAPH, Document, Problem
from ...encoding import SAMPLE
from ...errors import CorpusError, Damaged, NoText, OtherFormat
from ..embedded import Embedded
from ..ole_objects import embedded_in_ole
from ..placed_text import Block, PlacedText
from . import compound, hwpx
from .blocks import Heights
from .hwpx_section import XmlBody
from .properties import Properties
from .section import Body
from .shapes import read_shapes

_HWP_3 = b"HWP Document File V"
_HWPML = b"<HWPML"
_BLANK = b"\0 \t\r\n"


def read(file: BinaryIO, *, name: str) -> Iterator[Document | Embedded | Problem]:
    """Yield the document, what is embedded, and a Problem if some of its text could not be read.

    Its places are the paragraphs of its body, from 1; what is in tables, boxes and notes belongs
    to the paragraph that holds it. Raises CorpusError for a file that gives no document.
    """
    file.seek(0)
    head = file.read(SAMPLE)
    if head.startswith(compound.MAGIC):
        yield from _read_hwp(file, name)
    elif head.startswith(hwpx.MAGIC):
        yield from _read_hwpx(file, name)
    else:
        raise _refusal(head)


def _refusal(head: bytes) -> CorpusError:
    """Return why a file of neither format is not read, by its first bytes."""
    if not head:
        return NoText("is empty")
    if not head.strip(_BLANK):
        return Damaged("is damaged: it has blank bytes where a document begins")
    if compound.MAGIC.startswith(head) or hwpx.MAGIC.startswith(head):
        return Damaged("is damaged: only its first bytes are there")
    if head.startswith(_HWP_3):
        return OtherFormat("is an HWP 3 file, which Chaja does not read; save it as HWPX")
    if _HWPML in head:
        return OtherFormat("is an HWPML file, which Chaja does not read; save it as HWPX")
    return OtherFormat(f"is {signature(head) or 'of an unknown format'}, not an HWP document")


def _read_hwp(file: BinaryIO, name: str) -> Iterator[Document | Embedded | Problem]:
    source = compound.Compound(file)
    body = Body(read_shapes(source.information()), source.chart)
    paragraphs = (found for section in source.sections() for found in body.paragraphs(section))
    document = _document(name, paragraphs, source.properties())
    # What the walk lacks of a stream that breaks off is no further fault.
    yield from _with_faults(document, source.faults or body.faults)
    yield from _embedded(document, source.objects())


def _read_hwpx(file: BinaryIO, name: str) -> Iterator[Document | Embedded | Problem]:
    source = hwpx.Package(file)
    body = XmlBody(source.shapes(), source.chart)
    paragraphs = (found for section in source.sections() for found in body.paragraphs(section))
    document = _document(name, paragraphs, source.properties())
    yield from _with_faults(document, [*source.faults, *body.faults])
    yield from _embedded(document, source.objects())


def _embedded(
    document: Document, objects: Iterable[tuple[str, Callable[[], bytes]]]
) -> Iterator[Embedded | Problem]:
    """Yield the documents that are embedded in one, and a Problem for damaged objects."""
    for name, read_object in objects:
        yield from embedded_in_ole(read_object, name=name, path=document.path, date=document.date)


def _with_faults(document: Document, faults: Iterable[CorpusError]) -> Iterator[Document | Problem]:
    """Yield a document and each of its faults once; only these if it has no text."""
    found = {str(fault): fault.state for fault in faults}
    if document.text or not found:
        yield document
    for fault, state in found.items():
        reason = f"was read in part; it {fault}" if document.text else fault
        yield Problem(path=document.path, reason=reason, state=state)


def _document(name: str, paragraphs: Iterable[Iterable[Block]], properties: Properties) -> Document:
    """Return the document of some paragraphs, each given by its blocks."""
    found, heights = PlacedText(are_tidy=True), Heights()
    for number, blocks in enumerate(paragraphs, start=1):
        for block in blocks:
            found.add_block(block, number)
            heights.add(block)
    title = properties.title_in(found.text()) or heights.title()
    return found.document(name, PARAGRAPH, {**properties.metadata(), "title": title})
