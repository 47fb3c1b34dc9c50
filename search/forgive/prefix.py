"""The start of a word, of which the last syllable may be half typed, as a search for words.

What is sure is a literal head; behind it stands a stretch of syllables for each place: all that
begin with a consonant, or with a consonant and a vowel.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from index.array_types import Int64s

from .jamo import (
    CODA_KEYS,
    CODAS,
    INITIAL_KEYS,
    INITIALS,
    OF_A_VOWEL,
    VOWELS,
    from_keys,
    is_syllable,
    keys_of,
    parts_of,
    syllable,
)
from .shelf import Shelf

# A vowel that a second key makes another of, and the last of those; and so with codas.
_VOWELS_TO = {"ㅗ": "ㅚ", "ㅜ": "ㅟ", "ㅡ": "ㅢ"}
_CODAS_TO = {"ㄱ": "ㄳ", "ㄴ": "ㄶ", "ㄹ": "ㅀ", "ㅂ": "ㅄ"}
_SYLLABLE_BYTES = 3

_Span = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that start with `head`, and go on with a syllable of each of `spans`, ends included."""

    head: str
    spans: tuple[_Span, ...] = ()

    def numbers(self, shelf: Shelf) -> Int64s:
        """Return the numbers of such words in a dictionary, ascending."""
        head = self.head.encode()
        if self.spans:
            first, last = self.spans[0]
            found = shelf.between(head + first.encode(), head + chr(ord(last) + 1).encode())
        else:
            found = shelf.starting_with(head)
        numbers = shelf.numbers(found)
        for place, (first, last) in enumerate(self.spans[1:], 1):
            behind = len(head) + _SYLLABLE_BYTES * place
            numbers = numbers[shelf.lengths(numbers) >= behind + _SYLLABLE_BYTES]
            codes = shelf.syllables(shelf.starts(numbers) + behind)
            numbers = numbers[(codes >= ord(first)) & (codes <= ord(last))]
        return numbers


def prefixes(typed: str) -> tuple[Prefix, ...]:
    """Return what a word may start with of which so much is typed, the literal reading first."""
    letters = "".join(map(_one_by_one, typed))
    read = (_opened(list(characters)) for characters in _half_typed(letters))
    return tuple(dict.fromkeys((Prefix(typed), *(prefix for prefix in read if prefix))))


def _one_by_one(character: str) -> str:
    """Return the consonants of ㄳ and its like one by one; another character as it is."""
    if character in CODAS and character not in INITIALS and character != CODAS[0]:
        return "".join(map(from_keys, keys_of(character)))
    return character


def _half_typed(typed: str) -> Iterator[list[_Span]]:
    """Yield the readings of a word in which the last syllable may be open: a stretch a place."""
    spans = [_span(character) for character in typed]
    if not is_syllable(typed[-1]):
        yield spans
        return
    initial, vowel, coda = parts_of(typed[-1])
    before = spans[:-1]
    if not coda:
        last_vowel = VOWELS.index(_VOWELS_TO.get(VOWELS[vowel], VOWELS[vowel]))
        yield [*before, (typed[-1], syllable(initial, last_vowel, OF_A_VOWEL - 1))]
        return
    last_coda = CODAS.index(_CODAS_TO.get(CODAS[coda], CODAS[coda]))
    yield [*before, (typed[-1], syllable(initial, vowel, last_coda))]
    keys = CODA_KEYS[coda]
    bare = syllable(initial, vowel, CODA_KEYS.index(keys[:-1]))
    yield [*before, (bare, bare), _span(INITIALS[INITIAL_KEYS.index(keys[-1])])]


def _span(character: str) -> _Span:
    """Return the first and the last syllable that a consonant begins; else the character twice."""
    if character not in INITIALS:
        return character, character
    initial = INITIALS.index(character)
    return syllable(initial, 0), syllable(initial, len(VOWELS) - 1, OF_A_VOWEL - 1)


def _opened(spans: list[_Span]) -> Prefix | None:
    """Return the words that stretches stand for; None where no syllable stands behind an open one.

    Whatever is one character, and stands before all that is open, is literal.
    """
    head = "".join(first for first, _ in takewhile(_is_closed, spans))
    rest = tuple(spans[len(head) :])
    if not rest or not all(is_syllable(first) for first, _ in rest):
        return None
    return Prefix(head, rest)


def _is_closed(span: _Span) -> bool:
    return span[0] == span[1]
