"""The main text of a page: trafilatura finds where it is, the page's own tree says what it is."""

from __future__ import annotations

import logging
import re
from collections import Counter
from copy import deepcopy
from itertools import compress

from .blocks import Block, blocks_of
from .clutter import is_clutter_line, prune
from .dom import Element, body_of

# Where the extractor kept less than this of the text of the part it found (links left out), it
# has lost text: reference pages, made of lists and short lines, look to it like clutter.
_LEAST_KEPT = 0.75
_MAIN_SHARE = 0.9
_LEAST_FOUND = 0.5
_MOST_LINKED = 0.6
_BETWEEN_WORDS = re.compile(r"[\W_]+")
# How far the blocks and the text found may be apart (characters), and how long words have to be
# to tell where in that text we are.
_WINDOW = 20_000
_DISTINCTIVE = 10
# A block this long in the part that was found is text even where the extractor left it out.
_LONG = 60
_ARTICLES = ("article", "main")
# Below this the extractor falls back to cruder means; its own 250 is a long text in Hangul.
_SHORT_TEXT = "100"


def main_blocks(page: Element) -> list[Block]:
    """Return the blocks of the main text of a page, in order; the tree is pruned on the way.

    A page on which none can be told gives all its visible text.
    """
    whole = deepcopy(page)
    prune(page)
    found = _squeezed(_extracted(page))
    blocks = list(blocks_of(body_of(page)))
    kept = _chosen(blocks, found) if found else []
    return kept or [block for block in blocks if not _is_clutter(block)] or list(blocks_of(whole))


def _extracted(page: Element) -> str:
    """Return the main text by trafilatura, or "" where it finds none or fails."""
    from trafilatura import bare_extraction  # a third of a second, for those who have pages
    from trafilatura.settings import DEFAULT_CONFIG

    # It logs what it cannot use, which without a handler would reach the user's terminal.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    config = deepcopy(DEFAULT_CONFIG)
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", _SHORT_TEXT)
    try:
        result = bare_extraction(page, fast=True, include_comments=False, config=config)
    except Exception:  # whatever a broken page provokes in there, the visible text remains
        return ""
    return getattr(result, "text", None) or ""


def _chosen(blocks: list[Block], found: str) -> list[Block]:
    """Return the blocks that the extractor found, or all of their part where it lost text."""
    sure = _found(blocks, found)
    total = _size(blocks, sure)
    if total < _LEAST_FOUND * len(found):
        return []
    part = _part(blocks, sure, _MAIN_SHARE * total)
    inside = [part in _around(block) and not _is_clutter(block) for block in blocks]
    if total >= _LEAST_KEPT * _size(blocks, inside):
        between = _between(blocks, sure, inside, found)
        inside = [is_in and at in between for at, is_in in enumerate(inside)]
    return _without_bare_headings(blocks, inside)


def _found(blocks: list[Block], found: str) -> list[bool]:
    """Tell of each block whether it is in the text found, which keeps the order of the page."""
    sure, at = [], 0
    for block in blocks:
        words = _squeezed(block.text)
        place = found.find(words, max(0, at - _WINDOW), at + len(words) + _WINDOW)
        sure.append(place >= 0)
        if place >= 0 and len(words) >= _DISTINCTIVE:
            at = place + len(words)
    return sure


def _between(blocks: list[Block], sure: list[bool], inside: list[bool], found: str) -> range:
    """Return the places from the first block that is surely text to the last.

    What the extractor leaves out between those is lists and tables; the clutter of a page stands
    before and after them. A heading right before the first goes with it, and with the last what
    their article ends with.
    """
    places = [
        at
        for at, block in enumerate(blocks)
        if inside[at] and len(_squeezed(block.text)) >= (_DISTINCTIVE if sure[at] else _LONG)
    ]
    first, last = (places[0], places[-1]) if places else (0, len(blocks) - 1)
    while first and blocks[first - 1].kind == "heading":
        first -= 1
    return range(first, _end_of_article(blocks, inside, last, found) + 1)


def _end_of_article(blocks: list[Block], inside: list[bool], last: int, found: str) -> int:
    """Return the place of the last block in the same <article> or <main> as a block found.

    Behind that one short blocks, of a table or a list, are believed where the text found goes on
    with them.
    """
    article, at = _article(blocks[last]), found.rfind(_squeezed(blocks[last].text))
    if article is None or at < 0:
        return last
    for place in range(last, len(blocks)):
        words = _squeezed(blocks[place].text)
        start = found.find(words, at, at + len(words) + _WINDOW)
        if start >= 0 and inside[place] and _article(blocks[place]) == article:
            last, at = place, start + len(words)
    return last


def _article(block: Block) -> Element | None:
    return next((element for element in _around(block) if element.tag in _ARTICLES), None)


def _part(blocks: list[Block], sure: list[bool], least: float) -> Element:
    """Return the innermost element that holds at least so many characters of the sure blocks."""
    held: Counter[Element] = Counter()
    for block in compress(blocks, sure):
        for element in _around(block):
            held[element] += len(_squeezed(block.text))
    holding = [element for element, size in held.items() if size >= least]
    return max(holding, key=lambda element: sum(1 for _ in element.iterancestors()))


def _around(block: Block) -> list[Element]:
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
    return block.kind != "heading" and (_is_linked(block) or is_clutter_line(block.text))


def _is_linked(block: Block) -> bool:
    return block.linked > _MOST_LINKED * len("".join(block.text.split()))


def _size(blocks: list[Block], chosen: list[bool]) -> int:
    return sum(len(_squeezed(block.text)) for block in compress(blocks, chosen))


def _squeezed(text: str) -> str:
    """Return the letters and digits alone: what the extractor and we agree on."""
    return _BETWEEN_WORDS.sub("", text)
