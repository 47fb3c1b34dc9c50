"""The lines of translated documents that a translation can be learned from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ...arrays.array_types import Int64s
from .alignment import MOST_LINES, Beads, align

_HANGUL = re.compile("[가-힣]")
_LATIN = re.compile("[A-Za-z]")
# Where less than this share of the lines is aligned, the documents are taken whole, up to this
# many characters of both.
_LEAST_ALIGNED = 0.5
_LONGEST_WHOLE = 3_000
# Lines of both languages; of documents with more, only every second or third and so on is read.
_MOST_LINES = 400_000


class LinePair(NamedTuple):
    """A Korean line, or a few, and the English, with the place of the documents they are from."""

    document: int
    korean: str
    english: str


def line_pairs(documents: Sequence[tuple[str, str]]) -> list[LinePair]:
    """Return the lines of (Korean, English) texts that translate each other, each pair once.

    Lines left untranslated are passed over. Two short texts whose lines do not belong together
    are taken as a line each. Of very many documents, an even sample is looked at.
    """
    split = _sample([(_lines(korean), _lines(english)) for korean, english in documents])
    beads = align(split)
    whole = _loose(split, beads).tolist()
    # Help pages and forms repeat their lines: once is enough to learn from.
    known: dict[tuple[str, str], int] = {}
    for document, pair in _aligned(split, beads):
        if pair not in known and not whole[document] and _teaches(*pair):
            known[pair] = document
    for document in np.flatnonzero(whole).tolist():
        korean, english = documents[document]
        if len(korean) + len(english) <= _LONGEST_WHOLE and _teaches(korean, english):
            known.setdefault((korean, english), document)
    return [LinePair(document, *pair) for pair, document in known.items()]


def _lines(text: str) -> list[str]:
    return [stripped for line in text.split("\n") if (stripped := line.strip())]


def _sample(split: Sequence[tuple[list[str], list[str]]]) -> list[tuple[list[str], list[str]]]:
    """Return the lines of the documents, none for those that are left out."""
    lines = sum(len(korean) + len(english) for korean, english in split)
    step = max(1, -(-lines // _MOST_LINES))
    return [pair if number % step == 0 else ([], []) for number, pair in enumerate(split)]


def _aligned(
    split: Sequence[tuple[list[str], list[str]]], beads: Beads
) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield the document of each bead and its two texts."""
    rows = zip(
        beads.document.tolist(),
        beads.korean.tolist(),
        beads.korean_sizes.tolist(),
        beads.english.tolist(),
        beads.english_sizes.tolist(),
        strict=True,
    )
    for document, first, size, english_first, english_size in rows:
        korean, english = split[document]
        yield (
            document,
            (_text(korean, first, size), _text(english, english_first, english_size)),
        )


def _text(lines: list[str], first: int, size: int) -> str:
    return lines[first] if size == 1 else "\n".join(lines[first : first + size])


def _loose(split: Sequence[tuple[list[str], list[str]]], beads: Beads) -> Int64s:
    """Tell of each document whether too few of its lines are in a bead."""
    sides = np.array([[len(korean), len(english)] for korean, english in split], np.int64)
    lines = np.minimum(sides.reshape(-1, 2), MOST_LINES).sum(axis=1)
    sizes = beads.korean_sizes + beads.english_sizes
    aligned = np.bincount(beads.document, sizes, minlength=len(split))
    loose: Int64s = aligned < _LEAST_ALIGNED * lines
    return loose


def _teaches(korean: str, english: str) -> bool:
    """Tell whether there are words to translate, in the right language on either side."""
    translated = korean != english and _HANGUL.search(korean) and not _HANGUL.search(english)
    return bool(translated and _LATIN.search(english))
