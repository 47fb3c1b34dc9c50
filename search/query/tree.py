"""A query as a tree of words and conditions, and how it is written in the query language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias, TypeGuard

from index.value import Value

OPERATORS = ("AND", "OR", "NOT")
# What ends a word, within the brackets of a regular expression.
BREAK = r'\s()"“”„'
_DATE = r"\d{4}(?:-(?:0?[1-9]|1[0-2])(?:-(?:0?[1-9]|[12]\d|3[01]))?)?"
# These are compiled when they are first asked for: few queries have a filter.
_DATES = rf"(?P<first>{_DATE})?(?P<range>\.\.)?(?P<last>{_DATE})?"
# A path that a word cannot spell: it is written as a phrase.
_QUOTED = rf"(?s:/.*|.*[{BREAK}].*|{'|'.join(OPERATORS)})"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Term(Value):
    """One or more words, any of which may match; `field` is "" or "title"."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Phrase(Value):
    """Words side by side, at most `slop` others between two of them."""

    text: str
    field: str = ""
    slop: int = 0
    exact: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Pattern(Value):
    """A word with * (any characters) or ? (one character) in it."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Filter(Value):
    """A condition on the document: `field` is lang, path or date."""

    field: str
    value: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Group(Value):
    """All of `must`, none of `never`; any of `may`, which is asked for where `must` is empty."""

    must: tuple[Node, ...] = ()
    may: tuple[Node, ...] = ()
    never: tuple[Node, ...] = ()


Leaf: TypeAlias = Term | Phrase | Pattern
Node: TypeAlias = Leaf | Filter | Group


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Query(Value):
    """A query as it was read, and what the reader should be told of that."""

    root: Group
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return written(self.root)


def is_condition(node: Node) -> bool:
    """Tell a node that only lets through, and gives no score: filters and groups of them."""
    if isinstance(node, Group):
        parts = (*node.must, *node.may, *node.never)
        return bool(parts) and all(map(is_condition, parts))
    return isinstance(node, Filter)


def is_plain(node: Node) -> TypeGuard[Term]:
    """Tell a word that may stand anywhere, text or title."""
    return isinstance(node, Term) and not node.field


def dates_of(value: str) -> tuple[str, str] | None:
    """Return the first and last date of a date filter ("" where it is open), or None."""
    match = re.fullmatch(_DATES, value)
    if match is None or not (match["first"] or match["last"]):
        return None
    first, last = match["first"] or "", match["last"] or ""
    if not all(map(_is_in_calendar, filter(None, (first, last)))):
        return None
    if match["range"] is None:
        return None if first and last else (first, first)
    return first, last


def _is_in_calendar(value: str) -> bool:
    """Tell whether there is such a day, month or year: 2023-02-29 and the year 0 are none."""
    from datetime import date  # few queries have a filter

    year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def written(node: Node) -> str:
    """Write a node in the query language, so that reading it again gives the same."""
    match node:
        case Phrase(text, field, slop):
            return (f"{field}:" if field else "") + f'"{text}"' + (f"~{slop}" if slop else "")
        case Filter(field, value):
            return f'{field}:"{value}"' if re.fullmatch(_QUOTED, value) else f"{field}:{value}"
        case Group(must, may, never):
            if any(map(is_condition, may)):
                return " OR ".join(_signed("", part) for part in may)
            signed = [_signed("+", part) for part in must]
            signed += [_signed("", part) for part in may]
            return " ".join([*signed, *(_signed("-", part) for part in never)])
        case Term(text, field) | Pattern(text, field):
            # A slash behind a colon would make an address of the two.
            value = f"({text})" if field and text.startswith("/") else text
            return f"{field}:{value}" if field else text


def _signed(sign: str, node: Node) -> str:
    text = written(node)
    in_brackets = isinstance(node, Group) or (sign and text[0] in "+-")
    return f"{sign}({text})" if in_brackets else sign + text
