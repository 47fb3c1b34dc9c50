"""Rows of named fields as documents: what JSON Lines and CSV files have in common."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from corpus.document import Document, Problem
from corpus.language import detect

from ..text_file import without_surrogates
from .metadata import date_of, file_title, tidy_title

# What fields are called, in the order they are looked for; case and white space do not matter.
TEXT_FIELDS = ("text", "body", "content", "본문", "내용")
_ID_FIELDS = ("id",)
_TITLE_FIELDS = ("title", "제목")
_DATE_FIELDS = ("date", "날짜", "일자", "작성일", "등록일", "입력일", "발행일")
# The language is told by the letters: what a row says of it is about its source as often as not.
_LANGUAGE_FIELDS = ("lang", "language")


class _Roles(NamedTuple):
    """Which of some fields mean what, the most wanted first."""

    text: tuple[str, ...]
    identity: tuple[str, ...]
    title: tuple[str, ...]
    date: tuple[str, ...]
    language: tuple[str, ...]


class Fields:
    """The fields of a row that say something, in their order, to be taken by what they mean."""

    def __init__(self, row: Mapping[str, object]) -> None:
        self.rest = {
            name: said
            for name, value in zip(_names(tuple(row)), row.values(), strict=True)
            if (said := _said(value)) and not said.isspace()
        }
        self.roles = _roles(tuple(self.rest))

    def take(self, wanted: tuple[str, ...]) -> tuple[str, str]:
        """Remove and return the name and value of the first wanted field that there is."""
        for key in wanted:
            if key in self.rest:
                return key, self.rest.pop(key)
        return "", ""

    def take_date(self) -> str:
        """Remove and return the date, in ISO 8601; one in no known form stays where it is."""
        for key in self.roles.date:
            if key in self.rest and (day := date_of(self.rest[key])):
                del self.rest[key]
                return day
        return ""

    def as_lines(self) -> str:
        """Return the fields as "name: value" lines."""
        return "\n".join(f"{key}: {value}" for key, value in self.rest.items())


class Rows:
    """Makes documents of the rows of one file, and sees to it that their ids differ."""

    def __init__(self, name: str, *, joined: bool = False) -> None:
        self._name = name
        self._joined = joined
        self._title = file_title(name)
        self._seen: set[str] = set()

    def document(
        self, row: Mapping[str, object], *, line: int, starts: Mapping[str, int] | None = None
    ) -> Document | Problem:
        """Return the document of the row that starts on `line`, or why there is none.

        `starts` has the line that each field starts on where the file holds fields as they are.
        A row that has a title only is a document whose text is the title. Where there is
        neither, its other fields are the text, as "name: value" lines; so are
        all fields where the rows are `joined`.
        """
        fields = Fields(row)
        roles = fields.roles
        key, text = "", fields.as_lines() if self._joined else ""
        identity = " ".join(fields.take(roles.identity)[1].split()) or f"{self._name}#{line}"
        title = fields.take(roles.title)[1]
        title = title and tidy_title(title)
        date = fields.take_date()
        fields.take(roles.language)
        if not text:
            key, text = fields.take(roles.text)
        text = text or title or fields.as_lines()
        if reason := self._objection(identity, text):
            return Problem(path=self._name, reason=reason, line=line)
        self._seen.add(identity)
        start = (starts or {}).get(key, 0)
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

    def _objection(self, identity: str, text: str) -> str:
        if not text or text.isspace():
            return "has no text"
        return f"repeats the id {identity!r}" if identity in self._seen else ""


# The names of fields are the same in every row; of some that are not, enough are remembered.
@lru_cache(maxsize=256)
def _names(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of fields as they are shown."""
    return tuple(without_surrogates(" ".join(key.split())) for key in keys)


@lru_cache(maxsize=256)
def _roles(names: tuple[str, ...]) -> _Roles:
    return _Roles(
        text=_wanted(names, TEXT_FIELDS),
        identity=_wanted(names, _ID_FIELDS),
        title=_wanted(names, _TITLE_FIELDS),
        date=_wanted(names, _DATE_FIELDS),
        language=_wanted(names, _LANGUAGE_FIELDS),
    )


def _wanted(names: tuple[str, ...], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return which of some fields are wanted, the most wanted first; of two alike, the first."""
    named = {name.casefold(): name for name in reversed(names)}
    return tuple(named[name] for name in wanted if name in named)


def _said(value: object) -> str:
    """Return a value as text: strings as they are, a list of them as lines, others as JSON."""
    if value.__class__ is str and value.isascii() and "\r" not in value:
        return value
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = "\n".join(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return without_surrogates(text)
