"""Query tree of words and filters, and its formatting in the query language."""

from __future__ import annotations

import re
from typing import TypeAlias, TypeGuard

from index.schema import span_of
from index.value import value

from .dates import iso_date

_FAR_FUTURE = 99_999_999
OPERATORS = ("AND", "OR", "NOT")
# The fields of filters on files, which are arguments of a search and not in the query language: no
# field of a document has such a name.
FILE_TYPE, FILE_MODIFIED = "file.type", "file.modified"
# Characters that end a word, for a regex character class.
BREAK = r'\s()"“”„'
_DATE = r"\d{4}(?:-(?:0?[1-9]|1[0-2])(?:-(?:0?[1-9]|[12]\d|3[01]))?)?"
# Filter values that must be quoted.
_QUOTED = rf"(?s:[/:].*|.*[{BREAK}].*|{'|'.join(OPERATORS)})"


@value
class Term:
    """One or more words, any of which may match; `field` is "" (text and title) or "title"."""

    text: str
    field: str = ""


@value
class Phrase:
    """Words in sequence, with at most `slop` other terms between two of them."""

    text: str
    field: str = ""
    slop: int = 0
    exact: bool = False


@value
class Pattern:
    """A word with the wildcards * (any characters) or ? (one character)."""

    text: str
    field: str = ""


@value
class Filter:
    """A filter on documents, which does not score.

    `field` is lang, path, date, FILE_TYPE, FILE_MODIFIED or the name of a field.
    """

    field: str
    value: str


@value
class Group:
    """A Boolean query: all of `must`, none of `never`, any of `may` if `must` has only filters."""

    must: tuple[Node, ...] = ()
    may: tuple[Node, ...] = ()
    never: tuple[Node, ...] = ()


Leaf: TypeAlias = Term | Phrase | Pattern
Node: TypeAlias = Leaf | Filter | Group


@value
class Query:
    """A parsed query, and notes for the user on how it was read."""

    root: Group
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return format_node(self.root)


def is_condition(node: Node) -> bool:
    """Return whether a node never scores: a filter or a group of filters."""
    if isinstance(node, Group):
        parts = (*node.must, *node.may, *node.never)
        return bool(parts) and all(map(is_condition, parts))
    return isinstance(node, Filter)


def is_plain(node: Node) -> TypeGuard[Term]:
    """Return whether a node is a word to be found in text or title."""
    return isinstance(node, Term) and not node.field


def date_range(value: str) -> tuple[str, str] | None:
    """Return the first and last date of a date filter ("" if open), or None if invalid.

    A range that ends before it begins is invalid.
    """
    first, dots, last = value.partition("..")
    first, last = _iso(first), _iso(last)
    if not (first or last) or not all(map(_is_date, filter(None, (first, last)))):
        return None
    if first and last and span_of(first)[0] > span_of(last)[1]:
        return None
    return (first, last) if dots else (first, first)


def days_of(value: str) -> tuple[int, int]:
    """Return the first and last day of a date filter as yyyymmdd, open ends as far as days go."""
    first, last = date_range(value) or ("", "")
    return span_of(first)[0] if first else 1, span_of(last)[1] if last else _FAR_FUTURE


def _iso(value: str) -> str:
    return value if re.fullmatch(_DATE, value) else iso_date(value) or value


def _is_date(value: str) -> bool:
    return re.fullmatch(_DATE, value) is not None and _is_in_calendar(value)


def _is_in_calendar(value: str) -> bool:
    """Return whether a day, month or year exists: 2023-02-29 and the year 0 do not."""
    from datetime import date  # imported late: few queries have a date filter

    year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def format_node(node: Node) -> str:
    """Return a node in the query language; parsing it gives an equal node."""
    match node:
        case Phrase(text, field, slop):
            return (f"{field}:" if field else "") + f'"{text}"' + (f"~{slop}" if slop else "")
        case Filter(field, value):
            return f'{field}:"{value}"' if re.fullmatch(_QUOTED, value) else f"{field}:{value}"
        case Group(must, may, never):
            if any(map(is_condition, may)):
                return " OR ".join(_signed("", part) for part in may)
            signs = (("+", must), ("", may), ("-", never))
            return " ".join(_signed(sign, part) for sign, parts in signs for part in parts)
        case Term(text, field) | Pattern(text, field):
            # field:/text would be read as a URL.
            value = f"({text})" if field and text.startswith("/") else text
            return f"{field}:{value}" if field else text


def _signed(sign: str, node: Node) -> str:
    text = format_node(node)
    in_brackets = isinstance(node, Group) or (sign and text[0] in "+-")
    return f"{sign}({text})" if in_brackets else sign + text
