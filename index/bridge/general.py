"""The general glossary: `python -m index.bridge.general` compiles general.tsv to general.bridge.

People edit general.tsv; a search opens general.bridge, as compiling takes as long as building the
index of a hundred pages. A test compares the two.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .table import Table

COMPILED = Path(__file__).with_name("general.bridge")
# The factor of its weights, beside what was learned from the documents of an index.
_WEIGHT = 0.5


@cache
def general_table() -> Table:
    """Return the compiled glossary, which is opened once for the process."""
    # Trusted as the program's code is: checksums would cost a query half a millisecond.
    return Table(COMPILED, trusted=True)


def compile_general(path: Path) -> None:
    """Write the compiled form of general.tsv."""
    # Imported late: a search only opens the compiled form.
    from .glossary_file import general_entries
    from .table import Content, write_table

    entries = [entry._replace(weight=_WEIGHT * entry.weight) for entry in general_entries()]
    write_table(path, Content(tuple(entries)))


if __name__ == "__main__":
    compile_general(COMPILED)
