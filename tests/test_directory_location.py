"""An index is beside its documents and is found from below."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import IndexMissing
from index.directory import location
from index.directory.commit import commit_file_name
from index.directory.location import (
    FOLDER,
    OLD_CURRENT,
    has_index,
    index_directory_to_build,
    index_option_for,
    locate,
)


def index_in(folder: Path) -> Path:
    index = folder / FOLDER
    index.mkdir(parents=True)
    (index / commit_file_name(1)).touch()
    return index


def test_an_index_is_found_from_any_folder_below(tmp_path: Path) -> None:
    index = index_in(tmp_path)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert locate(None, start=tmp_path) == index
    assert locate(None, start=below) == index
    assert index_directory_to_build(None, start=below) == index


def test_the_nearest_index_is_taken(tmp_path: Path) -> None:
    index_in(tmp_path)
    near = index_in(tmp_path / "a")
    assert locate(None, start=tmp_path / "a") == near


def test_a_relative_start_is_looked_up_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = index_in(tmp_path)
    (tmp_path / "a").mkdir()
    monkeypatch.chdir(tmp_path / "a")
    assert locate(None, start=Path()) == index


def test_a_folder_without_a_commit_file_is_no_index(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    with pytest.raises(IndexMissing, match=r"no index in .* or above it") as caught:
        locate(None, start=tmp_path)
    assert caught.value.hint == "Build one with: chaja build FOLDER"
    assert index_directory_to_build(None, start=tmp_path) == tmp_path / FOLDER


def test_an_index_that_was_named_is_taken_as_it_is(tmp_path: Path) -> None:
    index = index_in(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    assert locate(index, start=elsewhere) == index
    assert index_directory_to_build(elsewhere, start=tmp_path) == elsewhere
    with pytest.raises(IndexMissing, match="elsewhere: there is no index here") as caught:
        locate(elsewhere, start=tmp_path)
    assert caught.value.hint == f"Build one with: chaja build FOLDER --index {elsewhere}"


def test_an_index_of_format_1_is_one(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / OLD_CURRENT).write_text("index-1\n", encoding="utf-8")
    assert locate(None, start=tmp_path) == tmp_path / FOLDER


@pytest.mark.parametrize(
    "name",
    [
        *("chaja-0.json", "chaja-01.json", "chaja-x.json", "chaja-1.json~", "chaja-1.json.new"),
        *("lock", "chaja-2024.txt", "lexicon-1.lex", "lexicon-0123456789ab-1.lex.new"),
    ],
)
def test_a_name_that_chaja_does_not_give_makes_no_index(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert not has_index(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "chaja-3.json",
        "chaja-3.files",
        "chaja-3.bridge",
        "chaja-0123456789abcdef.seg",
        "chaja-0123456789abcdef.txt",
        "chaja-0123456789abcdef-3.del",
        "lexicon-0123456789ab-1.lex",
    ],
)
def test_any_file_that_only_chaja_writes_makes_an_index_so_that_none_above_is_taken(
    tmp_path: Path, name: str
) -> None:
    index_in(tmp_path)
    near = tmp_path / "a" / FOLDER
    near.mkdir(parents=True)
    (near / name).touch()
    assert has_index(near)
    assert locate(None, start=tmp_path / "a") == near
    assert index_directory_to_build(None, start=tmp_path / "a") == near


def test_an_index_is_named_to_a_command_that_would_take_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    above, near = index_in(tmp_path), tmp_path / "a" / FOLDER
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert index_option_for(above) == ""
    assert index_option_for(near) == ""  # not yet built
    index_in(tmp_path / "a")
    assert index_option_for(near) == ""
    assert index_option_for(above) == f" --index {above}"
    assert index_option_for(Path("../../i")) == " --index ../../i"


def test_an_index_elsewhere_is_named_without_a_look_at_other_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(location, "names_in", {}.__getitem__)  # fails for any folder
    elsewhere = tmp_path / "a" / FOLDER
    assert index_option_for(elsewhere) == f" --index {elsewhere}"
