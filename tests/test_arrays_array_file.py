"""Array files: arrays are read as they were written, and damage is detected."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.arrays import array_file, array_writer
from index.arrays.array_file import ALIGNED, PAGE, TYPES, ArrayFile, Column
from index.arrays.array_types import AnyArray
from index.arrays.array_writer import ArrayWriter, smallest
from index.arrays.files import CorruptFile


def write(path: Path, columns: dict[str, AnyArray], facts: dict[str, object] | None = None) -> Path:
    with ArrayWriter(path) as writer:
        for name, numbers in columns.items():
            writer.put(name, numbers)
        writer.facts.update(facts or {})
    return path


@st.composite
def columns(draw: st.DrawFn) -> dict[str, AnyArray]:
    numbers = st.lists(st.integers(0, draw(st.sampled_from((255, 65_535, 1 << 40)))), max_size=40)
    names = draw(st.lists(st.text(max_size=4), max_size=4, unique=True))
    return {name: np.array(draw(numbers), np.uint64) for name in names}


@settings(max_examples=40)
@given(arrays=columns(), room=st.sampled_from((8, 1 << 20)))
def test_arrays_of_any_name_are_read_as_they_were_written(
    arrays: dict[str, AnyArray], room: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(array_writer, "_IN_MEMORY", room)
        path = write(Path(folder) / "arrays", arrays, {"passages": 7})
        assert [entry.name for entry in Path(folder).iterdir()] == ["arrays"]
        file = ArrayFile(path)
        assert file.facts == {"passages": 7}
        for name, numbers in arrays.items():
            column = file[name]
            assert name in file
            assert len(column) == len(numbers)
            assert column.dtype == TYPES[smallest(int(numbers.max(initial=0)))]
            assert column.all().tolist() == numbers.tolist()
            assert (
                column.read(len(numbers) // 2, len(numbers)).tolist()
                == numbers[len(numbers) // 2 :].tolist()
            )
            assert [column.at(index) for index in range(len(numbers))] == numbers.tolist()
        assert "no such" not in file
        with pytest.raises(CorruptFile, match="arrays: has no no such"):
            _ = file["no such"]

        file.close()


def test_a_column_may_be_added_in_parts_and_is_aligned(
    tmp_path: Path,
) -> None:
    with ArrayWriter(tmp_path / "arrays") as writer:
        for number in range(5):
            writer.add("one", np.arange(number), "<u2")
            writer.add("two", np.arange(number), "<u1")
    file = ArrayFile(tmp_path / "arrays")
    assert file["one"].all().tolist() == [0, 0, 1, 0, 1, 2, 0, 1, 2, 3]
    assert file["two"].text(6, 10) == bytes([0, 1, 2, 3])
    assert file["two"].text(6, 6) == b""
    assert file["one"].all().ctypes.data % ALIGNED == 0
    file.close()


@pytest.mark.parametrize(
    "read",
    [
        lambda column: column.read(0, 4),
        lambda column: column.read(-1, 2),
        lambda column: column.read(2, 1),
        lambda column: column.take(np.array([0, 3])),
        lambda column: column.take(np.array([-1])),
        lambda column: column.at(3),
        lambda column: column.at(-1),
        lambda column: column.at(2),
        lambda column: column.span(3),
        lambda column: column.text(2, 4),
        lambda column: column.validated_ends(column),
    ],
)
def test_an_access_out_of_range_is_an_error(
    tmp_path: Path, read: Callable[[Column], object]
) -> None:
    with ArrayWriter(tmp_path / "arrays") as writer:
        writer.add("one", np.array([7, 8, 1 << 63], np.uint64), "<u8")
    with (
        closing(ArrayFile(tmp_path / "arrays")) as file,
        pytest.raises(CorruptFile, match="arrays"),
    ):
        read(file["one"])


def test_no_file_is_written_after_an_error(tmp_path: Path) -> None:
    with suppress(KeyError), ArrayWriter(tmp_path / "arrays") as writer:
        writer.put("one", np.arange(9))
        raise KeyError
    assert not list(tmp_path.iterdir())


def test_the_footer_checksum_differs_for_files_that_differ_in_one_number(tmp_path: Path) -> None:
    checksums = set()
    for number in range(20):
        with ArrayWriter(tmp_path / "arrays") as writer:
            writer.put("one", np.array([number]))
        file = ArrayFile(tmp_path / "arrays")
        assert (file.size, file.footer_checksum) == (writer.size, writer.footer_checksum)
        checksums.add(file.footer_checksum)
        file.close()
    assert len(checksums) == 20


def read_all(path: Path) -> None:
    """Read every byte of an array file, as a verification does."""
    file = ArrayFile(path)
    try:
        file.check_all()
    finally:
        file.close()


def small(folder: Path) -> tuple[Path, bytes]:
    path = write(folder / "arrays", {"one": np.arange(20), "two": np.arange(300)})
    return path, path.read_bytes()


def test_any_changed_byte_is_detected(tmp_path: Path) -> None:
    path, data = small(tmp_path)
    read_all(path)
    footer_checksum = ArrayFile(path).footer_checksum
    for offset in range(len(data)):
        path.write_bytes(
            data[:offset] + bytes([data[offset] ^ 1 << offset % 8]) + data[offset + 1 :]
        )
        try:
            changed = ArrayFile(path).footer_checksum != footer_checksum
            read_all(path)
        except CorruptFile as error:
            assert "arrays: " in str(error)  # noqa: PT017 - or else the footer checksum differs
            changed = True
        assert changed, offset


def test_a_file_of_any_other_length_is_rejected(tmp_path: Path) -> None:
    path, data = small(tmp_path)
    for size in range(1, len(data)):
        path.write_bytes(data[:size])
        with pytest.raises(CorruptFile, match="arrays: is truncated"):
            ArrayFile(path)
    for more in (data + b"\0", data + data[-32:]):
        path.write_bytes(more)
        with pytest.raises(CorruptFile, match="arrays: is truncated"):
            ArrayFile(path)
    path.write_bytes(b"")
    with pytest.raises(CorruptFile, match="empty"):
        ArrayFile(path)


def test_a_trusted_file_is_read_without_its_checksums(tmp_path: Path) -> None:
    path = write(tmp_path / "arrays", {"one": np.arange(PAGE) % 251})
    data = bytearray(path.read_bytes())
    data[PAGE // 2] ^= 1
    path.write_bytes(data)
    with closing(ArrayFile(path, trusted=True)) as file:
        changed = file["one"].all() != np.arange(PAGE) % 251
    assert changed.sum() == 1


def test_a_page_is_verified_on_its_first_access_only(tmp_path: Path) -> None:
    path = write(tmp_path / "arrays", {"one": np.arange(3 * PAGE) % 251})
    data = bytearray(path.read_bytes())
    data[PAGE + 5] ^= 1
    path.write_bytes(data)
    file = ArrayFile(path)
    column = file["one"]
    assert column.read(0, 100).tolist() == list(range(100))
    assert column.at(3 * PAGE - 1) == (3 * PAGE - 1) % 251
    for look in (column.all, lambda: column.at(PAGE + 9), lambda: column.text(PAGE, PAGE + 9)):
        with pytest.raises(CorruptFile, match="arrays: page 1 does not match its checksum"):
            look()
    with pytest.raises(CorruptFile, match="page 1"):
        file.check_all()


def test_arrays_outlive_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "arrays", {"one": np.arange(100)})
    file = ArrayFile(path)
    numbers = file["one"].all()
    file.close()
    path.unlink()
    assert numbers.tolist() == list(range(100))


@pytest.mark.parametrize(
    "entry",
    [
        ("<u1", 0, 1 << 62),
        ("<u1", -1, 1),
        ("<u8", 8, -1),
        ("<u8", 1 << 70, 0),
        ("<u1", 1 << 40, 1),
        ("<f8", 8, 1),
        ("O", 8, 1),
        ("<u1", "8", 1),
        ("<u1", 8, 1.5),
        (["<u1"], 8, 1),
        ("<u1", 8),
        7,
        None,
    ],
)
def test_an_array_outside_its_file_is_rejected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: object
) -> None:
    made = array_writer.json.dumps

    def forged(directory: dict[str, object]) -> str:
        return made(directory | {"arrays": {"one": entry}})

    with monkeypatch.context() as patch:
        patch.setattr(array_writer.json, "dumps", forged)
        path = write(tmp_path / "arrays", {"one": np.arange(100)})
    with pytest.raises(CorruptFile):
        ArrayFile(path)


@pytest.mark.parametrize("most", [0, 255, 256, 65_535, 65_536, (1 << 32) - 1, 1 << 32])
def test_the_smallest_type_can_represent_the_number(most: int) -> None:
    kind = smallest(most)
    assert np.array([most]).astype(kind)[0] == most
    assert kind == "<u1" or most > np.iinfo(f"<u{int(kind[2:]) // 2}").max


def test_a_checksum_covers_one_page() -> None:
    assert 1 << array_file._PAGE_BITS == PAGE
