"""Writes the script of an equation on one line, as far as it can be: x ^{2} TIMES 3 is x2 × 3."""

from __future__ import annotations

import re

_TOKEN = re.compile(r'"([^"]*)"|([A-Za-z]+)|(<=|>=|!=|\+-|-\+|->|\s*[_^]\s*|[{}~`#&\\])')
_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho . "
    "sigma tau upsilon phi chi psi omega"
)
_GREEKS = {name: chr(ord("α") + at) for at, name in enumerate(_GREEK.split()) if name != "."}
# By their names in small letters; Hangul has most of them in capitals as well.
_SIGNS = {
    "times": "×", "div": "÷", "cdot": "·", "bullet": "∙", "circ": "∘", "ast": "∗", "star": "⋆",
    "sum": "∑", "prod": "∏", "int": "∫", "oint": "∮", "dint": "∬", "tint": "∭", "inf": "∞",
    "infinity": "∞", "infty": "∞", "partial": "∂", "nabla": "∇", "sqrt": "√", "root": "√",
    "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠", "approx": "≈", "sim": "∼",
    "equiv": "≡", "propto": "∝", "plusminus": "±", "pm": "±", "minusplus": "∓", "mp": "∓",
    "in": "∈", "notin": "∉", "subset": "⊂", "supset": "⊃", "subseteq": "⊆", "supseteq": "⊇",
    "cup": "∪", "smallunion": "∪", "union": "∪", "cap": "∩", "smallinter": "∩", "inter": "∩",
    "emptyset": "∅", "forall": "∀", "exist": "∃", "therefore": "∴", "because": "∵", "angle": "∠",
    "triangle": "△", "bot": "⊥", "rarrow": "→", "larrow": "←", "lrarrow": "↔", "cdots": "⋯",
    "ldots": "…", "vdots": "⋮", "prime": "′", "deg": "°", "over": "/", "atop": "/",
    "<=": "≤", ">=": "≥", "!=": "≠", "+-": "±", "-+": "∓", "->": "→",
    "~": " ", "`": " ", "#": " ", "&": " ",
}  # fmt: skip
# How the parts are set, which no line of text can show.
_SET = (
    "left right from to sup sub rm it bold under size color cases matrix pmatrix bmatrix dmatrix "
    "pile lpile cpile rpile eqalign hat bar vec dot ddot tilde acute grave check underline "
    "overline box phantom { } _ ^ \\"
)
_SETTING = frozenset(_SET.split())


def written(script: str) -> str:
    """Return the signs and letters of an equation in their order; a fraction has a slash."""
    return " ".join(_TOKEN.sub(_token, script).split())


def _token(found: re.Match[str]) -> str:
    quoted, word, sign = found.groups()
    if quoted is not None:
        return quoted
    name = (word or sign).strip()
    folded = name.lower()
    if folded in _SETTING:
        return ""
    if folded in _GREEKS:
        letter = _GREEKS[folded]
        return letter if word.islower() else letter.upper()
    return _SIGNS.get(folded, name)
