"""Declares the interface of the elements of lxml that HWPX is read by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol


class Element(Protocol):
    """An element; `tag` is not a string for comments and references to entities.

    `text` is the text before the first child, `tail` that after the element up to the next tag.
    """

    tag: object
    text: str | None
    tail: str | None

    def __iter__(self) -> Iterator[Element]: ...

    def __len__(self) -> int: ...

    def __delitem__(self, at: int) -> None: ...

    def get(self, name: str, default: str) -> str:
        """Return the value of an attribute, or `default` if it is missing."""

    def getparent(self) -> Element | None:
        """Return the parent."""

    def getprevious(self) -> Element | None:
        """Return the element before, with the same parent."""

    def iter(self, *tags: str) -> Iterator[Element]:
        """Yield this element and its descendants, in document order."""

    def itertext(self) -> Iterator[str]:
        """Yield the pieces of text in this element."""

    def clear(self) -> None:
        """Remove all that is in this element."""


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace, which depends on the version."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element, name: str) -> Iterator[Element]:
    """Yield the children of a name."""
    return (child for child in element if local_name(child) == name)


def number(element: Element, name: str, default: int = 0) -> int:
    """Return an attribute that is a number, or the default for another."""
    text = element.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else default
