"""Documents that a program gives to a build are files without a file: checked, kept, replaced."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from index_corpus import counts, paths, put, put_all, seen
from index_corpus import no_waiting_for_the_disk as no_waiting_for_the_disk

from corpus.errors import CorpusError
from index import BuildReport, SourceDocument, build
from index.directory.location import FOLDER
from index.repair.repair import repair
from index.verify import verify
from index.whoosh.index import open_index
from search import Searcher

pytestmark = pytest.mark.usefixtures("no_waiting_for_the_disk")

RIVER = SourceDocument(id="notes/river", text="The river runs past the old harbour.")
TREATY = SourceDocument(id="notes/treaty", text="The treaty was signed in spring.")


def found(index: Path, query: str) -> list[str]:
    with Searcher.open(index) as searcher:
        return [hit.path for hit in searcher.search(query, strict=True)]


def reasons(report: BuildReport) -> list[tuple[str, str]]:
    return [(problem.path, problem.reason) for problem in report.problems]


def test_given_documents_are_found_and_shown_with_what_was_given(tmp_path: Path) -> None:
    document = SourceDocument(
        id="mail/17",
        title="Harbour news",
        text="First line.\nThe river is high.",
        date=date(2024, 5, 3),
        url="https://example.org/17",
        metadata={"author": "Kim", "size": 3},
    )
    report = build(tmp_path / FOLDER, documents=[document])
    assert counts(report) == (1, 0, 0, 0)
    with Searcher.open(tmp_path / FOLDER) as searcher:
        (hit,) = searcher.search("river")
        (shown,) = searcher.passages("mail/17", line=2)
        assert len(searcher.search("author:Kim date:2024-05")) == 1
    assert (hit.path, hit.document, hit.title, hit.date) == (
        *("mail/17", "mail/17", "Harbour news", "2024-05-03"),
    )
    assert hit.metadata == {"author": "Kim", "size": "3", "url": "https://example.org/17"}
    assert shown.text == document.text


def test_a_document_without_a_title_has_that_of_its_first_line_or_its_id(tmp_path: Path) -> None:
    first = SourceDocument(id="a", text="On rivers\n\nThe river is high.")
    build(tmp_path / FOLDER, documents=[first, RIVER])
    with Searcher.open(tmp_path / FOLDER) as searcher:
        titles = {hit.path: hit.title for hit in searcher.search("river")}
    assert titles == {"a": "On rivers", "notes/river": "notes/river"}


def test_an_iterable_is_consumed_once_and_one_by_one(tmp_path: Path) -> None:
    alive: list[int] = []

    def documents() -> Iterator[SourceDocument]:
        for number in range(300):
            alive.append(number)
            yield SourceDocument(id=f"n{number}", text=f"river {number}")

    done: list[int] = []
    build(
        tmp_path / FOLDER, documents=documents(), progress=lambda now: done.append(now.files_done)
    )
    assert len(alive) == 300
    assert done[:300] == [*range(1, 301)]  # each was added before the next was asked for
    assert len(paths(tmp_path / FOLDER)) == 300


ids = st.sampled_from(("a", "b/c", "한글", "https://example.org/x"))
texts = st.sampled_from(("river bank", "treaty court", "river policy", "glacier"))
steps = st.lists(
    st.tuples(st.lists(st.tuples(ids, texts), max_size=4), st.sets(ids, max_size=2)), max_size=3
)


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps)
def test_builds_in_steps_give_the_index_of_one_build(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[list[tuple[str, str]], set[str]]],
) -> None:
    folder = tmp_path_factory.mktemp("steps")
    expected: dict[str, str] = {}
    for pairs, remove in steps:
        # No text is a copy of another, which would hide one of them.
        documents = [(name, f"{text} of {name}") for name, text in pairs]
        before = dict(expected)
        expected = {name: text for name, text in expected.items() if name not in remove}
        removed = before.keys() - expected.keys()
        fresh = dict(reversed(documents))  # the first of an id counts
        report = build(
            folder / FOLDER,
            documents=[SourceDocument(id=name, text=text) for name, text in documents],
            remove=remove,
        )
        new = {name for name in fresh if name not in expected}
        changed = {name for name, text in fresh.items() if expected.get(name, text) != text}
        same = len(fresh) - len(new) - len(changed)
        assert counts(report) == (len(new), len(changed), len(removed), same)
        expected |= fresh
    build(folder / FOLDER, documents=())
    whole = [SourceDocument(id=name, text=text) for name, text in expected.items()]
    build(folder / ".whole", documents=whole)
    assert seen(folder / FOLDER) == seen(folder / ".whole")
    assert verify(folder / FOLDER, deep=True).damage == ()


def test_builds_of_folders_and_of_documents_leave_each_other_alone(tmp_path: Path) -> None:
    put_all(tmp_path, {"a.md": "The river of files."})
    build(tmp_path / FOLDER, [tmp_path])
    assert counts(build(tmp_path / FOLDER, documents=[RIVER])) == (1, 0, 0, 0)
    put(tmp_path, "b.md", "Another river.")
    assert counts(build(tmp_path / FOLDER)) == (1, 0, 0, 1)
    assert paths(tmp_path / FOLDER) == ["a.md", "b.md", "notes/river"]
    assert counts(build(tmp_path / FOLDER, [tmp_path], documents=[RIVER])) == (0, 0, 0, 3)


def test_a_file_of_the_same_name_takes_the_place_of_a_document(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    build(tmp_path / FOLDER, documents=[SourceDocument(id="docs/a.md", text="given river")])
    put(tmp_path, "docs/a.md", "filed treaty")
    build(tmp_path / FOLDER, [tmp_path / "docs"])
    assert found(tmp_path / FOLDER, "river") == []
    report = build(
        tmp_path / FOLDER, documents=[SourceDocument(id="docs/a.md", text="given again")]
    )
    assert reasons(report) == [("docs/a.md", "has the name of a file in the index")]
    assert found(tmp_path / FOLDER, "treaty") == ["docs/a.md"]
    (tmp_path / "docs/a.md").unlink()
    put(tmp_path, "docs/b.md", "other")
    again = SourceDocument(id="docs/a.md", text="given again")
    assert build(tmp_path / FOLDER, [tmp_path / "docs"], documents=[again]).problems == ()
    assert found(tmp_path / FOLDER, "given") == ["docs/a.md"]


def test_documents_that_files_replace_are_told_once(tmp_path: Path) -> None:
    names = ["a.md", "b.md", "c.md"]
    build(tmp_path / FOLDER, documents=[SourceDocument(id=name, text="given") for name in names])
    put_all(tmp_path, {"a.md": "filed", "b.md": "filed"})
    told = "a file of the same name is indexed instead of a document that a program gave: "
    assert build(tmp_path / FOLDER, [tmp_path]).notes == (f"{told}a.md and 1 more",)
    assert build(tmp_path / FOLDER).notes == ()
    put(tmp_path, "c.md", "filed")
    assert build(tmp_path / FOLDER, documents=[RIVER]).notes == ()  # it walks no folder
    assert build(tmp_path / FOLDER).notes == (f"{told}c.md",)


def test_removing_is_told_where_there_is_nothing_to_remove(tmp_path: Path) -> None:
    build(tmp_path / FOLDER, documents=[RIVER, TREATY])
    report = build(tmp_path / FOLDER, remove=["notes/river", "notes/lost"])
    assert counts(report) == (0, 0, 1, 0)
    assert report.notes == ("no document of this id could be removed: notes/lost",)
    assert paths(tmp_path / FOLDER) == ["notes/treaty"]


BAD: dict[str, tuple[Any, tuple[str, str]]] = {
    "another type": (
        {"id": "x", "text": "y"},
        ("document 1", "is no SourceDocument but of the type dict"),
    ),
    "an id that is no string": (
        SourceDocument(id=7, text="river"),  # type: ignore[arg-type]  # what is refused
        ("document 1", "its id is no string but of the type int"),
    ),
    "a text that is no string": (
        SourceDocument(id="x", text=None),  # type: ignore[arg-type]  # what is refused
        ("x", "its text is no string but of the type NoneType"),
    ),
    "metadata that is no mapping": (
        SourceDocument(id="x", text="river", metadata=["a"]),  # type: ignore[arg-type]  # refused
        ("x", "its metadata is no mapping but of the type list"),
    ),
    "a blank text": (SourceDocument(id="x", text=" \n\0"), ("x", "has no text")),
    **{
        f"the id {bad!r}": (
            SourceDocument(id=bad, text="river"),
            ("document 1", "its id is blank, longer than 1,000 characters, or has controls"),
        )
        for bad in ("", " ", "a\0b", "a\nb", "a\ud800", "x" * 1_001)
    },
}


@pytest.mark.parametrize("bad", BAD)
def test_a_document_that_cannot_be_indexed_is_listed_and_the_others_are_indexed(
    tmp_path: Path, bad: str
) -> None:
    document, expected = BAD[bad]
    report = build(tmp_path / FOLDER, documents=[document, RIVER])
    assert expected in reasons(report)
    assert paths(tmp_path / FOLDER) == ["notes/river"]
    with pytest.raises(CorpusError):
        build(tmp_path / ".strict", documents=[document, RIVER], strict=True)


def test_what_cannot_be_stored_of_a_document_is_replaced_and_listed(tmp_path: Path) -> None:
    document = SourceDocument(
        id="x",
        text="a river\0bank \ud800",
        language="fr",
        date="soon",
        metadata={"\ud800": "\0"},
    )
    report = build(tmp_path / FOLDER, documents=[document])
    assert reasons(report) == [
        ("x", "its text has NULs, which were removed"),
        ("x", "its text has lone surrogates, which are U+FFFD now"),
        ("x", "its language is none of ko, en, mixed, and was detected"),
        ("x", "its date is no date, and was left out"),
        ("x", "its metadata has lone surrogates, which are U+FFFD now"),
        ("x", "its metadata has NULs, which were removed"),
    ]
    with Searcher.open(tmp_path / FOLDER) as searcher:
        (hit,) = searcher.search("river*")
    assert (hit.text, hit.language, hit.date) == ("a riverbank \ufffd", "en", "")


def test_a_document_given_twice_counts_once(tmp_path: Path) -> None:
    other = SourceDocument(id=RIVER.id, text="another river")
    report = build(tmp_path / FOLDER, documents=[RIVER, other])
    assert reasons(report) == [(RIVER.id, "was given before, with the same id")]
    assert found(tmp_path / FOLDER, "another") == []


def test_a_document_that_has_lost_its_text_is_removed(tmp_path: Path) -> None:
    build(tmp_path / FOLDER, documents=[RIVER, TREATY])
    report = build(tmp_path / FOLDER, documents=[SourceDocument(id=RIVER.id, text="")])
    assert counts(report) == (0, 0, 1, 0)
    assert paths(tmp_path / FOLDER) == [TREATY.id]


def test_an_iterable_that_fails_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    def documents() -> Iterator[SourceDocument]:
        yield SourceDocument(id=RIVER.id, text="changed")
        raise ConnectionError("the database has gone")

    build(tmp_path / FOLDER, documents=[RIVER])
    before = seen(tmp_path / FOLDER)
    with pytest.raises(ConnectionError, match="has gone"):
        build(tmp_path / FOLDER, documents=documents())
    assert seen(tmp_path / FOLDER) == before
    assert counts(build(tmp_path / FOLDER, documents=[RIVER])) == (0, 0, 0, 1)


def test_a_long_document_is_found_in_all_its_parts_and_replaced_whole(tmp_path: Path) -> None:
    text = "harbour " * 140_000 + "glacier"
    build(tmp_path / FOLDER, documents=[SourceDocument(id="long", text=text)])
    assert found(tmp_path / FOLDER, "glacier") == ["long"]
    build(tmp_path / FOLDER, documents=[SourceDocument(id="long", text="short")])
    assert found(tmp_path / FOLDER, "harbour glacier") == []


def test_a_rebuild_from_files_says_which_documents_it_drops(tmp_path: Path) -> None:
    put_all(tmp_path, {"a.md": "The river of files."})
    build(tmp_path / FOLDER, [tmp_path], documents=[RIVER])
    report = build(tmp_path / FOLDER, rebuild=True)
    assert any("1 documents" in note and "notes/river" in note for note in report.notes)
    assert paths(tmp_path / FOLDER) == ["a.md"]


def test_a_rebuild_with_documents_keeps_the_folders(tmp_path: Path) -> None:
    put_all(tmp_path, {"a.md": "The river of files."})
    build(tmp_path / FOLDER, [tmp_path], documents=[TREATY])
    build(tmp_path / FOLDER, documents=[RIVER], rebuild=True)
    assert paths(tmp_path / FOLDER) == ["a.md", RIVER.id]


def test_a_document_that_whoosh_replaced_is_due_again(tmp_path: Path) -> None:
    build(tmp_path / FOLDER, documents=[RIVER, TREATY])
    with open_index(tmp_path / FOLDER).writer() as writer:
        writer.update_document(path=RIVER.id, body="nothing of it")
    assert counts(build(tmp_path / FOLDER, documents=[RIVER, TREATY])) == (1, 0, 0, 1)
    assert found(tmp_path / FOLDER, "harbour") == [RIVER.id]
    assert found(tmp_path / FOLDER, "nothing") == []


def test_a_repair_keeps_sound_documents_and_has_the_others_given_again(tmp_path: Path) -> None:
    build(tmp_path / FOLDER, documents=[RIVER])
    first = {path.name for path in (tmp_path / FOLDER).glob("*.txt")}
    build(tmp_path / FOLDER, documents=[TREATY])
    (second,) = (path for path in (tmp_path / FOLDER).glob("*.txt") if path.name not in first)
    second.write_bytes(second.read_bytes()[:-1] + b"?")
    report = repair(tmp_path / FOLDER)
    assert report.failure is None
    assert verify(tmp_path / FOLDER).damage == ()
    assert paths(tmp_path / FOLDER) == [RIVER.id]
    again = build(tmp_path / FOLDER, documents=[RIVER, TREATY])
    assert again.updated + again.added >= 1
    assert paths(tmp_path / FOLDER) == [RIVER.id, TREATY.id]
