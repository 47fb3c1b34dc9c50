"""Joins the words that line ends part, where the document itself shows that they are one.

What is less certain stays on two lines: the analysis decides on it, with a dictionary.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from math import log

from .garbled import HYPHEN

# A line end between syllables of a line that reaches the margin and the line below it.
WRAP = "\v"

_BROKEN = re.compile(f"([가-힣]+)([\n{WRAP}])([가-힣]+)([^\\s]*)[ \n{WRAP}]?")
_SPACED = re.compile("(?<=[가-힣]) +\n(?=[가-힣])")
_WORD = re.compile(f"(?<![가-힣\n{WRAP}])[가-힣]+(?![가-힣\n{WRAP}])")
_HYPHENATED = re.compile(f"([^\\W\\d_]+(?:-[^\\W\\d_]+)*){HYPHEN}([^\\W\\d_]*)")
_COMPOUND = re.compile(r"[^\W\d_]+-[^\W\d_]+")
# Particles and endings, which begin no word.
_PARTICLES = frozenset(
    re.findall(
        r"\w+",
        "을 를 은 는 에 에서 에게 으로 로 와 과 의 까지 부터 적인 적으로 "
        "하여 하여야 하며 하고 하는 하기 되어 된 된다 한다 이다 이며",
    )
)
# Natural logarithms of the odds that a word goes on, measured on documents that are known. A
# document with a space before the line ends behind words parts words at the others.
_LEAST_ODDS = 1.5
_LEAST_ODDS_SPACED = -1.0
_SOME, _SHARE = 3, 0.2
_MOST_TEXT = 1 << 20  # characters, as many as show how the words of a document are


def with_whole_words(pages: Sequence[str]) -> list[str]:
    """Return the pages of a document with the words whole that its line ends part for certain."""
    sample = _sample(pages)
    if HYPHEN in sample or any(HYPHEN in page for page in pages):
        compounds = set(_COMPOUND.findall(sample.casefold()))
        pages = [_hyphens(page, compounds) for page in pages]
    if not any(_BROKEN.search(page) or _SPACED.search(page) for page in pages):
        return [page.replace(WRAP, "\n") for page in pages]
    words = _Words(sample)
    return [words.joined(_SPACED.sub(" ", page)).replace(WRAP, "\n") for page in pages]


def _sample(pages: Sequence[str]) -> str:
    kept: list[str] = []
    size = 0
    for page in pages:
        kept.append(page)
        size += len(page)
        if size > _MOST_TEXT:
            break
    return "\n".join(kept)


def _hyphens(page: str, compounds: set[str]) -> str:
    """Take out the hyphens at line ends, but those of words that have one inside of lines too."""

    def whole(found: re.Match[str]) -> str:
        left, right = found.groups()
        has_hyphen = "-" in left or f"{left}-{right}".casefold() in compounds
        return f"{left}-{right}" if has_hyphen else left + right

    return _HYPHENATED.sub(whole, page).replace(HYPHEN, "")


class _Words:
    """The words of a document, and with which syllables they begin, go on and end."""

    def __init__(self, text: str) -> None:
        words = _WORD.findall(text)
        self._words = frozenset(words)
        self._last = Counter(word[-1] for word in words)
        self._first = Counter(word[0] for word in words)
        self._not_last = Counter("".join(word[:-1] for word in words))
        self._not_first = Counter("".join(word[1:] for word in words))
        spaced, wrapped = len(_SPACED.findall(text)), text.count(WRAP)
        is_spaced = spaced >= _SOME and spaced >= _SHARE * (spaced + wrapped)
        self._least = _LEAST_ODDS_SPACED if is_spaced else _LEAST_ODDS

    def joined(self, page: str) -> str:
        """Join the broken words of a page; the line ends behind them."""
        return _BROKEN.sub(self._whole, page)

    def _whole(self, found: re.Match[str]) -> str:
        left, mark, right, rest = found.groups()
        if self._are_one(left, right, rest[:1], is_wrapped=mark == WRAP):
            return f"{left}{right}{rest}\n"
        return found[0]

    def _are_one(self, left: str, right: str, sign: str, *, is_wrapped: bool) -> bool:
        if len(right) == 1 and sign in (".", ")"):  # 가. and 나) number paragraphs
            return False
        if left + right in self._words or right in _PARTICLES:
            return True
        if not is_wrapped or (left in self._words and right in self._words):
            return False
        return self._odds(left[-1], right[0]) > self._least

    def _odds(self, before: str, after: str) -> float:
        goes_on = (self._not_last[before] + 1) / (self._last[before] + 1)
        is_rest = (self._not_first[after] + 1) / (self._first[after] + 1)
        return log(goes_on) + log(is_rest)
