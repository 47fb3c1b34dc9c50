"""The general glossary, compiled: `python -m index.bridge.general` makes general.bridge anew.

general.tsv is for people, general.bridge is what a search opens: compiling takes as long as
building the index of a hundred pages, and opening takes no time. A test sees that they agree.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .table import Table

COMPILED = Path(__file__).with_name("general.bridge")
# What the general glossary weighs beside what was learned from these very documents.
SHARE = 0.5


@cache
def general_table() -> Table:
    """Return the general glossary; it stays open for all that ask for it."""
    # A part of the program, as its code is: a query would spend half a millisecond on checksums.
    return Table(COMPILED, trusted=True)


def compile_general(path: Path) -> None:
    """Write the compiled form of general.tsv."""
    # Imported late: a search opens what was compiled.
    from .glossary_file import general_entries
    from .table import Content, write_table

    entries = [entry._replace(weight=SHARE * entry.weight) for entry in general_entries()]
    write_table(path, Content(tuple(entries)))


if __name__ == "__main__":
    compile_general(COMPILED)
