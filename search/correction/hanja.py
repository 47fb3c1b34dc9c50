"""Han characters and their Korean readings.

The readings are those of Unicode (kHangul of the Unihan database), in a file of 30 kB beside this
module, which is read when a word is first looked up in the other script.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import islice, product
from pathlib import Path

import numpy as np

from index.arrays.array_types import Mask

from .hangul_keys import INITIALS, VOWELS, compose, decompose, is_syllable
from .vocabulary import Vocabulary

_FIRST, _LAST = 0x4E00, 0x9FFF
# Readings of a word that are tried: a word of four characters with two each has sixteen.
_MAX_READINGS = 64
_MAX_LENGTH = 12
_NIEUN, _RIEUL, _IEUNG = (INITIALS.index(letter) for letter in "ㄴㄹㅇ")
# Before these, an initial ㄴ or ㄹ of a word is dropped; before others ㄹ becomes ㄴ.
_PALATAL = frozenset(VOWELS.index(letter) for letter in "ㅑㅕㅖㅛㅠㅣ")


def is_hanja(word: str) -> bool:
    """Return whether a word is not empty and has only Han characters."""
    return bool(word) and all(_FIRST <= ord(character) <= _LAST for character in word)


def hangul_readings(word: str) -> tuple[str, ...]:
    """Return the readings of a word in Han characters, South Korean spelling first; or none."""
    if not is_hanja(word) or len(word) > _MAX_LENGTH:
        return ()
    found: dict[str, None] = {}
    each = [_readings().get(character, ()) for character in word]
    for syllables in islice(product(*each), _MAX_READINGS):
        reading = "".join(syllables)
        found[initial_sound_form(reading)] = found[reading] = None
    # 女子 is 여자 before it is 녀자.
    return tuple(sorted(found, key=lambda word: initial_sound_form(word) != word))


def initial_sound_form(word: str) -> str:
    """Return a word spelled by the initial sound rule (두음법칙): 녀자 is 여자, 로동 노동."""
    if not word or not is_syllable(word[0]):
        return word
    initial, vowel, coda = decompose(word[0])
    if initial in (_NIEUN, _RIEUL) and vowel in _PALATAL:
        initial = _IEUNG
    elif initial == _RIEUL:
        initial = _NIEUN
    return compose(initial, vowel, coda) + word[1:]


def hanja_terms(word: str, vocabulary: Vocabulary) -> dict[str, int]:
    """Return the terms in Han characters with a reading in Hangul, and their passage frequencies.

    The initial sound rule is undone where it may have applied.
    """
    if not word or len(word) > _MAX_LENGTH or not all(map(is_syllable, word)):
        return {}
    masks = [_mask(syllable) for syllable in word]
    masks[0] = np.logical_or.reduce([_mask(syllable) for syllable in _original_initials(word[0])])
    found: dict[str, int] = {}
    for scan in vocabulary.term_scans:
        ordinals = scan.between(b"\xe4", b"\xea")
        ordinals = ordinals[scan.lengths(ordinals) == 3 * len(word)]
        for position, mask in enumerate(masks):
            codes = scan.code_points(scan.starts(ordinals) + 3 * position)
            is_han = (codes >= _FIRST) & (codes <= _LAST)
            ordinals = ordinals[is_han & mask.take(codes - _FIRST, mode="clip")]
        found |= {term: vocabulary.term_frequency(term) for term in scan.words(ordinals)}
    return found


def _original_initials(first: str) -> tuple[str, ...]:
    """Return the syllables that the initial sound rule turns into `first`, itself included."""
    _, vowel, coda = decompose(first)
    syllables = (compose(initial, vowel, coda) for initial in (_NIEUN, _RIEUL))
    return (first, *(syllable for syllable in syllables if initial_sound_form(syllable) == first))


@cache
def _mask(syllable: str) -> Mask:
    """Return, for each Han character, whether a syllable is a reading of it."""
    mask = np.zeros(_LAST - _FIRST + 1, np.bool_)
    mask[[ord(character) - _FIRST for character in _characters().get(syllable, "")]] = True
    return mask


@cache
def _characters() -> Mapping[str, str]:
    """Return the characters of each reading."""
    lines = Path(__file__).with_name("hanja.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.partition("\t")[::2] for line in lines if not line.startswith("#"))
    return dict(rows)


@cache
def _readings() -> Mapping[str, tuple[str, ...]]:
    """Return the readings of each character."""
    found: dict[str, tuple[str, ...]] = {}
    for syllable, characters in _characters().items():
        for character in characters:
            found[character] = (*found.get(character, ()), syllable)
    return found
