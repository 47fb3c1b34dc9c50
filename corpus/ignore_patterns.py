"""Patterns of `.gitignore` as one regular expression, matched in linear time.

A star that is tried at every length takes exponential time on a pattern such as `*a*a*a*b`. Here
the first match of each part between two stars is kept, which suffices: a later one leaves less
for the parts that follow. It holds inside a name for `*`, and for whole names between `**`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, TypeVar

T = TypeVar("T")

# In characters. The systems open no longer path.
_LONGEST = 4096

_CLASS = r"\[:[a-z]{0,10}:\]"
_TOKEN = re.compile(
    rf"(?P<stars>\*+)|(?P<slash>\\?/)|(?P<any>\?)"
    rf"|\[(?P<negated>[!^]?)(?P<set>(?>{_CLASS}|\\.|[^\\])(?>(?>{_CLASS}|\\.|[^\\\]])*))\]"
    r"|(?:\\(?=.)|(?![\\\[]))(?P<one>.)",
    re.DOTALL,
)
_MEMBER = re.compile(
    rf"(?P<name>{_CLASS})|\\?(?P<low>(?<=\\).|[^\\])(?:-\\?(?P<high>(?<=\\).|[^\\]))?", re.DOTALL
)
_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": r" \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r" \t-\r",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


class IgnorePattern(NamedTuple):
    """A pattern: whether what it matches is ignored, and `regex`, for a name or a whole path."""

    ignores: bool
    is_name: bool
    regex: str


def parse_pattern(line: str) -> IgnorePattern | None:
    """Return the pattern on a line; None if the line is blank, a comment, or "/".

    Raises ValueError if it is not a valid pattern.
    """
    if line.startswith("#"):
        return None
    text = _without_spaces_at_end(line)
    ignores = not text.startswith("!")
    text = text if ignores else text[1:]
    if len(text) > _LONGEST or not (text or ignores):
        raise ValueError
    end = "/" if text.endswith("/") else "/?"
    text = text.removesuffix("/")
    if not text:
        return None
    segments = _segments(text.removeprefix("/"))
    is_name = "/" not in text
    regex = _segment(segments[0]) if is_name else _path(segments)
    return IgnorePattern(ignores, is_name, rf"{regex}{end}\Z")


def compiled(patterns: Sequence[IgnorePattern]) -> re.Pattern[str]:
    """Return a regex that matches a path, with "/" after a folder, as the last pattern that does.

    The match has a group if that pattern is one that ignores nothing, with "!".
    """
    last_first = dict.fromkeys(reversed(patterns))
    runs = groupby(last_first, key=lambda pattern: pattern.ignores)
    return re.compile("|".join(_run(ignores, run) for ignores, run in runs), re.DOTALL)


def _run(ignores: bool, patterns: Iterable[IgnorePattern]) -> str:
    """Return the regex of neighbouring patterns that agree, in any order."""
    names: list[str] = []
    paths: list[str] = []
    for pattern in patterns:
        (names if pattern.is_name else paths).append(pattern.regex)
    if names:
        paths.append(rf"(?>(?:.*/)?(?=[^/]))(?:{'|'.join(names)})")
    return f"(?:{'|'.join(paths)}){'' if ignores else '()'}"


def _without_spaces_at_end(line: str) -> str:
    bare = line.rstrip(" ")
    escapes = len(bare) - len(bare.rstrip("\\"))
    return bare + " " if escapes % 2 and bare != line else bare


def _segments(text: str) -> list[list[str]]:
    """Return the names of a pattern between slashes, as regexes of one character, "*" or "**"."""
    segments: list[list[str]] = [[]]
    for token in _tokens(text):
        if token["slash"]:
            segments.append([])
        elif token["stars"]:
            segments[-1].append(token["stars"][:2])
        elif token["set"]:
            segments[-1].append(_set(token["set"], "^" if token["negated"] else ""))
        else:
            segments[-1].append("[^/]" if token["any"] else re.escape(token["one"]))
    return segments


def _tokens(text: str) -> Iterator[re.Match[str]]:
    end = 0
    while end < len(text):
        token = _TOKEN.match(text, end)
        if token is None:  # a backslash at the end, or a bracket that is not closed
            raise ValueError
        yield token
        end = token.end()


def _set(text: str, negated: str) -> str:
    members = []
    for member in _MEMBER.finditer(text):
        low, high = member["low"], member["high"]
        if low is None:
            if (name := member["name"][2:-2]) not in _CLASSES:
                raise ValueError
            members.append(_CLASSES[name])
        elif high is not None and high < low:
            raise ValueError
        else:
            members.append(re.escape(low) + (f"-{re.escape(high)}" if high is not None else ""))
    return rf"(?!/)[{negated}{''.join(members)}]"


def _segment(tokens: list[str]) -> str:
    """Return the regex of one name: each part between stars matches where it first can."""
    first, *rest = _split(tokens, ("*", "**"))
    if not rest:
        return "".join(first)
    if not any((first, *rest)):
        return "[^/]+"  # not the nothing after the slash of a folder
    inner = "".join(f"(?>[^/]*?{''.join(part)})" for part in rest[:-1] if part)
    return f"{''.join(first)}{inner}[^/]*{''.join(rest[-1])}"


def _path(segments: list[list[str]]) -> str:
    """Return the regex of a path: the names between `**` match where they first can."""
    first, *rest = _split(segments, (["**"],))
    if not rest:
        return _joined(first)
    inner = "".join(rf"(?>(?:.*?/)??{_joined(part)}/)" for part in rest[:-1] if part)
    last = rf"(?:.*/)?{_joined(rest[-1])}" if rest[-1] else ".+"
    return f"{_joined(first) + '/' if first else ''}{inner}{last}"


def _joined(segments: list[list[str]]) -> str:
    return "/".join(map(_segment, segments))


def _split(items: list[T], separators: tuple[T, ...]) -> list[list[T]]:
    parts: list[list[T]] = [[]]
    for item in items:
        if item in separators:
            parts.append([])
        else:
            parts[-1].append(item)
    return parts
