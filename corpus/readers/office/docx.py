"""Reads DOCX: paragraphs, lists, tables, notes, comments, text boxes, headers and footers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from corpus.document import PARAGRAPH, Document

from ..archive import Archive
from ..marked_text import running_blocks
from ..placed_text import Block, PlacedText, description
from ..table_rows import lines_of
from ..xml_cursor import Cursor, Element, whole_number
from .docx_styles import Lists, ParagraphStyle, Styles, is_on, paragraph_style
from .drawing import enter_branch, graphic_text
from .relations import of_kind, relations

# Deleted text, codes of fields, and properties.
_UNREAD = (
    "del moveFrom instrText delText delInstrText rPr sectPr tblPr tblGrid tcPr trPr sdtPr sdtEndPr "
    "annotationRef binData proofErr pPrChange"
)
_NOT_TEXT = frozenset(_UNREAD.split())
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}
_NOTES["commentReference"] = "comments"
_NOTE = {"endnotes": "endnote", "footnotes": "footnote", "comments": "comment"}
_MOST_SPAN = 64  # columns of one cell, the most that Word allows


class _Paragraph:
    """The text of a paragraph while it is read, and the blocks that belong to it."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.after: list[str] = []
        self.style = ParagraphStyle()


def documents(
    archive: Archive, name: str, *, part: str, metadata: Mapping[str, str]
) -> Iterator[Document]:
    """Yield the document; its places are paragraphs with text, or rows of tables, from 1."""
    text = PlacedText()
    story = _Story(archive, part)
    with archive.reporting():
        text.add_all(story.blocks(Cursor(archive.chunks(part), part)))
    text.add_all(story.running_texts())
    yield text.document(name, PARAGRAPH, metadata)


class _Story:
    """The parts of a document, and where its reader is in lists and fields."""

    def __init__(self, archive: Archive, part: str) -> None:
        self._archive = archive
        self._relations = relations(archive, part)
        self._styles, self._lists = Styles(), Lists()
        self._fields: list[bool] = []  # of each open field, whether its result has begun
        with archive.reporting():
            for target in of_kind(archive, self._relations, "styles"):
                self._styles = Styles(Cursor(archive.chunks(target), target))
        with archive.reporting():
            for target in of_kind(archive, self._relations, "numbering"):
                self._lists.load(Cursor(archive.chunks(target), target))
        self._notes: dict[str, dict[str, str]] = {}
        for kind in _NOTE:  # in this order, as a footnote may lead to an endnote
            self._notes[kind] = self._read_notes(kind)

    def _read_notes(self, kind: str) -> dict[str, str]:
        found = {}
        with self._archive.reporting():
            for target in of_kind(self._archive, self._relations, kind):
                cursor = Cursor(self._archive.chunks(target), target)
                for note in cursor.find(_NOTE[kind]):
                    if "separator" not in note.get("type").casefold():
                        found[note.get("id")] = self._joined(cursor, "\n")
        return found

    def _note(self, kind: str, number: str) -> str:
        note = self._notes.get(kind, {}).get(number)
        if note is None:
            self._archive.faults.append("is damaged: one of its notes is missing")
        return note or ""

    def running_texts(self) -> list[Block]:
        """Return the paragraphs of headers and footers, each once, without bare page numbers."""
        return running_blocks(self._running_lines())

    def _running_lines(self) -> Iterator[str]:
        for target in of_kind(self._archive, self._relations, "header", "footer"):
            with self._archive.reporting():
                for block in self.blocks(Cursor(self._archive.chunks(target), target)):
                    yield " ".join(block.text.split())

    def blocks(self, cursor: Cursor) -> Iterator[Block]:
        """Yield the paragraphs and rows in the element where the cursor is."""
        for element in cursor.children():
            yield from self._blocks_of(cursor, element)

    def _blocks_of(self, cursor: Cursor, element: Element) -> Iterator[Block]:
        if element.name == "p":
            yield from self._paragraph(cursor)
        elif element.name == "tbl":
            yield from self._table(cursor)
        elif element.name == "altChunk":
            self._archive.faults.append("has a part of another format, which was not read")
        elif _is_read(cursor, element):
            yield from self.blocks(cursor)

    def _joined(self, cursor: Cursor, mark: str = " ") -> str:
        return mark.join(block.text for block in self.blocks(cursor) if block.text.strip())

    def _paragraph(self, cursor: Cursor) -> Iterator[Block]:
        paragraph = _Paragraph()
        self._inline(cursor, paragraph)
        self._fields = [True for has_begun in self._fields if has_begun]
        text = "".join(paragraph.pieces)
        style = self._styles.resolved(paragraph.style)
        kind = "title" if style.is_title else "heading" if style.is_heading else ""
        mark = self._lists.mark(style)  # a blank item is counted too
        if text.strip():
            yield Block(mark + text, kind or ("item" if mark else ""))
        for each in paragraph.after:
            yield Block(each, belongs=True)

    def _inline(self, cursor: Cursor, paragraph: _Paragraph) -> None:
        """Read what is in a paragraph or a part of it."""
        for element in cursor.children():
            name = element.name
            if name == "t":
                self._write(paragraph, cursor.text())
            elif name == "pPr":
                paragraph.style = paragraph_style(cursor)
            elif name in _SIGNS:
                self._write(paragraph, _SIGNS[name])
            elif name == "fldChar":
                self._field(element, paragraph, cursor)
            elif name in _NOTES:
                paragraph.after.append(self._note(_NOTES[name], element.get("id")))
            elif name == "txbxContent":
                fields, self._fields = self._fields, []
                paragraph.after.append(self._joined(cursor, "\n"))
                self._fields = fields
            elif name == "ruby":
                self._ruby(cursor, paragraph)
            elif _is_read(cursor, element):
                self._describe(element, paragraph)
                self._inline(cursor, paragraph)

    def _describe(self, element: Element, paragraph: _Paragraph) -> None:
        """Add what is said of a picture, or in a chart; formulas are set off by spaces."""
        if element.name == "oMath":
            self._write(paragraph, " ")
        candidates = (element.get("descr"), element.get("alt"), element.get("string"))
        words = description(*candidates)
        if words not in paragraph.after:  # a picture repeats that of its frame
            paragraph.after.append(words)
        target = self._relations.get(element.get("r:id") or element.get("r:dm"))
        if element.name in ("chart", "relIds") and target and target.target in self._archive:
            paragraph.after.append(graphic_text(self._archive, target.target))

    def _write(self, paragraph: _Paragraph, text: str) -> None:
        if all(self._fields):
            paragraph.pieces.append(text)

    def _field(self, element: Element, paragraph: _Paragraph, cursor: Cursor) -> None:
        kind = element.get("fldCharType")
        if kind == "begin":
            chosen = _chosen(cursor)
            self._write(paragraph, chosen)
            self._fields.append(False)
        elif kind == "separate" and self._fields:
            self._fields[-1] = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _ruby(self, cursor: Cursor, paragraph: _Paragraph) -> None:
        """Write a word and then, in parentheses, what stands above it."""
        parts = {"rt": _Paragraph(), "rubyBase": _Paragraph()}
        for element in cursor.children():
            if element.name in parts:
                self._inline(cursor, parts[element.name])
        above = "".join(parts["rt"].pieces)
        word = "".join(parts["rubyBase"].pieces)
        paragraph.pieces.append(f"{word}({above})" if above.strip() else word)

    def _table(self, cursor: Cursor) -> Iterator[Block]:
        rows: list[list[str]] = []
        is_marked = False
        for _ in cursor.find("tr"):
            cells, is_header, is_deleted = self._row(cursor)
            is_marked = is_marked or (is_header and not rows)
            if not is_deleted:
                rows.append(cells)
        for line in lines_of(rows, is_marked=is_marked):
            yield Block(line, "row")

    def _row(self, cursor: Cursor) -> tuple[list[str], bool, bool]:
        """Return the cells of a row, whether it is a header, and whether it was deleted."""
        cells: list[str] = []
        is_header = is_deleted = False
        for element in cursor.find("tc", "trPr"):
            if element.name == "tc":
                cells.extend(self._cell(cursor))
                continue
            for mark in cursor.children():
                is_header = is_header or (mark.name == "tblHeader" and is_on(mark))
                is_deleted = is_deleted or mark.name == "del"
        return cells, is_header, is_deleted

    def _cell(self, cursor: Cursor) -> list[str]:
        """Return the text of a cell, and a blank for each further column that it spans."""
        texts: list[str] = []
        span = 1
        for element in cursor.children():
            if element.name == "tcPr":
                for each in cursor.children():
                    if each.name == "gridSpan":
                        span = whole_number(each.get("val"), 1)
            else:
                texts.extend(block.text for block in self._blocks_of(cursor, element))
        return [" ".join(texts), *[""] * (min(span, _MOST_SPAN) - 1)]


def _is_read(cursor: Cursor, element: Element) -> bool:
    """Return whether an element has text to read; move into it, or into its part that has it."""
    if element.name == "AlternateContent":
        return enter_branch(cursor)
    if element.name == "sdt":
        return _is_filled(cursor)
    return element.name not in _NOT_TEXT


def _is_filled(cursor: Cursor) -> bool:
    """Move to the content of a control; return whether it is more than "click here"."""
    for element in cursor.children():
        if element.name == "sdtPr":
            if any(each.name == "showingPlcHdr" and is_on(each) for each in cursor.children()):
                return False
        elif element.name == "sdtContent":
            return True
    return False


def _chosen(cursor: Cursor) -> str:
    """Return the entry that is chosen in the list of a form, or ""."""
    entries, chosen = [], "0"
    for element in cursor.find("listEntry", "result"):
        if element.name == "listEntry":
            entries.append(element.get("val"))
        else:
            chosen = element.get("val")
    number = whole_number(chosen, len(entries))
    return entries[number] if number < len(entries) else ""
