"""The slides of a PPT in their order, and the texts of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import error, iter_unpack, unpack_from

from ...errors import Damaged, Protected
from ..ole import Container
from ..table_rows import lines_of
from .records import MOST_DEPTH, Record, record_at

_ENCRYPTED = 0xF3D1C4DF
_DOCUMENT, _SLIDE, _NOTES, _NOTES_HEAD, _LISTED = 0x03E8, 0x03EE, 0x03F0, 0x03F1, 0x03F3
_LIST, _SLIDES, _ALL_NOTES = 0x0FF0, 0, 2
_EDIT, _PLACES = 0x0FF5, 0x1772
_TEXT_KIND, _WIDE, _NARROW, _OUTLINE, _STRING = 0x0F9F, 0x0FA0, 0x0FA8, 0x0F9E, 0x0FBA
_BOX, _COMMENT, _COMMENT_TEXT = 0xF00D, 0x2EE0, 1
_GROUP, _PLACE, _MORE_PROPERTIES = 0xF003, 0xF00F, 0xF122
_IS_TABLE, _PROPERTY = 0x039F, 0x3FFF
_TITLES, _NOTES_TEXT = (0, 6), 2  # kinds of texts
_SIGNS = {ord("\r"): "\n", 0x0B: "\n", 0xAD: None}  # ends of lines, and hyphens that may be
_MOST_EDITS = 10_000


@dataclass(slots=True)
class Text:
    """A text of a slide, or a row of a table, and its kind, which is -1 if it states none."""

    kind: int = -1
    text: str = ""
    is_row: bool = False

    @property
    def is_title(self) -> bool:
        """Whether it is the title of its slide."""
        return self.kind in _TITLES


@dataclass(slots=True)
class Slide:
    """A slide: its texts in their order, its comments, and its speaker notes."""

    texts: list[Text] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)


@dataclass(slots=True)
class _Listed:
    """A slide in the list of a document: its number in the file, its id, and texts it refers to."""

    reference: int
    identity: int
    texts: list[Text]


class Presentation:
    """An open PPT. Raises CorpusError for one that is damaged or protected."""

    def __init__(self, container: Container) -> None:
        self._data = container.read("PowerPoint Document")
        user = container.read("Current User")
        try:
            token, edit = unpack_from("<II", user, 12)
            if token == _ENCRYPTED:
                raise Protected("is protected by a password")
            self._places, document = self._persisted(edit)
        except error as fault:
            raise Damaged("is damaged: its beginning cannot be read") from fault
        self._document = self._record(document, _DOCUMENT)
        if self._document is None:
            raise Damaged("is damaged: its list of slides is missing")
        self.missing = 0

    def slides(self) -> Iterator[Slide]:
        """Yield the slides in order; `missing` counts those that could not be read."""
        notes = self._notes()
        for listed in self._listed(_SLIDES):
            record = self._record(listed.reference, _SLIDE)
            slide = Slide(notes=notes.get(listed.identity, []))
            if record is None:
                self.missing += 1
                slide.texts = listed.texts
            else:
                slide.texts = list(_texts_of_boxes(record, listed.texts))
                slide.comments = list(_comments(record))
            yield slide

    def _persisted(self, edit: int) -> tuple[dict[int, int], int]:
        """Return the places of records by number, the last of each, and the number of the document.

        Each edit of a file adds to it, and leads to the one before.
        """
        places: dict[int, int] = {}
        document = 0
        seen: set[int] = set()
        while edit and edit not in seen and len(seen) < _MOST_EDITS:
            seen.add(edit)
            found = record_at(self._data, edit)
            if found is None or found.kind != _EDIT:
                break
            before, directory, number = unpack_from("<III", found.data, 8)
            document = document or number
            for key, place in _entries(record_at(self._data, directory)):
                places.setdefault(key, place)
            edit = before
        return places, document

    def _record(self, number: int, kind: int) -> Record | None:
        found = record_at(self._data, self._places.get(number, -1))
        return found if found is not None and found.kind == kind else None

    def _listed(self, instance: int) -> list[_Listed]:
        found: list[_Listed] = []
        lists = self._document.inside() if self._document else iter(())
        for each in lists:
            if each.kind != _LIST or each.instance != instance:
                continue
            for record in each.inside():
                if record.kind == _LISTED and len(record.data) >= 16:
                    reference, _, _, identity = unpack_from("<IIII", record.data)
                    found.append(_Listed(reference, identity, []))
                elif found:
                    _take(found[-1].texts, record)
        return found

    def _notes(self) -> dict[int, list[Text]]:
        """Return the speaker notes by the ids of their slides."""
        found: dict[int, list[Text]] = {}
        for listed in self._listed(_ALL_NOTES):
            record = self._record(listed.reference, _NOTES)
            for head in record.inside() if record else ():
                if head.kind == _NOTES_HEAD and len(head.data) >= 4 and record:
                    (slide,) = unpack_from("<I", head.data)
                    texts = _texts_of_boxes(record, listed.texts)
                    found[slide] = [text for text in texts if text.kind == _NOTES_TEXT]
        return found


def _entries(directory: Record | None) -> Iterator[tuple[int, int]]:
    """Yield numbers of records and their places, of which a directory lists runs."""
    if directory is None or directory.kind != _PLACES:
        return
    words = [word for (word,) in iter_unpack("<I", directory.data[: len(directory.data) & ~3])]
    at = 0
    while at < len(words):
        first, count = words[at] & 0xFFFFF, words[at] >> 20
        yield from enumerate(words[at + 1 : at + 1 + count], start=first)
        at += 1 + count


def _texts_of_boxes(holder: Record, outline: list[Text], depth: int = 0) -> Iterator[Text]:
    """Yield the texts in the boxes of a slide, which may be in its outline."""
    for record in holder.inside():
        if record.kind == _BOX:
            yield from _texts_of_box(record, outline)
        elif record.kind == _GROUP and any(map(_is_table, record.inside())):
            yield from _rows(record, outline)
        elif depth < MOST_DEPTH:
            yield from _texts_of_boxes(record, outline, depth + 1)


def _is_table(shape: Record) -> bool:
    return any(
        number & _PROPERTY == _IS_TABLE and value & 1
        for record in shape.inside()
        if record.kind == _MORE_PROPERTIES
        for number, value in iter_unpack("<HI", record.data[: len(record.data) // 6 * 6])
    )


def _rows(table: Record, outline: list[Text]) -> Iterator[Text]:
    """Yield the rows of a table, whose cells are boxes with places: left, top, right, bottom."""
    rows: dict[int, dict[int, str]] = {}
    for shape in table.inside():
        left = top = 0
        for record in shape.inside():
            if record.kind == _PLACE and len(record.data) >= 8:
                left, top = unpack_from("<ii", record.data)
            elif record.kind == _BOX:
                words = (text.text for text in _texts_of_box(record, outline))
                rows.setdefault(top, {})[left] = " ".join(words)
    columns = sorted({left for row in rows.values() for left in row})
    cells = [[row.get(left, "") for left in columns] for _, row in sorted(rows.items())]
    for line in lines_of(cells):
        yield Text(text=line, is_row=True)


def _texts_of_box(box: Record, outline: list[Text]) -> list[Text]:
    texts: list[Text] = []
    for record in box.inside():
        if record.kind == _OUTLINE and len(record.data) >= 4:
            (number,) = unpack_from("<I", record.data)
            texts += outline[number : number + 1]
        else:
            _take(texts, record)
    return texts


def _take(texts: list[Text], record: Record) -> None:
    """Begin a text, or add its characters."""
    if record.kind == _TEXT_KIND and len(record.data) >= 4:
        texts.append(Text(unpack_from("<i", record.data)[0]))
    elif record.kind in (_WIDE, _NARROW):
        codec = "utf-16-le" if record.kind == _WIDE else "latin-1"
        text = record.data.decode(codec, "replace")
        if not texts or texts[-1].text:
            texts.append(Text())
        texts[-1].text = text.translate(_SIGNS)


def _comments(slide: Record) -> Iterator[str]:
    for record in slide.all_inside():
        if record.kind == _COMMENT:
            for each in record.inside():
                if each.kind == _STRING and each.instance == _COMMENT_TEXT:
                    yield each.data.decode("utf-16-le", "replace")
