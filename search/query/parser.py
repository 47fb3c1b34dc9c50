"""The user's string as a query. Every string is one: what cannot be read otherwise is words.

    query   = or
    or      = and { "OR" and }
    and     = clauses { "AND" clauses }
    clauses = clause { clause }                     words side by side: any of them, ranked
    clause  = [ "+" | "-" | "NOT" ] [ field ":" ] ( word | "phrase"[~slop] | "(" query ")" )

Fields are title, lang, path and date; the last three are conditions, which must hold wherever
they stand beside words. A word may end in * or hold * and ? anywhere. What holds no letter and no
digit says nothing, and is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from corpus.language import LANGUAGES
from index.analysis.normalize import normal_form
from index.schema import span_of

from .tree import (
    BREAK,
    OPERATORS,
    Filter,
    Group,
    Leaf,
    Node,
    Pattern,
    Phrase,
    Query,
    Term,
    dates_of,
    is_condition,
)

# Far above what anybody types; a pasted page is cut here, and a text without spaces there: a
# query is analysed as a whole before the first hit is seen.
MOST_WORDS = 512
MOST_CHARACTERS = 10_000
# Each may have to be tried against every term of the index: seconds where there are millions.
MOST_PATTERNS = 16
_DEEPEST = 40
# What a note repeats of the query; it is read in a terminal.
_SHOWN = 40

_FIELDS = ("title", "lang", "path", "date")
_TOKEN = rf"""
      (?P<space>\s+)
    | (?P<and>AND(?=[{BREAK}]|$)) | (?P<or>OR(?=[{BREAK}]|$)) | (?P<not>NOT(?=[{BREAK}]|$))
    | (?P<sign>(?<![^{BREAK}])[+\-](?=[^\s+\-]))
    | (?P<field>(?<![^{BREAK}+\-])(?P<name>[A-Za-z]+):(?=[^\s/]))
    | (?P<phrase>["“”„](?P<quoted>[^"“”„]*)["“”„](?:~(?P<slop>\d{{1,4}})(?=[{BREAK}]|$))?)
    | (?P<open>\() | (?P<close>\))
    | (?P<word>[^{BREAK}]+)
    | (?P<odd>.)
    """
_LONE_SURROGATE = "[\ud800-\udfff]"


class _Token(NamedTuple):
    kind: str
    text: str
    slop: int = 0


def parse(text: str) -> Query:
    """Read a query; it never fails."""
    notes: list[str] = []
    if len(text) > MOST_CHARACTERS:
        notes.append(f"only the first {MOST_CHARACTERS} characters of the query were read")
    tokens = list(_tokens(_readable(text)))
    if len(tokens) > MOST_WORDS:
        notes.append(f"only the first {MOST_WORDS} words of the query were read")
        tokens = tokens[:MOST_WORDS]
    root = _Parser(tokens, notes).query()
    return Query(root, tuple(dict.fromkeys(notes)))


def words_query(text: str) -> Query:
    """Read a string as plain words, whatever signs stand in it."""
    return Query(Group(may=(Term(_first_words(text)),)))


def phrase_query(text: str, *, slop: int = 0, exact: bool = False) -> Query:
    """Read a string as one phrase, whatever signs stand in it."""
    return Query(Group(may=(Phrase(_first_words(text), "", slop, exact),)))


def _readable(text: str) -> str:
    """Return as much as is read of a text, with U+FFFD for what no encoding can write."""
    text = text[:MOST_CHARACTERS]
    return text if text.isprintable() else re.sub(_LONE_SURROGATE, "\ufffd", text)


def _first_words(text: str) -> str:
    return " ".join(_readable(text).split()[:MOST_WORDS])


def _tokens(text: str) -> Iterator[_Token]:
    if text.replace(" ", "").isalnum():  # no signs: spares compiling what finds them
        for word in text.split():
            yield _Token(word.lower() if word in OPERATORS else "word", word)
        return
    for match in re.finditer(_TOKEN, text, re.VERBOSE | re.DOTALL):
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
        self._patterns = 0
        self._notes = notes

    def _at(self, *kinds: str) -> bool:
        return self._place < len(self._tokens) and self._tokens[self._place].kind in kinds

    def _side_ends(self) -> bool:
        """Tell whether nothing more stands side by side; a bracket too many is passed over."""
        while self._at("close") and not self._depth:
            self._place += 1
        return self._place >= len(self._tokens) or self._at("or", "and", "close")

    def query(self) -> Group:
        sides = [self._and()]
        while self._at("or"):
            self._place += 1
            sides.append(self._and())
        return _any_of(sides)

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
        while not self._side_ends():
            sign = self._sign()
            node = self._clause()
            if node is None:
                continue
            if sign == "-":
                never.append(node)
            elif sign == "+" or is_condition(node):
                must.append(node)
            else:
                may += _side_by_side(node)
        return Group(tuple(must), tuple(may), tuple(never))

    def _sign(self) -> str:
        sign = ""
        while not self._side_ends() and self._at("sign", "not"):
            sign = "-" if self._tokens[self._place].text in ("-", "NOT") else "+"
            self._place += 1
        return sign

    def _clause(self) -> Node | None:
        if self._side_ends():
            return None
        token = self._tokens[self._place]
        self._place += 1
        if token.kind == "open":
            return self._group()
        node = self._field(token.text) if token.kind == "field" else self._leaf(token)
        return node if node and _says_something(node) else None

    def _group(self) -> Node | None:
        if self._depth >= _DEEPEST:
            return None
        self._depth += 1
        inner = self.query()
        self._depth -= 1
        if self._at("close"):
            self._place += 1
        return None if inner == Group() else _plain(inner)

    def _field(self, name: str) -> Node | None:
        if not self._at("word", "phrase", "open"):
            return Term(f"{name}:")
        token = self._tokens[self._place]
        self._place += 1
        if token.kind != "open":
            return self._valued(name, self._leaf(token))
        inner = self._group()
        return self._within(name, inner) if inner else None

    def _leaf(self, token: _Token) -> Leaf:
        if token.kind == "phrase":
            return Phrase(token.text, slop=token.slop)
        if not _is_pattern(token.text):
            return Term(token.text)
        self._patterns += 1
        if self._patterns <= MOST_PATTERNS:
            return Pattern(token.text)
        self._notes.append(
            f"only the first {MOST_PATTERNS} words with * or ? were used as patterns"
        )
        return Term(token.text)

    def _within(self, name: str, node: Node) -> Node:
        """Give a field to all in its brackets that has none of its own."""
        if isinstance(node, Filter):
            return node
        if not isinstance(node, Group):
            return node if node.field else self._valued(name, node)
        must = tuple(self._within(name, part) for part in node.must)
        never = tuple(self._within(name, part) for part in node.never)
        may = [flat for part in node.may for flat in _side_by_side(self._within(name, part))]
        if (must or never) and any(map(is_condition, may)):
            return Group((*must, _plain(Group(may=tuple(may)))), (), never)
        return Group(must, tuple(may), never)

    def _valued(self, name: str, leaf: Leaf) -> Node:
        """Return a field with its value, or both as words where the field cannot have it."""
        field = name.lower()
        if field == "title":
            return replace(leaf, field=field)
        value = leaf.text.lower() if field == "lang" else leaf.text
        reason = _refusal(field, value)
        if not reason:
            return Filter(field, value)
        said = f"{name}:{leaf.text}"
        shown = said if len(said) <= _SHOWN else said[:_SHOWN] + "…"
        self._notes.append(f"{shown} was read as words: {reason}")
        if not isinstance(leaf, Phrase):
            return replace(leaf, text=said)
        return Group(may=(Term(f"{name}:"), leaf)) if _says_something(leaf) else Term(f"{name}:")


def _is_pattern(word: str) -> bool:
    """Tell a pattern from a question: 무엇인가? ends in a mark, wild?card does not."""
    return "*" in word or "?" in word.rstrip("?")


def _says_something(node: Node) -> bool:
    """Tell whether a node has a word to look for, or a condition to meet."""
    match node:
        case Filter(_, value):
            return bool(value)
        case Group():
            return node != Group()
        case _:
            return any(map(str.isalnum, normal_form(node.text)))


def _refusal(name: str, value: str) -> str:
    """Say why a field cannot have a value, or "" if it can."""
    if name == "lang":
        return "" if value in LANGUAGES else f"lang is one of {', '.join(LANGUAGES)}"
    if name == "date":
        return (
            ""
            if _is_span(value)
            else "a date is 2024, 2024-11, 2024-11-14 or a range such as 2024..2025"
        )
    return "" if name == "path" else f"the fields are {', '.join(_FIELDS[:-1])} and {_FIELDS[-1]}"


def _is_span(value: str) -> bool:
    """Tell whether a value is a date or a range that does not end before it begins."""
    dates = dates_of(value)
    return dates is not None and (not all(dates) or span_of(dates[0])[0] <= span_of(dates[1])[1])


def _any_of(groups: list[Group]) -> Group:
    full = [group for group in groups if group != Group()]
    if len(full) == 1:
        return full[0]
    return Group(may=tuple(node for group in full for node in _side_by_side(_plain(group))))


def _side_by_side(node: Node) -> tuple[Node, ...]:
    """Return the nodes of brackets that change nothing: (a b) c is a b c."""
    if isinstance(node, Group) and not node.must and not node.never:
        return (node,) if any(map(is_condition, node.may)) else node.may
    return (node,)


def _plain(group: Group) -> Node:
    """Return the only node of a group that holds no more than one."""
    if not group.must and not group.never and len(group.may) == 1:
        return group.may[0]
    if not group.may and not group.never and len(group.must) == 1:
        return group.must[0]
    return group
