"""Orders of passages other than by score."""

from __future__ import annotations

import numpy as np

from index.arrays.array_types import Indices, Int64s
from index.snapshot import Snapshot

from ..selection import DATE, MODIFIED


def in_order(snapshot: Snapshot, passages: Indices, sort: str) -> Int64s:
    """Return passages by the date that their document states or the time of its file, or by path.

    The newest come first, those without a date last. Ties go by path, then by place in the file.
    """
    documents = snapshot.documents_of(passages)
    keys = [passages, snapshot.path_ranks.take(documents)]
    columns = {DATE: "first_day", MODIFIED: "modified"}
    if sort in columns:
        days = getattr(snapshot.doc_values, columns[sort]).take(documents)
        keys.append(-days.astype(np.int64))
    ordered: Int64s = passages.take(np.lexsort(keys))
    return ordered
