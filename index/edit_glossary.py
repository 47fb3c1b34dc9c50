"""Lists and edits the bridge of an index without a build."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from corpus.errors import CorpusError

from .analysis.normalize import normal_form
from .arrays.files import WrittenFile
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
    reader = DirectoryReader.open(directory)
    with reported_damage(directory), closing(reader.snapshot()) as snapshot:
        return entries_in_use(snapshot.bridge, word)


def entries_in_use(bridge: Table | None, word: str = "") -> list[Entry]:
    """Return what `entries_of` does, of an index with this bridge. Raises CorruptFile."""

    def entries_in(table: Table) -> Sequence[Entry]:
        return table.find_all(word) if word else table.content().entries

    return merge_entries(entries_in(bridge) if bridge else (), entries_in(general_table()))


def new_entries(directory: Path, entries: Sequence[Entry]) -> list[Entry]:
    """Return those of `entries` that an index does not have, or has with another weight."""
    return unlike(entries, entries_of(directory))


def unlike(entries: Sequence[Entry], known: Sequence[Entry]) -> list[Entry]:
    """Return those of `entries` that are not among the `known`, or are with another weight."""
    weights = {(entry.korean, entry.english): entry.weight for entry in known}
    return [
        entry for entry in entries if weights.get((entry.korean, entry.english)) != entry.weight
    ]


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
        catalogue, bridge = store.catalogue(), bridge_with(store, entries)
        store.commit(store.segments, catalogue, bridge=bridge, built=store.about.built)
        return store.notes


def bridge_with(store: DirectoryWriter, entries: Sequence[Entry]) -> WrittenFile:
    """Write the bridge of the last commit with user entries more, as a file of the next."""
    before = bridge_content(store)
    return store.write_bridge(before._replace(entries=deduplicate([*entries, *before.entries])))


def strike_pair(directory: Path, korean: str, english: str) -> tuple[list[Entry], Sequence[str]]:
    """Strike the pair of two words out of an index, so that no build adds it again.

    Returns its entries as they were, and notes as `add_entries` does. Raises CorpusError if the
    index has none, and what `add_entries` raises.
    """
    entries = entries_of_pair(directory, korean, english)
    return entries, add_entries(directory, struck(entries))


def struck(entries: Sequence[Entry]) -> list[Entry]:
    """Return entries of the user that strike others out."""
    return [entry._replace(weight=0.0, source=Source.USER) for entry in entries]


def entries_of_pair(directory: Path, korean: str, english: str) -> list[Entry]:
    """Return the entries of two words, compared in normal form, ordered by their words.

    The words of a synonym may be in either order. Raises CorpusError if the index has none.
    """
    return of_pair(entries_of(directory, korean), korean, english)


def of_pair(entries: Sequence[Entry], korean: str, english: str) -> list[Entry]:
    """Return those of some entries that `entries_of_pair` does. Raises CorpusError if none is."""
    wanted = normal_form(korean), normal_form(english)
    found = [
        entry
        for entry in entries
        if (pair := (normal_form(entry.korean), normal_form(entry.english))) == wanted
        or (entry.source is Source.SYNONYM and pair == wanted[::-1])
    ]
    if found:
        return found
    raise CorpusError(
        f"{korean}, {english}: no such pair in the glossary of this index",
        hint=f"See its entries with: chaja glossary list {korean}",
    )
