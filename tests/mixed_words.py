"""Words of mixed Korean and English text, with the queries that must and must not find them.

`data/mixed_words.tsv` has one case a line under a line of column names:

- `text`: a word or phrase of running text, with josa and punctuation;
- `found_by`: queries, separated by " | ", that should find it;
- `not_found_by`: queries, separated the same way, that must not find it; may be empty;
- `note`: the subject of the case.

A query finds a text when the query's terms are adjacent in the text, as in a phrase.
Where careful users would disagree (does "cafe" find "café"?), the table has no opinion.
The characters are literal: decomposed Hangul, U+200B and U+00AD are not escaped.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).parent / "data" / "mixed_words.tsv"


@dataclass(frozen=True, slots=True)
class MixedAtom:
    """One text and the queries that must, and must not, find it."""

    text: str
    found_by: tuple[str, ...]
    not_found_by: tuple[str, ...]
    note: str


def mixed_words() -> list[MixedAtom]:
    """Return every case of the table, in its order."""
    # Not splitlines(): it also breaks at characters that a text may contain, such as U+2028.
    rows = TABLE.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    return [_parse(row) for row in rows[1:]]


def _parse(row: str) -> MixedAtom:
    text, found_by, not_found_by, note = row.split("\t")
    return MixedAtom(text, _queries(found_by), _queries(not_found_by), note)


def _queries(column: str) -> tuple[str, ...]:
    return tuple(column.split(" | ")) if column else ()
