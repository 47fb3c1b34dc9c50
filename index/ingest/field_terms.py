"""What a document says beside its text: the name of its file, and the values of its fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from corpus import Document, Passage
from corpus.readers.metadata import file_title

from ..schema import field_name, name_term, value_term

_PARTS = re.compile("[,;\n]")
# Of a document, so that no row of thousands of columns is more than its text.
_MOST_VALUES = 1000
_MOST_CHARACTERS = 20_000


def other_text(document: Document, passages: Sequence[Passage]) -> str:
    """Return the words of the file name and the values that neither title nor text have.

    A row has no name of its own, and one without a text has its values as text.
    """
    whole = "\n".join([document.title, *(passage.text for passage in passages)])
    name = file_title(document.path) if document.id == document.path else ""
    values = chain.from_iterable(map(_PARTS.split, document.metadata.values()))
    found = filter(None, map(str.strip, (name, *values)))
    first = islice(found, _MOST_VALUES)
    # As these have no line feeds, one of the texts has what they have together.
    lines = (text for text in first if text not in whole)
    return "\n".join(lines)[:_MOST_CHARACTERS]


def field_terms(document: Document) -> list[str]:
    """Return the terms by which the fields of a document are found, and their values."""
    return list(dict.fromkeys(islice(_terms(document), _MOST_VALUES))) if document.metadata else []


def _terms(document: Document) -> Iterator[str]:
    for key, value in document.metadata.items():
        if name := field_name(key):
            yield name_term(name)
            yield from (value_term(name, line) for line in value.split("\n") if line.strip())
