"""Latin letters and digits: covid-19, c++, r&d, u.s., 1,234.5, f-35a, asp.net.

A name may be written with a hyphen, a space or neither. It is split where letters meet digits and
at its inner signs, so that all three give the same terms, and is also kept whole. A word that the
normal form has in capitals is a term of its own, in capitals.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import chain

from ..late_pattern import late_pattern
from .english import spelled_stem, stem
from .normalize import NAMES, PART
from .word import Part, Role

_SIGNED = late_pattern(r"(?P<name>.*[A-Za-z0-9])(?P<sign>\+{1,2}|#)")
# At least three alternating runs of letters and digits: h1n1, b2b, product codes.
_MIXED = late_pattern(r"(?:[a-z]+[0-9]+[a-z]|[0-9]+[a-z]+[0-9])[a-z0-9]*")
# Numbers of telephones, which are written without hyphens too.
_PHONE = late_pattern(r"0[0-9]{1,3}-[0-9]{3,4}-[0-9]{4}|1[568][0-9]{2}-[0-9]{4}")
_PART = late_pattern(PART)
_PIECE = late_pattern("[a-zß-ɏ]+|[0-9]+")
_INITIALS = late_pattern(r"[a-z](?:\.[a-z])+")
_TOKEN = late_pattern(
    r"""
      (?P<word> [A-Za-zß-ɏ]+ (?:['&][A-Za-zß-ɏ]+)* )
    | (?P<number>
          (?<![0-9][.,·]) [0-9]{1,3} (?:,[0-9]{3})+ (?:\.[0-9]+)? (?![.,·]?[0-9])
        | (?<![0-9][.,·]) [0-9]+ [.·] [0-9]+ (?![.,·]?[0-9])
        | [0-9]+ (?:'s)?
      )
    """,
    re.VERBOSE,
)


def atom_parts(atom: str) -> tuple[list[Part], int]:
    """Return the parts of an atom and its width in positions; offsets are in its characters."""
    if atom.isascii() and (atom.isalpha() or atom.isdigit()):  # fast path for most atoms
        if atom.isdigit():
            return [Part(atom, Role.PRIMARY, 0, 0, len(atom))], 1
        return _word_parts(atom, 0, 0), 1
    if PART in atom:
        return _camel(atom)
    if signed := _SIGNED().fullmatch(atom):
        return _signed(signed["name"], atom)
    if atom.startswith("."):
        return _dotted(atom)
    if _MIXED().fullmatch(atom) or _INITIALS().fullmatch(atom):
        name = atom.replace(".", "")
        if name in NAMES:  # u.s. is the US in small letters too
            return _in_capitals(name.upper(), 0, 0, len(atom)), 1
        return [Part(name, Role.PRIMARY, 0, 0, len(atom))], 1
    return _name(atom)


def _camel(atom: str) -> tuple[list[Part], int]:
    """Keep getUserName as one name, and make it findable by user name as well."""
    parts, width = atom_parts(atom.replace(PART, ""))
    marks = [match.start() for match in _PART().finditer(atom)]
    ends = [place - number for number, place in enumerate(marks)]
    whole = [
        p._replace(
            start=p.start + bisect_right(ends, p.start), end=p.end + bisect_left(ends, p.end)
        )
        for p in parts
    ]
    pieces = enumerate(_PIECE().finditer(atom))
    extra = [Part(stem(m.group()), Role.EXTRA, n, m.start(), m.end()) for n, m in pieces]
    return [*whole, *extra], width


def _word_parts(word: str, position: int, start: int) -> list[Part]:
    """Return the stem of a word, and for wildcards (harbou*) the one that has its spelling."""
    if word.isupper():
        return _in_capitals(word, position, start, start + len(word))
    term, spelled, end = stem(word), spelled_stem(word), start + len(word)
    parts = [Part(term, Role.PRIMARY, position, start, end)]
    if spelled != term:
        parts.append(Part(spelled, Role.EXTRA, position, start, end))
    return parts


def _in_capitals(name: str, position: int, start: int, end: int) -> list[Part]:
    """Return a name in capitals, and its word in small letters: WE ARE WHO WE ARE has who."""
    small = Part(stem(name.lower()), Role.EXTRA, position, start, end)
    return [Part(name, Role.PRIMARY, position, start, end), small]


def _signed(name: str, atom: str) -> tuple[list[Part], int]:
    """Keep c++ as a name of its own, and make g7+ findable by g7 as well."""
    reading = Part(atom.lower(), Role.PRIMARY, 0, 0, len(atom))
    if len(name) == 1:
        return [reading], 1
    parts, width = atom_parts(name)
    return [reading, *(part._replace(role=Role.EXTRA) for part in parts)], width


def _dotted(atom: str) -> tuple[list[Part], int]:
    """Make .net findable by net as well; a query for .net still needs the dot."""
    parts, width = atom_parts(atom[1:])
    extra = [Part(p.term, Role.EXTRA, p.position, p.start + 1, p.end + 1) for p in parts]
    return [Part(atom.lower(), Role.PRIMARY, 0, 0, len(atom)), *extra], width


def _name(atom: str) -> tuple[list[Part], int]:
    tokens = _tokens(atom)
    parts: list[Part] = []
    for position, (kind, start, end) in enumerate(tokens):
        token = atom[start:end]
        bare = _bare(kind, token)
        if bare.isupper():
            parts += _in_capitals(bare, position, start, end)
        else:
            parts.append(Part(_term(kind, bare), Role.PRIMARY, position, start, end))
        if "·" in token:  # 1·2차 is also 2차
            parts += [Part(half, Role.EXTRA, position, start, end) for half in token.split("·")]
    parts += _beginning(atom, tokens)
    if _PHONE().fullmatch(atom):
        parts.append(Part(atom.replace("-", ""), Role.COMPOUND, 0, 0, len(atom)))
    if len(tokens) > 1 and any(kind != "number" for kind, _, _ in tokens):
        joined = "".join(_bare(kind, atom[start:end]) for kind, start, end in tokens)
        parts.append(Part(stem(joined.lower()), Role.COMPOUND, 0, 0, len(atom)))
    return parts, len(tokens)


def _beginning(atom: str, tokens: list[tuple[str, int, int]]) -> Iterator[Part]:
    """Yield the first two of three or more numbers with dots as one: 3.11.7 is a kind of 3.11."""
    runs = zip(enumerate(tokens), tokens[1:], tokens[2:], strict=False)
    before = ""
    for (position, (kind, start, end)), (other, second, last), (third, next_start, _) in runs:
        dots = atom[end:second], atom[last:next_start]
        if {kind, other, third} == {"number"} and dots == (".", ".") and before != ".":
            yield Part(f"{atom[start:end]}.{atom[second:last]}", Role.EXTRA, position, start, last)
        before = dots[0]


def _tokens(atom: str) -> list[tuple[str, int, int]]:
    """Return (kind, start, end) of each word and number of an atom; h1n1 and b2b stay whole."""
    runs: list[list[tuple[str, int, int]]] = []
    end = -1
    for match in _TOKEN().finditer(atom):
        if match.start() != end:
            runs.append([])
        end = match.end()
        runs[-1].append((match.lastgroup or "", match.start(), end))
    mixed = ([("mixed", run[0][1], run[-1][2])] if len(run) > 2 else run for run in runs)
    return list(chain.from_iterable(mixed))


def _term(kind: str, bare: str) -> str:
    return stem(bare) if kind == "word" and "&" not in bare else bare.lower()


def _bare(kind: str, token: str) -> str:
    """Strip the signs that do not distinguish a token: 1,234 is 1234."""
    if kind == "number":
        return token.removesuffix("'s").replace(",", "").replace("·", ".")
    return token.removesuffix("'s").replace("'", "")
