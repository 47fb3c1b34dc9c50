"""Finds the main text of a page: trafilatura locates it, the page's own tree gives its blocks."""

from __future__ import annotations

import logging
import re
from collections import Counter
from copy import deepcopy
from itertools import compress

from .blocks import Block, blocks_of
from .clutter import is_clutter_line, prune
from .dom import Element, body_of, nesting

# If the extractor kept less than this share of its part of the page (without links), it has lost
# text: reference pages, made of lists and short lines, look like clutter to it.
_LEAST_KEPT = 0.75
_MAIN_SHARE = 0.9
_LEAST_FOUND = 0.5
_MOST_LINKED = 0.6
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
# The greatest distance between a block and its position in the extracted text, and the least
# length of a block that fixes the position; both in characters.
_WINDOW = 20_000
_DISTINCTIVE = 10
# A block of this length in the extracted part is text even if the extractor omitted it.
_LONG = 60
# Beyond these the extractor takes more than some seconds: levels of the page, and cells of a row,
# which it counts anew for each cell.
_MOST_NESTING = 2_000_000
_MOST_CELLS = 5_000
# Below this the extractor falls back to cruder methods; its default, 250, is long for Hangul.
_SHORT_TEXT = "100"


def main_blocks(page: Element) -> list[Block]:
    """Return the blocks of the main text of a page, in order; this prunes the tree.

    If no main text is found, these are all visible blocks.
    """
    whole = deepcopy(page)
    prune(page)
    found = "" if _is_too_large(page) else _squeezed(_extracted(page))
    blocks = list(blocks_of(body_of(page)))
    chosen = _chosen(blocks, found) if found else []
    return chosen or [block for block in blocks if not _is_clutter(block)] or list(blocks_of(whole))


def _is_too_large(page: Element) -> bool:
    """Return whether the extractor would take too long."""
    if nesting(page) > _MOST_NESTING:
        return True
    return any(sum(1 for _ in row) > _MOST_CELLS for row in page.iter("tr"))


def _extracted(page: Element) -> str:
    """Return the main text by trafilatura, or "" if it finds none or fails."""
    from trafilatura import bare_extraction  # a third of a second, for web pages only
    from trafilatura.settings import DEFAULT_CONFIG

    # Without a handler its warnings would be printed to the terminal.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    config = deepcopy(DEFAULT_CONFIG)
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", _SHORT_TEXT)
    try:
        result = bare_extraction(page, fast=True, include_comments=False, config=config)
    except Exception:  # any error that a broken page causes: the visible text remains
        return ""
    return getattr(result, "text", None) or ""


def _chosen(blocks: list[Block], found: str) -> list[Block]:
    """Return the blocks that the extractor found, or all of their part if it lost text."""
    extracted = _in_extracted(blocks, found)
    total = _size(blocks, extracted)
    if total < _LEAST_FOUND * len(found):
        return []
    part = _part(blocks, extracted, _MAIN_SHARE * total)
    inside = [part in _ancestors(block) and not _is_clutter(block) for block in blocks]
    if total >= _LEAST_KEPT * _size(blocks, inside):
        between = _between(blocks, extracted, inside, found)
        inside = [is_inside and at in between for at, is_inside in enumerate(inside)]
    return _without_bare_headings(blocks, inside)


def _in_extracted(blocks: list[Block], found: str) -> list[bool]:
    """Return for each block whether the extracted text, in the order of the page, contains it."""
    extracted, end = [], 0
    for block in blocks:
        words = _squeezed(block.text)
        start = found.find(words, max(0, end - _WINDOW), end + len(words) + _WINDOW)
        extracted.append(start >= 0)
        if start >= 0 and len(words) >= _DISTINCTIVE:
            end = start + len(words)
    return extracted


def _between(blocks: list[Block], extracted: list[bool], inside: list[bool], found: str) -> range:
    """Return the positions from the first to the last block that certainly is text.

    Blocks between them that the extractor omitted are lists and tables; the clutter of a page is
    before and after. Headings right before the first belong to it, and the rest of the article
    to the last.
    """
    certain = [
        row
        for row, block in enumerate(blocks)
        if inside[row] and len(_squeezed(block.text)) >= (_DISTINCTIVE if extracted[row] else _LONG)
    ]
    first, last = (certain[0], certain[-1]) if certain else (0, len(blocks) - 1)
    while first and blocks[first - 1].kind == "heading":
        first -= 1
    return range(first, _end_of_article(blocks, inside, last, found) + 1)


def _end_of_article(blocks: list[Block], inside: list[bool], last: int, found: str) -> int:
    """Return the position of the last extracted block in the <article> or <main> of `last`.

    Short blocks after `last`, such as table rows, count if the extracted text goes on with them.
    """
    article, end = _article(blocks[last]), found.rfind(_squeezed(blocks[last].text))
    if article is None or end < 0:
        return last
    for row in range(last, len(blocks)):
        words = _squeezed(blocks[row].text)
        start = found.find(words, end, end + len(words) + _WINDOW)
        if start >= 0 and inside[row] and _article(blocks[row]) == article:
            last, end = row, start + len(words)
    return last


def _article(block: Block) -> Element | None:
    return next((found for found in _ancestors(block) if found.tag in ("article", "main")), None)


def _part(blocks: list[Block], extracted: list[bool], least: float) -> Element:
    """Return the innermost element with at least so many characters of extracted blocks."""
    sizes: Counter[Element] = Counter()
    for block in compress(blocks, extracted):
        for element in _ancestors(block):
            sizes[element] += len(_squeezed(block.text))
    large = [element for element, size in sizes.items() if size >= least]
    return max(large, key=lambda element: sum(1 for _ in element.iterancestors()))


def _ancestors(block: Block) -> list[Element]:
    return [block.parent, *block.parent.iterancestors()]


def _without_bare_headings(blocks: list[Block], chosen: list[bool]) -> list[Block]:
    """Return the chosen blocks without the headings whose text was not chosen."""
    kept: list[Block] = []
    text_chosen = True
    for block, is_chosen in zip(reversed(blocks), reversed(chosen), strict=True):
        if block.kind != "heading":
            text_chosen = is_chosen
        if is_chosen and text_chosen:
            kept.append(block)
    return kept[::-1]


def _is_clutter(block: Block) -> bool:
    is_linked = block.linked > _MOST_LINKED * len("".join(block.text.split()))
    return block.kind != "heading" and (is_linked or is_clutter_line(block.text))


def _size(blocks: list[Block], chosen: list[bool]) -> int:
    return sum(len(_squeezed(block.text)) for block in compress(blocks, chosen))


def _squeezed(text: str) -> str:
    """Return the letters and digits alone, which the extractor keeps as they are."""
    return _NOT_ALPHANUMERIC.sub("", text)
