"""Han characters and their Korean readings.

The readings are those of Unicode (kHangul of the Unihan database), in a file of 30 kB beside this
module, which is read when a word is first looked up in it. Analyses are kept in the lexicon, so
that most searches do not read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice, product
from pathlib import Path

from .syllables import INITIALS, VOWELS, compose, decompose, is_syllable

# Longer runs are not read: they are Chinese or Japanese, whose words nothing parts.
LONGEST = 6
_FIRST, _LAST = "\u4e00", "\u9fff"
# Readings of a word that are tried: a word of four characters with two each has sixteen.
_MAX_READINGS = 16
_NIEUN, _RIEUL, _IEUNG = (INITIALS.index(letter) for letter in "ㄴㄹㅇ")
# Before these, an initial ㄴ or ㄹ of a word is dropped; before others ㄹ becomes ㄴ.
_PALATAL = frozenset(VOWELS.index(letter) for letter in "ㅑㅕㅖㅛㅠㅣ")


def is_hanja(word: str) -> bool:
    """Return whether a word is not empty and has only Han characters."""
    return bool(word) and all(_FIRST <= character <= _LAST for character in word)


def hangul_readings(word: str) -> tuple[str, ...]:
    """Return the readings of a word in Han characters, by the initial sound rule; or none."""
    return tuple(dict.fromkeys(map(initial_sound_form, literal_readings(word))))


def literal_readings(word: str) -> tuple[str, ...]:
    """Return the readings of a word in Han characters, character by character: 女子 is 녀자."""
    if not is_hanja(word) or len(word) > LONGEST:
        return ()
    each = [_readings().get(character, ()) for character in word]
    return tuple(map("".join, islice(product(*each), _MAX_READINGS)))


def is_reading(hangul: str, hanja: str) -> bool:
    """Return whether a word in Hangul is a reading of one in Han characters."""
    if len(hangul) != len(hanja):
        return False
    each = [_readings().get(character, ()) for character in hanja]
    firsts = (*each[0], *map(initial_sound_form, each[0]))
    return all(syllable in own for syllable, own in zip(hangul, [firsts, *each[1:]], strict=True))


def headline_terms(character: str) -> tuple[str, ...]:
    """Return what a single Han character of a headline is read as and stands for: 미 and 미국."""
    return _headlines().get(character) or hangul_readings(character)


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


@cache
def _readings() -> Mapping[str, tuple[str, ...]]:
    """Return the readings of each character."""
    found: dict[str, tuple[str, ...]] = {}
    for syllable, characters in _rows("hanja.tsv"):
        for character in characters:
            found[character] = (*found.get(character, ()), syllable)
    return found


@cache
def _headlines() -> Mapping[str, tuple[str, ...]]:
    return {character: tuple(terms.split()) for character, terms in _rows("headlines.tsv")}


def _rows(name: str) -> Iterator[tuple[str, str]]:
    for line in Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            first, _, rest = line.partition("\t")
            yield first, rest
