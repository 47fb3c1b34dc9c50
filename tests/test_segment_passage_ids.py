"""The low bits of passages, of which long runs are bitmaps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.arrays.array_file import ArrayFile
from index.arrays.array_writer import ArrayWriter
from index.arrays.files import CorruptFile
from index.segment.passage_ids import PassageIds, with_bitmaps

BLOCK = 64
EVENS = np.arange(0, BLOCK, 2)
# Three lists: two postings, a bitmap between them and the last three, another bitmap.
LISTS = ([5, 9], [1, *EVENS, 3, 60, 61], [*range(BLOCK)])
NUMBERS = np.concatenate(LISTS).astype(np.uint16)
STARTS, SIZES = np.array([3, 38]), np.array([len(EVENS), BLOCK])


def numbers_of(folder: Path, change: Callable[[dict[str, np.ndarray]], object] = len) -> PassageIds:
    arrays = {
        "passages": np.concatenate([*with_bitmaps(NUMBERS, STARTS, SIZES, block=BLOCK)]),
        "bitmaps": STARTS,
        "bitmap_sizes": SIZES - 1,
    }
    change(arrays)
    with ArrayWriter(folder / "file") as writer:
        for name, numbers in arrays.items():
            writer.add(f"body.{name}", numbers, "<u2")
    return PassageIds(ArrayFile(folder / "file"), "body", block=BLOCK)


def test_a_bitmap_takes_a_bit_for_each_passage_of_its_block(tmp_path: Path) -> None:
    found = numbers_of(tmp_path)
    plain = len(NUMBERS) - SIZES.sum()
    assert (tmp_path / "file").stat().st_size < 1_000
    assert len(found) == len(NUMBERS) == plain + SIZES.sum()


@pytest.mark.parametrize(
    ("start", "end"), [(0, 2), (2, 38), (38, 102), (0, 102), (2, 2), (102, 102), (0, 38)]
)
def test_lists_are_read_with_and_without_bitmaps(tmp_path: Path, start: int, end: int) -> None:
    assert numbers_of(tmp_path).read(start, end).tolist() == NUMBERS[start:end].tolist()


@pytest.mark.parametrize(
    "change",
    [
        lambda arrays: arrays.update(bitmap_sizes=arrays["bitmap_sizes"][:1]),
        lambda arrays: arrays.update(bitmap_sizes=arrays["bitmap_sizes"] + 1),
        lambda arrays: arrays.update(bitmap_sizes=np.array([60_000, 60_000])),
        lambda arrays: arrays.update(bitmaps=arrays["bitmaps"][::-1]),
        lambda arrays: arrays.update(bitmaps=np.array([1, 1])),
        lambda arrays: arrays.update(passages=arrays["passages"][:-1]),
    ],
    ids=["fewer sizes", "sizes", "huge sizes", "starts", "one start twice", "cut"],
)
def test_bitmaps_that_are_not_what_was_written_are_refused(
    tmp_path: Path, change: Callable[[dict[str, np.ndarray]], object]
) -> None:
    found = numbers_of(tmp_path, change)
    with pytest.raises(CorruptFile, match="bitmap"):
        found.read(0, len(NUMBERS))


def test_a_field_without_bitmaps_is_a_view_of_its_file(tmp_path: Path) -> None:
    with ArrayWriter(tmp_path / "file") as writer:
        writer.add("body.passages", NUMBERS, "<u2")
    file = ArrayFile(tmp_path / "file")
    found = PassageIds(file, "body", block=BLOCK)
    assert np.shares_memory(found.read(3, 9), file["body.passages"].all())
