"""The text that the user gives, as a file, a pipe or standard input."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, TypeAlias

from corpus.errors import CorpusError

# A file is held whole, and a pipe may never end. For a glossary of the most pairs, this is 268
# bytes for each.
MOST_BYTES = 1 << 27

# What bytes are read from: a path, or an open stream, which is called standard input.
TextSource: TypeAlias = Path | BinaryIO


def name_of_source(source: TextSource) -> str:
    """Return what messages call a source."""
    return str(source) if isinstance(source, Path) else "standard input"


def source_text(source: TextSource) -> str:
    """Return the text of a source, its lines ended by line feeds.

    Its bytes are read once: a pipe has them no second time. Raises CorpusError, which names it.
    """
    # What tells encodings apart is loaded for a file of the user's only.
    from corpus.readers.encoding import decode

    name = name_of_source(source)
    try:
        data = _bytes(source)
        if not data:
            raise CorpusError("is empty")
        if len(data) > MOST_BYTES:
            raise CorpusError(f"is longer than {MOST_BYTES:,} bytes")
        return decode(data).text
    except OSError as error:
        raise CorpusError(f"{name} cannot be read: {error.strerror}") from error
    except CorpusError as error:
        raise CorpusError(f"{name} {error}") from error


def _bytes(source: TextSource) -> bytes:
    """Return the bytes of a source, or one more than there may be."""
    if not isinstance(source, Path):
        return source.read(MOST_BYTES + 1)
    with source.open("rb") as file:
        return file.read(MOST_BYTES + 1)
