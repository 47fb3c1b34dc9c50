"""Reads text files, pipes and standard input in any encoding: whole, or line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO, TypeAlias

from .encoding import BAD, MARK_BAD, REPLACEMENT, SAMPLE, compose_syllables, decode, encoding_of
from .errors import CorpusError

# In characters. A longer line means a file of another kind, such as a whole JSON array.
LONGEST_LINE = 1 << 25

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

# A source is read whole, and a pipe may never end. For the largest glossary, 268 bytes per pair.
MOST_BYTES = 1 << 27

# A path, or an open stream, which messages call standard input.
TextSource: TypeAlias = Path | BinaryIO


class Line(NamedTuple):
    """One line of a file: its number from 1, its text with the line feed, its count of bad bytes.

    `cut` is true where the line is too long and the text is only its beginning.
    """

    number: int
    text: str
    bad: int
    cut: bool


class Lines:
    """The lines of a text file, ended by a line feed; `encoding` is the codec that reads it.

    Every iteration opens the file anew. Raises CorpusError if the file is empty or not text.
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
                    text = compose_syllables(text.replace(BAD, REPLACEMENT) if bad else text)
                yield Line(number, text, bad, cut)


def replace_surrogates(text: str) -> str:
    """Replace each lone surrogate by U+FFFD: JSON can contain them, files cannot."""
    return text if text.isascii() else _LONE_SURROGATE.sub(REPLACEMENT, text)


def _skip_line(file: TextIO) -> bool:
    """Skip to the end of the line, and return whether that skipped anything."""
    skipped = False
    while text := file.readline(LONGEST_LINE):
        skipped = True
        if text.endswith("\n"):
            break
    return skipped


def _encoding(path: Path) -> str:
    """Return the encoding, detected in the first block of the file that is not ASCII."""
    with path.open("rb") as file:
        sample = first = file.read(SAMPLE)
        if not first:
            raise CorpusError("is empty")
        encoding = encoding_of(first, whole=len(first) < SAMPLE)
        while sample and sample.isascii() and b"\0" not in first:
            sample = file.read(SAMPLE)
        if sample and sample is not first:
            # A later block begins inside a character only in an encoding without ASCII, and
            # there the first block is not ASCII either.
            encoding = encoding_of(sample, whole=len(sample) < SAMPLE)
        return encoding


def load(path: Path) -> bytes:
    """Return the bytes of a file. Raises CorpusError if it is empty, and OSError."""
    data = path.read_bytes()
    if not data:
        raise CorpusError("is empty")
    return data


def source_name(source: TextSource) -> str:
    """Return the name of a source in messages."""
    return str(source) if isinstance(source, Path) else "standard input"


def read_source(source: TextSource) -> str:
    """Return the text of a source, its lines ended by line feeds. Raises CorpusError with its name.

    The bytes are read once, since a pipe cannot be read again.
    """
    name = source_name(source)
    try:
        with source.open("rb") if isinstance(source, Path) else nullcontext(source) as file:
            data = file.read(MOST_BYTES + 1)
        if not data:
            raise CorpusError("is empty")
        if len(data) > MOST_BYTES:
            raise CorpusError(f"is longer than {MOST_BYTES:,} bytes")
        return decode(data).text
    except OSError as error:
        raise CorpusError(
            f"{name} cannot be read: {error.strerror}", hint="Check its path and permissions."
        ) from error
    except CorpusError as error:
        raise CorpusError(f"{name} {error}") from error
