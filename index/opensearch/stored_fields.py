"""Stored fields as the indexes of a cluster keep them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

# What stands for a record that is no valid text.
ESCAPED = "escaped"
_METADATA = "metadata"
# One encoder for all: `json.dumps` makes one for each value, which costs more than encoding it.
_as_text = json.JSONEncoder(ensure_ascii=False).encode


def stored_as(record: dict[str, Any]) -> dict[str, Any]:
    """Return stored fields as they are indexed: what is no valid text is escaped.

    The metadata of a document are pairs, since a cluster does not keep the order of names.
    """
    try:
        _as_text(record).encode()
    except UnicodeEncodeError:  # a name of a file that is not in UTF-8
        return {ESCAPED: json.dumps(record)}
    metadata = record.get(_METADATA)
    return {**record, _METADATA: [*metadata.items()]} if metadata else record


def stored_of(source: Mapping[str, Any]) -> dict[str, Any]:
    """Return the stored fields in the `_source` of a passage or a document."""
    stored: dict[str, Any] = source["stored"]
    escaped = stored.get(ESCAPED)
    if isinstance(escaped, str) and len(stored) == 1:
        whole: dict[str, Any] = json.loads(escaped)
        return whole
    metadata = stored.get(_METADATA)
    return {**stored, _METADATA: dict(metadata)} if metadata else stored
