"""Selects the line pairs of translated documents that translations are learned from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from ...arrays.array_types import Int64s
from ...value import NamedTuple
from .alignment import MAX_LINES, align

_HANGUL = re.compile("[가-힣]")
_LATIN = re.compile("[A-Za-z]")
# Documents with a smaller share of aligned lines are taken as one line each, up to this many
# characters of both.
_MIN_ALIGNED = 0.5
_MAX_WHOLE = 3_000
# Lines of both languages; of more, every step-th document is read.
_MAX_LINES = 400_000


class LinePair(NamedTuple):
    """Korean and English lines that translate each other, and the index of their document."""

    document: int
    korean: str
    english: str


def line_pairs(documents: Sequence[tuple[str, str]]) -> list[LinePair]:
    """Return the distinct aligned lines of (Korean, English) texts, without untranslated ones.

    Short texts that do not align are paired as a whole. Very many documents are sampled evenly.
    """
    split = _sample([(_lines(korean), _lines(english)) for korean, english in documents])
    beads = align(split)
    is_whole = _is_unaligned(split, beads).tolist()
    # Help pages and forms repeat their lines: once is enough to learn from.
    found: dict[tuple[str, str], int] = {}
    for document, pair in _aligned(split, beads):
        if pair not in found and not is_whole[document] and _is_translated(*pair):
            found[pair] = document
    for document, (korean, english) in enumerate(documents):
        is_short = len(korean) + len(english) <= _MAX_WHOLE
        if is_whole[document] and is_short and _is_translated(korean, english):
            found.setdefault((korean, english), document)
    return [LinePair(document, *pair) for pair, document in found.items()]


def _lines(text: str) -> list[str]:
    return [stripped for line in text.split("\n") if (stripped := line.strip())]


def _sample(split: Sequence[tuple[list[str], list[str]]]) -> list[tuple[list[str], list[str]]]:
    """Return the lines of the documents, with none for those that are left out."""
    lines = sum(len(korean) + len(english) for korean, english in split)
    step = max(1, -(-lines // _MAX_LINES))
    return [pair if number % step == 0 else ([], []) for number, pair in enumerate(split)]


def _aligned(
    split: Sequence[tuple[list[str], list[str]]], beads: Int64s
) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield the document of each bead and its two texts."""
    for document, start, size, english_start, english_size in beads.tolist():
        korean, english = split[document]
        yield document, (_text(korean, start, size), _text(english, english_start, english_size))


def _text(lines: list[str], start: int, size: int) -> str:
    return lines[start] if size == 1 else "\n".join(lines[start : start + size])


def _is_unaligned(split: Sequence[tuple[list[str], list[str]]], beads: Int64s) -> Int64s:
    """Return whether too few lines of each document are in a bead."""
    sizes = np.array([[len(korean), len(english)] for korean, english in split], np.int64)
    lines = np.minimum(sizes.reshape(-1, 2), MAX_LINES).sum(axis=1)
    aligned = np.bincount(beads[:, 0], beads[:, 2] + beads[:, 4], minlength=len(split))
    is_unaligned: Int64s = aligned < _MIN_ALIGNED * lines
    return is_unaligned


def _is_translated(korean: str, english: str) -> bool:
    """Return whether two texts differ and have letters of the right language each."""
    differ = korean != english and _HANGUL.search(korean) and not _HANGUL.search(english)
    return bool(differ and _LATIN.search(english))
