"""Lists and edits the bridge of an index without a build."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from corpus.errors import CorpusError

from .analysis.normalize import normal_form
from .bridge.entry import Entry, Source, deduplicate, merge_entries
from .bridge.general import general_table
from .bridge.table import Table
from .directory.damage import reported_damage
from .directory.directory_reader import DirectoryReader, bridge_content
from .directory.directory_writer import DirectoryWriter
from .directory.lock import writer_lock


def entries_of(directory: Path, word: str = "") -> list[Entry]:
    """Return the entries that searches of an index use, ordered by their words.

    With `word`, only those with this word or term of either language. Deleted entries are included,
    with weight 0. Raises IndexDamaged and IndexOutdated.
    """

    def entries_in(table: Table) -> Sequence[Entry]:
        return table.find_all(word) if word else table.content().entries

    reader = DirectoryReader.open(directory)
    with reported_damage(directory), closing(reader.snapshot()) as snapshot:
        own = entries_in(snapshot.bridge) if snapshot.bridge else ()
    return merge_entries(own, entries_in(general_table()))


def new_entries(directory: Path, entries: Sequence[Entry]) -> list[Entry]:
    """Return those of `entries` that an index does not have, or has with another weight."""
    known = {(entry.korean, entry.english): entry.weight for entry in entries_of(directory)}
    return [entry for entry in entries if known.get((entry.korean, entry.english)) != entry.weight]


def add_entries(
    directory: Path, entries: Sequence[Entry], *, wait: float | None = None
) -> Sequence[str]:
    """Add user entries to an index; they replace its entries of the same words.

    `wait` is the number of seconds to wait for a build. Returns notes on what failed after the
    commit. Raises IndexLocked, IndexDamaged and IndexOutdated, and then leaves the index unchanged.
    """
    with writer_lock(directory / "lock", wait=wait), reported_damage(directory, missing=True):
        store = DirectoryWriter.open(directory)
        store.clear()
        before = bridge_content(store)
        content = before._replace(entries=deduplicate([*entries, *before.entries]))
        catalogue, bridge = store.catalogue(), store.write_bridge(content)
        store.commit(store.segments, catalogue, bridge=bridge, built=store.about.built)
        return store.notes


def strike_pair(directory: Path, korean: str, english: str) -> tuple[list[Entry], Sequence[str]]:
    """Strike the pair of two words out of an index, so that no build adds it again.

    Returns its entries as they were, and notes as `add_entries` does. Raises CorpusError if the
    index has none, and what `add_entries` raises.
    """
    entries = entries_of_pair(directory, korean, english)
    struck = [entry._replace(weight=0.0, source=Source.USER) for entry in entries]
    return entries, add_entries(directory, struck)


def entries_of_pair(directory: Path, korean: str, english: str) -> list[Entry]:
    """Return the entries of two words, compared in normal form, ordered by their words.

    The words of a synonym may be in either order. Raises CorpusError if the index has none.
    """
    wanted = normal_form(korean), normal_form(english)
    found = [
        entry
        for entry in entries_of(directory, korean)
        if (pair := (normal_form(entry.korean), normal_form(entry.english))) == wanted
        or (entry.source is Source.SYNONYM and pair == wanted[::-1])
    ]
    if found:
        return found
    raise CorpusError(
        f"{korean}, {english}: no such pair in the glossary of this index",
        hint=f"See its entries with: chaja glossary list {korean}",
    )
