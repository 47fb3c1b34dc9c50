"""The labels of pages, such as iv or A-3, as the few from which the others follow by counting."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

# Numbers of pages, from 1, and their labels. On the pages that follow, the number at the end of a
# label counts on; a label without one stays.
PageLabels = tuple[tuple[int, str], ...]

_NUMBER = re.compile("[0-9]{1,9}$")


def kept_labels(labels: Sequence[str]) -> PageLabels:
    """Return the labels from which all follow; none if every label is the number of its page."""
    kept: list[tuple[int, str]] = []
    for page, label in enumerate(labels, start=1):
        if not kept or _counted(kept[-1], page) != label:
            kept.append((page, label))
    return () if kept in ([], [(1, "1")], [(1, "")]) else tuple(kept)


def label_of(kept: PageLabels, page: int) -> str:
    """Return the label of a page, or "" where it has none or one that is its number."""
    before = bisect_right(kept, page, key=lambda row: row[0])
    label = _counted(kept[before - 1], page) if before else ""
    return "" if label == str(page) else label


def _counted(kept: tuple[int, str], page: int) -> str:
    first, label = kept
    return _NUMBER.sub(lambda found: _later(found[0], page - first), label)


def _later(number: str, steps: int) -> str:
    return str(int(number) + steps).zfill(len(number))
