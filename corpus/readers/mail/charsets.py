"""Text of mails as characters: their many charsets, and the words of headers that are encoded."""

from __future__ import annotations

import binascii
import re
from contextlib import suppress
from email.errors import HeaderParseError
from email.header import decode_header

from ...encoding import Decoded, compose_syllables, decode
from ...errors import CorpusError
from ...names import is_utf_8
from ...text_file import replace_surrogates

# Declared charsets that are taken at their word, besides those of pages; Python has others that
# take quadratic time. The first are in ASCII, so that nothing but the declaration tells them.
_SEVEN_BIT = re.compile(r"iso-2022-(?:kr|cn|jp(?:-[123]|-2004|-ext)?)|utf-7|hz(?:-gb-2312)?")
_EIGHT_BIT = re.compile(
    r"iso-8859-(?:[2-9]|1\d)|(?:windows-|cp)125\d|koi8-[ru]|utf-16(?:[bl]e)?|johab"
)

_LONGEST_HEADER = 4_000  # characters


def decoded(data: bytes, charset: str) -> Decoded:
    """Decode a text of a mail by the charset that it declares, or else by its bytes.

    Raises CorpusError if it is no text.
    """
    charset = charset.strip().lower()
    with suppress(UnicodeError, LookupError):
        if _SEVEN_BIT.fullmatch(charset) and data.isascii():
            return decode(data.decode(charset).encode())
        if _EIGHT_BIT.fullmatch(charset) and not is_utf_8(data):
            return decode(data.decode(charset).encode())
    return decode(data, declared=charset)


def header_text(value: str) -> str:
    """Return the value of a header on one line, with its encoded words decoded."""
    value = value[:_LONGEST_HEADER]
    try:
        pieces = decode_header(value)
    except (HeaderParseError, binascii.Error, ValueError):
        pieces = [(value, None)]
    text = "".join(_word(word, charset) for word, charset in pieces)
    text = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(compose_syllables(replace_surrogates(text)).split())


def _word(word: str | bytes, charset: str | None) -> str:
    if isinstance(word, str):
        return word
    if charset is None:
        return word.decode("raw-unicode-escape", "replace")  # as the library encoded it
    return bytes_text(word, charset)


def bytes_text(data: bytes, charset: str) -> str:
    """Return a short text of a header, which may be in no known charset."""
    try:
        return decoded(data, charset).text
    except CorpusError:
        return data.decode("latin-1")
