"""Reads text files, pipes and standard input in any encoding: whole, in parts, or line by line."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from io import SEEK_END, BufferedIOBase, BufferedReader, FileIO, TextIOWrapper
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, TextIO, TypeAlias, cast

from .encoding import (
    BAD,
    KEEP_BAD,
    MARK_BAD,
    REPLACEMENT,
    SAMPLE,
    UTF_8,
    compose_syllables,
    decode,
    encoding_of,
    is_narrow,
    reject_binary,
    text_of,
)
from .errors import CorpusError, NoText, TooLarge

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# In characters. A longer line means a file of another kind, such as a whole JSON array.
LONGEST_LINE = 1 << 25

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

# A source is read whole, and a pipe may never end. For the largest glossary, 268 bytes per pair.
MOST_BYTES = 1 << 27

# Bytes before the text, in a log that was emptied while a program wrote to it. A disk image may
# have terabytes of them.
_MOST_NULS = 1 << 28

_CHUNK = 1 << 16  # bytes
# Of bytes without a break: more are cut anywhere, as to collect them would take quadratic time.
_LONGEST_WORD = 1 << 20
_BREAKS = (b" ", b",", b"\t")

# A path, or an open stream, which messages call standard input.
TextSource: TypeAlias = Path | BinaryIO

# The most characters of a part: most books are one, and reading it takes some 100 MB.
PART = 1 << 20


class _FileAsOpened(FileIO):
    """A file up to its size when it was opened: one that is written to would never end."""

    def __init__(self, path: Path) -> None:
        # A pipe that took the place of the file would wait for a writer without O_NONBLOCK.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        super().__init__(path, opener=lambda name, _: os.open(name, flags))
        try:
            self.status = os.fstat(self.fileno())
            if not S_ISREG(self.status.st_mode):
                raise CorpusError("is not a regular file")
        except BaseException:
            self.close()
            raise

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        return super().readinto(memoryview(buffer)[: self._left()])

    def readall(self) -> bytes:
        return self.read(self._left()) or b""

    def _left(self) -> int:
        return max(0, self.status.st_size - self.tell())


@contextmanager
def open_regular(path: Path) -> Iterator[BufferedReader]:
    """Open a file, up to its present size. Raises OSError, and CorpusError unless it is regular."""
    raw: Any = _FileAsOpened(path)  # Any, as typeshed's names for what a reader reads vary
    with BufferedReader(raw) as file:
        yield file


def status_when_opened(file: BufferedReader) -> os.stat_result:
    """Return the status of a file of `open_regular` when it was opened, which bounds what is read.

    A later one would be that of a longer file, if it has grown since.
    """
    return cast(_FileAsOpened, file.raw).status


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

    Every iteration starts from the beginning. Raises CorpusError if the file is empty or not text.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.encoding = _encoding(file)

    def __iter__(self) -> Iterator[Line]:
        """Yield the lines in order."""
        with _decoding(self._file, self.encoding) as file:
            number = 0
            while text := file.readline(LONGEST_LINE):
                number += 1
                cut = len(text) == LONGEST_LINE and not text.endswith("\n") and _skip_line(file)
                text, bad = _mended(text)
                yield Line(number, text, bad, cut)


class Pieces:
    """The text of a file in pieces of some size; `encoding` is the codec.

    A bad byte is BAD. Raises CorpusError if the file is empty or not text.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.encoding = _encoding(file)

    def __iter__(self) -> Iterator[str]:
        """Yield the pieces in order, none of them empty."""
        with _decoding(self._file, self.encoding) as file:
            while text := file.read(_CHUNK):
                if piece := text.replace("\0", ""):
                    yield compose_syllables(piece)


class Part(NamedTuple):
    """A part of a text, and the number of its first line, from 1."""

    line: int
    text: str


class Parts:
    """A text in parts that are not blank, of at most `most` characters, in order.

    `end` is called with a text of `most` characters, and returns where the part should end.
    `encoding` is the codec; `bad` counts the bad bytes so far, and `bad_line` is the line of the
    first. Raises CorpusError if the file is empty or not text.
    """

    def __init__(self, file: BinaryIO, *, end: Callable[[str], int], most: int = PART) -> None:
        self._file = file
        self._end = end
        self._most = most
        self.encoding = _encoding(file)
        self.bad = self.bad_line = 0

    def __iter__(self) -> Iterator[Part]:
        """Yield the parts. Raises CorpusError if all of them are blank."""
        is_blank = True
        line = 1
        for text in self._texts():
            if not self.bad and (first := text.find(BAD)) >= 0:
                self.bad_line = line + text.count("\n", 0, first)
            mended, bad = _mended(text)
            self.bad += bad
            if not mended.isspace():
                is_blank = False
                yield Part(line, mended)
            line += text.count("\n")
        if is_blank:
            raise NoText("has no readable text")

    def _texts(self) -> Iterator[str]:
        with _decoding(self._file, self.encoding) as file:
            rest = ""
            while text := rest + file.read(self._most - len(rest)):
                cut = self._end(text) if len(text) == self._most else len(text)
                yield text[:cut]
                rest = text[cut:]


def part_end(text: str) -> int:
    """Return where a part of a longer text ends: after its last paragraph, else line, else word."""
    for mark in ("\n\n", "\n", " "):
        cut = text.rfind(mark, len(text) // 2)
        if cut >= 0:
            return cut + len(mark)
    return len(text)


def _mended(text: str) -> tuple[str, int]:
    """Return a text without NUL, its syllables composed, its bad bytes replaced and counted."""
    if "\0" in text:
        text = text.replace("\0", "")
    if text.isascii():
        return text, 0
    bad = text.count(BAD)
    return compose_syllables(text.replace(BAD, REPLACEMENT) if bad else text), bad


class _Utf8(BufferedIOBase):
    """The text of an open file in a narrow encoding, in UTF-8 and without NUL bytes.

    Lines in another encoding than the file are decoded as `text_of` does; bad bytes stay bad.
    """

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._encoding = encoding
        self._rest = b""

    def readable(self) -> bool:
        return True

    def read1(self, size: int = -1, /) -> bytes:
        """Return some whole lines or words, however many bytes; nothing at the end."""
        while data := self._file.read(_CHUNK):
            data = self._rest + data.translate(None, b"\0")
            cut = len(data) if data.isascii() or len(data) > _LONGEST_WORD else _last_break(data)
            self._rest = data[cut:]
            if cut:
                return self._in_utf_8(data[:cut])
        data, self._rest = self._rest, b""
        return self._in_utf_8(data)

    def _in_utf_8(self, data: bytes) -> bytes:
        if self._encoding == UTF_8:
            with suppress(UnicodeDecodeError):
                data.decode()
                return data
        return text_of(data, self._encoding).encode("utf-8", KEEP_BAD)


def _last_break(data: bytes) -> int:
    """Return the end of the last line of some data, else of its last word."""
    return data.rfind(b"\n") + 1 or max(map(data.rfind, _BREAKS)) + 1


@contextmanager
def _decoding(file: BinaryIO, encoding: str) -> Iterator[TextIO]:
    """Read an open file as text from its beginning, and leave it open."""
    file.seek(0)
    narrow = is_narrow(encoding)
    source: Any = _Utf8(file, encoding) if narrow else file
    text = TextIOWrapper(source, encoding=UTF_8 if narrow else encoding, errors=MARK_BAD)
    try:
        yield text
    finally:
        text.detach()


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


def _encoding(file: BinaryIO) -> str:
    """Return the encoding, detected in the first block of the file that is not ASCII."""
    file.seek(0)
    sample = first = file.read(SAMPLE)
    if not first:
        raise NoText("is empty")
    while sample and not sample.strip(b"\0") and file.tell() < _MOST_NULS:
        sample = file.read(SAMPLE)
    first = sample or first
    encoding = encoding_of(first, whole=len(first) < SAMPLE)
    while sample and sample.isascii() and encoding == UTF_8:
        sample = file.read(SAMPLE)
    if sample and sample is not first:
        # A later block begins inside a character only in an encoding without ASCII, and
        # there the first block is not ASCII either.
        encoding = encoding_of(sample, whole=len(sample) < SAMPLE)
    return encoding


def whole(file: BinaryIO, *, kind: str, most: int) -> bytes:
    """Return the bytes of an open file, of this kind. Raises NoText and TooLarge (over `most`)."""
    if file.seek(0, SEEK_END) > most:
        raise TooLarge(f"is {kind} of more than {most:,} bytes")
    file.seek(0)
    data = file.read(most)  # it may be growing
    if not data:
        raise NoText("is empty")
    return data


def load(file: BinaryIO, *, kind: str, most: int) -> bytes:
    """Return the bytes of a text file, as `whole` does. Raises CorpusError also for binary data."""
    data = whole(file, kind=kind, most=most)
    if len(data) >= SAMPLE:
        reject_binary(data[:SAMPLE])
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
            raise NoText("is empty")
        if len(data) > MOST_BYTES:
            raise TooLarge(f"is longer than {MOST_BYTES:,} bytes")
        return decode(data).text
    except OSError as error:
        raise CorpusError(
            f"{name} cannot be read: {error.strerror}", hint="Check its path and permissions."
        ) from error
    except CorpusError as error:
        raise CorpusError(f"{name} {error}", hint="Give a text file, or a pipe.") from error
