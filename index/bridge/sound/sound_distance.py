"""The distance in sound of two words: a weighted edit distance of their transcriptions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import accumulate

import numpy as np

from ...arrays.array_types import Float32s, UInt8s
from .romanize import CONSONANTS

_VOWELS = "aeiouvx"
_MAX_SOUNDS = 16  # of a word; few names have more
_CHUNK = 1 << 13  # pairs whose rows stay in the cache of one core
# Costs of substitutions.
_CONSONANT_PAIR = 1.5
_VOWEL_PAIR = 0.5
_CONSONANT_FOR_VOWEL = 2.0  # as much as both edits, or more
# Cheaper substitutions. Korean ears tell the pairs of the first row apart, but romanisations do not
# agree on them.
_SIMILAR = {
    0.05: "Ft Fs Jz Cc Hh Dt Rr Ll Lr",
    0.2: "gk dt bp sz cz qn Jg Ck Hk Fd Dd Ds Hg Cs Cz lr",
    0.5: "sc Fz Js hp Jk zt ct dz hk nm lR",
    0.15: "ae av ov ou oa ei iv ev eo ux uv vx iu",
    0.25: "ai au ax ex ix ox yi wu wo iy uw",
}
# Costs of inserting or deleting a sound; the cheaper ones by cost.
_GAP_VOWEL = 0.35
_GAP_CONSONANT = 1.0
_GAPS = {0.05: "xR", 0.1: "y", 0.15: "w", 0.3: "i", 0.5: "hH", 0.8: "lr"}


def distance(left: str, right: str) -> float:
    """Return the cost of turning the sounds `left` into `right`; 0 for the same sounds."""
    substitution, gap = _cost_lists()
    codes = right.encode()
    insertions = [gap[code] for code in codes]
    row = [0.0, *accumulate(insertions)]
    for sound in left.encode():
        substitutions, deletion = substitution[sound], gap[sound]
        diagonal, row[0] = row[0], row[0] + deletion
        best = row[0]
        for column, code in enumerate(codes, 1):
            # The least of three, spelt out: a call of `min` takes longer than all else here.
            inserted, deleted = best + insertions[column - 1], row[column] + deletion
            substituted = diagonal + substitutions[code]
            best = inserted if inserted < deleted else deleted
            if substituted < best:
                best = substituted
            diagonal, row[column] = row[column], best
    return row[-1]


def sound_codes(words: Sequence[str]) -> UInt8s:
    """Return the ASCII codes of each word's first 16 sounds as a row, padded with zeros."""
    return np.array(words, dtype=f"S{_MAX_SOUNDS}").view(np.uint8).reshape(-1, _MAX_SOUNDS)


def distances(ours: UInt8s, theirs: UInt8s) -> Float32s:
    """Return the `distance` of each pair of rows; the padding costs nothing."""
    found = np.zeros(len(ours), np.float32)
    for start in range(0, len(ours), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        found[chunk] = _chunk_distances(ours[chunk], theirs[chunk])
    return found


def _chunk_distances(ours: UInt8s, theirs: UInt8s) -> Float32s:
    substitution, gap = _cost_tables()
    left = np.ascontiguousarray(ours[:, : _longest(ours)].T, np.intp)
    right = np.ascontiguousarray(theirs[:, : _longest(theirs)].T, np.intp)
    insertions = gap[right]
    row = [np.zeros(len(ours), np.float32)]
    for insertion in insertions:
        row.append(row[-1] + insertion)
    flat = substitution.ravel()
    for sounds in left:
        deletion, base = gap[sounds], sounds * len(substitution)
        diagonal, row[0] = row[0], row[0] + deletion
        for column, (sound, insertion) in enumerate(zip(right, insertions, strict=True), 1):
            best = diagonal + flat[base + sound]
            np.minimum(best, row[column] + deletion, out=best)
            np.minimum(best, row[column - 1] + insertion, out=best)
            diagonal, row[column] = row[column], best
    return row[-1]


def _longest(codes: UInt8s) -> int:
    """Return the number of sounds of the longest word."""
    return int(np.count_nonzero(codes.any(axis=0)))


@cache
def _cost_lists() -> tuple[list[list[float]], list[float]]:
    substitution, gap = _cost_tables()
    return substitution.tolist(), gap.tolist()


@cache
def _cost_tables() -> tuple[Float32s, Float32s]:
    """Return the cost of each substitution and of each gap, by ASCII code."""
    substitution = np.full((128, 128), _CONSONANT_FOR_VOWEL, np.float32)
    for group, cost in ((CONSONANTS, _CONSONANT_PAIR), (_VOWELS, _VOWEL_PAIR)):
        codes = np.frombuffer(group.encode(), np.uint8)
        substitution[np.ix_(codes, codes)] = cost
    for cost, pairs in _SIMILAR.items():
        for one, other in map(str.encode, pairs.split()):
            substitution[one, other] = substitution[other, one] = cost
    np.fill_diagonal(substitution, 0)
    gap = np.full(128, _GAP_CONSONANT, np.float32)
    for cost, sounds in {_GAP_VOWEL: _VOWELS, **_GAPS, 0.0: "\0"}.items():
        gap[np.frombuffer(sounds.encode(), np.uint8)] = cost
    return substitution, gap
