"""Finds the posts of a forum, the answers to a question and the replies under a text.

They are elements of one parent, tag and class, with words of their own besides author and date.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import takewhile
from typing import NamedTuple

from .blocks import Block
from .clutter import is_clutter_line, name_words, names_of
from .dom import Element

_TAGS = frozenset(("article", "dd", "div", "dl", "li", "section", "table", "tr"))
_NAMES = frozenset(
    {"answer", "answers", "cmt", "cmts", "comment", "comments", "message", "messages"}
    | {"replies", "reply", "respond", "responses"}
)
_POST_NAMES = _NAMES | {"post", "posts"}
# A few short replies may go: under an article they say little of what it says.
_MANY = 5
_LARGE = 0.15  # of the text that was found
_DISTINCTIVE = 10  # characters: shorter text may be found elsewhere
_LONGEST_BYLINE = 100
# Of the text of a post; the summary of another page has its title as a link.
_MOST_LINKED = 0.3
_DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d\d?[./-]\d\d?\b|\d:\d\d|\d\s?(?:초|분|시간|일|주|달|개월|년)\s?전"
    r"|\b(?:ago|today|yesterday)\b|방금|어제",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"""[.!?。]["'”’)]*$""")

# Parent, tag and first class.
_Kind = tuple[Element | None, object, str]


class _Line(NamedTuple):
    """A block that was not found: what is around it in turn, up to what has found text as well."""

    row: int
    block: Block
    around: list[Element]
    is_text: bool

    @property
    def is_short(self) -> bool:
        return len(self.block.text) < _LONGEST_BYLINE

    @property
    def is_named(self) -> bool:
        return any(map(_is_named, self.around))


def post_rows(
    blocks: list[Block], around: list[list[Element]], pruned: set[Element], found: list[bool]
) -> set[int]:
    """Return the rows of the posts that were not found, if they are many or much of the text.

    `pruned` is what has been removed as clutter, but for replies.
    """
    certain = [
        row for row, block in enumerate(blocks) if found[row] and len(block.text) >= _DISTINCTIVE
    ]
    known = {element for row in certain for element in around[row]}
    forum = {_kind(element) for element in known if element.get("class", "")}
    least = _LARGE * sum(len(blocks[row].text) for row in certain)
    lines: list[_Line] = []
    for row, block in enumerate(blocks):
        outer = list(takewhile(lambda element: element not in known, around[row]))
        if not any(element.tag == "form" for element in outer):
            lines.append(_Line(row, block, outer, _is_text(block, pruned)))
    kept: set[int] = set()
    for kind, elements in _groups(lines).items():
        is_forum = kind in forum and any(map(_is_named_post, elements))
        posts = [
            post
            for element, post in elements.items()
            if any(line.is_text for line in post)
            and ((is_forum and _is_signed(post)) or _is_reply(element, post))
        ]
        own = [line for post in posts for line in post if line.is_text]
        size = sum(len(line.block.text) for line in own)
        if is_forum or len(posts) >= _MANY or (len(posts) > 1 and size >= least):
            kept.update(line.row for line in own)
    return kept


def _kind(element: Element) -> _Kind:
    return element.getparent(), element.tag, element.get("class", "").partition(" ")[0]


def _groups(lines: list[_Line]) -> dict[_Kind, dict[Element, list[_Line]]]:
    """Return the elements of each kind, each with its blocks."""
    groups: defaultdict[_Kind, dict[Element, list[_Line]]] = defaultdict(dict)
    for line in lines:
        for element in line.around:
            if element.tag in _TAGS:
                groups[_kind(element)].setdefault(element, []).append(line)
    return groups


def _is_reply(element: Element, lines: list[_Line]) -> bool:
    """Return whether an element with these blocks is named as a reply, dated or signed."""
    headings = [line.block for line in lines if line.block.kind == "heading"]
    size = sum(len(line.block.text) for line in lines)
    linked = sum(line.block.linked for line in lines)
    if linked > _MOST_LINKED * size or any(map(_is_link, headings)):
        return False
    is_dated = any(line.is_short and _DATE.search(line.block.text) for line in lines)
    if _is_named(element) or (is_dated and len(lines) > 1 and not headings):
        return True
    return (is_dated or _is_signed(lines)) and any(line.is_named for line in lines)


def _is_signed(lines: list[_Line]) -> bool:
    """Return whether the first of several blocks may be an author."""
    first = lines[0]
    is_heading = first.block.kind == "heading"
    is_name = first.is_short and not is_heading and not _SENTENCE.search(first.block.text)
    return is_name and len(lines) > 1


def _is_named(element: Element, words: frozenset[str] = _NAMES) -> bool:
    return any(name_words(name) & words for name in names_of(element))


def _is_named_post(element: Element) -> bool:
    return _is_named(element, _POST_NAMES)


def _is_text(block: Block, pruned: set[Element]) -> bool:
    is_site = block.parent in pruned or is_clutter_line(block.text)
    return not is_site and not _is_link(block)


def _is_link(block: Block) -> bool:
    return 2 * block.linked > len(block.text)
