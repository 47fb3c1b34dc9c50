"""The text around a match, and the order of lines by its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from index.analysis.normalize import normal_form
from index.value import NamedTuple

from ..engine import Engine
from ..matched import texts_of
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
    """The text on one side of a match that is short, and the passage that follows on that side."""

    __slots__ = ("document", "next", "step", "text")

    def __init__(self, text: str, document: int, passage: int, step: int) -> None:
        self.text = text
        self.document = document
        self.next = passage + step
        self.step = step

    def add(self, text: str) -> None:
        """Add the text of the `next` passage."""
        self.text = _folded(f"{self.text} {text}" if self.step > 0 else f"{text} {self.text}")
        self.next += self.step


class PassageTexts:
    """The texts of passages, each read once, and many at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._texts: dict[int, str] = {}
        self._bounds: dict[int, range] = {}

    def of(self, passages: Iterable[int]) -> list[str]:
        """Return the texts of passages, in the order given."""
        wanted = [*passages]
        missing = [each for each in dict.fromkeys(wanted) if each not in self._texts]
        self._texts.update(zip(missing, texts_of(self._engine, missing), strict=True))
        return [self._texts[each] for each in wanted]

    def contexts(self, spans: Sequence[Span], *, width: int) -> list[Context]:
        """Return the context of each span, of `width` characters or more on each side.

        It runs on into the neighbours in the document, between which is only white space.
        """
        passages = [span.passage for span in spans]
        rows = [*zip(spans, self.of(passages), strict=True)]
        documents = self._engine.documents_of(np.array(passages, np.int64)).tolist()
        lefts = [_folded(text[: span.start]) for span, text in rows]
        rights = [_folded(text[span.end :]) for span, text in rows]
        width = max(width, _KEY_CHARACTERS)
        short = {
            (row, step): _Side(text, documents[row], passages[row], step)
            for step, side in ((-1, lefts), (1, rights))
            for row, text in enumerate(side)
            if len(text) < width
        }
        self._fill([*short.values()], width)
        for (row, step), side in short.items():
            (lefts if step < 0 else rights)[row] = side.text
        return [
            Context(left.lstrip(), _folded(text[span.start : span.end]), right.rstrip())
            for (span, text), left, right in zip(rows, lefts, rights, strict=True)
        ]

    def _fill(self, short: list[_Side], width: int) -> None:
        """Add neighbours until each side has `width` characters, or ends with its document."""
        while short := [side for side in short if side.next in self._bounds_of(side.document)]:
            neighbours = self.of(side.next for side in short)
            for side, text in zip(short, neighbours, strict=True):
                side.add(text)
            short = [side for side in short if len(side.text) < width]

    def _bounds_of(self, document: int) -> range:
        bounds = self._bounds.get(document)
        if bounds is None:
            bounds = self._bounds[document] = self._engine.bounds(document)
        return bounds


def _folded(text: str) -> str:
    return _SPACE.sub(" ", text)
