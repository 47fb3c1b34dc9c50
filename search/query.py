"""The user's string as a query. Every string is one: what cannot be read otherwise is words.

    query   = or
    or      = and { "OR" and }
    and     = clauses { "AND" clauses }
    clauses = clause { clause }                     words side by side: any of them, ranked
    clause  = [ "+" | "-" | "NOT" ] [ field ":" ] ( word | "phrase"[~slop] | "(" query ")" )

Fields are title, lang, path and date. A word may end in * or hold * and ? anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from corpus import LANGUAGES

# Far above what anybody types; a pasted page is cut here.
MOST_WORDS = 512
_DEEPEST = 40

_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<and>AND(?=[\s(]|$)) | (?P<or>OR(?=[\s(]|$)) | (?P<not>NOT(?=[\s(]|$))
    | (?P<sign>(?<![^\s(])[+\-](?=[^\s+\-]))
    | (?P<field>(?<![^\s(+\-])(?P<name>[A-Za-z]+):(?=[^\s/]))
    | (?P<phrase>["“”„](?P<quoted>[^"“”„]*)["“”„](?:~(?P<slop>\d{1,4}))?)
    | (?P<open>\() | (?P<close>\))
    | (?P<word>(?:[^\s()"“”„])+)
    | (?P<odd>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_DATE = r"\d{4}(?:-(?:0?[1-9]|1[0-2])(?:-(?:0?[1-9]|[12]\d|3[01]))?)?"
_DATES = re.compile(rf"(?P<first>{_DATE})?(?P<range>\.\.)?(?P<last>{_DATE})?")


@dataclass(frozen=True, slots=True)
class Term:
    """One or more words, any of which may match; `field` is "" or "title"."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words side by side, at most `slop` others between two of them."""

    text: str
    field: str = ""
    slop: int = 0
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """A word with * (any characters) or ? (one character) in it."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on the document: `field` is lang, path or date."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Group:
    """All of `must`, none of `never`; any of `may`, which is asked for where `must` is empty."""

    must: tuple[Node, ...] = ()
    may: tuple[Node, ...] = ()
    never: tuple[Node, ...] = ()


Node: TypeAlias = Term | Phrase | Pattern | Filter | Group


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it was read, and what the reader should be told of that."""

    root: Group
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return written(self.root)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    slop: int = 0


def parse(text: str) -> Query:
    """Read a query; it never fails."""
    notes: list[str] = []
    tokens = list(_tokens(text))
    if len(tokens) > MOST_WORDS:
        notes.append(f"only the first {MOST_WORDS} words of the query were read")
        tokens = tokens[:MOST_WORDS]
    return Query(_Parser(tokens, notes).query(), tuple(notes))


def words_query(text: str) -> Query:
    """Read a string as plain words, whatever signs stand in it."""
    return Query(Group(may=(Term(" ".join(text.split()[:MOST_WORDS])),)))


def phrase_query(text: str, *, slop: int = 0, exact: bool = False) -> Query:
    """Read a string as one phrase, whatever signs stand in it."""
    return Query(Group(may=(Phrase(" ".join(text.split()[:MOST_WORDS]), "", slop, exact),)))


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if match["phrase"] is not None:
            yield _Token("phrase", match["quoted"], int(match["slop"] or 0))
        elif match["field"] is not None:
            yield _Token("field", match["name"])
        elif kind not in ("space", "odd"):
            yield _Token(kind, match.group())


class _Parser:
    """Recursive descent over the tokens; brackets that do not fit are passed over."""

    def __init__(self, tokens: list[_Token], notes: list[str]) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0
        self._notes = notes

    def query(self) -> Group:
        found: list[Group] = []
        while self._place < len(self._tokens):
            found.append(self._or())
            if self._at("close"):
                self._place += 1
        return found[0] if len(found) == 1 else _any_of(found)

    def _at(self, *kinds: str) -> bool:
        return self._place < len(self._tokens) and self._tokens[self._place].kind in kinds

    def _or(self) -> Group:
        sides = [self._and()]
        while self._at("or"):
            self._place += 1
            sides.append(self._and())
        return sides[0] if len(sides) == 1 else _any_of(sides)

    def _and(self) -> Group:
        sides = [self._clauses()]
        while self._at("and"):
            self._place += 1
            sides.append(self._clauses())
        full = [side for side in sides if side != Group()]
        if len(full) < 2:
            return full[0] if full else Group()
        # a AND NOT b: what a side only forbids is forbidden to all.
        never = tuple(node for side in full for node in side.never)
        must = tuple(_plain(replace(side, never=())) for side in full if side.must or side.may)
        return Group(must=must, never=never)

    def _clauses(self) -> Group:
        must: list[Node] = []
        may: list[Node] = []
        never: list[Node] = []
        while self._place < len(self._tokens) and not self._at("or", "and", "close"):
            sign = self._sign()
            node = self._clause()
            if node is None:
                continue
            if sign == "-":
                never.append(node)
            elif sign == "+" or isinstance(node, Filter):
                must.append(node)
            else:
                may.append(node)
        return Group(tuple(must), tuple(may), tuple(never))

    def _sign(self) -> str:
        sign = ""
        while self._at("sign", "not"):
            sign = "-" if self._tokens[self._place].text in ("-", "NOT") else "+"
            self._place += 1
        return sign

    def _clause(self) -> Node | None:
        if self._place >= len(self._tokens) or self._at("or", "and", "close"):
            return None
        token = self._tokens[self._place]
        self._place += 1
        if token.kind == "open":
            return self._group()
        if token.kind == "field":
            return self._field(token.text)
        return _leaf(token, "")

    def _group(self) -> Node | None:
        if self._depth >= _DEEPEST:
            return None
        self._depth += 1
        inner = self._or()
        self._depth -= 1
        if self._at("close"):
            self._place += 1
        return None if inner == Group() else _plain(inner)

    def _field(self, name: str) -> Node | None:
        if not self._at("word", "phrase", "open"):
            return Term(name)
        if self._at("open"):
            return self._group()
        token = self._tokens[self._place]
        self._place += 1
        if name.lower() == "title":
            return _leaf(token, "title")
        reason = _refusal(name.lower(), token.text)
        if not reason:
            return Filter(name.lower(), token.text)
        self._notes.append(f"{name}:{token.text} was read as words: {reason}")
        return Term(f"{name} {token.text}")


def _leaf(token: _Token, field: str) -> Node:
    if token.kind == "phrase":
        return Phrase(token.text, field, token.slop)
    if token.kind == "word" and re.search(r"\w.*[*?]|[*?].*\w", token.text) and _is_pattern(token):
        return Pattern(token.text, field)
    return Term(token.text, field)


def _is_pattern(token: _Token) -> bool:
    """Tell a pattern from a question: 무엇인가? ends in a mark, wild?card does not."""
    return "*" in token.text or "?" in token.text.rstrip("?")


def _refusal(name: str, value: str) -> str:
    """Say why a field cannot have a value, or "" if it can."""
    if name == "lang":
        return "" if value in LANGUAGES else f"lang is one of {', '.join(LANGUAGES)}"
    if name == "date":
        usable = dates_of(value) is not None
        return "" if usable else "a date is 2024, 2024-11, 2024-11-14 or a range as 2024..2025"
    return "" if name == "path" else "the fields are title, lang, path and date"


def dates_of(value: str) -> tuple[str, str] | None:
    """Return the first and last date of a date filter ("" where it is open), or None."""
    match = _DATES.fullmatch(value)
    if match is None or not (match["first"] or match["last"]):
        return None
    if match["range"] is None:
        return None if match["first"] and match["last"] else (match["first"], match["first"])
    return match["first"] or "", match["last"] or ""


def _any_of(groups: list[Group]) -> Group:
    full = [group for group in groups if group != Group()]
    return Group(may=tuple(_plain(group) for group in full))


def _plain(group: Group) -> Node:
    """Return the only node of a group that holds no more than one."""
    if not group.must and not group.never and len(group.may) == 1:
        return group.may[0]
    if not group.may and not group.never and len(group.must) == 1:
        return group.must[0]
    return group


def written(node: Node) -> str:
    """Write a node in the query language, so that reading it again gives the same."""
    match node:
        case Term(text, field):
            return f"{field}:{text}" if field else text
        case Phrase(text, field, slop):
            return (f"{field}:" if field else "") + f'"{text}"' + (f"~{slop}" if slop else "")
        case Pattern(text, field):
            return f"{field}:{text}" if field else text
        case Filter(field, value):
            return f"{field}:{value}"
        case Group(must, may, never):
            parts = [f"+{_bracketed(part)}" for part in must]
            parts += [_bracketed(part) for part in may]
            parts += [f"-{_bracketed(part)}" for part in never]
            return " ".join(parts)


def _bracketed(node: Node) -> str:
    return f"({written(node)})" if isinstance(node, Group) else written(node)
