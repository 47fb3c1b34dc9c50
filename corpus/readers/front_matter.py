"""Reads the front matter of Markdown: YAML between --- lines, or TOML between +++ lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

# A longer block is text between two rules.
_LONGEST = 20_000  # characters
_BLOCK = re.compile(
    r"\s*?(---|\+\+\+)[ \t]*\n(.*?)^(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_FIELD = re.compile(r"""(["']?)([^\W\d][\w ./()-]{0,60}?)\1\s*[:=](?:\s+(.*))?\s*""")
_ITEM = re.compile(r"\s*-(?:\s+(.*))?")
_TABLE = re.compile(r"\[.*\]")  # of TOML
_FOLDED = re.compile(r"[|>][+-]?\d?")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_QUOTED = re.compile(r""""((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'""")
_PART = re.compile(rf"\s*(?:{_QUOTED.pattern}|([^,\[\]{{}}]+))")
_CLOSING = {"[": "]", "{": "}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """The values of a front matter, with keys in lower case; `end` is in characters.

    The parts of a list are lines. A front matter that is not valid is none, and `bad_line` is the
    number of its first bad line in the text, from 1, else 0.
    """

    end: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    bad_line: int = 0


class _Field(NamedTuple):
    """A key with its line, and its value as lines."""

    line: int
    key: str
    lines: list[str]


def front_matter(text: str) -> FrontMatter:
    """Parse the front matter of `text`; it is empty if there is none or it is not closed.

    What every YAML parser takes is taken, and what people write: a colon within a value, tabs.
    """
    block = _BLOCK.match(text, 0, _LONGEST)
    if not block:
        return FrontMatter()
    first = text.count("\n", 0, block.start(2)) + 1
    fields, others = _fields(block[2])
    values: dict[str, str] = {}
    bad = others[:1]
    for each in fields:
        value = _value(each.lines)
        if value is None:
            bad.append(each.line)
        else:
            values.setdefault(each.key, value)
    if not bad and fields:
        return FrontMatter(end=block.end(), values=values)
    # Text between two rules may have a line that looks like a field.
    is_meant = bool(fields) and len(fields) >= len(others)
    return FrontMatter(bad_line=first + min(bad) if is_meant else 0)


def _fields(block: str) -> tuple[list[_Field], list[int]]:
    """Return the fields of a block, and the numbers, from 0, of lines that belong to none."""
    fields: list[_Field] = []
    others: list[int] = []
    for number, line in enumerate(block.split("\n")):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        if found := _FIELD.fullmatch(line):
            fields.append(_Field(number, found[2].casefold(), [found[3] or ""]))
        elif fields and (line[0].isspace() or stripped[0] in "]}" or _ITEM.fullmatch(line)):
            fields[-1].lines.append(line)
        elif not _TABLE.fullmatch(stripped):
            others.append(number)
    return fields, others


def _value(lines: Sequence[str]) -> str | None:
    """Return a value as text, or None if it is not valid."""
    first, *rest = lines
    first = first.strip()
    if first[:1] in ("'", '"'):
        return _unquoted(" ".join(map(str.strip, lines)))
    if first[:1] in _CLOSING:
        return _listed(_COMMENT.sub("", " ".join(map(str.strip, lines))).strip())
    first = _COMMENT.sub("", first).strip()
    if _FOLDED.fullmatch(first):
        first = ""
    if not first and rest and all(map(_ITEM.fullmatch, rest)):
        return "\n".join(filter(None, map(_plain, map(_item, rest))))
    return " ".join(filter(None, map(str.strip, (first, *rest))))


def _unquoted(text: str) -> str | None:
    found = _QUOTED.match(text)
    if found is None or _COMMENT.sub("", text[found.end() :]).strip():
        return None
    return _inside(found)


def _inside(found: re.Match[str]) -> str:
    if found[1] is not None:
        return found[1].replace('\\"', '"').strip()
    return found[2].replace("''", "'").strip()


def _listed(text: str) -> str | None:
    """Return the parts of a list in brackets as lines."""
    return "\n".join(_parts(text[1:-1])) if text.endswith(_CLOSING[text[0]]) else None


def _parts(text: str) -> Iterator[str]:
    for found in _PART.finditer(text):
        part = found[3] if found[3] is not None else _inside(found)
        if part.strip():
            yield part.strip()


def _item(line: str) -> str:
    found = _ITEM.fullmatch(line)
    return found[1] or "" if found else line


def _plain(value: str) -> str:
    """Return an item of a list without its quotes or comment."""
    value = value.strip()
    quoted = _unquoted(value) if value[:1] in ("'", '"') else None
    return _COMMENT.sub("", value).strip() if quoted is None else quoted
