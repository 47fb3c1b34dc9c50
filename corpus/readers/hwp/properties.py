"""What a file states of itself, and what of it is to be believed."""

from __future__ import annotations

from typing import NamedTuple

from ..metadata import tidy_title

_HEAD = 3000  # characters of a text where its title stands


class Properties(NamedTuple):
    """Title, author, keywords and the day of the last change, in ISO 8601; "" for the unknown."""

    title: str = ""
    author: str = ""
    keywords: str = ""
    modified: str = ""

    def title_in(self, text: str) -> str:
        """Return the title if the text begins with it, or soon has it; else "".

        Others are of the template, or of the document that this one was made from.
        """
        title = tidy_title(self.title)
        letters = sum(map(str.isalpha, title))
        return title if letters > 1 and _squeezed(title) in _squeezed(text[:_HEAD]) else ""

    def metadata(self) -> dict[str, str]:
        """Return author, keywords and the day of the last change, as far as they are known."""
        found = {
            "author": tidy_title(self.author),
            "keywords": tidy_title(self.keywords),
            "modified": self.modified,
        }
        return {name: value for name, value in found.items() if value}


def _squeezed(text: str) -> str:
    return "".join(text.split())
