"""Writes the table of a bridge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import accumulate
from pathlib import Path
from types import MappingProxyType

import numpy as np

from ..segment.array_writer import ArrayWriter
from ..segment.manifest import WrittenFile
from ..segment.terms import TermsWriter
from .entry import Source
from .table import SOURCES, WEIGHT_STEPS, Content, english_key, korean_key, row_of


def write_table(
    path: Path, content: Content, *, known: Mapping[str, str] = MappingProxyType({})
) -> WrittenFile:
    """Write a table; no two of its entries are of the same words.

    `known` are keys of English words: to find them out takes longer than all the rest.
    """
    rows = sorted((row_of(entry.korean, entry.english), entry) for entry in content.entries)
    with ArrayWriter(path) as writer:
        writer.facts["compared"] = content.compared
        writer.facts["users"] = sum(entry.source is Source.USER for _, entry in rows)
        _write_terms(writer, "declared", sorted(row_of(*pair) for pair in content.declared))
        writer.add("learned", np.array(sorted(content.learned), np.uint64), "<u8")
        _write_terms(writer, "entries", [row for row, _ in rows])
        weights = [round(entry.weight * WEIGHT_STEPS) for _, entry in rows]
        writer.add("weights", np.array(weights, np.uint16), "<u2")
        sources = [SOURCES.index(entry.source) for _, entry in rows]
        writer.add("sources", np.array(sources, np.uint8), "<u1")
        used = [number for number, weight in enumerate(weights) if weight]
        used.sort(key=lambda number: (-weights[number], number))
        of_korean = ((korean_key(rows[number][1].korean), number) for number in used)
        _write_keys(writer, "korean", _grouped(of_korean))
        english = (rows[number][1].english for number in used)
        keys = (known.get(words) or english_key(words) for words in english)
        of_english = zip(keys, used, strict=True)
        _write_keys(writer, "english", _grouped(of_english))
    return WrittenFile(path.name, writer.size, writer.seal)


def _grouped(pairs: Iterable[tuple[str, int]]) -> dict[bytes, list[int]]:
    groups: dict[bytes, list[int]] = {}
    for key, number in pairs:
        groups.setdefault(key.encode(), []).append(number)
    groups.pop(b"", None)
    return groups


def _write_keys(writer: ArrayWriter, name: str, groups: Mapping[bytes, list[int]]) -> None:
    keys = sorted(groups)
    _write_terms(writer, name, keys)
    ends = list(accumulate(len(groups[key]) for key in keys))
    writer.put(f"{name}.entry_ends", np.array(ends, np.int64))
    entries = [number for key in keys for number in groups[key]]
    writer.put(f"{name}.entries", np.array(entries, np.int64))


def _write_terms(writer: ArrayWriter, name: str, terms: list[bytes]) -> None:
    written = TermsWriter(writer, name)
    written.add(terms)
    written.close()
