"""Cuts the attributes of elements that have thousands, before the page is parsed.

libxml2 walks all attributes of an element to append one: a million would take days.
"""

from __future__ import annotations

import re

_MOST = 1000  # of an element; no real one has a tenth

# Tags as the HTML standard reads them. What is possessive or atomic is never read again, so that
# each character is read once, whatever the page.
_ATTRIBUTE = (
    r"""[\s/]*+[^\s/>][^\s/>=]*+(?>(?:\s*+=\s*+(?>(?:"[^"]*+"?|'[^']*+'?|[^\s>"'][^\s>]*+)?))?)"""
)
_FIRST = rf"<[A-Za-z][^\s/>]*+(?>(?:{_ATTRIBUTE}){{0,{_MOST}}})"
_COMPLETE = rf"{_FIRST}(?!{_ATTRIBUTE})"
_COMMENT = r"<!--(?>-?>|.*?(?:--!?>|\Z))"
# Their text has no tags.
_RAW_NAMES = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
_RAW = "|".join(rf"(?=<{name}[\s/>]){_COMPLETE}>?(?>.*?(?:</{name}|\Z))" for name in _RAW_NAMES)
# A thousand at a time: what the matcher keeps of each repetition is memory.
_SOUND = re.compile(
    rf"(?>(?>[^<]+|{_COMMENT}|<(?![A-Za-z])|{_RAW}|{_COMPLETE}){{1,1000}})",
    re.DOTALL | re.IGNORECASE,
)
_START = re.compile(_FIRST)
_EXCESS = re.compile(_ATTRIBUTE)


def with_few_attributes(text: str) -> str:
    """Return a page without the attributes of an element after its first thousand.

    Their line feeds stay, so that all that follows is on its line.
    """
    end = _end(_SOUND, text, 0)
    if end == len(text):
        return text
    pieces, start = [], 0
    while end < len(text):
        found = _START.match(text, end)
        cut = found.end() if found else end
        pieces.append(text[start:cut])
        start = _end(_EXCESS, text, cut)
        pieces.append("\n" * text.count("\n", cut, start))
        end = _end(_SOUND, text, start)
    return "".join([*pieces, text[start:]])


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    """Return where the last of the matches that follow each other from `start` on ends."""
    while found := pattern.match(text, start):
        start = found.end()
    return start
