"""The text around a match, and the order of lines by its words."""

from __future__ import annotations

import re
from collections.abc import Callable

from index.analysis.normalize import normal_form
from index.snapshot import Snapshot
from index.value import NamedTuple

# So many words on its left or right tell where a line belongs, and in so many characters.
_WORDS = 3
_KEY_CHARACTERS = 40

_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\w+")


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


class PassageTexts:
    """The texts of passages, each read once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._texts: dict[int, str] = {}

    def __getitem__(self, passage: int) -> str:
        """Return the text of a passage."""
        text = self._texts.get(passage)
        if text is None:
            text = self._texts[passage] = str(self._snapshot.stored(passage)["text"])
        return text

    def around(self, passage: int, start: int, end: int, *, width: int) -> Context:
        """Return the context of a span of a passage, of `width` characters or more on each side.

        It runs on into the neighbours in the document, between which is only white space.
        """
        width = max(width, _KEY_CHARACTERS)
        document = self._snapshot.doc_values.document[passage]
        first, last = map(int, self._snapshot.firsts[document : document + 2])
        text = self[passage]
        left, right = _folded(text[:start]), _folded(text[end:])
        before, after = passage - 1, passage + 1
        while len(left) < width and before >= first:
            left = _folded(f"{self[before]} {left}")
            before -= 1
        while len(right) < width and after < last:
            right = _folded(f"{right} {self[after]}")
            after += 1
        return Context(left.lstrip(), _folded(text[start:end]), right.rstrip())


def _folded(text: str) -> str:
    return _SPACE.sub(" ", text)
