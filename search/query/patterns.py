"""Patterns of words as terms are written."""

from __future__ import annotations

import re

# A sign that a term does not keep, before a letter, a digit or a wildcard, and the least before it.
_SIGN = re.compile(r"(?<=[^\W\d_])[-.'&·](?=[^\W_]|[*?])")
_BEFORE_SIGN = 3  # characters


def without_signs(pattern: str) -> str:
    """Return a pattern without signs inside it, as terms are: COVID-* finds covid19.

    Not behind one or two letters: e-* would find every word with an e.
    """
    start = _SIGN.search(pattern)
    is_long = start is not None and start.start() >= _BEFORE_SIGN
    return _SIGN.sub("", pattern) if is_long else pattern
