"""Notebooks are read cell by cell: text, code and what was printed."""

import json
import random
from io import BytesIO

import pytest

from corpus.document import CELL, Document, Problem, State
from corpus.readers import read_opened


def found(data: bytes) -> list[Document | Problem]:
    return list(read_opened(BytesIO(data), name="분석.ipynb", suffix=".ipynb"))


def document(*cells: object) -> Document:
    (only,) = found(notebook(*cells))
    assert isinstance(only, Document)
    return only


def notebook(*cells: object) -> bytes:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}).encode()


def code(source: str, *outputs: object) -> object:
    return {"cell_type": "code", "source": source.splitlines(keepends=True), "outputs": outputs}


MARKDOWN = {"cell_type": "markdown", "source": ["# 수출 **분석**\n", "\n", "[자료](x)를 읽는다."]}


def test_cells_are_places_and_their_headings_those_of_the_document() -> None:
    read = document(MARKDOWN, code(""), code("if x:\n    y()"))
    assert read.text == "수출 분석\n\n자료를 읽는다.\n\nif x:\n    y()"
    assert (read.title, read.unit) == ("수출 분석", CELL)
    assert [read.line_at(0), read.line_at(read.text.index("y()"))] == [1, 3]
    (heading,) = read.headings
    assert read.text[heading.start : heading.end] == heading.text == "수출 분석"


def test_printed_results_are_read_and_pictures_are_not() -> None:
    stream = {"output_type": "stream", "text": ["\x1b[31m합계\x1b[0m 12\n"]}
    result = {"output_type": "execute_result", "data": {"text/plain": "42", "image/png": "iVBOR"}}
    error = {"output_type": "error", "ename": "ValueError", "evalue": "bad", "traceback": ["x"]}
    read = document(code("f()", stream, result, error))
    assert read.text == "f()\n\n합계 12\n\n42\n\nValueError: bad"


def test_older_notebooks_have_their_cells_on_sheets() -> None:
    cells = [{"cell_type": "heading", "source": "제목"}, {"cell_type": "code", "input": "g()"}]
    (read,) = found(json.dumps({"worksheets": [{"cells": cells}]}).encode())
    assert isinstance(read, Document)
    assert (read.title, read.text) == ("제목", "제목\n\ng()")


@pytest.mark.parametrize("data", [b"{", b"[1]", b'{"cells": 3}', b"[" * 100_000, b"null"])
def test_what_is_no_notebook_is_a_problem(data: bytes) -> None:
    (problem,) = found(data)
    assert isinstance(problem, Problem)
    assert problem.state is State.DAMAGED


def test_bytes_that_are_no_text_are_told() -> None:
    read, problem = found(notebook(code("word")).replace(b"word", "낱말".encode() + b"\xea\xb0"))
    assert isinstance(read, Document)
    assert read.text == "낱말\ufffd\ufffd"
    assert problem == Problem(
        path="분석.ipynb", reason="2 bytes are not valid UTF-8; replaced with \ufffd", line=1
    )


def test_a_notebook_of_too_many_bytes_or_cells_is_said_to_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = notebook(code("a"), code("b"))
    monkeypatch.setattr("corpus.readers.notebook._MOST_CELLS", 1)
    read, problem = found(data)
    assert isinstance(read, Document)
    assert (read.text, problem.state) == ("a", State.PART)  # type: ignore[union-attr]
    monkeypatch.setattr("corpus.readers.notebook._MOST_BYTES", 10)
    reason = "is a notebook of more than 10 bytes"
    assert found(data) == [Problem(path="분석.ipynb", reason=reason, state=State.TOO_LARGE)]


def test_damaged_notebooks_give_documents_and_problems_and_nothing_else() -> None:
    whole = notebook(MARKDOWN, code("f()", {"output_type": "stream", "text": "a"}))
    rng = random.Random(14)
    for _ in range(100):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 4)):
            data[rng.randrange(len(data))] = rng.choice(b'[]{}",:0n\xff')
        read = found(bytes(data))
        assert read
        assert not any("Error" in item.reason for item in read if isinstance(item, Problem))
