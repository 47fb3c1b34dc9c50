"""The codecs of the numbers by which Windows programs name an encoding."""

from __future__ import annotations

import codecs
import re

WESTERN, KOREAN = "cp1252", "cp949"
# Programs of Korea state the code page of Western letters for their text, or none.
_PAIRS = re.compile(rb"(?:[\x81-\xfe][A-Za-z\x81-\xfe])+")
_LEAST_USUAL = 0.5  # of the pairs: in "it\x92s" there is one, which is not

# Numbers whose codec has another name than "cp" and the number.
_CODECS = {
    708: "iso8859-6",
    936: "gb18030",
    1200: "utf-16-le",
    1201: "utf-16-be",
    1361: "johab",
    10000: "mac_roman",
    10001: "shift_jis",
    10003: "cp949",
    10006: "mac_greek",
    10007: "mac_cyrillic",
    10029: "mac_latin2",
    10081: "mac_turkish",
    20127: "cp1252",  # ASCII, which says little of the bytes above it
    20866: "koi8-r",
    20932: "euc_jp",
    20936: "gb18030",
    20949: "cp949",
    21866: "koi8-u",
    **{28590 + part: f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 9, 13, 15)},
    28591: "cp1252",
    **dict.fromkeys((50220, 50221, 50222), "iso2022_jp"),
    50225: "iso2022_kr",
    51932: "euc_jp",
    51936: "gb18030",
    51949: "cp949",
    52936: "hz",
    54936: "gb18030",
    65000: "utf-7",
    65001: "utf-8",
}


def codec_of_page(number: int) -> str:
    """Return the codec of a code page, or "" for one that is unknown."""
    codec = _CODECS.get(number, f"cp{number}")
    try:
        codecs.lookup(codec)
    except LookupError:
        return ""
    return codec


def western_or_korean(data: bytes) -> str:
    """Decode bytes in Windows-1252, unless pairs of them are Korean; what is invalid is U+FFFD."""
    pieces: list[str] = []
    at = 0
    for pairs in _PAIRS.finditer(data):
        try:
            korean = pairs[0].decode(KOREAN)
        except UnicodeDecodeError:
            continue
        if _is_usual(pairs[0], korean):
            pieces += (data[at : pairs.start()].decode(WESTERN, "replace"), korean)
            at = pairs.end()
    return "".join((*pieces, data[at:].decode(WESTERN, "replace")))


def _is_usual(pairs: bytes, text: str) -> bool:
    """Return whether most of the pairs are of the older code, which has what Korean texts have."""
    older = sum(min(pair) >= 0xA1 for pair in zip(pairs[::2], pairs[1::2], strict=True))
    is_korean = any("가" <= character <= "힣" for character in text)
    return is_korean and older >= _LEAST_USUAL * len(text)
