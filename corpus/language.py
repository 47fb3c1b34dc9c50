"""Which language a text is in, by its letters."""

from __future__ import annotations

KOREAN = "ko"
ENGLISH = "en"
MIXED = "mixed"
LANGUAGES = (KOREAN, ENGLISH, MIXED)

# A Hangul syllable carries about as much text as two Latin letters and more ("관계", "relation").
_LATIN_LETTERS_A_SYLLABLE = 2

# Shares of the Hangul, so weighed. Korean prose keeps English names and terms without ceasing to
# be Korean, so its border is the wider one; an English paper whose title is Korean stays English.
_MIXED_FROM = 0.15
_KOREAN_FROM = 0.7

# High bytes of the UTF-16 code units: U+AC00-U+D7A3 are the syllables, U+31xx the lone letters as
# keyboards give them (ㅋㅋ, with a few foreign signs), U+11xx the letters that NFD spells with.
_SYLLABLES = bytes(range(0xAC, 0xD8)) + b"\x31"
_JAMO = b"\x11"
_JAMO_A_SYLLABLE = 2
# ASCII letters, and the accented ones of Latin-1 but for its two signs of arithmetic.
_LATIN = bytes({*range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1)}) + bytes(
    {*range(0xC0, 0x100)} - {0xD7, 0xF7}
)


def detect(text: str) -> str:
    """Return "ko", "en" or "mixed", or "" for a text with neither Hangul nor Latin letters."""
    if text.isascii():  # one letter is enough
        return ENGLISH if text.upper() != text.lower() else ""
    hangul = _hangul(text) * _LATIN_LETTERS_A_SYLLABLE
    latin = _deleted(text.encode("latin-1", "ignore"), _LATIN)
    if not hangul + latin:
        return ""
    share = hangul / (hangul + latin)
    if share >= _KOREAN_FROM:
        return KOREAN
    return MIXED if share >= _MIXED_FROM else ENGLISH


def _hangul(text: str) -> int:
    """Count the syllables; one spelt letter by letter (NFD) counts about as much as a whole one."""
    high = text.encode("utf-16-be", "surrogatepass")[::2]
    return _deleted(high, _SYLLABLES) + _deleted(high, _JAMO) // _JAMO_A_SYLLABLE


def _deleted(data: bytes, members: bytes) -> int:
    # Deleting is the one way to count a set of bytes without a loop in Python.
    return len(data) - len(data.translate(None, members))
