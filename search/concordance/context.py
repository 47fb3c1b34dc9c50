"""The passages of a concordance, the text around a match, and the order of lines by its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from index.analysis.normalize import normal_form
from index.value import NamedTuple

from ..engine import Engine, StoredPassage
from ..matched import fetched
from ..results import Match

# So many words on its left or right tell where a line belongs, and in so many characters.
_WORDS = 3
_KEY_CHARACTERS = 40

_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\w+")


class Span(NamedTuple):
    """The characters `start` to `end` of a passage, and the matches in them."""

    passage: int
    start: int
    end: int
    matches: tuple[Match, ...]


class Context(NamedTuple):
    """A match and the text on both sides, with one space for any white space."""

    left: str
    match: str
    right: str

    def cut(self, width: int) -> Context:
        """Return it with at most `width` characters on each side."""
        left = self.left[-width:] if width else ""
        return Context(left.lstrip(), self.match, self.right[:width].rstrip())

    def left_key(self) -> tuple[str, ...]:
        """Return the last words before the match, the last one first, in small letters.

        The beginning of a word that the match is in is none of them.
        """
        text = normal_form(self.left)
        found = _WORD.findall(text)
        whole = found[:-1] if _WORD.match(text[-1:]) else found
        return tuple(reversed(whole[-_WORDS:]))

    def right_key(self) -> tuple[str, ...]:
        """Return the first words after the match, in small letters.

        The rest of a word that the match is in, as an ending is, is none of them.
        """
        text = normal_form(self.right)
        found = _WORD.findall(text)
        return tuple(found[1:] if _WORD.match(text) else found)[:_WORDS]


KEYS: dict[str, Callable[[Context], tuple[str, ...]]] = {
    "left": Context.left_key,
    "right": Context.right_key,
}


class _Side:
    """The text on one side of a match, which grows by the passages that follow on that side."""

    __slots__ = ("_step", "document", "next", "text")

    def __init__(self, text: str, stored: StoredPassage, passage: int, *, step: int) -> None:
        self.text = _folded(text)
        self.document = stored.document
        self.next = passage + step
        self._step = step

    def add(self, text: str) -> None:
        """Add the text of the `next` passage."""
        self.text = _folded(f"{self.text} {text}" if self._step > 0 else f"{text} {self.text}")
        self.next += self._step


class PassageReader:
    """Reads passages with their documents, each once, and many at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._stored: dict[int, StoredPassage] = {}
        self._bounds: dict[int, range] = {}

    def read(self, passages: Iterable[int]) -> list[StoredPassage]:
        """Return passages as stored, in the order given."""
        wanted = [*passages]
        missing = [each for each in dict.fromkeys(wanted) if each not in self._stored]
        self._stored.update(zip(missing, fetched(self._engine, missing), strict=True))
        return [self._stored[each] for each in wanted]

    def contexts(self, spans: Sequence[Span], *, width: int) -> list[Context]:
        """Return the context of each span, of `width` characters or more on each side.

        It runs on into the neighbours in the document, between which is only white space.
        """
        lefts: list[_Side] = []
        rights: list[_Side] = []
        matches: list[str] = []
        for span, stored in zip(spans, self.read(span.passage for span in spans), strict=True):
            text = text_of(stored)
            lefts.append(_Side(text[: span.start], stored, span.passage, step=-1))
            rights.append(_Side(text[span.end :], stored, span.passage, step=1))
            matches.append(_folded(text[span.start : span.end]))
        self._fill([*lefts, *rights], max(width, _KEY_CHARACTERS))
        return [
            Context(left.text.lstrip(), match, right.text.rstrip())
            for left, match, right in zip(lefts, matches, rights, strict=True)
        ]

    def _fill(self, sides: Sequence[_Side], width: int) -> None:
        """Add neighbours until each side has `width` characters, or ends with its document."""
        short = [side for side in sides if len(side.text) < width]
        while short := [side for side in short if side.next in self._bounds_of(side.document)]:
            neighbours = self.read(side.next for side in short)
            for side, stored in zip(short, neighbours, strict=True):
                side.add(text_of(stored))
            short = [side for side in short if len(side.text) < width]

    def _bounds_of(self, document: int) -> range:
        bounds = self._bounds.get(document)
        if bounds is None:
            bounds = self._bounds[document] = self._engine.bounds(document)
        return bounds


def text_of(stored: StoredPassage) -> str:
    """Return the text of a passage."""
    return str(stored.passage["text"])


def _folded(text: str) -> str:
    return _SPACE.sub(" ", text)
