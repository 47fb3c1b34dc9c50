"""Converts rows of named fields to documents, for JSON and CSV."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from corpus.document import Document, Problem, State
from corpus.language import detect

from ..text_file import replace_surrogates
from .metadata import file_title, parse_date, tidy_title

# Names of the fields, in order of preference; case and white space do not matter.
TEXT_FIELDS = ("text", "body", "content", "본문", "내용")
_ID_FIELDS = ("id",)
_TITLE_FIELDS = ("title", "제목")
_DATE_FIELDS = ("date", "날짜", "일자", "작성일", "등록일", "입력일", "발행일")
# A larger row would keep its names in memory until 256 others follow.
_MOST_REMEMBERED = 1000  # fields
# Discarded, since they describe the source as often as the text; the language is detected.
_LANGUAGE_FIELDS = ("lang", "language")
FIELDS = frozenset((*TEXT_FIELDS, *_ID_FIELDS, *_TITLE_FIELDS, *_DATE_FIELDS, *_LANGUAGE_FIELDS))


class _Roles(NamedTuple):
    """The names of the fields for each role, the preferred first."""

    text: tuple[str, ...]
    identity: tuple[str, ...]
    title: tuple[str, ...]
    date: tuple[str, ...]
    language: tuple[str, ...]


class Fields:
    """The fields of a row that are not blank, in their order, to be taken by their roles."""

    def __init__(self, row: Mapping[str, object]) -> None:
        self._row = row
        is_small = len(row) <= _MOST_REMEMBERED
        names = (_names if is_small else _names.__wrapped__)(tuple(row))
        self.rest = {
            name: text
            for name, value in zip(names, row.values(), strict=True)
            if (text := _as_text(value)) and not text.isspace()
        }
        self.roles = (_roles if is_small else _roles.__wrapped__)(tuple(self.rest))

    def take(self, names: tuple[str, ...]) -> tuple[str, str]:
        """Remove and return name and value of the first of `names` that is present, or "", ""."""
        for name in names:
            if name in self.rest:
                return name, self.rest.pop(name)
        return "", ""

    def take_date(self) -> str:
        """Remove and return the date, in ISO 8601; one in an unknown form is kept."""
        for name in self.roles.date:
            if name in self.rest and (day := parse_date(self.rest[name])):
                del self.rest[name]
                return day
        return ""

    def as_lines(self, *, named: bool = True) -> str:
        """Return the fields as "name: value" lines, or their values only."""
        if not named:
            return "\n".join(self.rest.values())
        nested = {" ".join(key.split()): value for key, value in self._row.items()}
        values = {name: _nested_text(nested.get(name), text) for name, text in self.rest.items()}
        return "\n".join(f"{name}: {value}" for name, value in values.items())


class Rows:
    """Converts the rows of one file, and tells those with the same id apart."""

    def __init__(self, name: str, *, joined: bool = False, named: bool = True) -> None:
        self._name = name
        self._joined = joined
        self._named = named
        self._title = file_title(name)
        self._seen: set[str] = set()

    def document(
        self, row: Mapping[str, object], *, line: int, starts: Mapping[str, int] | None = None
    ) -> Document | Problem:
        """Return the document of the row that starts on `line`, or the reason why there is none.

        `starts` maps fields to their lines where the file contains them verbatim. The text of a
        row without one is its title; without a title, or if the rows are `joined`, it is all
        fields as "name: value" lines, or as values if the columns are not `named`.
        """
        fields = Fields(row)
        roles = fields.roles
        name, text = "", fields.as_lines(named=self._named) if self._joined else ""
        identity = " ".join(fields.take(roles.identity)[1].split()) or f"{self._name}#{line}"
        title = fields.take(roles.title)[1]
        title = title and tidy_title(title)
        date = fields.take_date()
        fields.take(roles.language)
        if not text:
            name, text = fields.take(roles.text)
        text = text or title or fields.as_lines()
        if not text or text.isspace():
            return Problem(path=self._name, reason="has no text", line=line, state=State.NO_TEXT)
        while identity in self._seen:
            identity = f"{identity}#{line}"
        self._seen.add(identity)
        start = (starts or {}).get(name, 0)
        return Document(
            id=identity,
            path=self._name,
            title=title or self._title,
            text=text,
            language=detect(text),
            date=date,
            line=start or line,
            lines=() if start else ((0, line),),
            metadata=fields.rest,
        )


# Most rows of a file have the same field names; the cache bounds the memory for others.
@lru_cache(maxsize=256)
def _names(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of fields with single spaces and without lone surrogates."""
    return tuple(replace_surrogates(" ".join(key.split())) for key in keys)


@lru_cache(maxsize=256)
def _roles(names: tuple[str, ...]) -> _Roles:
    folded = {name.casefold(): name for name in reversed(names)}  # the first of equal names wins
    roles = (TEXT_FIELDS, _ID_FIELDS, _TITLE_FIELDS, _DATE_FIELDS, _LANGUAGE_FIELDS)
    return _Roles(*(tuple(folded[key] for key in keys if key in folded) for keys in roles))


def _nested_text(value: object, text: str) -> str:
    """Return the values in a list or object as lines, as JSON would escape what is in them."""
    is_nested = isinstance(value, dict | list)
    return "\n".join(filter(None, map(_as_text, _leaves(value)))) if is_nested else text


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _leaves(part)
    else:
        yield value


def _as_text(value: object) -> str:
    """Convert a value to text: a string as it is, a list of strings to lines, others to JSON."""
    if value.__class__ is str and value.isascii() and "\r" not in value:
        return value
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = "\n".join(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return replace_surrogates(text)
