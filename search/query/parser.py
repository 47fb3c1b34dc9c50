"""Parser of the query language. Every string is a valid query: the rest is read as words.

    query   = or
    or      = and { "OR" and }
    and     = clauses { "AND" clauses }
    clauses = clause { clause }                     adjacent words: any of them, ranked
    clause  = [ "+" | "-" | "NOT" ] [ field ":" ] ( word | "phrase"[~slop] | "(" query ")" )

Fields are title, lang, path, date and those of the documents; all but title are filters, and
required even without +.
A word with * or ? in it is a pattern. Tokens without a letter or digit are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from corpus.language import LANGUAGES
from index.analysis.normalize import normal_form
from index.analysis.tokenizer import words
from index.schema import LAST_POSITION, field_name

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
    date_range,
    is_condition,
)

# Limits far above what people type, for pasted pages with and without spaces: the whole query is
# analyzed before the first hit appears.
MAX_WORDS = 512
MAX_CHARACTERS = 10_000
# A pattern may be matched against every term of the index: seconds for millions of terms.
MAX_PATTERNS = 16
_MAX_DEPTH = 40
# Characters of the query that a note quotes: notes appear in a terminal.
_MAX_QUOTED = 40

_FIELDS = ("title", "lang", "path", "date")
_TOKEN = rf"""
      (?P<space>\s+)
    | (?P<and>AND(?=[{BREAK}]|$)) | (?P<or>OR(?=[{BREAK}]|$)) | (?P<not>NOT(?=[{BREAK}]|$))
    | (?P<sign>(?<![^{BREAK}])[+\-](?=[^\s+\-]))
    | (?P<field>(?<![^{BREAK}+\-])(?P<name>[^\W\d_][\w\-]{{0,60}}):(?=[^\s/]))
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


def _no_field(_: str) -> bool:
    return False


def parse(text: str, *, is_field: Callable[[str], bool] = _no_field) -> Query:
    """Parse a query; any string is valid. `is_field` tells names of fields of the documents."""
    notes = []
    if len(text) > MAX_CHARACTERS:
        notes.append(f"only the first {MAX_CHARACTERS} characters of the query were read")
    tokens = list(_tokens(_readable(text)))
    if len(tokens) > MAX_WORDS:
        notes.append(f"only the first {MAX_WORDS} words of the query were read")
        tokens = tokens[:MAX_WORDS]
    root = _Parser(tokens, notes, is_field).query()
    return Query(root, tuple(dict.fromkeys(notes)))


def words_query(text: str) -> Query:
    """Return a query for plain words, ignoring the query language."""
    return Query(Group(may=(Term(_first_words(text)),)))


def phrase_query(text: str, *, slop: int = 0, exact: bool = False) -> Query:
    """Return a query for one phrase, ignoring the query language."""
    slop = min(slop, LAST_POSITION)  # more words stand in no passage, and positions have 16 bits
    return Query(Group(may=(Phrase(_first_words(text), "", slop, exact),)))


def _readable(text: str) -> str:
    """Return the first MAX_CHARACTERS of a text, with U+FFFD for lone surrogates."""
    text = text[:MAX_CHARACTERS]
    return text if text.isprintable() else re.sub(_LONE_SURROGATE, "\ufffd", text)


def _first_words(text: str) -> str:
    return " ".join(_readable(text).split()[:MAX_WORDS])


def _tokens(text: str) -> Iterator[_Token]:
    if text.replace(" ", "").isalnum():  # saves compiling _TOKEN
        for word in text.split():
            yield _Token(word.lower() if word in OPERATORS else "word", word)
        return
    for match in re.finditer(_TOKEN, text, re.VERBOSE | re.DOTALL):
        if match["phrase"] is not None:
            yield _Token("phrase", match["quoted"], int(match["slop"] or 0))
        elif match["field"] is not None:
            yield _Token("field", match["name"])
        elif match.lastgroup and match.lastgroup not in ("space", "odd"):
            yield _Token(match.lastgroup, match.group())


class _Parser:
    """Recursive-descent parser of a token list; unbalanced brackets are ignored."""

    def __init__(
        self, tokens: list[_Token], notes: list[str], is_field: Callable[[str], bool]
    ) -> None:
        self._tokens = tokens
        self._is_field = is_field
        self._position = 0
        self._depth = 0
        self._pattern_count = 0
        self._notes = notes

    def _at(self, *kinds: str) -> bool:
        return self._position < len(self._tokens) and self._tokens[self._position].kind in kinds

    def _next(self) -> _Token:
        self._position += 1
        return self._tokens[self._position - 1]

    def _skip(self, kind: str) -> bool:
        """Skip a token of the given kind; return whether there was one."""
        found = self._at(kind)
        self._position += found
        return found

    def _at_end(self) -> bool:
        """Return whether a list of clauses ends here, after skipping unmatched brackets."""
        while not self._depth and self._skip("close"):
            pass
        return self._position >= len(self._tokens) or self._at("or", "and", "close")

    def query(self) -> Group:
        operands = [self._and()]
        while self._skip("or"):
            operands.append(self._and())
        return _or(operands)

    def _and(self) -> Group:
        operands = [self._clauses()]
        while self._skip("and"):
            operands.append(self._clauses())
        operands = [operand for operand in operands if operand != Group()]
        if len(operands) < 2:
            return operands[0] if operands else Group()
        # a AND NOT b: what one operand excludes is excluded from the conjunction.
        never = tuple(node for operand in operands for node in operand.never)
        must = (replace(operand, never=()) for operand in operands if operand.must or operand.may)
        return Group(must=tuple(map(_unwrapped, must)), never=never)

    def _clauses(self) -> Group:
        must: list[Node] = []
        may: list[Node] = []
        never: list[Node] = []
        while not self._at_end():
            sign = self._sign()
            node = self._clause()
            if node is None:
                continue
            if sign == "-":
                never.append(node)
            elif sign == "+" or is_condition(node):
                must.append(node)
            else:
                may += _flattened(node)
        return Group(tuple(must), tuple(may), tuple(never))

    def _sign(self) -> str:
        sign = ""
        while not self._at_end() and self._at("sign", "not"):
            sign = "-" if self._next().text in ("-", "NOT") else "+"
        return sign

    def _clause(self) -> Node | None:
        if self._at_end():
            return None
        token = self._next()
        if token.kind == "open":
            return self._group()
        node = self._field(token.text) if token.kind == "field" else self._leaf(token)
        return node if node and not _is_empty(node) else None

    def _group(self) -> Node | None:
        if self._depth >= _MAX_DEPTH:
            return None
        self._depth += 1
        inner = self.query()
        self._depth -= 1
        self._skip("close")
        return None if inner == Group() else _unwrapped(inner)

    def _field(self, name: str) -> Node | None:
        if not self._at("word", "phrase", "open"):
            return Term(f"{name}:")
        token = self._next()
        if token.kind != "open":
            return self._with_field(name, self._leaf(token))
        inner = self._group()
        return self._distributed(name, inner) if inner else None

    def _leaf(self, token: _Token) -> Leaf:
        if token.kind == "phrase":
            return Phrase(token.text, slop=token.slop)
        if not _is_pattern(token.text):
            return Term(token.text)
        self._pattern_count += 1
        if self._pattern_count <= MAX_PATTERNS:
            return Pattern(token.text)
        self._notes.append(f"only the first {MAX_PATTERNS} words with * or ? were used as patterns")
        return Term(token.text)

    def _distributed(self, name: str, node: Node) -> Node:
        """Return the contents of field:( ) with the field on each leaf that has none."""
        if isinstance(node, Filter):
            return node
        if not isinstance(node, Group):
            return node if node.field else self._with_field(name, node)
        must = tuple(self._distributed(name, part) for part in node.must)
        never = tuple(self._distributed(name, part) for part in node.never)
        may = tuple(flat for p in node.may for flat in _flattened(self._distributed(name, p)))
        if (must or never) and any(map(is_condition, may)):
            return Group((*must, _unwrapped(Group(may=may))), (), never)
        return Group(must, may, never)

    def _with_field(self, name: str, leaf: Leaf) -> Node:
        """Return a leaf with a field, or both as words (and a note) if the field is invalid."""
        field = name.lower()
        if field == "title":
            return replace(leaf, field=field)
        if field not in _FIELDS and self._is_field(field_name(name)):
            return Filter(field_name(name), leaf.text)
        value = leaf.text.lower() if field == "lang" else leaf.text
        error = _filter_error(field, value)
        if not error:
            return Filter(field, value)
        typed = f"{name}:{leaf.text}"
        if name.isascii() and name.isalpha():  # 오전:열시 and x1:y are seldom meant as fields
            quoted = typed if len(typed) <= _MAX_QUOTED else typed[:_MAX_QUOTED] + "…"
            self._notes.append(f"{quoted} was read as words: {error}")
        if not isinstance(leaf, Phrase):
            return replace(leaf, text=typed)
        return Term(f"{name}:") if _is_empty(leaf) else Group(may=(Term(f"{name}:"), leaf))


def _is_pattern(word: str) -> bool:
    """Return whether a word is a pattern: wild?card is one, the question 무엇인가? is not."""
    return "*" in word or "?" in word.rstrip("?")


def _is_empty(node: Node) -> bool:
    """Return whether a node has neither a word nor a filter value."""
    match node:
        case Filter(_, value):
            return not value
        case Group():
            return node == Group()
        case _:
            return not words(normal_form(node.text))


def _filter_error(name: str, value: str) -> str:
    """Return why a filter is invalid, or ""."""
    if name == "lang":
        return "" if value in LANGUAGES else f"lang is one of {', '.join(LANGUAGES)}"
    if name == "date":
        expected = "a date is 2024, 2024-11, 2024-11-14 or a range such as 2024..2025"
        return "" if date_range(value) else expected
    own = f"{', '.join(_FIELDS[:-1])} and {_FIELDS[-1]}"
    return "" if name == "path" else f"the fields are {own}, and those that chaja info lists"


def _or(groups: list[Group]) -> Group:
    groups = [group for group in groups if group != Group()]
    if len(groups) == 1:
        return groups[0]
    return Group(may=tuple(node for group in groups for node in _flattened(_unwrapped(group))))


def _flattened(node: Node) -> tuple[Node, ...]:
    """Return the nodes of redundant brackets: (a b) c is a b c."""
    if isinstance(node, Group) and not node.must and not node.never:
        return (node,) if any(map(is_condition, node.may)) else node.may
    return (node,)


def _unwrapped(group: Group) -> Node:
    """Return the node of a group that has exactly one and does not exclude it, else the group."""
    if not group.must and not group.never and len(group.may) == 1:
        return group.may[0]
    if not group.may and not group.never and len(group.must) == 1:
        return group.must[0]
    return group
