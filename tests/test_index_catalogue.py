"""The catalogue remembers files, sources and problems; SQLite's troubles are told apart."""

from __future__ import annotations

import errno
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import Problem
from corpus.changes import UNTRUSTED, Fingerprint
from index.catalogue import Catalogue, CataloguedFile
from index.database import open_database, system_error, writing

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
sizes = st.integers(0, 1 << 50)
fingerprints = st.builds(
    Fingerprint, sizes, st.integers(0, 1 << 62) | st.just(UNTRUSTED), st.text("0f", max_size=4)
)
reasons = st.lists(st.tuples(names, st.integers(0, 1 << 40)), max_size=3)


@st.composite
def catalogued(draw: st.DrawFn) -> dict[str, CataloguedFile]:
    return {
        name: CataloguedFile(
            draw(fingerprints),
            tuple(Problem(path=name, reason=why, line=line) for why, line in draw(reasons)),
        )
        for name in draw(st.sets(names, max_size=5))
    }


@settings(max_examples=40)
@given(first=catalogued(), second=catalogued(), removed=st.sets(names), sources=st.sets(names))
def test_what_was_updated_last_is_read_back(
    first: dict[str, CataloguedFile],
    second: dict[str, CataloguedFile],
    removed: set[str],
    sources: set[str],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "files.db"
        with closing(Catalogue(path, new=True)) as catalogue:
            catalogue.update(first, removed=(), sources=sources)
        with closing(Catalogue(path)) as catalogue:
            catalogue.update(second, removed=removed, sources=sources)
        with closing(Catalogue(path, writable=False)) as catalogue:
            left = {name: file for name, file in first.items() if name not in removed}
            assert catalogue.files() == left | second
            assert catalogue.sources() == sorted(sources, key=str.encode)


def test_a_catalogue_is_made_only_when_asked_for(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        Catalogue(tmp_path / "files.db")
    assert not list(tmp_path.iterdir())
    (tmp_path / "files.db").touch()
    with (
        closing(Catalogue(tmp_path / "files.db")) as catalogue,
        pytest.raises(sqlite3.OperationalError, match="no such table"),
    ):
        catalogue.files()


def test_a_reader_changes_nothing(tmp_path: Path) -> None:
    Catalogue(tmp_path / "files.db", new=True).close()
    with (
        closing(Catalogue(tmp_path / "files.db", writable=False)) as catalogue,
        pytest.raises(OSError, match=r"[Rr]ead-only") as caught,
    ):
        catalogue.update({}, removed=(), sources=["docs"])
    assert caught.value.errno == errno.EROFS


def test_a_reader_sees_past_a_change_that_was_killed(tmp_path: Path) -> None:
    path, journal = tmp_path / "files.db", tmp_path / "files.db-journal"
    with closing(open_database(path, "CREATE TABLE words (word TEXT);", writable=True)) as file:
        file.execute("PRAGMA cache_size = 5")
        with writing(file):
            file.executemany("INSERT INTO words VALUES (?)", [("old" * 200,)] * 500)
        file.execute("BEGIN")
        file.execute("UPDATE words SET word = ?", ("new" * 200,))
        # What the disk holds in the middle of a change that is larger than SQLite's memory.
        shutil.copy(path, tmp_path / "killed.db")
        shutil.copy(journal, tmp_path / "killed.db-journal")
        file.rollback()
    with closing(open_database(tmp_path / "killed.db", "", writable=False)) as file:
        assert file.execute("SELECT DISTINCT substr(word, 1, 3) FROM words").fetchall() == [
            ("old",)
        ]


def test_a_file_that_is_no_database_is_closed_again(tmp_path: Path) -> None:
    path = tmp_path / "files.db"
    path.write_bytes(b"no database at all, but long enough to be looked at" * 20)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        open_database(path, "CREATE TABLE IF NOT EXISTS words (word TEXT);", writable=True)


def test_an_error_of_sqlite_itself_is_no_error_of_the_system() -> None:
    assert system_error(sqlite3.ProgrammingError("a closed database")) is None


def test_a_full_disk_is_told_as_every_other_file_tells_it(tmp_path: Path) -> None:
    path = tmp_path / "files.db"
    Catalogue(path, new=True).close()
    files = {f"a{n}.txt": CataloguedFile(Fingerprint(n, n, "0" * 32)) for n in range(5_000)}
    with closing(Catalogue(path)) as catalogue:
        catalogue._file.execute("PRAGMA max_page_count = 8")
        with pytest.raises(OSError, match="No space left") as caught:
            catalogue.update(files, removed=(), sources=())
        assert caught.value.errno == errno.ENOSPC
        assert catalogue.files() == {}
