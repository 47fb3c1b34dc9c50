"""Decides by readings of Kiwi and a list of English words whether joints part words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from math import log
from typing import Protocol, TypeAlias

from .english import STOP_WORDS
from .english_words import frequency, word_list
from .joints import HYPHEN, LINE_END, SPACED, Verdict, words_of


class Morpheme(Protocol):
    """A morpheme as Kiwi returns it; `oov` if its dictionary does not have it."""

    @property
    def tag(self) -> str:
        """Its part of speech."""

    @property
    def start(self) -> int:
        """Its first character in the text."""

    @property
    def len(self) -> int:
        """How many characters of the text it has."""

    @property
    def oov(self) -> bool:
        """Whether it is a guess."""


Reading: TypeAlias = tuple[Sequence[Morpheme], float]

# How much likelier two words must be as one, as natural logarithm. In Kiwi's model, a noun and its
# particle have five for the space between them, 정상회⏎담 has nineteen, 가장⏎먼저 none.
_MAYBE = 2.0
_LIKELY = 3.0
_CERTAIN = 6.0
# By the frequencies of English words: interna⏎tional 24, re⏎public 9, to⏎day 2, the⏎me -5.
_MAYBE_ENGLISH = -1.0
_CERTAIN_ENGLISH = 12.0
_WORDS = 1e9  # of the texts of the list
_COMMON = frozenset(word for word in STOP_WORDS if len(word) > 2)
_LETTERS, _LAST_LETTERS = re.compile("[a-z]*"), re.compile("[a-z]+$")
_SHORTEST_NOUN = 2
_NOUNS = frozenset({"NNG", "NNP"})
_BEHIND_NOUNS = ("XSN", "J")
# Particles of one syllable that are other words as well: 이 옵션, 도 단위, 만 원.
_HOMOGRAPHS = re.compile("[^은는을를의에와]")
# Particles, endings, and what makes words of others: no line begins with them.
_BOUND = ("J", "E", "XS", "VCP")


def verdicts(joints: Iterable[str], best: Callable[[list[str]], list[Reading]]) -> list[Verdict]:
    """Return the verdict on each joint; `best` returns Kiwi's best reading of each text."""
    split = list(map(words_of, joints))
    korean = [(mark, words) for mark, words in split if is_korean(words[0])]
    joined = best(["".join(words) for _, words in korean])
    found = [_at_morphemes(*own, reading) for own, reading in zip(korean, joined, strict=True)]
    # The rest stands or falls with how likely its words are apart.
    unsure = [number for number, verdict in enumerate(found) if verdict is None]
    apart = best([" ".join(korean[number][1]) for number in unsure])
    for number, reading in zip(unsure, apart, strict=True):
        found[number] = _parted(joined[number], reading)
    rest = iter(found)
    return [
        (next(rest) or Verdict.APART) if is_korean(words[0]) else english_verdict(mark, *words)
        for mark, words in split
    ]


def is_korean(left: str) -> bool:
    """Return whether a joint whose first word is `left` is decided by readings of Kiwi."""
    return left[-1] > "z"


def english_verdict(mark: str, left: str, right: str) -> Verdict:
    """Return the verdict on two words or numbers, of which the first is not Korean."""
    if left[-1].isdigit():
        return Verdict.UNKNOWN
    known = word_list()
    if mark == LINE_END and left in known and right in known and left + right not in known:
        return Verdict.APART  # as most are
    # Of non-prolif⏎eration and interna⏎tional의, what stands at the line end.
    left, right = _LAST_LETTERS.findall(left.lower())[0], _LETTERS.findall(right.lower())[0]
    if not right:  # covid-⏎19
        return Verdict.APART
    joined, one, other = map(frequency, (left + right, left, right))
    are_words = one and other
    if mark == HYPHEN:
        # A name that no list has is one word too; well-⏎known keeps its hyphen.
        return Verdict.ONE if joined or not are_words else Verdict.APART
    if not joined:  # a name, unless beside a word as common as "that": in⏎Andong, AS⏎EAN
        is_common = not _COMMON.isdisjoint((left, right))
        return Verdict.APART if are_words or is_common else Verdict.UNKNOWN
    gain = log(joined * _WORDS / (max(one, 1) * max(other, 1)))
    if gain >= _CERTAIN_ENGLISH:
        return Verdict.ONE
    return Verdict.EITHER if gain >= _MAYBE_ENGLISH else Verdict.APART


def _at_morphemes(mark: str, words: Sequence[str], joined: Reading) -> Verdict | None:
    """Return the verdict on Korean words, None if a morpheme of theirs joined is in both."""
    tokens, _ = joined
    if mark == SPACED:
        is_known = not any(token.oov for token in tokens)
        return Verdict.ONE if is_known and _are_nouns(tokens) else Verdict.APART
    place = len(words[0])
    if any(token.start < place < token.start + token.len for token in tokens):
        return None
    behind = [token for token in tokens if token.start >= place]
    if not behind:
        return None
    if all(token.tag.startswith("J") for token in behind) and not _HOMOGRAPHS.fullmatch(words[1]):
        return Verdict.ONE
    return Verdict.EITHER if behind[0].tag.startswith(_BOUND) else Verdict.APART


def _parted(joined: Reading, apart: Reading) -> Verdict:
    """Return the verdict on words that a morpheme may be in both of."""
    gain = joined[1] - apart[1]
    is_known = not any(token.oov for token in joined[0])
    is_odd = gain >= _LIKELY and any(token.oov for token in apart[0])
    if is_known and (is_odd or gain >= _CERTAIN):
        return Verdict.ONE
    return Verdict.EITHER if gain >= _MAYBE else Verdict.APART


def _are_nouns(tokens: Sequence[Morpheme]) -> bool:
    """Return whether all morphemes are nouns of two syllables or more, suffixes and particles."""
    kept = [token for token in tokens if not token.tag.startswith(_BEHIND_NOUNS)]
    return bool(kept) and all(t.tag in _NOUNS and t.len >= _SHORTEST_NOUN for t in kept)
