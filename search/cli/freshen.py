"""Updates the index before a search, if the user wants that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus.errors import ChajaError

from .building import builder_of

if TYPE_CHECKING:
    from ..index_location import IndexLocation


def freshen(location: IndexLocation) -> Iterator[str]:
    """Update an index from the folders of earlier builds; yield notes on what came of it.

    A search goes on with the index as it was if that fails.
    """
    try:
        report = builder_of(location)()
    except (ChajaError, OSError) as error:
        yield f"the index was not updated: {error}"
        return
    changed = {"added": report.added, "updated": report.updated, "removed": report.removed}
    told = [f"{number:,} {what}" for what, number in changed.items() if number]
    if told:
        yield f"the index was updated: {', '.join(told)}"
    if report.problems:
        yield f"{len(report.problems):,} problems with files; chaja health lists them"
