"""The doc values of a segment in its file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.arrays.array_file import ArrayFile
from index.arrays.array_writer import ArrayWriter
from index.arrays.files import CorruptFile
from index.segment.content import OF_DOCUMENTS, DocValues
from index.segment.doc_values import StoredDocValues, write_doc_values

# The file of each example replaces that of the one before.
numbers = st.sampled_from((0, 1, 7, 300))


def stored(path: Path, doc_values: DocValues) -> tuple[StoredDocValues, ArrayFile]:
    with ArrayWriter(path) as writer:
        write_doc_values(writer, doc_values)
    file = ArrayFile(path)
    return StoredDocValues(file), file


def rows(count: int, **others: Sequence[int]) -> DocValues:
    """Return the doc values of documents of one passage each."""
    columns = {name: np.zeros(count, np.int64) for name in DocValues.__slots__}
    columns["document"] = np.arange(count)
    columns["body_length"] = np.arange(count) + 3
    return DocValues(**columns | {name: np.array(given) for name, given in others.items()})


@given(counts=st.lists(st.integers(1, 3), max_size=6), data=st.data())
def test_doc_values_are_read_back(
    tmp_path_factory: pytest.TempPathFactory, counts: list[int], data: st.DataObject
) -> None:
    def some(count: int) -> np.ndarray:
        return np.array(data.draw(st.lists(numbers, min_size=count, max_size=count)), np.int64)

    document = np.repeat(np.arange(len(counts)), counts)
    sizes = (len(document), len(document), *[len(counts)] * len(OF_DOCUMENTS))
    doc_values = DocValues(document, *map(some, sizes))
    found, file = stored(tmp_path_factory.getbasetemp() / "measures", doc_values)
    assert found.has_valid_sizes
    for name in DocValues.__slots__:
        assert found[name].tolist() == getattr(doc_values, name).tolist()
    assert found["first_passage"].tolist() == [0, *np.cumsum(counts)]
    sums = np.bincount(document, doc_values.body_length, len(counts)).tolist()
    assert found["document_body_length"].tolist() == sums
    sums = np.bincount(document, doc_values.gram_length, len(counts)).tolist()
    assert found["document_gram_length"].tolist() == sums
    file.close()


def test_a_column_of_one_value_takes_one_number(tmp_path: Path) -> None:
    found, file = stored(tmp_path / "file", rows(1000, title_length=[4] * 1000))
    assert len(file["title_length"]) == 1
    assert found["title_length"].tolist() == [4] * 1000
    assert found["title_length"] is found["title_length"]  # one array for all calls


def test_documents_of_one_passage_have_no_columns_of_ordinals(tmp_path: Path) -> None:
    found, file = stored(tmp_path / "file", rows(1000))
    assert not {"document", "first_passage", "document_body_length"} & file._columns.keys()
    assert found["document"].tolist() == list(range(1000))
    assert found["first_passage"].tolist() == list(range(1001))


def test_body_lengths_are_whole_so_that_a_file_has_as_many_passages_as_it_says(
    tmp_path: Path,
) -> None:
    same = rows(1000, body_length=[5] * 1000)
    _, file = stored(tmp_path / "file", same)
    assert len(file["body_length"]) == 1000


@pytest.mark.parametrize(
    "facts",
    [{"passages": 1 << 40}, {"documents": 1 << 40}, {"documents": 999}],
)
def test_counts_that_contradict_the_arrays_are_noticed(
    tmp_path: Path, facts: dict[str, int]
) -> None:
    doc_values = rows(1000, language=range(1000))
    with ArrayWriter(tmp_path / "file") as writer:
        write_doc_values(writer, doc_values)
        writer.facts |= facts
    assert not StoredDocValues(ArrayFile(tmp_path / "file")).has_valid_sizes


@pytest.mark.parametrize("number", [-1, 1 << 63, True, 0.5, "1", None, [1]])
@pytest.mark.parametrize("fact", ["documents", "passages", "gram_length"])
def test_a_fact_that_is_no_count_is_refused(tmp_path: Path, fact: str, number: object) -> None:
    with ArrayWriter(tmp_path / "file") as writer:
        write_doc_values(writer, rows(10, language=range(10)))
        writer.facts[fact] = number
    with pytest.raises(CorruptFile, match=f"file: {fact} is no count"):
        StoredDocValues(ArrayFile(tmp_path / "file"))
