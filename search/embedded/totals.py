"""The total of the passages that match a query."""

from __future__ import annotations

import numpy as np

from index.arrays.array_types import Indices
from index.snapshot import Snapshot

from ..engine import MOST_COUNTED
from ..results import Total


def total_of(snapshot: Snapshot, passages: Indices) -> Total:
    """Return the total of passages that match, ascending."""
    exact = len(passages) <= MOST_COUNTED
    counted = passages[:MOST_COUNTED]
    documents = snapshot.doc_values.document.take(counted)
    changes = np.count_nonzero(documents[1:] != documents[:-1])
    return Total(len(counted), int(changes) + bool(len(counted)), exact)
