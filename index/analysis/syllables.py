"""Hangul syllables, and the letters that they consist of."""

from __future__ import annotations

FIRST, LAST = "가", "힣"
# Initial consonants in the order of Unicode.
INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
# Final consonants; the first stands for none.
CODAS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"


def is_syllable(character: str) -> bool:
    """Return whether a character is a whole syllable."""
    return FIRST <= character <= LAST


def decompose(syllable: str) -> tuple[int, int, int]:
    """Return the indices of a syllable's initial, vowel and coda; coda 0 is none."""
    rest, coda = divmod(ord(syllable) - ord(FIRST), len(CODAS))
    return *divmod(rest, len(VOWELS)), coda


def compose(initial: int, vowel: int, coda: int = 0) -> str:
    """Return the syllable of three letters, given by their indices."""
    return chr(ord(FIRST) + (initial * len(VOWELS) + vowel) * len(CODAS) + coda)
