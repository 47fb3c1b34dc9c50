"""A page as a tree, and as much of its elements as the reader uses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Protocol, cast

from ...errors import CorpusError


class Element(Protocol):
    """An element of the tree; `tag` is no string where it is no element but a comment, say.

    `text` is what stands before its first child, `tail` what follows its end up to the next tag,
    `sourceline` the line that it starts on, from 1.
    """

    tag: object
    text: str | None
    tail: str | None
    sourceline: int | None

    def __iter__(self) -> Iterator[Element]:
        """Yield the children."""
        ...

    def get(self, name: str, default: str) -> str:
        """Return the value of an attribute, or what to take where there is none."""
        ...

    def getparent(self) -> Element | None:
        """Return the element around this one."""
        ...

    def iter(self, *tags: str) -> Iterator[Element]:
        """Yield this element and those in it, in the order of the page."""
        ...

    def iterancestors(self, *tags: str) -> Iterator[Element]:
        """Yield the elements around this one, from the inside out."""
        ...

    def itertext(self) -> Iterator[str]:
        """Yield the text in this element, piece by piece."""
        ...

    def find(self, path: str) -> Element | None:
        """Return the first element that the path leads to."""
        ...

    def drop_tree(self) -> None:
        """Remove this element from its tree, but not its tail."""
        ...


# lxml reads control characters and then refuses to move the text that holds them.
_WITHOUT_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]").sub


def parsed(text: str) -> Element:
    """Return the tree of a page, whose lines are those of `text`.

    Raises CorpusError where there is no element or word, or one that is nested thousandfold.
    """
    from lxml import etree, html  # type: ignore[import-untyped]  # slow to load; ships no types

    # As bytes, since lxml refuses text that declares an encoding, as XHTML does.
    # "Huge" raises the depth at which it stops reading from 256, which the unclosed tags of old
    # pages do reach, to 2,048.
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        page = html.document_fromstring(_WITHOUT_CONTROLS(" ", text).encode(), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise CorpusError("has no readable text") from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise CorpusError("has elements nested too deeply")
    return cast("Element", page)


def walk(root: Element) -> Iterator[tuple[str, Element, Callable[[], None]]]:
    """Yield ("start" or "end", element, skip) for each element under `root`, in order.

    Calling `skip` at the start of an element goes on with its end.
    """
    from lxml.etree import iterwalk  # type: ignore[import-untyped]  # the same

    walker = iterwalk(root, events=("start", "end"))
    for event, element in walker:
        yield event, element, walker.skip_subtree


def body_of(page: Element) -> Element:
    """Return the body of a page, or all of a page that has none."""
    body = page.find(".//body")
    return page if body is None else body
