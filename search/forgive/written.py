"""The words behind an English term: a stem is none, and documents have those it stands for."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np

from index.analysis.english import stem
from index.analysis.normal import normal_form
from index.fields import Field
from index.snapshot import Snapshot

# Passages that are read for a term, spread over all that hold it; one takes about 0.1 ms.
PASSAGES = 4
# A stem is its word but for the end, where y may have become i.
_CHANGED = 1
_WORD = re.compile("[a-z]+")


def written_forms(snapshot: Snapshot, term: str, *, passages: int = PASSAGES) -> Counter[str]:
    """Return the words that have a term for their stem, as some passages write them, counted.

    Nothing is counted where only titles hold the term.
    """
    found: Counter[str] = Counter()
    postings = snapshot.posting_list(Field.BODY, term.encode())
    if postings is None:
        return found
    places = np.unique(np.linspace(0, postings.size - 1, min(passages, postings.size)).astype(int))
    head = term[: max(1, len(term) - _CHANGED)]
    for passage in postings.passages_at(places).tolist():
        words = _WORD.findall(normal_form(str(snapshot.stored(passage)["text"])))
        found.update(word for word in words if word.startswith(head) and stem(word) == term)
    return found
