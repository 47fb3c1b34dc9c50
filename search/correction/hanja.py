"""Han characters and their Korean readings.

The readings are Unicode's (kHangul of the Unihan database), a file of 30 kB beside this module: it
is read when a word is first looked for in the other script, and not before.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import islice, product
from pathlib import Path

import numpy as np

from index.arrays.array_types import Mask

from .hangul_keys import INITIALS, VOWELS, is_syllable, parts_of, syllable
from .vocabulary import Vocabulary

_FIRST, _LAST = 0x4E00, 0x9FFF
# Readings of a word that are tried: a word of four characters with two each has sixteen.
_MOST_READINGS = 64
_LONGEST = 12
_NIEUN, _RIEUL, _IEUNG = (INITIALS.index(letter) for letter in "ㄴㄹㅇ")
# ㄴ is lost before these at the start of a word, and ㄹ as well; before others ㄹ becomes ㄴ.
_PALATAL = frozenset(VOWELS.index(letter) for letter in "ㅑㅕㅖㅛㅠㅣ")


def is_hanja(word: str) -> bool:
    """Tell whether a word is Han characters throughout; no word is not."""
    return bool(word) and all(_FIRST <= ord(character) <= _LAST for character in word)


def hangul_of(word: str) -> tuple[str, ...]:
    """Return the readings of a word in Han characters, as the South writes them first.

    None where a character has none.
    """
    if not is_hanja(word) or len(word) > _LONGEST:
        return ()
    each = [_readings().get(character, ()) for character in word]
    found: dict[str, None] = {}
    for reading in islice(product(*each), _MOST_READINGS):
        plain = "".join(reading)
        found[softened(plain)] = found[plain] = None
    # 女子 is 여자 before it is 녀자: what the rule would change comes last.
    return tuple(sorted(found, key=lambda word: softened(word) != word))


def softened(word: str) -> str:
    """Return a word as the rule of first sounds (두음법칙) has it: 녀자 is 여자, 로동 노동."""
    if not word or not is_syllable(word[0]):
        return word
    initial, vowel, coda = parts_of(word[0])
    if initial in (_NIEUN, _RIEUL) and vowel in _PALATAL:
        initial = _IEUNG
    elif initial == _RIEUL:
        initial = _NIEUN
    return syllable(initial, vowel, coda) + word[1:]


def hanja_of(word: str, vocabulary: Vocabulary) -> dict[str, int]:
    """Return the terms in Han characters that are read as a word in Hangul.

    With how many passages hold each. The rule of first sounds is undone where it applied.
    """
    if not word or len(word) > _LONGEST or not all(map(is_syllable, word)):
        return {}
    masks = [_masks(sound) for sound in word]
    masks[0] = np.logical_or.reduce([_masks(sound) for sound in _hard(word[0])])
    found: dict[str, int] = {}
    for shelf in vocabulary.term_scans:
        numbers = shelf.numbers(shelf.between(b"\xe4", b"\xea"))
        numbers = numbers[shelf.lengths(numbers) == 3 * len(word)]
        for place, mask in enumerate(masks):
            codes = shelf.syllables(shelf.starts(numbers) + 3 * place)
            inside = (codes >= _FIRST) & (codes <= _LAST)
            numbers = numbers[inside & mask.take(codes - _FIRST, mode="clip")]
        for term in shelf.words(numbers):
            found[term] = vocabulary.passages(term)
    return found


def _hard(first: str) -> tuple[str, ...]:
    """Return the syllables that the rule of first sounds may have made `first` of."""
    _, vowel, coda = parts_of(first)
    sounds = (syllable(initial, vowel, coda) for initial in (_NIEUN, _RIEUL))
    return (first, *(sound for sound in sounds if softened(sound) == first))


@cache
def _masks(sound: str) -> Mask:
    """Tell of each Han character whether it is read as a syllable."""
    mask = np.zeros(_LAST - _FIRST + 1, np.bool_)
    mask[[ord(character) - _FIRST for character in _characters().get(sound, "")]] = True
    return mask


@cache
def _characters() -> Mapping[str, str]:
    """Return for each syllable the characters that are read so."""
    lines = Path(__file__).with_name("hanja.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.partition("\t")[::2] for line in lines if not line.startswith("#"))
    return dict(rows)


@cache
def _readings() -> Mapping[str, tuple[str, ...]]:
    """Return the readings of each character."""
    found: dict[str, tuple[str, ...]] = {}
    for sound, characters in _characters().items():
        for character in characters:
            found[character] = (*found.get(character, ()), sound)
    return found
