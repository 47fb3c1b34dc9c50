"""Text without the signs that have a meaning for OpenSearch."""

from __future__ import annotations

import re

_OF_WILDCARDS = re.compile(r"[\\*?]")
_OF_EXPRESSIONS = re.compile(r'[.?+*|{}\[\]()"\\#@&<>~^$-]')


def wildcard_literal(text: str) -> str:
    """Return the wildcard expression that matches a text itself."""
    return _OF_WILDCARDS.sub(r"\\\g<0>", text)


def wildcard_of(pattern: str) -> str:
    """Return the wildcard expression of a pattern, in which only * and ? have a meaning."""
    return pattern.replace("\\", r"\\")


def expression_literal(text: str) -> str:
    """Return the regular expression of Lucene that matches a text itself."""
    return _OF_EXPRESSIONS.sub(r"\\\g<0>", text)
