"""Transcribes Hangul and English words into one phonetic alphabet, in which they can be compared.

The alphabet has one ASCII character a sound. Lower-case letters are the sounds of both languages:
the consonants of Hangul (q is the ㅇ of 강), its vowels (v is ㅓ, x is ㅡ) and the glides y and w;
r is the ㄹ of 메리 and l that of 멜리. Capitals are ambiguous: L is the ㄹ that begins a word, D
the ㅅ at the end of 로봇, R an r that may be silent, F th, J g before e, C ch, H kh.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

CONSONANTS = "kgtdpbszcmnqlrhLDRFJCH"


def _split(sounds: str) -> tuple[str, ...]:
    """Split the sounds of jamo, which are in the order of Unicode; a hyphen is no sound."""
    return tuple(sound.strip("-") for sound in sounds.split())


_INITIALS = _split("g k n d t l m b p s s - z z c k t p h")
_VOWELS = _split("a e ya ye v e yv ye o wa we we yo u wv we wi yu x i i")
_FINALS = _split("- k k k n n n t l k m l l l p l m p p D D q t t k t p t")
_FIRST, _LAST = ord("가"), ord("힣")

# Replacements in this order; a settled sound becomes a capital or a digit, which no later rule
# matches. They are applied to all words in one text: word by word takes ten times as long.
_CLUSTERS = (
    *(("\nand\n", "\nan\n"), ("\nkn", "\nN"), ("\nwr", "\nr"), ("\nx", "\nS"), ("gh\n", "\n")),
    *(("tsch", "1"), ("tch", "1"), ("tz", "1"), ("ts", "1"), ("sch", "S"), ("sh", "S")),
    ("ch", "4"),
    *(("ph", "P"), ("th", "2"), ("gha", "Ga"), ("ghe", "Ge"), ("ghi", "Gi"), ("gho", "Go")),
    *(("ghu", "Gu"), ("gh", ""), ("kh", "5"), ("zh", "Z"), ("dge", "Ze"), ("dj", "Z"), ("ck", "K")),
    *(("wh", "hw"), ("qu", "KW"), ("q", "K"), ("x", "KS"), ("ce", "Se"), ("ci", "Si")),
    ("cy", "Sy"),
    # A stem has no final e: George is georg, and office is offic.
    *(("rg\n", "r3\n"), ("c\n", "4\n"), ("c", "K")),
    *(("ge", "3e"), ("gi", "3i"), ("gy", "3y"), ("j", "Z"), ("z", "Z"), ("f", "P"), ("v", "B")),
    *(("eo", "V"), ("eu", "X"), ("oo", "U"), ("ee", "I"), ("ey", "I"), ("ae", "E"), ("ou", "U")),
    *(("aa", "A"), ("ye\n", "yE\n"), ("e\n", "\n")),
)
_WEAK_R = re.compile(r"r(?![aeiouyAEIOUVX])")
_GLIDE = re.compile(r"y(?=[aeouAEIOUVX])")
_VELAR_N = re.compile(r"n(?=[gkGK3])")
_FINAL_NG = re.compile(r"q[gG](?![aeiouyYlrwAEIOUVX])")
_SETTLED = str.maketrans("12345RNGPSZKWBVXUIEAY", "cFJCHRngpszkwbvxuieay")
_SINGLE_L = re.compile("(?<=[a-zD])l(?=[aeiouvxyw])")
_DOUBLED = re.compile(r"([b-df-hj-npqr-tz])\1")


def korean_sounds(words: Sequence[str]) -> list[str]:
    """Return the sounds of words of Hangul syllables, in order; other characters do not change."""
    text = "\n".join(["", *words]).translate(_syllables())
    text = text.replace("\nl", "\nL").replace("ll", "_")
    text = _SINGLE_L.sub("r", text).replace("_", "l")
    return _DOUBLED.sub(r"\1", text).split("\n")[1:]


def english_sounds(words: Sequence[str]) -> list[str]:
    """Return the sounds of words of lower-case ASCII letters, in order, as Koreans hear them."""
    text = "\n".join(["", *words, ""])
    for cluster, sound in _CLUSTERS:
        text = text.replace(cluster, sound)
    text = _WEAK_R.sub("R", text)
    text = _GLIDE.sub("Y", text).replace("y", "i")
    text = _FINAL_NG.sub("q", _VELAR_N.sub("q", text))
    return _DOUBLED.sub(r"\1", text.translate(_SETTLED)).split("\n")[1:-1]


@cache
def _syllables() -> dict[int, str]:
    # Made on first use: 11,172 entries.
    return {code: _syllable(code - _FIRST) for code in range(_FIRST, _LAST + 1)}


def _syllable(number: int) -> str:
    rest, final = divmod(number, len(_FINALS))
    initial, vowel = divmod(rest, len(_VOWELS))
    return _INITIALS[initial] + _VOWELS[vowel] + _FINALS[final]
