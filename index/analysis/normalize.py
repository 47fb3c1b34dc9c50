"""The normal form of a text, with a map back to offsets in the original.

Spellings that readers consider the same must give the same terms: NFD and NFC, full width and half
width, ㈜ and (주), the many hyphens, quotes and middle dots, upper and lower case, é and e.
Highlighting needs the offsets, so a normal form records where it differs in length.

Capitals are kept where they make another word of one: US and WHO are not us and who.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, chain, pairwise

from ..late_pattern import late_pattern
from ..value import NamedTuple

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u180e\ufe0e\ufe0f"))
_INVISIBLE |= dict.fromkeys(range(0x1F3FB, 0x1F400))  # tones of skin
_VARIANTS = {
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"), "-"),
    **dict.fromkeys(map(ord, "\u2018\u2019\u201b\u02bc\u00b4\uff07"), "'"),
    **dict.fromkeys(map(ord, "\u3164\uffa0"), " "),  # letters displayed as a blank
    **dict.fromkeys(map(ord, "\u318d\u119e\u2022\u2024\u2027\u30fb\uff65\u2219\u22c5\u2e31"), "·"),
}
# Latin letters that Unicode does not decompose, and how they are written without them.
_LETTERS = {
    **dict(zip("łøđðħıŧŋĸſ", ("l", "o", "d", "d", "h", "i", "t", "n", "k", "s"), strict=True)),
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
}
# A letter of private use, between the parts of a name in camelCase: getUserName, XMLHttpRequest.
PART = "\ue000"
# Not at a letter with a mark behind it: it is another letter in NFC.
_MARK = "(?![\u0300-\u036f])"
_PARTS = late_pattern(
    f"(?<=[a-zａ-ｚ])(?=[A-ZＡ-Ｚ]{_MARK})|(?<=[A-ZＡ-Ｚ])(?=[A-ZＡ-Ｚ][a-zａ-ｚ]{_MARK})"
)
_CAMEL = late_pattern(f"[A-Za-zＡ-Ｚａ-ｚ]+{_MARK}")
# Words that are names in capitals, and so common without them that the names would be lost among
# them. Not those that capitals mostly stress (AND, NOT), and not pm, which is PM.
NAMES = frozenset({"aids", "as", "can", "it", "may", "us", "was", "who"})
_LETTER = f"[a-z0-9ß-ɏ{PART}]"
_NAME = late_pattern(f"(?<!{_LETTER})(?:{'|'.join(sorted(NAMES))})(?!{_LETTER})")
# What a text has that has a name, or a part of a name, in capitals, or the mark of a footnote:
# AA, aA, May or [^. It begins with a set of characters, which is searched for ten times as fast.
_CASED = re.compile(
    r"[A-ZＡ-Ｚ\[](?:(?<!\[)(?=[A-ZＡ-Ｚ])|(?<=[a-zａ-ｚ][A-ZＡ-Ｚ])|(?<=[MＭ])(?=[aａ][yｙ])|(?<=\[)\^)"
)
# The same for the parts of a name: aA or AAa.
_MAY_HAVE_PARTS = re.compile(
    "[A-ZＡ-Ｚ](?:(?<=[a-zａ-ｚ][A-ZＡ-Ｚ])|(?<=[A-ZＡ-Ｚ]{2})(?=[a-zａ-ｚ]))"
)
# How a name is written, the month with one capital: but IT'S is it's.
_CAPITALS = late_pattern(
    f"[A-ZＡ-Ｚ](?:[A-ZＡ-Ｚ]{{1,3}}|(?<=[MＭ])[aａ][yｙ])(?!['’＇][A-ZＡ-Ｚ]{_MARK})"
)
# The mark of a footnote in Markdown.
_NOTE = late_pattern(r"\[\^[0-9]+\]")
_SMALL = ("<fraction>", "<super>", "<sub>", "<circle>")
# NFKC reads compatibility jamo (ㅋㅋ, ㅊㅅ) as halves of a syllable and would join them to others.
_FIRST_JAMO, _LAST_JAMO = "\u3131", "\u318e"
# Marks are sorted in quadratic time; no letter has as many.
_LONGEST_CLUSTER = 1000  # characters
# All but ASCII, Hangul syllables and the common Han characters takes the slow path, with the
# character before it (an accent belongs to its letter). Most texts need only the first search: the
# Han characters take a millisecond to compile.
_USUAL = re.compile("[\x00-\x7f가-힣]*")
_PLAIN = late_pattern("[\x00-\x7f가-힣一-鿿]*")
_SPECIAL = late_pattern(".?[^\x00-\x7f가-힣一-鿿]+", re.DOTALL)


class Normal(NamedTuple):
    """The normal form of a text, as chunks that map to the original.

    Chunk i starts at `starts[i]` in `text` and came from `origins[i]:ends[i]` of the original, as a
    whole if `whole[i]`, else character by character. Empty tuples mean equal offsets.
    """

    text: str
    starts: tuple[int, ...] = ()
    origins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    whole: tuple[bool, ...] = ()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return start and end in the original of `text[start:end]`, which is not empty."""
        if not self.starts:
            return start, end
        return self._span(start)[0], self._span(end - 1)[1]

    def place(self, origin: int) -> int:
        """Return the offset of what came from the character of the original at `origin`."""
        if not self.starts:
            return origin
        chunk = bisect_right(self.origins, origin) - 1
        start = self.starts[chunk]
        return start if self.whole[chunk] else start + origin - self.origins[chunk]

    def _span(self, offset: int) -> tuple[int, int]:
        """Return start and end in the original of the character at `offset`."""
        chunk = bisect_right(self.starts, offset) - 1
        origin = self.origins[chunk]
        if self.whole[chunk]:
            return origin, self.ends[chunk]
        first = origin + offset - self.starts[chunk]
        return first, first + 1


def normalize(text: str) -> Normal:
    """Return the normal form of `text`, with its NAMES in capitals: the US, who, the WHO.

    PART stands where capitals begin a part: get|User|Name.
    """
    if not _CASED.search(text):  # as most are
        return _normal(text)
    return _with_names(_marked(_without_notes(text)), text)


def marked_form(text: str) -> str:
    """Return the text of `normalize(text)`."""
    if not _CASED.search(text):  # as most are
        return normal_form(text)
    if may_have_names(text):
        return normalize(text).text
    return PART.join(map(normal_form, _parts(_without_notes(text))))


def may_have_names(text: str) -> bool:
    """Return whether a text may have one of the NAMES in capitals."""
    return any(_written_names(text))


def named_form(text: str) -> str:
    """Return the normal form of `text` with its NAMES in capitals, and no marks of parts."""
    return marked_form(text).replace(PART, "")


def _with_names(normal: Normal, text: str) -> Normal:
    """Return the normal form of a text with those of the NAMES in capitals that it writes so."""
    parts: list[str] = []
    done = 0
    for written in _written_names(text):
        name = _NAME().match(normal.text, normal.place(written.start()))
        if name and normal.original(*name.span()) == written.span():
            parts += (normal.text[done : name.start()], name[0].upper())
            done = name.end()
    return normal._replace(text="".join([*parts, normal.text[done:]])) if parts else normal


def _written_names(text: str) -> Iterator[re.Match[str]]:
    """Yield the NAMES in capitals; parts of longer words may be among them."""
    return (found for found in _CAPITALS().finditer(text) if normal_form(found[0]) in NAMES)


def _marked(text: str) -> Normal:
    parts = _parts(text)
    if len(parts) == 1:
        return _normal(text)
    normals: list[str] = []
    chunks: list[tuple[int, int, int, bool]] = []
    length = done = 0
    for part in parts:
        if done:
            normals.append(PART)
            chunks.append((length, done, done, True))
            length += 1
        own = _normal(part)
        found = zip(*own[1:], strict=True) if own.starts else [(0, 0, len(part), False)]
        chunks += [(start + length, a + done, b + done, whole) for start, a, b, whole in found]
        normals.append(own.text)
        length += len(own.text)
        done += len(part)
    return Normal("".join(normals), *zip(*chunks, strict=True))


def _parts(text: str) -> list[str]:
    """Split a text at the parts of names in camelCase: of getUser and of all that have three."""
    if not _MAY_HAVE_PARTS.search(text):
        return [text]
    cuts = [
        match.start() + end
        for match in _CAMEL().finditer(text)
        for end in accumulate(map(len, _parts_of(match[0])))
    ]
    return [text[start:end] for start, end in pairwise([0, *cuts, len(text)])]


@lru_cache(maxsize=4096)
def _parts_of(name: str) -> tuple[str, ...]:
    """Return the parts of a name but the last, none for JavaScript and iPhone, which are words."""
    *parts, _ = _PARTS().split(name)
    is_word = len(parts) == 1 and (parts[0][0].isupper() or len(parts[0]) == 1)
    return () if is_word else tuple(parts)


def _without_notes(text: str) -> str:
    """Return a text with blanks for the marks of footnotes."""
    return _NOTE().sub(lambda mark: " " * len(mark[0]), text) if "[^" in text else text


def _normal(text: str) -> Normal:
    if _is_plain(text):
        return Normal(text.lower())
    normals: list[str] = []
    chunks: list[tuple[int, int, int, bool]] = []
    done = length = 0
    for match in _SPECIAL().finditer(text):
        if _keeps_offsets(match.group()):
            continue
        start, end = match.span()
        normals.append(_lowered(text[done:start]))
        chunks.append((length, done, start, False))
        length += len(normals[-1])
        for normal, first, last in _clusters(text[start:end]):
            normals.append(normal)
            chunks.append((length, start + first, start + last, True))
            length += len(normal)
        done = end
    normals.append(_lowered(text[done:]))
    if not chunks:
        return Normal(normals[0])
    chunks.append((length, done, len(text), False))
    return Normal("".join(normals), *zip(*chunks, strict=True))


def normal_form(text: str) -> str:
    """Return the normal form of `text` in small letters, without offsets and marks of parts."""
    if _is_plain(text):
        return text.lower()
    return _lowered(text)


def _is_plain(text: str) -> bool:
    """Return whether a text has no special character."""
    return bool(text.isascii() or _USUAL.fullmatch(text) or _PLAIN().fullmatch(text))


def _lowered(text: str) -> str:
    return _SPECIAL().sub(lambda match: _normal_run(match.group()), text).lower()


@lru_cache(maxsize=65536)
def _normal_run(run: str) -> str:
    return "".join(normal for normal, _, _ in _clusters(run))


@lru_cache(maxsize=65536)
def _keeps_offsets(run: str) -> bool:
    return all(len(normal) == 1 == end - start for normal, start, end in _clusters(run))


def _clusters(run: str) -> list[tuple[str, int, int]]:
    """Split a run into the shortest parts that normalize alone: (normal form, start, end)."""
    bounds = [0, *(i for i in range(1, len(run)) if not _joins(run[i])), len(run)]
    if len(run) > _LONGEST_CLUSTER:
        parts = (range(start, end, _LONGEST_CLUSTER) for start, end in pairwise(bounds))
        bounds = [*chain.from_iterable(parts), len(run)]
    return [
        (_apart(run, start) + _normal_cluster(run[start:end]), start, end)
        for start, end in pairwise(bounds)
    ]


def _apart(run: str, start: int) -> str:
    """Return the blank between a digit and a small or framed one: 3½ is not 31, nor 10² 102."""
    if not start or not run[start - 1].isdigit():
        return ""
    return " " if unicodedata.decomposition(run[start]).startswith(_SMALL) else ""


@lru_cache(maxsize=65536)
def _normal_cluster(cluster: str) -> str:
    """Return the normal form of one character with its marks."""
    cluster = cluster.translate(_VARIANTS).translate(_INVISIBLE)
    if not _FIRST_JAMO <= cluster[:1] <= _LAST_JAMO:
        cluster = unicodedata.normalize("NFKC", cluster).translate(_VARIANTS).lower()
    return "".join(map(_plain_letter, cluster))


def _plain_letter(character: str) -> str:
    """Return the ASCII letters of a Latin one; other scripts keep their marks (й is not и)."""
    if character.isascii():
        return character
    base = unicodedata.normalize("NFD", character)[0]
    base = _LETTERS.get(base, base)
    if base.isascii() and base.isalpha():
        return base
    return "" if unicodedata.combining(character) else character


def _joins(character: str) -> bool:
    """Return whether a character may combine with the one before: a mark, a vowel, a coda."""
    return (
        bool(unicodedata.combining(character))
        or "\u1160" <= character <= "\u11ff"
        or character in "\uff9e\uff9f"  # the voicing marks of half-width katakana
    )
