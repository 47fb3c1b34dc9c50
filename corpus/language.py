"""Detects the language of a text from its letters."""

from __future__ import annotations

KOREAN = "ko"
ENGLISH = "en"
MIXED = "mixed"
LANGUAGES = (KOREAN, ENGLISH, MIXED)

# A Hangul syllable is worth at least two Latin letters ("관계", "relation").
_LATIN_LETTERS_PER_SYLLABLE = 2

# Least shares of Hangul, so weighed. Korean prose contains English names and terms, so its margin
# is the wider one; an English paper with a Korean title stays English.
_MIXED_FROM = 0.15
_KOREAN_FROM = 0.7

# High bytes of UTF-16 code units: U+AC00-U+D7A3 are the syllables, U+31xx the letters as typed
# alone (ㅋㅋ, and a few foreign signs), U+11xx the letters of NFD.
_SYLLABLES = bytes(range(0xAC, 0xD8)) + b"\x31"
_JAMO = b"\x11"
_JAMO_PER_SYLLABLE = 2
# ASCII letters, and those of Latin-1, which exclude × and ÷.
_LATIN = bytes({*range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1)}) + bytes(
    {*range(0xC0, 0x100)} - {0xD7, 0xF7}
)


def detect(text: str) -> str:
    """Return "ko", "en" or "mixed", or "" for a text with neither Hangul nor Latin letters."""
    if text.isascii():  # one letter is enough
        return ENGLISH if text.upper() != text.lower() else ""
    hangul = _hangul(text) * _LATIN_LETTERS_PER_SYLLABLE
    latin = _count(text.encode("latin-1", "ignore"), _LATIN)
    if not hangul + latin:
        return ""
    share = hangul / (hangul + latin)
    if share >= _KOREAN_FROM:
        return KOREAN
    return MIXED if share >= _MIXED_FROM else ENGLISH


def _hangul(text: str) -> int:
    """Count the syllables; one decomposed by NFD counts about as much as a composed one."""
    high = text.encode("utf-16-be", "surrogatepass")[::2]
    return _count(high, _SYLLABLES) + _count(high, _JAMO) // _JAMO_PER_SYLLABLE


def _count(data: bytes, members: bytes) -> int:
    # Deleting is the only way to count a set of bytes without a Python loop.
    return len(data) - len(data.translate(None, members))
