"""What must be found in real documents is, at its place; what cannot be read is told.

They are in a folder beside the repository, or named by CHAJA_FILES; without it nothing is tested.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.document import State
from index.builder.build import build
from index.directory.location import FOLDER
from search.searcher import Searcher
from tests.real_documents import (
    IN_ONE_ROW,
    NEVER,
    PARTED,
    TITLE,
    UNREADABLE,
    VARIABLE,
    WANTED,
    Wanted,
    documents,
    documents_folder,
    missing,
    named,
    problems,
)


@pytest.fixture(scope="module")
def folder() -> Path:
    """The folder of real documents."""
    found = documents_folder()
    if not found.is_dir():
        pytest.skip(f"NOTHING is tested on real documents: {found} is missing; set {VARIABLE}")
    return found


@pytest.mark.parametrize("wanted", WANTED, ids=lambda wanted: f"{wanted.name} {wanted.phrase}")
def test_a_phrase_is_found_where_it_is(folder: Path, wanted: Wanted) -> None:
    assert list(missing(folder, wanted)) == []


@pytest.mark.kiwi
def test_a_word_that_a_line_end_parts_is_found_at_its_page(folder: Path, tmp_path: Path) -> None:
    (path,) = named(folder, PARTED.name)
    (tmp_path / path.name).write_bytes(path.read_bytes())
    build(tmp_path / FOLDER, [tmp_path])
    with Searcher.open(tmp_path / FOLDER) as searcher:
        hits = searcher.search(PARTED.phrase, limit=20)
        assert (PARTED.unit, PARTED.place) in [(hit.unit, hit.line) for hit in hits]


def test_the_cells_of_a_row_are_on_one_line(folder: Path) -> None:
    name, cells = IN_ONE_ROW
    (path,) = named(folder, name)
    lines = [line for document in documents(path) for line in document.text.split("\n")]
    assert any(all(cell in line for cell in cells) for line in lines)


@pytest.mark.parametrize(("name", "phrase"), NEVER)
def test_what_is_not_the_text_of_a_document_is_never_in_it(
    folder: Path, name: str, phrase: str
) -> None:
    paths = named(folder, name)
    assert paths
    with_it = [
        path.name for path in paths if any(phrase in found.text for found in documents(path))
    ]
    assert with_it == []


def test_the_subject_of_a_mail_is_its_title(folder: Path) -> None:
    name, title = TITLE
    (path,) = named(folder, name)
    assert documents(path)[0].title.startswith(title)


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_document_that_cannot_be_read_is_a_problem_and_nothing_else(
    folder: Path, name: str
) -> None:
    (path,) = named(folder, name)
    assert documents(path) == []
    (problem,) = problems(path)
    assert "password" not in name or problem.state is State.PROTECTED
