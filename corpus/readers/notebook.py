"""Reads notebooks of Jupyter: the text, the code and the printed results of their cells."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import BinaryIO

from corpus.document import CELL, Document, Problem, State
from corpus.language import detect

from ..encoding import bad_bytes, compose_syllables, decode
from ..errors import Damaged
from ..text_file import load, replace_surrogates
from .mapped_text import MappedText, together
from .markdown_blocks import shown
from .metadata import file_title, find_date, tidy_title

_MOST_BYTES = 1 << 26  # pictures are in it as text
_MOST_CELLS = 100_000
# Colours of what a terminal shows.
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def read(file: BinaryIO, *, name: str) -> Iterator[Document | Problem]:
    """Yield the notebook as one document; its places are the cells, from 1."""
    source = decode(load(file, kind="a notebook", most=_MOST_BYTES))
    try:
        content = json.loads(source.text)
    except (ValueError, RecursionError):
        content = None
    cells = _cells(content)
    if cells is None:
        raise Damaged("is damaged: it is no notebook of Jupyter")
    yield _document(name, cells[:_MOST_CELLS], _stated(content, "title"))
    if len(cells) > _MOST_CELLS:
        reason = f"has {len(cells):,} cells, of which only the first {_MOST_CELLS:,} are read"
        yield Problem(path=name, reason=reason, state=State.PART)
    yield from bad_bytes(name, source.encoding, source.bad, source.line)


def _cells(content: object) -> list[object] | None:
    """Return the cells of a notebook, which older ones have on work sheets."""
    sheets = _list(content, "worksheets") or [content]
    found = [sheet["cells"] for sheet in sheets if isinstance(sheet, dict) and "cells" in sheet]
    if not found or not all(isinstance(cells, list) for cells in found):
        return None
    return [cell for cells in found for cell in cells]


def _document(name: str, cells: list[object], title: str) -> Document:
    text, lines, headings = together(_cell(cell, number) for number, cell in enumerate(cells, 1))
    return Document(
        id=name,
        path=name,
        title=title or (headings[0].text if headings else file_title(name)),
        text=text,
        language=detect(text),
        date=find_date(text),
        line=lines[0][1] if lines else 1,
        lines=lines,
        headings=headings,
        unit=CELL,
    )


def _cell(cell: object, number: int) -> MappedText:
    """Return the text of a cell, all of it at its number; "" for one that shows nothing."""
    lines = ((0, number),)
    source = _text(cell, "source") or _text(cell, "input")
    kind = _stated(cell, "cell_type")
    if kind == "heading":  # of older notebooks
        kind, source = "markdown", f"# {source}"
    if kind == "markdown":
        text, headings = shown(source.strip("\n"))
        return MappedText(text.rstrip(), lines, headings)
    pieces = [source, *(_output(output) for output in _list(cell, "outputs"))]
    text = "\n\n".join(filter(None, (piece.strip("\n ") for piece in pieces)))
    return MappedText(text, lines)


def _output(output: object) -> str:
    """Return what the code of a cell printed; nothing of pictures and widgets."""
    if isinstance(output, dict) and output.get("output_type") in ("error", "pyerr"):
        return f"{_stated(output, 'ename')}: {_stated(output, 'evalue')}"
    data = output.get("data", output) if isinstance(output, dict) else None
    text = _text(output, "text") or _text(data, "text/plain") or _text(data, "text/markdown")
    return _ESCAPES.sub("", text)


def _text(holder: object, key: str) -> str:
    """Return a text of an object, which may be given by its lines."""
    value = holder.get(key) if isinstance(holder, dict) else None
    lines = value if isinstance(value, list) else [value]
    text = "".join(line for line in lines if isinstance(line, str))
    text = compose_syllables(replace_surrogates(text)).replace("\0", "")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _stated(holder: object, key: str) -> str:
    """Return a short text of an object, or of its metadata, on one line."""
    if isinstance(holder, dict) and isinstance(holder.get(key), str):
        return tidy_title(_text(holder, key))
    metadata = holder.get("metadata") if isinstance(holder, dict) else None
    return tidy_title(_text(metadata, key))


def _list(holder: object, key: str) -> list[object]:
    value = holder.get(key) if isinstance(holder, dict) else None
    return value if isinstance(value, list) else []
