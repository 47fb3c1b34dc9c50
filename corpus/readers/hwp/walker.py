"""What the walks through the text of both formats have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from .blocks import Block
from .shapes import Shapes

# Tables and boxes in each other; no page has room for more.
_MOST_NESTED = 40
# What is shown of the dots that lead from a heading to its page in a table of contents.
LEADER = " ··· "


@dataclass(slots=True)
class Parts:
    """The text of a paragraph, and the blocks above and below it."""

    text: list[str] = field(default_factory=list)
    above: list[Block] = field(default_factory=list)
    below: list[Block] = field(default_factory=list)


class Walker:
    """A walk through a document; `cut` is true once some text of it could not be read."""

    def __init__(self, shapes: Shapes) -> None:
        self.cut = False
        self._shapes = shapes
        self._repeated: set[str] = set()
        self._depth = 0

    def _once(self, blocks: Sequence[Block]) -> Sequence[Block]:
        """Return the blocks of a header or footer, none if they stood in one before."""
        text = "\n".join(block.text for block in blocks)
        if text in self._repeated:
            return ()
        self._repeated.add(text)
        return blocks

    @contextmanager
    def _deeper(self) -> Iterator[bool]:
        """Go into a table or box, and yield whether it is not too deep to be read."""
        self._depth += 1
        is_read = self._depth <= _MOST_NESTED
        self.cut = self.cut or not is_read
        try:
            yield is_read
        finally:
            self._depth -= 1
