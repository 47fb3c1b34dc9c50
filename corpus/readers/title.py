"""What a document is called when its format does not say."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from .date import stated_date

_LONGEST = 120  # characters
_WORD = re.compile(r"\S")
_SENTENCE_ENDS = (".", "。", ",", ";", ":", "!", "…")


def tidy_title(title: str) -> str:
    """Return `title` in NFC on one line, without white space around it."""
    return unicodedata.normalize("NFC", " ".join(title.split()))


def file_title(name: str) -> str:
    """Return the name of the file without folders and suffix, in NFC."""
    path = PurePosixPath(name)
    return tidy_title(path.stem) or path.name


def first_line_title(text: str) -> str:
    """Return the first line where it reads as a title, else "".

    It does when it is short and a blank line follows, or a line too long for a title does.
    """
    first = _WORD.search(text)
    start = text[first.start() : first.start() + 4 * _LONGEST] if first else ""
    line, _, rest = start.partition("\n")
    line = line.strip()
    if len(line) > _LONGEST or not any(map(str.isalnum, line)) or stated_date(line):
        return ""
    following = rest.partition("\n")[0].strip()
    if rest and not following:
        return tidy_title(line)
    apart = len(following) > _LONGEST and not line.endswith(_SENTENCE_ENDS)
    return tidy_title(line) if apart else ""
