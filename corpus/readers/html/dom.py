"""Parses a page to a tree, and declares the interface of its elements."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Protocol, cast

from ...errors import NoText, TooLarge
from .attributes import with_few_attributes


class Element(Protocol):
    """The part of lxml's element that the reader uses; `tag` is not a string for comments.

    `text` is the text before the first child, `tail` the text after the element up to the next
    tag, `sourceline` the line where it starts, from 1.
    """

    tag: object
    text: str | None
    tail: str | None
    sourceline: int | None

    def __iter__(self) -> Iterator[Element]: ...

    def get(self, name: str, default: str) -> str:
        """Return the value of an attribute, or `default` if it is missing."""

    def getparent(self) -> Element | None:
        """Return the parent."""

    def iter(self, *tags: str) -> Iterator[Element]:
        """Yield this element and its descendants, in document order."""

    def iterancestors(self, *tags: str) -> Iterator[Element]:
        """Yield the ancestors, the parent first."""

    def itertext(self) -> Iterator[str]:
        """Yield the pieces of text in this element."""

    def find(self, path: str) -> Element | None:
        """Return the first element that matches the path."""

    def drop_tree(self) -> None:
        """Remove this element from its tree, but not its tail."""


# No page for people has as many; a tree takes a kilobyte for each.
_MOST_TAGS = 1_000_000
# Of a page, in levels: some steps look at all elements around another.
_MOST_NESTING = 20_000_000
_OWN_LEVELS = 20  # that an element costs wherever it is

# lxml accepts control characters, and then refuses to move text that contains them.
_WITHOUT_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]").sub


def parse(text: str) -> Element:
    """Parse a page to a tree with the line numbers of `text`.

    Raises CorpusError if it has no elements or words, too many of them, or is nested too deeply.
    """
    if text.count("<") > _MOST_TAGS:
        raise TooLarge(f"has more than {_MOST_TAGS:,} tags")
    from lxml import etree, html  # type: ignore[import-untyped]  # slow to load; ships no types

    # As bytes: lxml refuses a str that declares an encoding, as XHTML does. `huge_tree` raises the
    # greatest depth from 256, which unclosed tags of old pages exceed, to 2,048.
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        clean = with_few_attributes(_WITHOUT_CONTROLS(" ", text))
        page = html.document_fromstring(clean.encode(), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise NoText("has no readable text") from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise TooLarge("has elements nested too deeply")
    if nesting(page) > _MOST_NESTING:
        raise TooLarge("has too many elements nested too deeply")
    return cast("Element", page)


def nesting(page: Element) -> int:
    """Return the sum of the levels of all elements, with some more for each: what a page costs."""
    total = depth = 0
    for event, _, _ in walk(page):
        if event == "start":
            depth += 1
            total += depth + _OWN_LEVELS
        else:
            depth -= 1
    return total


def walk(root: Element) -> Iterator[tuple[str, Element, Callable[[], None]]]:
    """Yield ("start" or "end", element, skip) for each element under `root`, in document order.

    Calling `skip` at the start of an element skips its content.
    """
    from lxml.etree import iterwalk  # type: ignore[import-untyped]  # the same

    walker = iterwalk(root, events=("start", "end"))
    for event, element in walker:
        yield event, element, walker.skip_subtree


def body_of(page: Element) -> Element:
    """Return the body of a page, or the page if it has none."""
    body = page.find(".//body")
    return page if body is None else body
