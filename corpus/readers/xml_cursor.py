"""Reads XML as a stream: no tree, no entities, no network, and limits on depth and text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from ..errors import CorpusError, Damaged, TooLarge

_MOST_DEPTH = 200  # elements around one another; the readers call themselves at each
_MOST_TEXT = 1 << 25  # characters of one part
_FATAL = 3  # of the levels of libxml2; it warns of what is well-formed as well


class Element(NamedTuple):
    """The start of an element: its name and attributes, without their namespaces.

    The attributes of the namespace of relationships keep the prefix "r:".
    """

    name: str
    attributes: Mapping[str, str]

    def get(self, name: str) -> str:
        """Return the value of an attribute, or "" if it is missing."""
        return self.attributes.get(name, "")


# A text, the start of an element, or None for the end of one.
_Event: TypeAlias = str | Element | None


def whole_number(text: str, default: int = 0) -> int:
    """Return the number that a text is; the default for another, or one of ten digits or more."""
    return int(text) if text.isdecimal() and len(text) < 10 else default


class Cursor:
    """A place in a stream of XML, that only moves forward.

    Raises CorpusError, while it is moved, for XML that is damaged or too deep, or has too much
    text or a document type, whose entities could be of any size. If `faults` are given, damage is
    one of them at the end, and what can be read of it is.
    """

    def __init__(
        self, chunks: Iterable[bytes], part: str, *, faults: list[CorpusError] | None = None
    ) -> None:
        self._events = _events(chunks, part, faults)
        self._depth = 0

    def content(self) -> Iterator[Element | str]:
        """Yield the texts and child elements of the element where the cursor is.

        What the caller leaves of a child is passed over.
        """
        depth = self._depth
        for event in self._events:
            if event is None:
                self._depth -= 1
                if self._depth < depth:
                    return
            elif isinstance(event, str):
                if self._depth == depth:
                    yield event
            else:
                self._depth += 1
                if self._depth == depth + 1:
                    yield event

    def children(self) -> Iterator[Element]:
        """Yield the child elements of the element where the cursor is."""
        for found in self.content():
            if not isinstance(found, str):
                yield found

    def find(self, *names: str) -> Iterator[Element]:
        """Yield the descendants of these names, and pass over what the caller leaves of them."""
        depth = self._depth
        for event in self._events:
            if event is None:
                self._depth -= 1
                if self._depth < depth:
                    return
            elif not isinstance(event, str):
                self._depth += 1
                if event.name in names:
                    inside = self._depth
                    yield event
                    if self._depth >= inside:
                        self._leave(inside)

    def text(self) -> str:
        """Return all text in the element where the cursor is, and pass over the element."""
        return "".join(self._leave(self._depth))

    def _leave(self, depth: int) -> list[str]:
        """Pass over what is left of an element of a depth, and return its texts."""
        pieces = []
        for event in self._events:
            if event is None:
                self._depth -= 1
                if self._depth < depth:
                    break
            elif isinstance(event, str):
                pieces.append(event)
            else:
                self._depth += 1
        return pieces


class _Target:
    """Collects what the parser finds."""

    def __init__(self) -> None:
        self.events: list[_Event] = []
        self._depth = self._length = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > _MOST_DEPTH:
            raise TooLarge("has elements nested too deeply")
        for name in attributes:
            if name[0] == "{":
                attributes = {_attribute(name): value for name, value in attributes.items()}
                break
        self.events.append(Element(_local(tag), attributes))

    def end(self, tag: str) -> None:
        self._depth -= 1
        self.events.append(None)

    def data(self, text: str) -> None:
        self._length += len(text)
        if self._length > _MOST_TEXT:
            raise TooLarge(f"has more than {_MOST_TEXT:,} characters in one part")
        self.events.append(text)

    def doctype(self, *_: str | None) -> None:
        raise Damaged("declares a document type, as no office document does")

    def close(self) -> None:
        pass


@lru_cache(maxsize=4096)
def _local(name: str) -> str:
    return name.rpartition("}")[2]


@lru_cache(maxsize=4096)
def _attribute(name: str) -> str:
    space, _, local = name.rpartition("}")
    return f"r:{local}" if space.endswith("/relationships") else local


def _events(
    chunks: Iterable[bytes], part: str, faults: list[CorpusError] | None
) -> Iterator[_Event]:
    from lxml import etree  # type: ignore[import-untyped]  # slow to load; ships no types

    target = _Target()
    parser = etree.XMLParser(
        target=target,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        recover=faults is not None,
    )
    damage = Damaged(f"is damaged: {part} is not well-formed XML")
    for chunk in _with_end(chunks):
        fault: CorpusError | None = None
        try:
            parser.feed(chunk) if chunk else parser.close()
        except CorpusError as error:
            fault = error
        except etree.LxmlError:
            fault = damage
        yield from target.events
        target.events.clear()
        if fault:
            raise fault
    if faults is not None and any(each.level == _FATAL for each in parser.feed_error_log):
        faults.append(damage)


def _with_end(chunks: Iterable[bytes]) -> Iterator[bytes]:
    yield from chunks
    yield b""
