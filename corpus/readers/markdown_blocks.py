"""Shows Markdown as its reader sees it, line by line: headings, code, tables, lists, paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.document import Heading

from .markdown_inline import label_of, line_feeds, without_marks
from .metadata import tidy_title

# The last line of a fenced block. One that is indented as in a list has indented lines only.
_CLOSING = r"(?(indent)(?P=indent)) {0,3}(?P=fence)[`~]*[ \t]*$"
# A fenced block, to its closing fence or the end; an ATX heading; a comment, a script
# or a style; a setext heading.
_BLOCK = re.compile(
    r"^(?P<indent> {4,}|\t+)? {0,3}(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})[^\n]*"
    rf"(?P<code>(?:\n(?!{_CLOSING})(?(indent)(?:(?P=indent)[^\n]*|[ \t]*$)|[^\n]*))*)"
    rf"(?:\n{_CLOSING})?"
    r"|^ {0,3}#{1,6}(?P<atx>[ \t][^\n]*)?$"
    r"|^ {0,3}(?P<hidden><!--(?s:.*?)(?:-->|\Z)"
    r"|<(?P<tag>script|style)\b(?s:.*?)(?:</(?P=tag)>|\Z))"
    r"|^ {0,3}(?P<setext>[^\s>|#][^\n]*)\n {0,3}(?:=+|-+)[ \t]*$",
    re.MULTILINE,
)
_HIDDEN_ENDS = ("-->", "</script>", "</style>")
_LIST_ITEM = re.compile(r"(?:[-*+]|\d+[.)])\s|[-*_= ]+$")
# A longer heading is a paragraph by mistake; its beginning names the section as well.
_LONGEST_HEADING = 300  # characters
_ID = re.compile(r"\{#[^{}\s]*\}$")

_QUOTE = re.compile(r"^ {0,3}>[> \t]*+(?:#{1,6}[ \t])?", re.MULTILINE)
_GAP = re.compile(r"(\n[ \t\n]*\n)")
_INDENTED = re.compile(r"\n*(?:(?: {4}| {0,3}\t)[^\n]*(?:\n|\Z))+")
_ITEM = re.compile(r"^ {0,3}(?:[-*+]|\d{1,9}[.)]|\[\^[^\s\[\]]++\]:)[ \t]", re.MULTILINE)
_NOTE = re.compile(r"^ {0,3}\[(\^[^\s\[\]]++)\]:[ \t]*+", re.MULTILINE)
# Its target looks like an address: `[Seoul]: 10 a.m.` may be text.
_REFERENCE = re.compile(
    r"^ {0,3}\[(?!\^)([^\[\]\n]++)\]:[ \t]*+(?=\S*[/#.])\S++"
    r"(?:[ \t]++(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*+$",
    re.MULTILINE,
)
# The line between the header of a table and its rows.
_RULE = re.compile(
    r"^[ \t]*+(?=[^\n|]*\|)\|?(?>(?:[ \t]*+:?-++:?[ \t]*+(?:\||$))+)[ \t]*+$", re.MULTILINE
)
_BAR = re.compile(r"(?<!\\)\|")
_COLUMN_SEPARATOR = " | "


def shown(text: str) -> tuple[str, tuple[Heading, ...]]:
    """Return a text as its reader sees it, with as many lines, and its headings in order."""
    pieces = []
    headings = []
    length = 0
    for piece, is_heading in _pieces(text):
        words = tidy_title(piece[:_LONGEST_HEADING]) if is_heading else ""
        if words:
            end = length + len(piece.rstrip("\n"))
            headings.append(Heading(start=length, end=end, text=words))
        pieces.append(piece)
        length += len(piece)
    return "".join(pieces), tuple(headings)


def heading_starts(text: str) -> Iterator[int]:
    """Yield where the headings of a text start, as it is in the file."""
    return (block.start() for block in _blocks(text) if _is_heading(block))


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield what is shown of each block and of the text between, and whether it is a heading."""
    prose = _Prose(text)
    end = 0
    for block in _blocks(text):
        yield prose.shown(text[end : block.start()]), False
        if _is_heading(block):
            words = without_marks(_heading(block["atx"] or block["setext"] or ""), prose.labels)
            yield words + line_feeds(block[0]), True
        else:
            yield _code(block), False
        end = block.end()
    yield prose.shown(text[end:]), False


def _blocks(text: str) -> Iterator[re.Match[str]]:
    """Yield the headings, the fenced blocks and what is hidden, in which no headings are."""
    previous = 0
    for block in _BLOCK.finditer(text):
        if block["setext"] is None or _is_paragraph(text, block, previous):
            yield block
        previous = block.end()


def _is_heading(block: re.Match[str]) -> bool:
    return block["fence"] is None and block["hidden"] is None


def _is_paragraph(text: str, block: re.Match[str], previous: int) -> bool:
    """Return whether an underlined line is a whole paragraph: after a blank line or a block.

    Without this check a rule below a longer paragraph would turn its last line into a heading.
    """
    start = block.start()
    above = text[text.rfind("\n", 0, max(0, start - 1)) + 1 : start]
    is_first = not above.strip() or start <= previous + 1
    return is_first and not _LIST_ITEM.match(block["setext"])


def _heading(line: str) -> str:
    """Return a heading without the signs around it."""
    line = line.strip()
    bare = line.rstrip("#")
    if not bare or bare[-1].isspace():
        line = bare
    return _ID.sub("", line.rstrip()).strip()


def _code(block: re.Match[str]) -> str:
    """Return the code of a fenced block; nothing of what is hidden, all of it without an end."""
    if block["fence"]:
        code: str = block["code"]
        return code + line_feeds(block[0][block.end("code") - block.start() :])
    return line_feeds(block[0]) if block[0].endswith(_HIDDEN_ENDS) else block[0]


class _Prose:
    """The paragraphs, lists, tables and indented code of a text, from top to bottom."""

    def __init__(self, text: str) -> None:
        found = (*_REFERENCE.findall(text), *_NOTE.findall(text)) if "]:" in text else ()
        self.labels = frozenset(map(label_of, found))
        self._in_list = False

    def shown(self, text: str) -> str:
        """Return what is shown of the next text between other blocks."""
        if ">" in text:
            text = _QUOTE.sub("", text)
        if self.labels:
            text = _REFERENCE.sub("", text)
        parts = _GAP.split(text)
        parts[::2] = map(self._paragraph, parts[::2])
        return "".join(parts)

    def _paragraph(self, text: str) -> str:
        # An indented line is code, but in a list it belongs to an item.
        indented = None if self._in_list else _INDENTED.match(text)
        end = indented.end() if indented else 0
        code, text = text[:end], text[end:]
        if text and not text.isspace():
            in_item = self._in_list and text.lstrip("\n")[0].isspace()
            self._in_list = in_item or bool(_ITEM.search(text))
            text = _NOTE.sub("", text) if self.labels else text
        return code + without_marks(_rows(text), self.labels)


def _rows(text: str) -> str:
    """Return a paragraph with its table by rows, if it has one."""
    rule = _RULE.search(text) if "|" in text else None
    if not rule or not text[: rule.start()].strip():
        return text
    start = text.rfind("\n", 0, rule.start() - 1) + 1
    header, _, *rows = text[start:].split("\n")
    return text[:start] + "\n".join((_row(header), "", *map(_row, rows)))


def _row(line: str) -> str:
    cells = [cell.strip().replace("\\|", "|") for cell in _BAR.split(line.strip())]
    if len(cells) > 1:
        cells = cells[not cells[0] : len(cells) - (not cells[-1])]
    return _COLUMN_SEPARATOR.join(cells)
