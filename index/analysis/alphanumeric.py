"""Latin letters and digits: covid-19, c++, r&d, u.s., 1,234.5, f-35a, asp.net.

The same name is written with a hyphen, a space or nothing at all. It is cut where letters meet
digits and at its inner signs, so that the three agree term by term, and kept whole beside that.
"""

from __future__ import annotations

import re

from .english import stem
from .word import Part, Role

_SIGNED = re.compile(r"(?P<name>.*[a-z0-9])(?P<sign>\+{1,2}|#)")
# Letters and digits by turns, three times at least: h1n1, b2b, the code of a product.
_MIXED = re.compile(r"(?:[a-z]+[0-9]+[a-z]|[0-9]+[a-z]+[0-9])[a-z0-9]*")
_INITIALS = re.compile(r"[a-z](?:\.[a-z])+")
_TOKEN = re.compile(
    r"""
      (?P<word> [a-zß-ɏ]+ (?:['&][a-zß-ɏ]+)* )
    | (?P<number>
          (?<![0-9][.,·]) [0-9]{1,3} (?:,[0-9]{3})+ (?:\.[0-9]+)? (?![.,·]?[0-9])
        | (?<![0-9][.,·]) [0-9]+ [.·] [0-9]+ (?![.,·]?[0-9])
        | [0-9]+ (?:'s)?
      )
    """,
    re.VERBOSE,
)


def atom_parts(atom: str) -> tuple[list[Part], int]:
    """Return the parts of an atom, counted from 0, and how many positions it takes."""
    if atom.isascii() and (atom.isalpha() or atom.isdigit()):  # most are: what follows costs more
        term = stem(atom) if atom.isalpha() else atom
        return [Part(term, Role.PRIMARY, 0, 0, len(atom))], 1
    if _MIXED.fullmatch(atom):
        return [Part(atom, Role.PRIMARY, 0, 0, len(atom))], 1
    signed = _SIGNED.fullmatch(atom)
    if signed:
        return _signed(signed["name"], atom)
    if atom.startswith("."):
        return _dotted(atom)
    if _INITIALS.fullmatch(atom):
        return [Part(atom.replace(".", ""), Role.PRIMARY, 0, 0, len(atom))], 1
    return _named(atom)


def _signed(name: str, atom: str) -> tuple[list[Part], int]:
    """c++ is a name of its own; g7+ is also found by g7."""
    reading = Part(atom, Role.PRIMARY, 0, 0, len(atom))
    if len(name) == 1:
        return [reading], 1
    parts, width = atom_parts(name)
    return [reading, *(part._replace(role=Role.EXTRA) for part in parts)], width


def _dotted(atom: str) -> tuple[list[Part], int]:
    """.net is found by net as well, but its dot counts when it is asked for."""
    parts, width = atom_parts(atom[1:])
    moved = [Part(p.term, Role.EXTRA, p.position, p.start + 1, p.end + 1) for p in parts]
    return [Part(atom, Role.PRIMARY, 0, 0, len(atom)), *moved], width


def _named(atom: str) -> tuple[list[Part], int]:
    tokens = _tokens(atom)
    parts: list[Part] = []
    for position, (kind, start, end) in enumerate(tokens):
        term = _term(kind, atom[start:end])
        parts.append(Part(term, Role.PRIMARY, position, start, end))
        if "·" in atom[start:end]:  # 1·2차 is also 2차
            parts += [
                Part(half, Role.EXTRA, position, start, end) for half in atom[start:end].split("·")
            ]
    if len(tokens) > 1 and any(kind != "number" for kind, _, _ in tokens):
        joined = "".join(_bare(kind, atom[start:end]) for kind, start, end in tokens)
        parts.append(Part(stem(joined), Role.COMPOUND, 0, 0, len(atom)))
    return parts, len(tokens)


def _tokens(atom: str) -> list[tuple[str, int, int]]:
    """Return kind, start and end of the words and numbers of an atom; h1n1 and b2b stay one."""
    runs: list[list[tuple[str, int, int]]] = []
    for match in _TOKEN.finditer(atom):
        token = (match.lastgroup or "", match.start(), match.end())
        if runs and runs[-1][-1][2] == match.start():
            runs[-1].append(token)
        else:
            runs.append([token])
    tokens: list[tuple[str, int, int]] = []
    for run in runs:
        tokens += run if len(run) < 3 else [("mixed", run[0][1], run[-1][2])]
    return tokens


def _term(kind: str, token: str) -> str:
    bare = _bare(kind, token)
    return stem(bare) if kind == "word" and "&" not in bare else bare


def _bare(kind: str, token: str) -> str:
    """Return a token without the signs that do not make it another: 1,234 is 1234."""
    if kind == "number":
        return token.removesuffix("'s").replace(",", "").replace("·", ".")
    return token.removesuffix("'s").replace("'", "")
