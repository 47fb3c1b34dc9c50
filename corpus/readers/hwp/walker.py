"""What the walks through the text of both formats have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from ...errors import CorpusError, Damaged, TooLarge
from ..placed_text import Block
from .blocks import paragraph
from .shapes import Shapes

# Tables and boxes in each other; no page has room for more.
_MOST_NESTED = 40
# What is shown of the dots that lead from a heading to its page in a table of contents.
LEADER = " ··· "
# What is said wherever a file is damaged, once.
LOST = "is damaged, and some of its text is missing"


@dataclass(slots=True)
class Parts:
    """The text of a paragraph, and the blocks above and below it."""

    text: list[str] = field(default_factory=list)
    above: list[Block] = field(default_factory=list)
    below: list[Block] = field(default_factory=list)

    def around(self, is_character: bool) -> list[Block]:
        """Return the blocks among which an object is, that may stand in its line as a character.

        Such a one is above the text if the line begins with it.
        """
        is_first = is_character and not any(map(str.strip, self.text))
        return self.above if is_first else self.below


class Walker:
    """A walk through a document; `faults` are the reasons why some text of it is missing."""

    def __init__(self, shapes: Shapes) -> None:
        self.faults: list[CorpusError] = []
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

    def _chart(self, texts: Iterator[str]) -> Iterator[Block]:
        """Yield the texts of a chart, each once, as a block, unless it has none."""
        found: dict[str, None] = {}
        try:
            for text in texts:
                found[text] = None
        except Damaged as error:
            self.faults.append(error)
        yield from paragraph("\n".join(filter(None, found)))

    @contextmanager
    def _deeper(self) -> Iterator[bool]:
        """Go into a table or box, and yield whether it is not too deep to be read."""
        self._depth += 1
        is_read = self._depth <= _MOST_NESTED
        if not is_read:
            self.faults.append(TooLarge("has tables or boxes that are nested too deeply"))
        try:
            yield is_read
        finally:
            self._depth -= 1
