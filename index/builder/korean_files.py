"""Tells whether files that are to be read have Korean text, by a sample of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.encoding import encoding_of
from corpus.errors import CorpusError
from corpus.readers import PLAIN
from corpus.walk import SourceFile

# Files, evenly spread, and bytes of each.
_FILES = 32
_BYTES = 4096
# Formats whose documents are Korean. What other formats have is not known before they are read.
_KOREAN = frozenset({".hwp", ".hwpx"})
_SYLLABLE = re.compile("[가-힣]")


def are_korean(files: Sequence[SourceFile]) -> bool:
    """Return whether some of the files are likely to have Korean text; opens 32 at most."""
    sample = files[:: len(files) // _FILES + 1]
    return any(map(_is_korean, sample))


def _is_korean(file: SourceFile) -> bool:
    suffix = file.path.suffix.lower()
    if suffix not in PLAIN:
        return suffix in _KOREAN
    try:
        with file.path.open("rb") as opened:
            data = opened.read(_BYTES)
        text = data.decode(encoding_of(data, whole=len(data) < _BYTES), "replace")
    except (CorpusError, OSError):  # the build says so when it reads the file
        return False
    return _SYLLABLE.search(text) is not None
