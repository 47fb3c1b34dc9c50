"""The normal form of a text, and the way back to the characters it was written in.

Two spellings that a reader takes for one must give the same terms: NFD and NFC, full width and
half width, ㈜ and (주), the many hyphens, quotes and middle dots, upper and lower case, é and e.
Highlights need the way back, so a normal form keeps the few places where it differs in length.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cache, lru_cache
from typing import NamedTuple

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u180e\ufe0e\ufe0f"))
_VARIANTS = {
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"), "-"),
    **dict.fromkeys(map(ord, "\u2018\u2019\u201b\u02bc\u00b4\uff07"), "'"),
    **dict.fromkeys(map(ord, "\u3164\uffa0"), " "),  # letters that show as a blank
    **dict.fromkeys(map(ord, "\u318d\u119e\u2027\u30fb\uff65\u2219\u22c5"), "·"),
}
# NFKC takes the letters of ㅋㅋ and 초성 for halves of a syllable and would glue them to others.
_FIRST_JAMO, _LAST_JAMO = "\u3131", "\u318e"
# What needs no thought: ASCII, Hangul syllables, the common Han characters. Everything else, with
# the character before it (an accent belongs to its letter), goes through the slow path. Most texts
# have nothing else, which a single look tells.
_ODD = re.compile("[^\x00-\x7f가-힣一-鿿]")


class Normal(NamedTuple):
    """The normal form of a text: `text`, and where its stretches stood in the original.

    `starts[i]` is the first character in `text` of a stretch that stood at `origins[i]` up to
    `ends[i]` in the original; an odd stretch (`whole[i]`) maps as a whole, the others character by
    character. Empty tuples: the two texts have the same offsets.
    """

    text: str
    starts: tuple[int, ...] = ()
    origins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    whole: tuple[bool, ...] = ()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the characters of the original that `text[start:end]` (not empty) came from."""
        if not self.starts:
            return start, end
        return self._first(start), self._last(end - 1)

    def _first(self, offset: int) -> int:
        piece = bisect_right(self.starts, offset) - 1
        origin = self.origins[piece]
        return origin if self.whole[piece] else origin + offset - self.starts[piece]

    def _last(self, offset: int) -> int:
        piece = bisect_right(self.starts, offset) - 1
        if self.whole[piece]:
            return self.ends[piece]
        return self.origins[piece] + offset - self.starts[piece] + 1


def normalize(text: str) -> Normal:
    """Return the normal form of `text`."""
    if text.isascii() or not _ODD.search(text):
        return Normal(text.lower())
    pieces: list[str] = []
    map_: list[tuple[int, int, int, bool]] = []
    done = length = 0
    moved = False
    for match in _unusual().finditer(text):
        start, end = match.span()
        if _keeps_offsets(match.group()):
            continue
        moved = True
        plain = _lowered(text[done:start])
        map_.append((length, done, start, False))
        length += len(plain)
        for normal, first, last in _clusters(text, start, end):
            map_.append((length, first, last, True))
            plain += normal
            length += len(normal)
        pieces.append(plain)
        done = end
    rest = _lowered(text[done:])
    if not moved:
        return Normal(rest)
    map_.append((length, done, len(text), False))
    pieces.append(rest)
    return Normal("".join(pieces), *zip(*map_, strict=True))


def normal_form(text: str) -> str:
    """Return only the text of the normal form, where nobody asks for the way back."""
    if text.isascii() or not _ODD.search(text):
        return text.lower()
    return _lowered(text)


@cache
def _unusual() -> re.Pattern[str]:
    """Return what finds the stretches that need thought; to compile it takes two milliseconds."""
    return re.compile(f".?{_ODD.pattern}+", re.DOTALL)


def _normal_match(match: re.Match[str]) -> str:
    return _normal_stretch(match.group())


def _lowered(text: str) -> str:
    """Return the normal form of a text whose stretches all keep their length."""
    return _unusual().sub(_normal_match, text).lower()


@lru_cache(maxsize=65536)
def _normal_stretch(stretch: str) -> str:
    """Return the normal form of a few characters; texts repeat the same few."""
    return "".join(normal for normal, _, _ in _clusters(stretch, 0, len(stretch)))


@lru_cache(maxsize=65536)
def _keeps_offsets(stretch: str) -> bool:
    """Tell whether each character of the stretch becomes exactly one."""
    clusters = _clusters(stretch, 0, len(stretch))
    return all(len(normal) == 1 == end - start for normal, start, end in clusters)


def _clusters(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """Cut a stretch into the shortest pieces that normalise alone: (normal form, start, end)."""
    clusters: list[tuple[str, int, int]] = []
    first = start
    for place in range(start + 1, end + 1):
        if place < end and _joins(text[place]):
            continue
        clusters.append((_normal_cluster(text[first:place]), first, place))
        first = place
    return clusters


@lru_cache(maxsize=65536)
def _normal_cluster(cluster: str) -> str:
    """Return the normal form of one character and the marks that belong to it."""
    cluster = cluster.translate(_VARIANTS).translate(_INVISIBLE)
    if not _FIRST_JAMO <= cluster[:1] <= _LAST_JAMO:
        cluster = unicodedata.normalize("NFKC", cluster).translate(_VARIANTS).lower()
    return "".join(map(_plain_letter, cluster))


def _plain_letter(character: str) -> str:
    """Return the ASCII letter under an accent; other scripts keep their marks (й is not и)."""
    if character.isascii():
        return character
    base = unicodedata.normalize("NFD", character)[0]
    if base.isascii() and base.isalpha():
        return base
    return "" if unicodedata.combining(character) else character


def _joins(character: str) -> bool:
    """Tell whether a character may melt into the one before it: a mark, a vowel or a coda."""
    return (
        bool(unicodedata.combining(character))
        or "\u1160" <= character <= "\u11ff"
        or character in "\uff9e\uff9f"  # the voicing marks of half-width katakana
    )
