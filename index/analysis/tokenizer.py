"""Splits normal text into words, and words into pieces of one script.

A word is a run between spaces and punctuation, with the signs that belong to it: `covid-19는`,
`u.s.`, `c++를`, `3·1운동`, `한·미`. It is the unit of the lexicon: each is analyzed once.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import cache

from ..value import NamedTuple

# Longer runs of letters (base64, text without spaces) are split at this length, in characters.
MAX_WORD_LENGTH = 64

_CONNECTED = r"""
      (?:(?<=[A-Za-z])|(?<=[A-Za-z][0-9])) \+{1,2} (?![A-Za-z0-9+])     # c++를, g7+
    | (?<=[A-Za-z]) \# (?![A-Za-z0-9#])                                 # c#은
    | (?<=[0-9]) [.,] (?=[0-9])                                         # 1,234.5
    | (?<=[A-Za-z]) ['.&-] (?=[A-Za-z0-9])                              # u.s, r&d, covid-19
    | (?<=[0-9]) [&-] (?=[A-Za-z])                                      # 4-h
    | (?<=[0-9]) - (?=[0-9])                                            # 2024-11-15, 02-1234-5678
    | (?<=[0-9]) ' (?=s(?![^\W_]))                                      # 80's
    | (?<=[a-z]) \ue000 (?=[a-z])                                       # getUserName
"""
# Pictures that are shown in colour, and flags of two letters: each is a word.
_PICTURE = (
    "[\U0001f1e6-\U0001f1ff]{2}|[\U0001f300-\U0001f3fa\U0001f400-\U0001faff⌚⌛⏩-⏬⏰⏳☔☕♈-♓♿⚓⚡⚽⚾⛄⛅⛎"
    "⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓-❕❗❤➕-➗➰➿⬛⬜⭐⭕]"
)
# Signs that stand for a middle dot between single syllables, the last with a particle or not, and
# before the last name of a longer list. Not behind the label of an item: 가.개요.
_PARTICLE = "(?:[의은는이가을를과와에도간]|에서|으?로)"
_DOTTED = rf"""
    | (?<=[가-힣]) · (?=[가-힣])                             # 한·미
    | (?<![^\W_][가-힣]) (?<=[가-힣]) (?:[/-]|(?<![가나다라마바사아자차카타파하])\.)
      (?=[가-힣] (?:[./-][가-힣] | {_PARTICLE}? (?![가-힣])))  # 한-미, 한/미의, 한.중.일
    | (?<=[./-][가-힣]) [./-] (?=[가-힣])                    # 초/중/고등학교
    | (?<=[0-9]) · (?=[0-9])                                 # 3·1운동
    | (?<=[一-鿿]) · (?=[一-鿿])                             # 韓·美
"""
# A word in Hangul with its Han characters behind it in brackets, or the reverse.
_GLOSSED = r"""
    | (?: (?<=[가-힣]) \( [一-鿿]{1,12} | (?<=[一-鿿]) \( [가-힣]{1,12} )
      (?: \) (?=[가-힣]) | (?=[,)]) )                        # 학술(學術)의, 學術(학술)
"""
_WORD = rf"""(?:[^\W_]|(?<![^\W_])\.[A-Za-z])[^\W_]{{0,{MAX_WORD_LENGTH - 1}}}
    (?:(?=[-+\#.,'&·/(\ue000])(?:%s)[^\W_]{{0,{MAX_WORD_LENGTH}}})*"""
# Of the classes of the characters of a word, as in `_Classes`. A pattern of the characters
# themselves would take three milliseconds to compile.
_PIECE = re.compile(
    r"(?P<hangul>[sj]+(?:[·./-]s+)*)|(?P<atom>\.?a+(?:[-.,'&·\ue000]+a+)*[+#]*)"
    "|ff|p|r+|k+|[cw]+(?:·c+)*"
)


class Script(IntEnum):
    """The script of a piece of a word."""

    HANGUL = 0
    ATOM = 1  # Latin letters and digits, with their inner signs
    OTHER = 2  # Han, kana, Cyrillic and all others
    HAN = 3  # Han characters that are read in Korean
    GLOSS = 4  # the piece before in the other script


# Both begin with a set of characters, which is searched for ten times as fast: signs between
# letters that are not ASCII, and what a picture may begin with.
_DOT = re.compile("[./-](?<=[^\x00-\x7f][./-])(?=[^\x00-\x7f])")
_MAY_BE_PICTURE = re.compile("[\u2300-\u2bff\U0001f1e6-\U0001faff]")
_SCRIPTS = {"hangul": Script.HANGUL, "atom": Script.ATOM}


# The first and the last characters of each class: syllables and letters of Hangul, atoms, hiragana,
# katakana, common Han characters, and the letters of flags.
_RANGES = (
    *(("s", "가", "힣"), ("j", "ㄱ", "ㆎ"), ("a", "A", "Z"), ("a", "a", "z"), ("a", "0", "9")),
    *(("a", "ß", "ɏ"), ("r", "ぁ", "ゖ"), ("k", "ァ", "ヿ"), ("c", "一", "鿿")),
    ("f", "\U0001f1e6", "\U0001f1ff"),
)


class _Classes(dict[str, str]):
    """The class of each character: a letter, p for pictures, w for others of words, or a sign."""

    def __missing__(self, character: str) -> str:
        ranges = (name for name, first, last in _RANGES if first <= character <= last)
        self[character] = found = next(ranges, "") or self._other(character)
        return found

    def _other(self, character: str) -> str:
        if character.isalnum():
            return "w"
        is_picture = character > "⌀" and _picture().fullmatch(character)
        return "p" if is_picture else character


_CLASSES = _Classes()


class Piece(NamedTuple):
    """A run of one script in a word; `start` counts characters from the start of the word."""

    script: Script
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset behind the last character of the piece."""
        return self.start + len(self.text)


def words(text: str) -> list[str]:
    """Return the words of a normal text, in order, without offsets."""
    return _word_in(text).findall(text)


def word_spans(text: str) -> list[tuple[str, int]]:
    """Return each word of a normal text with the offset of its first character, in order."""
    return [(match[0], match.start()) for match in _word_in(text).finditer(text)]


def pieces(word: str) -> list[Piece]:
    """Split a word where its script changes."""
    classes = "".join(map(_CLASSES.__getitem__, word))
    return [
        Piece(
            _SCRIPTS.get(match.lastgroup or "", Script.OTHER),
            word[match.start() : match.end()],
            match.start(),
        )
        for match in _PIECE.finditer(classes)
    ]


def _word_in(text: str) -> re.Pattern[str]:
    """Return a pattern of words with the signs that a text has."""
    if text.isascii():
        return _ascii_word()
    dotted = "·" in text or _DOT.search(text) is not None
    glossed = "(" in text and _gloss().search(text) is not None
    return _word(dotted=dotted, glossed=glossed, pictures=_MAY_BE_PICTURE.search(text) is not None)


# Each range of syllables or Han characters in a pattern takes half a millisecond to compile, so the
# patterns that most texts do not need are compiled on first use.


@cache
def _ascii_word() -> re.Pattern[str]:
    return _word(dotted=False, glossed=False, pictures=False)


@cache
def _word(*, dotted: bool, glossed: bool, pictures: bool) -> re.Pattern[str]:
    word = _WORD % (_CONNECTED + _DOTTED * dotted + _GLOSSED * glossed)
    return re.compile(f"{_PICTURE}|{word}" if pictures else word, re.VERBOSE)


@cache
def _gloss() -> re.Pattern[str]:
    return re.compile(r"\((?:[一-鿿]|(?<=[一-鿿]\()[가-힣])")


@cache
def _picture() -> re.Pattern[str]:
    return re.compile(_PICTURE)
