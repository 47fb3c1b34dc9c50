"""Tells text from what fonts without a right table of characters give; repairs what is certain."""

from __future__ import annotations

import re

# A joined hyphen of PDFium, U+FFFE, is resolved where the whole document is known.
HYPHEN = "\ufffe"
_JUNK = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ue000-\uf539\uf53b-\uf720\uf77f-\uf8ff\ufffd]")
_USUAL = re.compile(
    "[\x21-\x7e\xa0-\u024f\u2010-\u27bf\u3000-\u33ff\u4e00-\u9fff가-힣\uff00-\uffef]"
)
_HANGUL_WORD = re.compile("[가-힣]{2,}")
_BLANKS = re.compile(r"\s+")
_MOST_JUNK = 0.4  # of the characters that are not blank: formulas have many of private use
_LEAST_USUAL = 0.5

# Fonts whose codes are the numbers of glyphs, of which the first is the space of ASCII.
_SHIFT = 29
_SHIFTED = {code - _SHIFT: chr(code) for code in range(32, 127)}
for _blank in (9, 10, 13, 32):  # those of PDFium itself
    _SHIFTED.pop(_blank, None)
_SPACE = chr(32 - _SHIFT)
_COMMON_WORDS = frozenset(
    ("the", "of", "and", "to", "in", "a", "is", "for", "that", "on", "with", "as", "by", "are")
)
_LEAST_COMMON = 0.08  # of the words of a text; half as many are found in none that is not English
_LEAST_WORDS = 8

_REPLACED = {
    # Names of Adobe for small capitals and old figures, and Hanyang's for an older spelling.
    **{0xF700 + code: chr(code) for code in range(0x21, 0x7F)},
    0xF53A: "한",
    0xAD: "-",  # what is drawn is seen
    **dict.fromkeys((*range(9), *range(0x0B, 0x0D), *range(0x0E, 0x20), *range(0x7F, 0xA0))),
}
_OLD_HAN = "ᄒᆞᆫ"


def is_garbled(text: str) -> bool:
    """Return whether most of a text is signs without a meaning."""
    junk = len(_JUNK.findall(text))
    return junk > 0 and junk > _MOST_JUNK * len(_BLANKS.sub("", text))


def readable_part(text: str) -> str:
    """Return the words of a garbled text without the other signs, "" where there are few words."""
    rest = _JUNK.sub("", text)
    words = len(_HANGUL_WORD.findall(rest))
    if words < _LEAST_WORDS and _share_of_common_words(rest) < _LEAST_COMMON:
        return ""
    return "\n".join(line for line in rest.splitlines() if not line.isspace())


def has_unusual_letters(text: str) -> bool:
    """Return whether most letters are of scripts that numbers of glyphs also fall into."""
    if text.isascii():
        return False
    blanks = sum(map(len, _BLANKS.findall(text)))
    return len(_USUAL.findall(text)) < _LEAST_USUAL * (len(text) - blanks)


def shifted_back(text: str) -> str:
    """Return English text whose codes were shifted by a constant as it was, else ""."""
    if _SPACE not in text and text != text.upper():  # small letters become capitals and signs
        return ""
    if _share_of_common_words(text) >= _LEAST_COMMON / 2:
        return ""
    back = text.translate(_SHIFTED)
    return back if _share_of_common_words(back) >= _LEAST_COMMON else ""


def cleaned(text: str) -> str:
    """Return a text without control characters, known signs of private use as letters."""
    if not text.isascii() or _JUNK.search(text) or "\f" in text:
        text = text.translate(_REPLACED).replace(_OLD_HAN, "한")
    return text


def _share_of_common_words(text: str) -> float:
    words = text.lower().split()
    if len(words) < _LEAST_WORDS:
        return 0.0
    return sum(map(_COMMON_WORDS.__contains__, words)) / len(words)
