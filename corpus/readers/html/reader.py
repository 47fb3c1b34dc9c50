"""Reads HTML: the main text of a page, without the clutter around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ...document import Document, Heading, Problem
from ...encoding import bad_bytes, decode
from ...language import detect
from ...text_file import load
from ..metadata import file_title, find_date, tidy_title
from .blocks import Block
from .dom import parse
from .head import declared_charset, published_date, title_of, translations_of
from .main_text import main_blocks


def read(path: Path, *, name: str) -> Iterator[Document | Problem]:
    """Yield the main text of the page as one document, its blocks separated by blank lines."""
    data = load(path)
    source = decode(data, declared=declared_charset(data))
    page = parse(source.text)
    title, date = title_of(page), published_date(page)  # before their elements are pruned
    translations = translations_of(page)
    text, lines, headings = _joined(main_blocks(page), last=source.text.count("\n") + 1)
    yield Document(
        id=name,
        path=name,
        title=title or (headings[0].text if headings else file_title(name)),
        text=text,
        language=detect(text),
        date=date or find_date(text),
        line=lines[0][1] if lines else 1,
        lines=lines,
        headings=headings,
        translations=translations,
    )
    yield from bad_bytes(name, source.encoding, source.bad, source.line)


def _joined(
    blocks: Iterable[Block], *, last: int
) -> tuple[str, tuple[tuple[int, int], ...], tuple[Heading, ...]]:
    """Join the blocks: return their text, its map of offsets to source lines, and the headings.

    Line feeds written as character references could lead beyond the `last` line; none does.
    """
    pieces: list[str] = []
    lines: list[tuple[int, int]] = []
    headings: list[Heading] = []
    end, before = 0, ""
    for block in blocks:
        if pieces:
            is_list = block.kind == before and before in ("item", "row")
            pieces.append("\n" if is_list else "\n\n")
            end += len(pieces[-1])
        start = end
        for line, number in zip(block.lines, block.numbers, strict=True):
            lines.append((end if lines else 0, min(number, last)))
            end += len(line) + 1
        end -= 1
        pieces.append(block.text)
        before = block.kind
        if block.kind == "heading":
            headings.append(Heading(start=start, end=end, text=tidy_title(block.text)))
    return "".join(pieces), tuple(lines), tuple(headings)
