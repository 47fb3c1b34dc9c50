"""Completions from an index directory, without its lexicon and bridge: a shell waits for them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from index.directory.damage import reported_damage
from index.directory.directory_reader import DirectoryReader, read_index

from ..completion import MOST_COMPLETIONS, Completion, complete
from .vocabulary import EmbeddedVocabulary


def completions(
    directory: Path,
    prefix: str,
    *,
    limit: int = MOST_COMPLETIONS,
    tell: Callable[[str], object] = lambda note: None,
) -> list[Completion]:
    """Return the completions of a prefix from the index in a directory, as `complete` does.

    Works with any analyzer. `tell` is called with a note if the commit before is read because the
    newest one is damaged. Raises IndexDamaged and IndexOutdated.
    """

    def completed(store: DirectoryReader) -> list[Completion]:
        with reported_damage(directory), closing(store.snapshot(bridge=False)) as snapshot:
            found = complete(EmbeddedVocabulary(snapshot), prefix, limit=limit)
        if store.note:
            tell(store.note)
        return found

    return read_index(directory, completed)
