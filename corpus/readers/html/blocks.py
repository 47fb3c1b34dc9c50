"""Splits the visible text of a page into blocks, with the source line of each of their lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .dom import Element, walk

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_INVISIBLE = frozenset(
    {"head", "script", "style", "noscript", "template", "svg", "math", "iframe", "object"}
    | {"audio", "video", "canvas", "button", "select", "textarea", "datalist"}
)
_INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em"}
    | {"font", "i", "img", "input", "ins", "kbd", "label", "mark", "nobr", "q", "rb", "rp", "rt"}
    | {"ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u"}
    | {"var", "wbr"}
)
_IN_ROW = frozenset(("p", "div", "ul", "ol", "dl", "li", "td", "th", "center"))
# A table row with one of these, or with a longer cell, is layout.
_LAYOUT = ("table", *_HEADINGS, "pre")
_LONGEST_CELL = 600  # characters
_COLUMN_SEPARATOR = " | "
_BULLET = "- "


@dataclass(slots=True, kw_only=True)
class Block:
    """A paragraph, heading, list item, table row or code block.

    `lines` are the lines of its text, `numbers` the source line where each starts, from 1;
    `linked` counts the characters in links, `parent` is the element around it, and `kind` is
    "heading", "item", "row", "code" or "".
    """

    kind: str
    parent: Element
    lines: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    linked: int = 0

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


class _Writer:
    """Collects the text of a page into blocks during a walk of its tree."""

    def __init__(self, root: Element) -> None:
        self.line = 1
        self.links = 0
        self.bullet = False
        self._pieces: list[str] = []
        self._starts: list[int] = []
        self._block = Block(kind="", parent=root)

    def begin(self, kind: str, parent: Element) -> None:
        """Set kind and parent of this block and those that follow."""
        self._block.kind, self._block.parent = kind, parent

    def add(self, text: str) -> None:
        """Add text to the block, counting the lines of the source."""
        if self._block.kind == "code":
            # A "\r" here is from a character reference.
            for number, line in enumerate(text.replace("\r", " ").split("\n")):
                if number:
                    self.line += 1
                    self.end_line()
                self._put(line)
            return
        bare = text.lstrip()
        self.line += text.count("\n", 0, len(text) - len(bare))
        self._put(text)
        self.line += bare.count("\n")

    def _put(self, text: str) -> None:
        if text.strip():
            self._starts.append(self.line)
            if self.links:
                self._block.linked += len("".join(text.split()))
        self._pieces.append(text)

    def separate_columns(self) -> None:
        """Separate the column of a table row before from the one that follows."""
        self._pieces.append(_COLUMN_SEPARATOR)

    def end_line(self) -> None:
        """End the line, as <br> does."""
        joined = "".join(self._pieces)
        is_code = self._block.kind == "code"
        text = joined.rstrip() if is_code else _row(" ".join(joined.split()))
        if text or (is_code and self._block.lines):
            self._block.lines.append(text)
            self._block.numbers.append(self._starts[0] if self._starts else self.line)
        self._pieces, self._starts = [], []

    def end_block(self) -> Iterator[Block]:
        """End the block, and yield it if it has any text."""
        self.end_line()
        block = self._block
        self._block = Block(kind=block.kind, parent=block.parent)
        while block.lines and not block.lines[-1]:
            block.lines.pop()
            block.numbers.pop()
        if any(map(str.isalnum, block.text)):
            if block.kind == "item" and self.bullet:
                block.lines[0] = _BULLET + block.lines[0]
                self.bullet = False
            yield block


def blocks_of(root: Element) -> Iterator[Block]:
    """Yield the blocks of visible text under `root`, in order."""
    writer = _Writer(root)
    kinds = [""]
    for event, element, skip in walk(root):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            writer.line = max(writer.line, element.sourceline or 0)
            yield from _start(writer, kinds, element, tag)
            if tag in _INVISIBLE or not tag:
                writer.line += (element.text or "").count("\n")
                skip()
            elif element.text:
                writer.add(element.text)
        else:
            yield from _end(writer, kinds, element, tag)
            if element.tail and element is not root:
                writer.add(element.tail)
    yield from writer.end_block()


def _start(writer: _Writer, kinds: list[str], element: Element, tag: str) -> Iterator[Block]:
    kind = kinds[-1]
    if tag == "a":
        writer.links += _leaves(element)
    elif tag == "br":
        if kind == "row":
            writer.add(" ")
        else:
            writer.end_line()
    elif tag in ("td", "th") and kind == "row":
        writer.separate_columns()
    elif _breaks(tag, kind):
        yield from writer.end_block()
        kind = _kind(element, tag, kind)
        writer.begin(kind, element)
        writer.bullet = writer.bullet or tag == "li"
    kinds.append(kind)


def _end(writer: _Writer, kinds: list[str], element: Element, tag: str) -> Iterator[Block]:
    kinds.pop()
    if tag == "a":
        writer.links -= _leaves(element)
    elif tag != "br" and _breaks(tag, kinds[-1]):
        yield from writer.end_block()
        parent = element.getparent()
        writer.begin(kinds[-1], element if parent is None else parent)
        if tag == "li":
            writer.bullet = False
    elif kinds[-1] == "row" and tag in _IN_ROW:
        writer.add(" ")


def _leaves(link: Element) -> bool:
    """Return whether a link leads away; others open an answer, or lead to a footnote."""
    return not link.get("href", "#").lstrip().lower().startswith(("#", "javascript:"))


def _breaks(tag: str, kind: str) -> bool:
    """Return whether an element in a block of the kind ends that block."""
    if kind == "row" and tag in _IN_ROW:
        return False
    return tag not in _INLINE and tag not in _INVISIBLE and tag != ""


def _kind(element: Element, tag: str, outer: str) -> str:
    """Return the kind of the blocks in an element among blocks of the kind `outer`."""
    if tag in _HEADINGS:
        return "heading"
    if tag in ("li", "dt", "dd"):
        return "item"
    if tag == "tr":
        return "row" if _is_row(element) else ""
    if tag == "pre":
        return "code"
    return outer if outer != "row" else ""


def _is_row(element: Element) -> bool:
    if next(element.iter(*_LAYOUT), None) is not None:
        return False
    return all(len("".join(cell.itertext())) <= _LONGEST_CELL for cell in element)


def _row(line: str) -> str:
    """Remove the separators before the first column and after empty last columns."""
    return line.strip("| ") if "|" in line[:1] + line[-1:] else line
