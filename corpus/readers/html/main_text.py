"""Finds the main text of a page: trafilatura locates it, the page's own tree gives its blocks.

What trafilatura found is kept, without lines that only lead elsewhere; what stands between, right
before and right after it is added where nothing marks it as clutter.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from .blocks import Block, blocks_of
from .clutter import is_clutter_line, name_words, names_of, prune
from .dom import Element, body_of, nesting
from .posts import post_rows

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
# The greatest distance between a block and its position in the extracted text, and the least
# length of a block that fixes the position; both in characters.
_WINDOW = 20_000
_DISTINCTIVE = 10
_MAIN_SHARE = 0.9
# A whole of short posts or lines looks like clutter to the extractor, which then keeps little.
_LEAST_FOUND = 0.05
# What is added has hardly any link; what the extractor found may have more.
_FEW_LINKS = 0.15
_MANY_LINKS = 0.25
_MOST_LINKED = 0.6
_SHORT = 200
_SENTENCE = re.compile(r"""[.!?。]["'”’)]*$""")
# The least size of a paragraph that is added between others, of one that leads them, and of the
# caption of a picture before them, in bytes of UTF-8: a syllable of Hangul says as much as three
# letters. After the text, sentences are added.
_LONG = 300
_LEAD = 100
_LEADING_CAPTION = 150
_CAPTION_LEVELS = 3  # from a caption to the element that is named so
_LEAD_BLOCKS = 25  # that the lead of a text may be after its title
# A longer heading is a text of its own, and says something without what follows.
_LONGEST_HEADING = 80
# Beyond these the extractor takes more than some seconds: levels of the page, and cells of a row,
# which it counts anew for each cell.
_MOST_NESTING = 2_000_000
_MOST_CELLS = 5_000


class _Part(NamedTuple):
    """A block with its ancestors, and whether it is clutter, found or of a post."""

    block: Block
    around: list[Element]
    is_clutter: bool
    is_found: bool
    is_post: bool

    @property
    def size(self) -> int:
        return len(_squeezed(self.block.text))


def main_blocks(page: Element, title: str = "") -> list[Block]:
    """Return the blocks of the main text of a page with this title, in order; prunes the tree.

    If little or none is found, these are all visible blocks but clutter, or else all.
    """
    blocks = list(blocks_of(body_of(page)))
    around = [_ancestors(block) for block in blocks]
    clutter, replies = prune(page)
    pruned = clutter | replies
    found = "" if _is_too_large(page) else _squeezed(_extracted(page))
    is_found = _in_extracted(blocks, found)
    posts = post_rows(blocks, around, clutter, is_found)
    parts = [
        _Part(
            block=block,
            around=around[row],
            is_clutter=row not in posts and (block.parent in pruned or _is_clutter(block)),
            is_found=is_found[row],
            is_post=row in posts,
        )
        for row, block in enumerate(blocks)
    ]
    text = [part.block for part in parts if not part.is_clutter]
    if _size(part.block for part in parts if part.is_found) < _LEAST_FOUND * _size(text):
        return text
    return (
        _without_bare_headings(parts, *_chosen(parts, pruned, _squeezed(title))) or text or blocks
    )


def _is_too_large(page: Element) -> bool:
    """Return whether the extractor would take too long."""
    if nesting(page) > _MOST_NESTING:
        return True
    return any(sum(1 for _ in row) > _MOST_CELLS for row in page.iter("tr"))


def _extracted(page: Element) -> str:
    """Return the main text by trafilatura, or "" if it finds none or fails."""
    from trafilatura import bare_extraction  # a third of a second, for web pages only

    # Without a handler its warnings would be printed to the terminal.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    try:
        result = bare_extraction(page, include_comments=False)
    except Exception:  # any error that a broken page causes: the visible text remains
        return ""
    return getattr(result, "text", None) or ""


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


def _chosen(parts: list[_Part], pruned: set[Element], title: str) -> tuple[list[bool], int]:
    """Return for each block whether it belongs to the main text, and the row of its title."""
    chosen = [
        part.is_found and part.block.parent not in pruned and not _leads_elsewhere(part.block)
        for part in parts
    ]
    certain = [row for row, part in enumerate(parts) if chosen[row] and part.size >= _DISTINCTIVE]
    if not certain:
        return [part.is_found for part in parts], -1
    main = _main_part(parts)
    first, last = _title(parts, title, certain[0]), certain[-1]
    lead = next((row for row in certain if _is_paragraph(parts[row].block)), first)
    known = {element for part in parts if part.is_found for element in part.around}
    outer = _outer(parts[last], main)
    end = _end(parts, outer, known, last)
    # What is found after it are short words that the text has as well.
    chosen[end:] = [part.is_post for part in parts[end:]]
    chosen[first] = True
    for row in range(first + 1, end):
        part = parts[row]
        if chosen[row] or part.is_clutter:
            continue
        if part.is_post:
            chosen[row] = True
        elif _is_foreign(part, known):
            continue
        elif row < lead:
            chosen[row] = _is_lead(part) or _is_below_heading(parts, row)
        elif row > last:
            chosen[row] = True
        elif main in part.around or (outer in part.around and _is_listed(part.block)):
            chosen[row] = _is_text(part)
    return chosen, first


def _title(parts: list[_Part], title: str, first: int) -> int:
    """Return the row of the title, not far before the text, or of headings right before it.

    It is the block that the title of the page contains, or else an <h1>.
    """
    rows = range(first, max(-1, first - _LEAD_BLOCKS), -1)
    named = [row for row in rows if _squeezed(parts[row].block.text) in title]
    if title and named:
        return max(named, key=lambda row: parts[row].size)
    for row in rows:
        if parts[row].block.parent.tag == "h1" and not parts[row].is_clutter:
            return row
    while first and _introduces(parts[first - 1].block) and not parts[first - 1].is_clutter:
        first -= 1
    return first


def _introduces(block: Block) -> bool:
    """Return whether a block is a heading or, as in a list of answers, a question."""
    is_question = block.text.endswith("?") and len(block.text) < _LONGEST_HEADING
    return block.kind == "heading" or is_question


def _end(
    parts: list[_Part],
    outer: Element | None,
    known: set[Element],
    last: int,
) -> int:
    """Return the position after the rest of the text: its last table, footnotes, closing line.

    It ends at the first clutter, or whatever is no such thing, and with the outer element.
    """
    row = last + 1
    while row < len(parts):
        part = parts[row]
        is_end = outer in part.around and (_ends_text(part.block) or part.block.kind == "heading")
        if part.is_clutter or not is_end or _is_foreign(part, known):
            break
        row += 1
    return row


def _outer(last: _Part, main: Element) -> Element | None:
    """Return the article of the last found block or, without one, the element around the main."""
    found = (element for element in last.around if element.tag in ("article", "main"))
    return next(found, main.getparent())


def _main_part(parts: list[_Part]) -> Element:
    """Return the innermost element with nine tenths of the found text."""
    sizes: Counter[Element] = Counter()
    for part in parts:
        if part.is_found:
            sizes.update(dict.fromkeys(part.around, part.size))
    least = _MAIN_SHARE * max(sizes.values())
    return max(
        (element for element, size in sizes.items() if size >= least),
        key=lambda element: sum(1 for _ in element.iterancestors()),
    )


def _is_text(part: _Part) -> bool:
    """Return whether a block inside the text is text: the extractor leaves out such."""
    is_long = len(part.block.text.encode()) >= _LONG
    return is_long or _is_caption(part) or _introduces(part.block) or _is_listed(part.block)


def _is_lead(part: _Part) -> bool:
    is_caption = any(element.tag in ("figure", "figcaption") for element in part.around)
    least = _LEADING_CAPTION if is_caption else _LEAD
    return len(part.block.text.encode()) >= least or _is_listed(part.block)


def _is_caption(part: _Part) -> bool:
    return any(
        element.tag == "figcaption"
        or any("caption" in name_words(name) for name in names_of(element))
        for element in part.around[:_CAPTION_LEVELS]
    )


def _is_below_heading(parts: list[_Part], row: int) -> bool:
    return row > 0 and parts[row - 1].block.kind == "heading" and _ends_text(parts[row].block)


def _ends_text(block: Block) -> bool:
    """Return whether a block right after the text is its end, such as a footnote."""
    is_sentence = len(block.text) < _SHORT and _SENTENCE.search(block.text) is not None
    return is_sentence or _is_listed(block)


def _is_listed(block: Block) -> bool:
    return block.kind in ("row", "code") or (block.kind == "item" and not block.linked)


def _is_foreign(part: _Part, known: set[Element]) -> bool:
    """Return whether a block is in an article or form of its own, without any found text."""
    for element in part.around:
        if element in known:
            return False
        if element.tag in ("article", "form"):
            return True
    return False


def _is_paragraph(block: Block) -> bool:
    return block.kind != "heading" and len(block.text.encode()) >= _LEAD


def _without_bare_headings(parts: list[_Part], chosen: list[bool], title: int) -> list[Block]:
    """Return the chosen blocks without headings above links elsewhere or above no text.

    The title, at the row of this number, stays.
    """
    kept: list[Block] = []
    has_text = False
    for row in range(len(parts) - 1, -1, -1):
        block = parts[row].block
        is_heading = block.kind == "heading" and len(block.text) < _LONGEST_HEADING
        if not is_heading:
            has_text = chosen[row] or (has_text and _linked(block) <= _MOST_LINKED)
        if chosen[row] and (has_text or not is_heading or row == title):
            kept.append(block)
    return kept[::-1]


def _leads_elsewhere(block: Block) -> bool:
    """Return whether a found block is a link to other pages, or a command of the site."""
    if is_clutter_line(block.text):
        return True
    most = _MANY_LINKS if len(block.text) < _SHORT else _MOST_LINKED
    return block.kind not in ("heading", "item", "row") and _linked(block) > most


def _is_clutter(block: Block) -> bool:
    return _linked(block) > _FEW_LINKS or is_clutter_line(block.text)


def _linked(block: Block) -> float:
    """Return the share of the text that is in links to other pages."""
    return block.linked / max(1, len("".join(block.text.split())))


def _ancestors(block: Block) -> list[Element]:
    return [block.parent, *block.parent.iterancestors()]


def _size(blocks: Iterable[Block]) -> int:
    return sum(len(_squeezed(block.text)) for block in blocks)


def _squeezed(text: str) -> str:
    """Return the letters and digits alone, which the extractor keeps as they are."""
    return _NOT_ALPHANUMERIC.sub("", text)
