from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from mixed_words import MixedAtom, mixed_words

from index.builder.build import build
from search.searcher import Searcher


@pytest.fixture(scope="module")
def atom_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """An index in which each text of the table is a document, named by its row."""
    folder = tmp_path_factory.mktemp("atoms")
    rows = [
        json.dumps({"id": str(row), "text": atom.text}) + "\n"
        for row, atom in enumerate(mixed_words())
    ]
    (folder / "atoms.jsonl").write_text("".join(rows), encoding="utf-8")
    report = build(folder / ".chaja", [folder])
    assert (report.documents, report.problems) == (len(rows), ())
    with Searcher.open(folder / ".chaja") as searcher:
        yield searcher


@pytest.mark.kiwi
@pytest.mark.parametrize(
    ("row", "atom"),
    [pytest.param(*case, id=ascii(case[1].text)) for case in enumerate(mixed_words())],
)
def test_a_phrase_finds_a_text_of_the_table_where_it_should_and_nowhere_else(
    atom_index: Searcher, row: int, atom: MixedAtom
) -> None:
    def found_by(query: str) -> bool:
        return str(row) in {
            hit.document for hit in atom_index.phrase(query, limit=1000, bridge=False, strict=True)
        }

    assert [query for query in atom.found_by if not found_by(query)] == []
    assert [query for query in atom.not_found_by if found_by(query)] == []
