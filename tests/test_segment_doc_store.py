"""Stored records are read back one by one, and copied in blocks."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from zlib import compress, decompress

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from index_documents import unpacked

from index.arrays.array_file import ArrayFile
from index.arrays.array_writer import ArrayWriter
from index.arrays.files import CorruptFile
from index.segment.doc_store import (
    BLOCK,
    Block,
    DocStore,
    StoredFields,
    packed,
    records_in,
    write_doc_store,
)

values = st.text(max_size=9) | st.text(st.characters(categories=["Cs"]), max_size=2)
records = st.lists(st.fixed_dictionaries({"text": values, "line": st.integers()}), max_size=80)


@contextmanager
def written(folder: Path, some: list[StoredFields] | list[Block]) -> Iterator[DocStore]:
    with ArrayWriter(folder / "records") as writer:
        write_doc_store(writer, "passages", some)
    file = ArrayFile(folder / "records")
    yield DocStore(file, "passages")
    file.close()


@settings(max_examples=50)
@given(some=records, chance=st.randoms(use_true_random=False))
def test_records_are_read_back_in_any_order_and_copied_in_their_own(
    some: list[StoredFields], chance: Random
) -> None:
    order = list(range(len(some)))
    chance.shuffle(order)
    share = chance.choice((0.0, 0.1, 0.9, 1.0))
    kept = [chance.random() < share for _ in some]
    with tempfile.TemporaryDirectory() as folder, written(Path(folder), some) as store:
        assert len(store) == len(some)
        assert [store[number] for number in order] == [some[number] for number in order]
        left = [record for record, keep in zip(some, kept, strict=True) if keep]
        copied = list(store.blocks(kept))
    assert unpacked(copied) == left
    with tempfile.TemporaryDirectory() as folder, written(Path(folder), copied) as store:
        assert [store[number] for number in range(len(store))] == left


def test_more_records_than_the_cache_has_are_read_back(tmp_path: Path) -> None:
    some = [{"text": f"\ud800{number}"} for number in range(10_000)]
    with written(tmp_path, some) as store:
        for _ in range(2):
            assert [store[number] for number in range(0, 10_000, 7)] == some[::7]


def test_whole_blocks_are_copied_as_they_are(tmp_path: Path) -> None:
    with written(tmp_path, [{"line": number} for number in range(3 * BLOCK)]) as store:
        copied = list(store.blocks(np.arange(3 * BLOCK) != BLOCK))
    assert [type(record) for record in copied] == [Block, *[dict] * (BLOCK - 1), Block]


def test_some_records_of_a_block_are_read_without_a_file() -> None:
    some = [{"text": f"강\n{number}", "line": number} for number in range(BLOCK)]
    assert records_in(packed(some), [3, 7, 30]) == [some[3], some[7], some[30]]


def test_a_text_that_compresses_too_well_is_stored_uncompressed(tmp_path: Path) -> None:
    some = [{"text": "0" * 5_000_000}]
    with written(tmp_path, some) as store:
        assert store[0] == some[0]
    assert (tmp_path / "records").stat().st_size > 5_000_000


@pytest.mark.parametrize(
    "data",
    [
        compress(b"0" * 100_000_000, 9),
        compress(b'{"text": ""}')[:-1],
        b"no zlib",
        b"",
        compress(b"[1, 2]"),
        compress(b"3"),
        compress(b"\xff"),
        compress(b"{"),
        compress(b"[" * 1_000_000, 0),
    ],
    ids=["bomb", "cut", "other", "empty", "list", "number", "bytes", "brace", "deep"],
)
def test_a_block_not_written_by_the_store_is_refused(tmp_path: Path, data: bytes) -> None:
    with (
        written(tmp_path, [Block(1, data)]) as store,
        pytest.raises(CorruptFile),
    ):
        _ = store[0]


@pytest.mark.parametrize("number", [2, 3, 1 << 40])
def test_a_record_number_past_the_end_is_refused(tmp_path: Path, number: int) -> None:
    with written(tmp_path, [{"line": 1}, {"line": 2}]) as store, pytest.raises(CorruptFile):
        _ = store[number]


def test_counts_and_blocks_that_disagree_are_refused(tmp_path: Path) -> None:
    with written(tmp_path, [Block(7, packed([{"line": 1}]).data)]) as store:
        assert store[0] == {"line": 1}
        with pytest.raises(CorruptFile):
            _ = store[3]


def test_a_store_without_records_is_empty(tmp_path: Path) -> None:
    with written(tmp_path, []) as store:
        assert len(store) == 0
        assert list(store.blocks(np.zeros(0, bool).tolist())) == []


anything = values | st.integers(-5, 5) | st.booleans() | st.just({}) | st.just({"a": "b"})
names = st.sampled_from(["text", "line", "path"])


@given(st.lists(st.dictionaries(names, anything), min_size=1))
@example([{"text": "강물", "line": 1}, {"text": 'a "b" \\ c', "line": 2}])
def test_records_are_packed_as_json_writes_them(some: list[StoredFields]) -> None:
    lines = decompress(packed(some).data).decode("utf-8", "surrogatepass").split("\n")
    assert lines == [json.dumps(r, ensure_ascii=False, separators=(",", ":")) for r in some]
