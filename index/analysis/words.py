"""Normal text becomes words, and a word the pieces of one script it is written in.

A word is what stands between spaces and marks, with the signs that belong to it: `covid-19는`,
`u.s.`, `c++를`, `3·1운동`, `한·미`. It is the unit the lexicon remembers, so that whatever is
costly is done once for each distinct word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

# A longer run of letters is no word (base64, a text without spaces): it is cut at this length.
LONGEST = 64

_CONNECTED = r"""
      (?:(?<=[a-z])|(?<=[a-z][0-9])) \+{1,2} (?![a-z0-9+])   # c++를, g7+
    | (?<=[a-z]) \# (?![a-z0-9#])                            # c#은
    | (?<=[0-9]) [.,] (?=[0-9])                              # 1,234.5
    | (?<=[a-z]) ['.&-] (?=[a-z0-9])                         # u.s, r&d, covid-19
    | (?<=[0-9]) [&-] (?=[a-z])                              # 4-h
    | (?<=[0-9]) ' (?=s(?![^\W_]))                           # 80's
    | (?<=[가-힣]) · (?=[가-힣])                             # 한·미
    | (?<=[0-9]) · (?=[0-9])                                 # 3·1운동
    | (?<=[一-鿿]) · (?=[一-鿿])                             # 韓·美
"""
_WORD = re.compile(
    rf"""(?:[^\W_]|(?<![^\W_])\.[a-z])[^\W_]{{0,{LONGEST - 1}}}
    (?:(?=[-+\#.,'&·])(?:{_CONNECTED})[^\W_]{{0,{LONGEST}}})*""",
    re.VERBOSE,
)
_PIECE = re.compile(
    r"""
      (?P<hangul> [가-힣ㄱ-ㆎ]+ (?:·[가-힣]+)* )
    | (?P<atom> [.]? [a-z0-9ß-ɏ]+ (?:[-.,'&·]+[a-z0-9ß-ɏ]+)* [+\#]* )
    | (?P<hiragana> [ぁ-ゖ]+ )
    | (?P<katakana> [ァ-ヿ]+ )
    | (?P<other> (?:(?![가-힣ㄱ-ㆎa-z0-9ß-ɏぁ-ゖァ-ヿ]) [^\W_])+ (?:·[一-鿿]+)* )
    """,
    re.VERBOSE,
)


class Script(IntEnum):
    """What a piece of a word is written in."""

    HANGUL = 0
    ATOM = 1  # Latin letters and digits, with the signs among them
    OTHER = 2  # Han, kana, Cyrillic and all else


_SCRIPTS = {"hangul": Script.HANGUL, "atom": Script.ATOM}


class Piece(NamedTuple):
    """A stretch of a word in one script; `start` counts characters from the start of the word."""

    script: Script
    text: str
    start: int

    @property
    def end(self) -> int:
        """The character of the word behind the piece."""
        return self.start + len(self.text)


def words(text: str) -> list[str]:
    """Return the words of a normal text, in order; without offsets, which only a hit needs."""
    return _WORD.findall(text)


def word_spans(text: str) -> Iterator[tuple[str, int]]:
    """Yield each word of a normal text with the offset of its first character."""
    for match in _WORD.finditer(text):
        yield match.group(), match.start()


def pieces(word: str) -> list[Piece]:
    """Cut a word where its script changes."""
    return [
        Piece(_SCRIPTS.get(match.lastgroup or "", Script.OTHER), match.group(), match.start())
        for match in _PIECE.finditer(word)
    ]
