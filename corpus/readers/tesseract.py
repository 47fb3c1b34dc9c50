"""Reads pictures of text with Tesseract, a program of its own, where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..lifetime import end_with_parent

_PROGRAM = "tesseract"
_LANGUAGES = ("kor", "eng")
_INSTALL = "apt-get install tesseract-ocr tesseract-ocr-kor"
# One column of text in several sizes: where it looks for columns itself, it takes the wide gaps
# between Korean words for them, and loses every second word.
_LAYOUT = "4"
_START = 10.0  # seconds

# The columns of a table of its words, and of the rows of lines in it.
_COLUMNS = 12
_LINE, _WORD = "4", "5"


class Line(NamedTuple):
    """A line of text: the paragraph it is of, its right end and height in pixels.

    `sure` is how sure the program is of its characters, 0 to 100.
    """

    text: str
    sure: float = 0.0
    paragraph: tuple[str, ...] = ()
    right: int = 0
    height: int = 0


class Recognized(NamedTuple):
    """The lines of a picture, and how sure the program is of all their characters."""

    lines: tuple[Line, ...]
    sure: float


def missing() -> str:
    """Return what is not installed, and how to install it, or "" if pictures can be read."""
    if shutil.which(_PROGRAM) is None:
        return f"it needs Tesseract, which is not installed ({_INSTALL})"
    try:
        listed = _run("--list-langs", seconds=_START).split()
    except OSError as error:
        return f"Tesseract does not start: {error}"
    lacking = [language for language in _LANGUAGES if language not in listed]
    if lacking:
        return f"Tesseract has no data for {' and '.join(lacking)} ({_INSTALL})"
    return ""


def recognize(picture: bytes, *, dpi: int, seconds: float) -> Recognized:
    """Return the text of a picture in PGM. Raises OSError, and TimeoutError after some seconds."""
    languages = "+".join(_LANGUAGES)
    options = ("-l", languages, "--dpi", f"{dpi}", "--psm", _LAYOUT, "tsv", "txt")
    return _parsed(_run("stdin", "stdout", *options, seconds=seconds, given=picture))


def _run(*arguments: str, seconds: float, given: bytes = b"") -> str:
    try:
        done = subprocess.run(
            [_PROGRAM, *arguments],
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            # More threads make a page no faster, and readers run beside each other.
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            preexec_fn=end_with_parent if os.name == "posix" else None,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(f"Tesseract takes longer than {seconds:g} seconds") from error
    except subprocess.CalledProcessError as error:
        raise OSError(f"Tesseract ended with code {error.returncode}") from error
    return done.stdout.decode("utf-8", "replace")


def _parsed(output: str) -> Recognized:
    """Take the output apart: a table of words and lines, then the text.

    The text parts words as they are; the table parts Korean into syllables.
    """
    rows: list[list[str]] = []
    texts: list[str] = []
    for line in output.replace("\f", "\n").split("\n"):
        columns = line.split("\t")
        if len(columns) == _COLUMNS:
            rows.append(columns)
        elif not line.isspace() and line:
            texts.append(line.strip())
    lines = list(_places(rows))
    if len(lines) != len(texts):
        lines = [Line("")] * len(texts)
    placed = (line._replace(text=text) for line, text in zip(lines, texts, strict=True))
    return Recognized(tuple(placed), _mean(row for row in rows if row[0] == _WORD))


def _places(rows: Sequence[Sequence[str]]) -> Iterator[Line]:
    """Yield the lines that have words, without their text."""
    words: dict[tuple[str, ...], list[Sequence[str]]] = defaultdict(list)
    for row in rows:
        if row[0] == _WORD and row[-1].strip():
            words[tuple(row[1:5])].append(row)
    for row in rows:
        if row[0] == _LINE and (found := words.get(tuple(row[1:5]))):
            left, _, width, height = map(int, row[6:10])
            yield Line("", _mean(found), tuple(row[1:4]), left + width, height)


def _mean(words: Iterable[Sequence[str]]) -> float:
    """Return the mean confidence of words, each as often as it has characters."""
    sizes = [(float(row[10]), len(row[11].strip())) for row in words]
    size = sum(length for _, length in sizes)
    return sum(sure * length for sure, length in sizes) / size if size else 0.0
