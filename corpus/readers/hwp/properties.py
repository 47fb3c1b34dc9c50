"""What a file states of itself, and what of it is to be believed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from ..metadata import stated_author, tidy_title

_KOREA = timedelta(hours=9)
_FIRST_YEAR = 1990
_LEAST_LETTERS = 6
_HEAD = 3000  # characters of a text where its title stands


class Properties(NamedTuple):
    """Title, author, keywords and the day of the last change, in ISO 8601; "" for the unknown."""

    title: str = ""
    author: str = ""
    keywords: str = ""
    modified: str = ""

    def title_in(self, text: str) -> str:
        """Return the title if it is near the beginning of the text; else "".

        Others are of the template, or of the document that this one was made from; and short ones
        are the beginning of a line.
        """
        title = tidy_title(self.title)
        is_long = sum(map(str.isalpha, title)) >= _LEAST_LETTERS
        return title if is_long and _squeezed(title) in _squeezed(text[:_HEAD]) else ""

    def metadata(self) -> dict[str, str]:
        """Return author, keywords and the day of the last change, as far as they are known."""
        found = {
            "author": stated_author(self.author),
            "keywords": tidy_title(self.keywords),
            "modified": self.modified,
        }
        return {name: value for name, value in found.items() if len(value) > 1}


def in_korea(moment: datetime) -> str:
    """Return the day of a moment in UTC, as it was where Hangul is used; "" for an early one.

    Programs without a clock write the first moment that they can.
    """
    if moment.year < _FIRST_YEAR:
        return ""
    return (moment.replace(tzinfo=None) + _KOREA).date().isoformat()


def _squeezed(text: str) -> str:
    return "".join(text.split())
