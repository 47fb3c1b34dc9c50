"""A word typed while the keyboard was set to the other alphabet."""

from __future__ import annotations

from unicodedata import normalize

from .jamo import from_keys, is_hangul, is_syllable, keys_of


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
