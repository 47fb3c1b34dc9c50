"""A text file line by line, whatever its encoding, without ever holding the whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO, TypeAlias

from .cp949 import composed
from .document import Problem
from .encoding import BAD, MARK_BAD, REPLACEMENT, SAMPLE, Decoded, damage, decode, encoding_of
from .errors import CorpusError

# A longer line, in characters, is a file of another kind (a whole JSON array, say).
LONGEST_LINE = 1 << 25

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

# A file is held whole, and a pipe may never end. For a glossary of the most pairs, this is 268
# bytes for each.
MOST_BYTES = 1 << 27

# What bytes are read from: a path, or an open stream, which is called standard input.
TextSource: TypeAlias = Path | BinaryIO


class Line(NamedTuple):
    """One line of a file: its number from 1, its text with the a line feed, and its bytes gone bad.

    `cut` tells that the text is only the beginning of a line that is too long.
    """

    number: int
    text: str
    bad: int
    cut: bool


class Lines:
    """The lines of a text file, ended by a line feed; `encoding` is the codec that reads it.

    Iterating opens the file anew. Raises CorpusError where it is empty or not text.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.encoding = _encoding(path)

    def __iter__(self) -> Iterator[Line]:
        """Yield the lines in order."""
        with self._path.open(encoding=self.encoding, errors=MARK_BAD) as file:
            number = 0
            while text := file.readline(LONGEST_LINE):
                number += 1
                cut = len(text) == LONGEST_LINE and not text.endswith("\n") and _skip_line(file)
                bad = 0
                if not text.isascii():
                    bad = text.count(BAD)
                    text = composed(text.replace(BAD, REPLACEMENT) if bad else text)
                yield Line(number, text, bad, cut)


def without_surrogates(text: str) -> str:
    """Return `text` with U+FFFD for each lone surrogate: JSON can spell them, files cannot."""
    return text if text.isascii() else _LONE_SURROGATE.sub(REPLACEMENT, text)


def _skip_line(file: TextIO) -> bool:
    """Read to the end of the line, and tell whether there was anything more of it."""
    more = False
    while text := file.readline(LONGEST_LINE):
        more = True
        if text.endswith("\n"):
            break
    return more


def _encoding(path: Path) -> str:
    """Return the encoding by the first stretch of the file that is more than ASCII."""
    with path.open("rb") as file:
        sample = first = file.read(SAMPLE)
        if not first:
            raise CorpusError("is empty")
        encoding = encoding_of(first, whole=len(first) < SAMPLE)
        while sample and sample.isascii() and b"\0" not in first:
            sample = file.read(SAMPLE)
        if sample and sample is not first:
            # It may begin within a character only where the encoding has no ASCII, and then
            # the first stretch would not have been ASCII.
            encoding = encoding_of(sample, whole=len(sample) < SAMPLE)
        return encoding


def load(path: Path) -> bytes:
    """Return the bytes of the file; raise CorpusError where there are none, OSError as it comes."""
    data = path.read_bytes()
    if not data:
        raise CorpusError("is empty")
    return data


def load_text(path: Path) -> Decoded:
    """Return the text of the file; raise CorpusError where it holds none."""
    return decode(load(path))


def damages(source: Decoded, *, name: str) -> Iterator[Problem]:
    """Yield the Problem that tells of the bytes replaced in the text, if any were."""
    if source.bad:
        reason = damage(source.encoding, source.bad)
        yield Problem(path=name, reason=reason, line=source.line)


def name_of_source(source: TextSource) -> str:
    """Return what messages call a source."""
    return str(source) if isinstance(source, Path) else "standard input"


def source_text(source: TextSource) -> str:
    """Return the text of a source, its lines ended by line feeds.

    Its bytes are read once: a pipe has them no second time. Raises CorpusError, which names it.
    """
    # What tells encodings apart is loaded for a file of the user's only.
    from .encoding import decode

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
