"""Patterns of words, read as terms are written."""

from __future__ import annotations

import re

from index.analysis.english import stem
from index.analysis.normalize import normal_form
from index.value import NamedTuple

# A sign that a term does not keep, before a letter, a digit or a wildcard, and the least before it.
_SIGN = re.compile(r"(?<=[^\W\d_])[-.'&·](?=[^\W_]|[*?])")
_BEFORE_SIGN = 3  # characters


class TermPattern(NamedTuple):
    """A pattern of terms: its text with * and ?, what stands before these, and a term beside it.

    `stem` also matches: economy* finds economy, whose term is economi. It is "" if there is none.
    """

    text: str
    prefix: str
    stem: str


def read_pattern(typed: str) -> TermPattern:
    """Return the pattern of terms for a word with * or ?."""
    text = _without_signs(normal_form(typed))
    prefix = re.split(r"[*?]", text, maxsplit=1)[0]
    is_beginning = text == prefix + "*" and prefix.isascii() and prefix.isalpha()
    return TermPattern(text, prefix, stem(prefix) if is_beginning else "")


def _without_signs(pattern: str) -> str:
    """Return a pattern without signs inside it, as terms are: COVID-* finds covid19.

    Not behind one or two letters: e-* would find every word with an e.
    """
    start = _SIGN.search(pattern)
    is_long = start is not None and start.start() >= _BEFORE_SIGN
    return _SIGN.sub("", pattern) if is_long else pattern
