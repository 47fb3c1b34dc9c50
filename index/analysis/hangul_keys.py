"""Hangul as the keys that type it: decomposing syllables, and composing them again.

The keys are those of the standard layout, 두벌식, named by their Latin letters; a capital letter is
the key with shift. 관 is `rhks`: a vowel or coda of two keys counts as two, so that one mistyped
key is one letter here.
"""

from __future__ import annotations

import re
from enum import IntEnum
from unicodedata import normalize

from .syllables import (
    CODAS,
    FIRST,
    INITIALS,
    LAST,
    VOWELS,
    compose,
    decompose,
    is_syllable,
)

# The key of each letter.
INITIAL_KEYS = tuple("rRseEfaqQtTdwWczxvg")
VOWEL_KEYS = tuple("k o i O j p u P h hk ho hl y n nj np nl b m ml l".split())  # noqa: SIM905 - aligned with the letters above
CODA_KEYS = ("", *"r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g".split())  # noqa: SIM905 - the same

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


def is_hangul(word: str) -> bool:
    """Return whether a word is not empty and has only syllables and their letters."""
    return bool(word) and all(FIRST <= c <= LAST or "ㄱ" <= c <= "ㅣ" for c in word)


def keys_of(word: str) -> str:
    """Return the keys that type a word; characters that are not Hangul stay as they are."""
    return word.translate(_KEYS)


class Script(IntEnum):
    """The script of a word, if words in it are compared by the keys that type them."""

    OTHER = 0
    HANGUL = 1
    LATIN = 2


def script_of(word: str) -> Script:
    """Return the script of a word in syllables and their letters, or in small Latin letters."""
    if is_hangul(word):
        return Script.HANGUL
    is_latin = word.isascii() and word.isalpha() and word.islower()
    return Script.LATIN if is_latin else Script.OTHER


def from_keys(keys: str) -> str:
    """Return the Hangul that the keys type; letters that belong to no syllable stand alone.

    Shift counts only where it types another letter. Other characters stay as they are.
    """
    plain = "".join(key if key in _SHIFTED else key.lower() for key in keys)
    return _TYPED.sub(_composed, plain)


def _composed(typed: re.Match[str]) -> str:
    initial, vowel, coda = typed.groups()
    if not initial:
        return _LETTERS.get(typed.group(), typed.group())
    return compose(
        INITIAL_KEYS.index(initial), VOWEL_KEYS.index(vowel), CODA_KEYS.index(coda or "")
    )


class _Keys(dict[int, str]):
    """Keys by code point, for `str.translate`; those of syllables are added on first use."""

    def __missing__(self, code: int) -> str:
        keys = chr(code)
        if is_syllable(keys):
            initial, vowel, coda = decompose(keys)
            keys = INITIAL_KEYS[initial] + VOWEL_KEYS[vowel] + CODA_KEYS[coda]
        self[code] = keys
        return keys


_KEYS = _Keys({ord(letter): keys for keys, letter in _LETTERS.items()})


def as_hangul(typed: str) -> tuple[str, ...]:
    """Return the words in Hangul that the keys of a Latin word type, the likeliest first.

    Empty where a letter would belong to no syllable. Capital letters are read as shift first, then
    as Caps Lock.
    """
    if not (typed.isascii() and typed.isalpha()):
        return ()
    read = dict.fromkeys((from_keys(typed), from_keys(typed.swapcase()), from_keys(typed.lower())))
    return tuple(word for word in read if all(map(is_syllable, word)))


def as_latin(typed: str) -> str:
    """Return the Latin letters, in lower case, on the keys of a word in Hangul; else ""."""
    word = normalize("NFC", typed)
    return keys_of(word).lower() if is_hangul(word) else ""
