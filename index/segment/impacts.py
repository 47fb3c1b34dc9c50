"""The impact of a posting: the frequency of the term and the length of the text, in one byte.

It replaces the frequency in a posting list, and is the number of a bucket: one frequency and a
narrow range of lengths. Buckets are ordered by BM25 score, so that a comparison of bytes finds the
postings above a score, without their lengths. A bucket has one frequency, so none is lost.

The order is that of BM25 at one average length. At another, or with other parameters, only the
table of bounds changes, and prunes a little less.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from ..arrays.array_types import AnyArray, UInt8s

# The impact of all frequencies without buckets, which a list of exceptions has.
MANY = 255
# Ranges of length of each frequency from 1, together at most MANY. Four of five postings have
# frequency 1, where a range is some 3 % wide.
_RANGES = (108, 52, 24, 14, 10, 8, 6, 6, 5, 5, 4, 3, 3, 3, 2, 2)
# Longer texts count as having this length, which bounds their scores from above.
_LONGEST = 1023
# BM25 orders buckets by frequency / (length + average * (1 - b) / b); with b = 0.75, and an average
# of 60, that adds 20 to the length.
_FLAT_LENGTH = 20


def _range_starts(count: int) -> list[int]:
    """Return the starts of at most `count` ranges of length, in a geometric series from 0."""
    ratio = (_FLAT_LENGTH + _LONGEST) / _FLAT_LENGTH
    edges = (_FLAT_LENGTH * ratio ** (number / count) for number in range(count))
    return sorted({round(edge - _FLAT_LENGTH) for edge in edges})


# The frequency and least length of each bucket, by ascending score.
_BUCKETS = sorted(
    (
        (frequency, length)
        for frequency, count in enumerate(_RANGES, 1)
        for length in _range_starts(count)
    ),
    key=lambda bucket: bucket[0] / (bucket[1] + _FLAT_LENGTH),
)
# By impact: the frequency, 0 for MANY, and the least length of the bucket.
FREQUENCIES, LEAST_LENGTHS = np.zeros(256, dtype=np.uint8), np.zeros(256, dtype=np.int64)
FREQUENCIES[: len(_BUCKETS)], LEAST_LENGTHS[: len(_BUCKETS)] = zip(*_BUCKETS, strict=True)


@cache
def _impacts() -> UInt8s:
    """Return the impact of each frequency (row) and length (column), for writing only."""
    table = np.full((len(_RANGES) + 2, _LONGEST + 1), MANY, dtype=np.uint8)
    for impact, (frequency, start) in sorted(enumerate(_BUCKETS), key=lambda pair: pair[1]):
        table[frequency, start:] = impact
    return table


def impacts_of(frequencies: AnyArray, lengths: AnyArray) -> UInt8s:
    """Return the impact of each posting, from its frequency, at least 1, and the text's length.

    Where it is MANY, the frequency must be stored elsewhere.
    """
    rows = np.minimum(frequencies.astype(np.intp), len(_RANGES) + 1)
    columns = np.minimum(lengths.astype(np.intp), _LONGEST)
    found: UInt8s = _impacts().ravel().take(rows * (_LONGEST + 1) + columns)
    return found
