"""Values of JSON are rows, however they are laid out over the lines of a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Problem
from corpus.readers import read

ROWS = [
    {"title": "봄", "text": "은하수 아래에서\n잠들다", "tags": ["별", "밤"]},
    {"title": "여름", "text": 'a "quoted" } ] , {', "place": {"city": "서울", "hours": [9, 18]}},
    {"title": "가을", "text": "첫눈"},
]


def found_in(path: Path, content: str | bytes) -> list[Document | Problem]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read(path, name=path.name))


def as_array_by_line(rows: list[dict[str, object]]) -> str:
    return "[" + ",\n ".join(json.dumps(row, ensure_ascii=False) for row in rows) + "]\n"


LAYOUTS = {
    "a row a line": lambda rows: "\n".join(map(json.dumps, rows)),
    "an array on one line": json.dumps,
    "an array, a row a line": as_array_by_line,
    "an indented array": lambda rows: json.dumps(rows, indent=2, ensure_ascii=False),
    "indented rows": lambda rows: "\n".join(json.dumps(row, indent=4) for row in rows),
    "rows after one another": lambda rows: "".join(map(json.dumps, rows)),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".ndjson"])
def test_rows_are_read_in_any_layout(tmp_path: Path, layout: str, suffix: str) -> None:
    content = LAYOUTS[layout](ROWS)

    found = found_in(tmp_path / f"rows{suffix}", content)

    rows = [item for item in found if isinstance(item, Document)]
    assert [(item.title, item.text) for item in rows] == [
        (row["title"], row["text"]) for row in ROWS
    ]
    lines = {"an indented array": [2, 10, 21], "an array, a row a line": [1, 2, 3]}
    assert [row.line for row in rows] == lines.get(layout, [row.line for row in rows])
    assert len({row.id for row in rows}) == len(ROWS)


@pytest.mark.parametrize("layout", ["an array, a row a line", "indented rows"])
def test_a_file_of_lines_that_is_none_is_read_and_named(tmp_path: Path, layout: str) -> None:
    *rows, problem = found_in(tmp_path / "rows.jsonl", LAYOUTS[layout](ROWS))

    assert len(rows) == len(ROWS)
    assert isinstance(problem, Problem)
    assert problem.reason.startswith("is not one object a line but an array")
    assert len(found_in(tmp_path / "rows.json", LAYOUTS[layout](ROWS))) == len(ROWS)


# A file of control characters is no text.
_characters = st.characters(codec="utf-8", exclude_categories=["Cc"])


@given(
    st.lists(
        st.fixed_dictionaries(
            {"text": st.text(_characters, min_size=1).filter(str.strip)},
            optional={"a": st.recursive(st.none() | st.integers(), st.lists, max_leaves=5)},
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(sorted(LAYOUTS)),
    st.integers(1, 40),
)
def test_every_layout_gives_the_same_documents(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[dict[str, object]],
    layout: str,
    chunk: int,
) -> None:
    path = tmp_path_factory.getbasetemp() / "layouts.json"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("corpus.text_file._CHUNK", chunk)
        found = found_in(path, LAYOUTS[layout](rows))

    plain = found_in(path, LAYOUTS["a row a line"](rows))
    assert [(type(item), getattr(item, "text", "")) for item in found] == [
        (type(item), getattr(item, "text", "")) for item in plain
    ]


def test_a_bad_value_of_an_array_is_a_problem_and_the_others_are_read(tmp_path: Path) -> None:
    content = '[\n  {"text": "하나"},\n  {\n    "text" "",\n    "a": {}\n  },\n  {"text": "셋"}]'

    one, problem, three = found_in(tmp_path / "rows.json", content)

    assert isinstance(one, Document)
    assert isinstance(three, Document)
    assert (one.line, three.line) == (2, 7)
    assert problem == Problem(
        path="rows.json", reason="is not JSON: Expecting ':' delimiter", line=3
    )


@pytest.mark.parametrize("content", ["[]", "[ ]\n", " \n"])
def test_an_array_without_rows_is_a_problem(tmp_path: Path, content: str) -> None:
    (problem,) = found_in(tmp_path / "rows.json", content)

    assert isinstance(problem, Problem)
    assert problem.reason.startswith("has no")


def test_an_array_that_breaks_off_keeps_its_rows(tmp_path: Path) -> None:
    found = found_in(tmp_path / "rows.json", '[{"text": "하나"}, {"text": "둘"}, {"text": "셋')

    assert [type(item) for item in found] == [Document, Document, Problem]


def test_the_strings_of_an_array_are_rows(tmp_path: Path) -> None:
    found = found_in(tmp_path / "rows.json", '["은하수", "첫눈"]')

    assert [item.text for item in found if isinstance(item, Document)] == ["은하수", "첫눈"]


def test_an_object_without_a_text_is_read_with_all_that_is_nested_in_it(tmp_path: Path) -> None:
    content = {"총계": 2, "항목": [{"이름": "은하수", "설명": "첫 줄\n둘째"}, {"이름": "첫눈"}]}

    (found,) = found_in(tmp_path / "one.json", json.dumps(content, indent=1))

    assert isinstance(found, Document)
    assert found.text == "총계: 2\n항목: 은하수\n첫 줄\n둘째\n첫눈"


def test_invalid_bytes_are_counted_in_their_value(tmp_path: Path) -> None:
    content = '[{"text": "하나"},\n{"text": "둘'.encode() + b'\xff\xff"},\n{"text": "x"}]'

    _, row, problem, _ = found_in(tmp_path / "rows.json", content)

    assert isinstance(row, Document)
    assert row.text == "둘\ufffd\ufffd"
    assert isinstance(problem, Problem)
    assert (problem.line, problem.reason[:7]) == (2, "2 bytes")
