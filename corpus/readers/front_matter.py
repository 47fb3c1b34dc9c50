"""The block of "key: value" lines that a Markdown file may begin with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

# Between --- lines as YAML or +++ lines as TOML. A block this long is no front matter but a text
# between two rules.
_MOST_CHARACTERS = 20_000
_BLOCK = re.compile(
    r"\s*?(---|\+\+\+)[ \t]*\n(.*?)^(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_FIELD = re.compile(r"([^\W\d][\w .-]{0,60}?)\s*[:=](?:\s+(.*))?\s*")
_FOLDED = re.compile(r"[|>][+-]?\d?")
_COMMENT = re.compile(r"\s#.*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """The plain values of a front matter, keys in lower case, and where the text after it starts.

    `end` is in characters, `lines` the number of lines before the text.
    """

    end: int = 0
    lines: int = 0
    values: Mapping[str, str] = field(default_factory=dict)


def front_matter(text: str) -> FrontMatter:
    """Return the front matter of `text`: an empty one where it has none or does not close it.

    Lists and nested values are left out: they need a whole YAML reader and tell nothing here.
    """
    block = _BLOCK.match(text, 0, _MOST_CHARACTERS)
    values = _values(block[2]) if block else {}
    if not block or not values:
        return FrontMatter()
    return FrontMatter(end=block.end(), lines=text.count("\n", 0, block.end()), values=values)


def _values(block: str) -> dict[str, str]:
    values: dict[str, str] = {}
    key = ""
    for line in block.split("\n"):
        found = _FIELD.fullmatch(line)
        if found:
            key = found[1].casefold()
            values.setdefault(key, _plain(found[2] or ""))
        elif key and line[:1].isspace() and not line.lstrip().startswith(("-", "#")):
            values[key] = f"{values[key]} {line.strip()}".strip()
    return values


def _plain(value: str) -> str:
    """Return a value without its quotes; a folded one starts empty and goes on below."""
    value = value.strip()
    if value[:1] in ('"', "'") and value.endswith(value[0]) and len(value) > 1:
        return value[1:-1].strip()
    value = _COMMENT.sub("", value)
    return "" if _FOLDED.fullmatch(value) else value
