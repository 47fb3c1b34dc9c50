"""Lists and edits the translations of an index, in a folder or on a cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index.value import NamedTuple

if TYPE_CHECKING:
    from index.bridge.entry import Entry
    from index.opensearch.access import Access

    from .index_location import IndexLocation


class GlossaryEditor(NamedTuple):
    """The functions of `index.edit_glossary` for one index, without their first argument."""

    entries_of: Callable[[str], list[Entry]]
    new_entries: Callable[[Sequence[Entry]], list[Entry]]
    add_entries: Callable[[Sequence[Entry]], Sequence[str]]
    strike_pair: Callable[[str, str], tuple[list[Entry], Sequence[str]]]
    entries_of_pair: Callable[[str, str], list[Entry]]


def glossary_editor(location: IndexLocation, access: Access | None = None) -> GlossaryEditor:
    """Return the editor of an index.

    Without `access`, the environment tells a cluster who asks.
    """
    # Imported late: what an index in a folder needs loads nothing of a cluster.
    if isinstance(location, Path):
        from index import edit_glossary as of_folder

        return GlossaryEditor(
            entries_of=partial(of_folder.entries_of, location),
            new_entries=partial(of_folder.new_entries, location),
            add_entries=partial(of_folder.add_entries, location),
            strike_pair=partial(of_folder.strike_pair, location),
            entries_of_pair=partial(of_folder.entries_of_pair, location),
        )
    from index.opensearch import edit_glossary as of_cluster
    from index.opensearch.access import read_access

    access = access or read_access(environment=os.environ)

    return GlossaryEditor(
        entries_of=partial(of_cluster.entries_of, location, access),
        new_entries=partial(of_cluster.new_entries, location, access),
        add_entries=partial(of_cluster.add_entries, location, access),
        strike_pair=partial(of_cluster.strike_pair, location, access),
        entries_of_pair=partial(of_cluster.entries_of_pair, location, access),
    )
