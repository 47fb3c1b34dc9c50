"""A file inside a file is read by the reader of its format, as a document of the whole."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import PAGE, Document, Problem, State
from corpus.errors import Damaged, TooLarge
from corpus.readers import embedded
from corpus.readers.embedded import Allowance, Container, Embedded


def document(name: str, rest: str = "", unit: str = PAGE, **metadata: str) -> Document:
    return Document(
        id=name + rest, path=name, title="", text="글", language="", unit=unit, metadata=metadata
    )


def held(name: str, **fields: str | int) -> Embedded:
    return Embedded(kind="member", name=name, content=lambda: [b"data"], **fields)  # type: ignore[arg-type] # the fields are those of the class


def read_in(container: Container, inside: Embedded, *rests: str) -> list[Document | Problem]:
    """Return what a container gives of a file inside that has documents with these ids."""

    def read(file: object, suffix: str, level: Container) -> Iterator[Document | Problem]:
        yield from (document(level.name, rest) for rest in rests)

    return list(container.inside(inside, ".txt", read))


@pytest.fixture
def container() -> Container:
    return Container("a.zip", Allowance(bytes=1000, files=9))


def test_documents_are_those_of_the_file_that_holds_them(container: Container) -> None:
    inside = held("b.xlsx", parent="a.zip › m.eml", date="2024-03-04")
    one, two = read_in(container, inside, "", "#표")
    assert isinstance(one, Document)
    assert isinstance(two, Document)
    assert (one.id, two.id) == ("a.zip › m.eml › b.xlsx", "a.zip › m.eml › b.xlsx#표")
    assert (two.path, two.date, dict(two.metadata)) == ("a.zip", "2024-03-04", {"member": "b.xlsx"})


def test_a_row_with_an_id_of_its_own_is_below_its_file(container: Container) -> None:
    def read(*_: object) -> Iterator[Document]:
        yield document("row-1")

    (row,) = container.inside(held("b.jsonl"), ".jsonl", read)
    assert isinstance(row, Document)
    assert row.id == "a.zip › b.jsonl#row-1"


def test_names_are_in_composed_form_as_those_of_files_are(container: Container) -> None:
    (found,) = read_in(container, held(unicodedata.normalize("NFD", "회의록.hwp")), "")
    assert isinstance(found, Document)
    assert found.id == "a.zip › 회의록.hwp"


def test_a_name_has_no_parts_that_a_command_line_would_resolve(container: Container) -> None:
    (found,) = read_in(container, held("../b//./c.txt"), "")
    assert isinstance(found, Document)
    assert found.id == "a.zip › b/c.txt"


def test_of_two_fields_of_the_same_kind_the_inner_one_stays(container: Container) -> None:
    def read(_: object, __: str, level: Container) -> Iterator[Document]:
        yield document(level.name, " › c.txt", member="c.txt")
        yield document(level.name, member="stated in the file")

    inner, outer = container.inside(held("b.zip"), ".zip", read)
    assert isinstance(inner, Document)
    assert isinstance(outer, Document)
    assert [inner.metadata["member"], outer.metadata["member"]] == ["c.txt", "b.zip"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "a (2)", "a#b", "a › b", "b"]),
            st.lists(st.sampled_from(["", "#b", " › b", " (2)"]), unique=True),
        )
    )
)
def test_no_two_documents_have_the_same_id(files: list[tuple[str, list[str]]]) -> None:
    container = Container("z", Allowance(bytes=1000, files=9))
    found = [each for name, rests in files for each in read_in(container, held(name), *rests)]
    ids = [each.id for each in found if isinstance(each, Document)]
    assert len(ids) == sum(len(rests) for _, rests in files)
    assert len(set(ids)) == len(ids)
    assert all(each.startswith("z › ") for each in ids)


def test_what_is_wrong_with_a_file_is_said_of_the_one_that_holds_it(container: Container) -> None:
    def read(_: object, __: str, level: Container) -> Iterator[Problem]:
        yield Problem(path="b.eml", reason="ends early", line=7, state=State.PART)
        yield Problem(path="b.eml", reason="its attachment c.pdf is damaged", state=State.DAMAGED)
        yield Problem(path="b.eml", reason="cannot be read: KeyError", passing=True)

    one, two, three = container.inside(held("b.eml", line=3), ".eml", read)
    assert isinstance(one, Problem)
    assert isinstance(two, Problem)
    assert isinstance(three, Problem)
    assert (one.path, one.line, one.state) == ("a.zip", 3, State.PART)
    assert one.reason == "its member b.eml, line 7, ends early"
    assert two.reason == "its member b.eml: its attachment c.pdf is damaged"
    assert not three.passing


def test_a_file_that_does_not_open_costs_itself(container: Container) -> None:
    def content() -> list[bytes]:
        raise Damaged("is damaged: its checksum is wrong")

    inside = Embedded(kind="member", name="b.pdf", content=content)
    (problem,) = read_in(container, inside, "")
    assert isinstance(problem, Problem)
    assert problem.reason == "its member b.pdf is damaged: its checksum is wrong"
    assert problem.state is State.DAMAGED


def test_a_file_that_does_not_fit_into_memory_costs_itself(container: Container) -> None:
    def content() -> list[bytes]:
        raise MemoryError

    inside = Embedded(kind="member", name="b.txt", content=content)
    (problem,) = read_in(container, inside)
    assert isinstance(problem, Problem)
    assert (problem.reason, problem.state) == (
        "its member b.txt is too large for the available memory",
        State.TOO_LARGE,
    )


def test_files_are_read_to_a_depth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "_MOST_DEPTH", 3)

    def read(_: object, __: str, level: Container) -> Iterator[Document | Problem]:
        yield document(level.name)
        yield from level.inside(held("in"), "", read)

    found = list(Container("z", Allowance(bytes=1000, files=9)).inside(held("in"), "", read))
    said = [each.id if isinstance(each, Document) else each.reason for each in found]
    assert said[:3] == ["z › in", "z › in › in", "z › in › in › in"]
    assert said[3].endswith("is nested deeper than 3 levels, and was not read")


def test_bytes_and_files_within_files_are_limited_for_the_whole() -> None:
    container = Container("a.zip", Allowance(bytes=9, files=0))
    assert read_in(container, held("b"), "")
    assert read_in(container, held("c"), "")
    with pytest.raises(TooLarge):
        read_in(container, held("d"), "")
    with pytest.raises(TooLarge):
        read_in(Container("b.zip", Allowance(bytes=9, files=0), depth=1), held("b"), "")
