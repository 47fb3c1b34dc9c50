"""Hangul as the keys that it is typed with: a syllable taken apart, and put together again.

The keys are those of the standard layout, 두벌식, by the Latin letters on them; a capital letter is
the key with shift. 관 is `rhks`: what takes two keys counts as two, so that a slip of one key is
one letter here.
"""

from __future__ import annotations

import re
from functools import cache
from unicodedata import normalize

FIRST, LAST = "가", "힣"
# The letters that a syllable starts with, in the order of Unicode, and the key of each.
INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
INITIAL_KEYS = tuple("rRseEfaqQtTdwWczxvg")
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
VOWEL_KEYS = tuple("k o i O j p u P h hk ho hl y n nj np nl b m ml l".split())  # noqa: SIM905 - aligned with the letters above
# The first is that a syllable ends in its vowel.
CODAS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
CODA_KEYS = ("", *"r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g".split())  # noqa: SIM905 - the same

# How many syllables have one vowel, and how many one first letter.
OF_A_VOWEL = len(CODAS)
OF_AN_INITIAL = OF_A_VOWEL * len(VOWELS)

_BASE = ord(FIRST)
_CONSONANT = "[rRsefEaqQtTdwWczxvg]"
_VOWEL = "(?:hk|ho|hl|nj|np|nl|ml|[koiOjpuPhynbml])"
_CODA = "(?:rt|sw|sg|fr|fa|fq|ft|fx|fv|fg|qt|[rRsefaqtTdwczxvg])"
# A consonant before a vowel starts the next syllable.
_TYPED = re.compile(rf"({_CONSONANT})({_VOWEL})({_CODA}(?![koiOjpuPhynbml]))?|{_VOWEL}|.", re.S)
_SHIFTED = frozenset("QWERTOP")
_LETTERS = {
    **dict(zip(CODA_KEYS[1:], CODAS[1:], strict=True)),
    **dict(zip(INITIAL_KEYS, INITIALS, strict=True)),
    **dict(zip(VOWEL_KEYS, VOWELS, strict=True)),
}


def is_syllable(character: str) -> bool:
    """Tell whether a character is a whole syllable."""
    return FIRST <= character <= LAST


def is_hangul(word: str) -> bool:
    """Tell whether a word is syllables and their letters throughout; no word is not."""
    return bool(word) and all(FIRST <= c <= LAST or "ㄱ" <= c <= "ㅣ" for c in word)


def parts_of(syllable: str) -> tuple[int, int, int]:
    """Return the numbers of a syllable's first letter, vowel and coda; coda 0 is none."""
    place = ord(syllable) - _BASE
    return place // OF_AN_INITIAL, place % OF_AN_INITIAL // OF_A_VOWEL, place % OF_A_VOWEL


def syllable(initial: int, vowel: int, coda: int = 0) -> str:
    """Return the syllable of three letters by their numbers."""
    return chr(_BASE + initial * OF_AN_INITIAL + vowel * OF_A_VOWEL + coda)


def keys_of(word: str) -> str:
    """Return the keys that type a word; what is not Hangul stays as it is."""
    return word.translate(_keys())


def from_keys(keys: str) -> str:
    """Return what the keys write in Hangul; a letter that joins no syllable stands alone.

    Shift counts only where it makes another letter. What is no letter stays as it is.
    """
    plain = "".join(key if key in _SHIFTED else key.lower() for key in keys)
    return _TYPED.sub(_written, plain)


def _written(typed: re.Match[str]) -> str:
    initial, vowel, coda = typed.groups()
    if not initial:
        return _LETTERS.get(typed.group(), typed.group())
    return syllable(
        INITIAL_KEYS.index(initial), VOWEL_KEYS.index(vowel), CODA_KEYS.index(coda or "")
    )


class _Keys(dict[int, str]):
    """The keys of characters, by their code points; a syllable's are found when first asked for."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if not is_syllable(character):
            keys = character
        else:
            initial, vowel, coda = parts_of(character)
            keys = INITIAL_KEYS[initial] + VOWEL_KEYS[vowel] + CODA_KEYS[coda]
        self[code] = keys
        return keys


@cache
def _keys() -> _Keys:
    return _Keys({ord(letter): keys for keys, letter in _LETTERS.items()})


def as_hangul(typed: str) -> tuple[str, ...]:
    """Return the Hangul that the keys of a Latin word write, likeliest first.

    None where a letter would join no syllable. Capital letters are shift first, and then the
    work of Caps Lock.
    """
    if not (typed.isascii() and typed.isalpha()):
        return ()
    read = dict.fromkeys((from_keys(typed), from_keys(typed.swapcase()), from_keys(typed.lower())))
    return tuple(word for word in read if all(map(is_syllable, word)))


def as_latin(typed: str) -> str:
    """Return the Latin letters, in lower case, on the keys of a word in Hangul; else ""."""
    word = normalize("NFC", typed)
    return keys_of(word).lower() if is_hangul(word) else ""
