"""Replaces the signs that only Hangul's fonts or fonts of symbols have by those of Unicode."""

from __future__ import annotations

import re

BULLET = "•"

# Where a font of symbols has its signs, among characters without a meaning of their own.
_SYMBOLS = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x75: "◆", 0x76: "❖", 0x9E: "·", 0x9F: BULLET,
    0xA0: "▪", 0xA7: "▪", 0xA8: "◻", 0xD8: "➢", 0xE0: "→", 0xE8: "➔", 0xF0: "⇨", 0xF2: "⇩",
    0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_FIRST_SYMBOL = 0xF000
# Hangul's name, in the code for old letters that its older versions have, and in theirs.
_HAN = "\uf53a|ᄒᆞᆫ"
# Numbers in frames: one to nine, and the halves of those from ten on, by the second one.
_FIRST_NUMBER, _FIRST_HALF = 0xF02B1, 0xF02C3
_NUMBER = "[\U000f02b1-\U000f02b9]"
_HALVES = "\U000f02ba[\U000f02c3-\U000f02cc]"
# A letter of old Hangul may have the code of a symbol, but stands by other letters.
_DOTS = "[\uf09e\uf09f]"
_ALONE = r"(?<!\S)[\uf020-\uf0ff\U000f0000-\U000ffffd](?!\S)"
_OTHERS = "[\U000f0000-\U000ffffd]+"
_OWN = re.compile(f"{_HAN}|{_NUMBER}|{_HALVES}|{_DOTS}|{_ALONE}|{_OTHERS}")
_MAY_BE = re.compile("[ᄒ\uf020-\uf53a\U000f0000-\U000ffffd]")  # few texts have any, and it is fast


def replaced(text: str) -> str:
    """Return a text with these signs replaced; what is unknown is a bullet if alone, else a space.

    Numbers in frames are in circles.
    """
    return _OWN.sub(_sign, text) if _MAY_BE.search(text) else text


def _sign(found: re.Match[str]) -> str:
    signs = found[0]
    code = ord(signs[0])
    if code < _FIRST_SYMBOL or code == 0xF53A:
        return "한"
    if code - _FIRST_SYMBOL in _SYMBOLS:
        return _SYMBOLS[code - _FIRST_SYMBOL]
    if _FIRST_NUMBER <= code < _FIRST_NUMBER + 9:
        return chr(ord("①") + code - _FIRST_NUMBER)
    if len(signs) == 2 and ord(signs[1]) in range(_FIRST_HALF, _FIRST_HALF + 10):
        return chr(ord("⑩") + ord(signs[1]) - _FIRST_HALF)
    return BULLET if len(signs) == 1 and _is_alone(found) else " "


def _is_alone(found: re.Match[str]) -> bool:
    text = found.string
    around = text[max(0, found.start() - 1) : found.start()] + text[found.end() : found.end() + 1]
    return not around.strip()
