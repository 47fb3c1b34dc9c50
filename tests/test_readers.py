from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus import readers, text_file
from corpus.document import Document, Problem, State
from corpus.readers import PLAIN, SUFFIXES, read

TEXT_SUFFIXES = sorted(PLAIN)
FUZZ = settings(
    deadline=None,  # the first page loads the extractor
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PIECES = st.sampled_from(
    [
        *(
            "---\n",
            "title: ",
            "# ",
            "```\n",
            "===\n",
            "date: 2024-11-14\n",
            "2024년 11월 14일\n",
            "\n\n",
        ),
        *(
            "<p>",
            "</p>",
            "<div class=related>",
            "<table><tr><td>",
            "</td></tr>",
            "<h2>",
            "<br>",
            "&#x0;",
        ),
        *(
            "<li>",
            "<pre>\n",
            "<!--",
            "<script>",
            "</script>",
            "<a href=x>",
            "<body>",
            "</html>",
            "&#xd800;",
            "&#13;&#10;",
        ),
        *(
            '{"id": 1, "text": "',
            '"}\n',
            '{"title": "\\ud800"}\n',
            "[[[[",
            "null\n",
            '{"text": ["a", 1]}\n',
        ),
        *(
            "id,title,text\n",
            "1,",
            '"',
            ";",
            "\t",
            "\r\n",
            "\r",
            "한국과 몽골의 전략적 동반자 관계 ",
            "e\u0301",
        ),
        *(
            "The two countries agreed on everything. ",
            "\x00",
            "\x0c",
            "\u2028",
            "\u3000",
            "\ufeff",
            "\ud7ff",
        ),
    ]
)
CONTENT = st.one_of(
    st.binary(max_size=200),
    st.builds(
        lambda text, encoding: text.encode(encoding, "ignore"),
        st.lists(PIECES, max_size=30).map("".join),
        st.sampled_from(["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-be"]),
    ),
    st.builds(
        lambda text, at, bad: text.encode()[:at] + bad + text.encode()[at:],
        st.lists(PIECES, max_size=30).map("".join),
        st.integers(0, 200),
        st.binary(min_size=1, max_size=4),
    ),
)

Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(name: str, content: str) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode())
        return path

    return written


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
@given(data=CONTENT)
@FUZZ
def test_no_content_breaks_a_reader(tmp_path: Path, suffix: str, data: bytes) -> None:
    path = tmp_path / f"file{suffix}"
    path.write_bytes(data)

    found = list(read(path, name="folder/file"))

    assert found
    lines = data.count(b"\n") + data.count(b"\r") + data.count(b"\x0a\x00") + 2
    documents = [item for item in found if isinstance(item, Document)]
    assert len({document.id for document in documents}) == len(documents)
    for document in documents:
        check(document, lines)
    assert all(item.reason for item in found if isinstance(item, Problem))


def check(document: Document, lines: int) -> None:
    for text in (document.text, document.title, document.id, *document.metadata.values()):
        text.encode()  # no lone surrogates
        assert "\r" not in text
    assert document.path == "folder/file"
    assert document.text.strip()
    assert document.title
    offsets = [offset for offset, _ in document.lines]
    numbers = [line for _, line in document.lines]
    assert offsets == sorted(offsets)
    assert offsets[:1] in ([], [0])
    assert numbers == sorted(numbers)
    assert 1 <= document.line_at(0) <= document.line_at(len(document.text)) <= lines
    ends = [end for heading in document.headings for end in (heading.start, heading.end)]
    assert ends == sorted(ends)
    assert all(heading.end <= len(document.text) and heading.text for heading in document.headings)


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_an_empty_file_is_a_problem(write: Write, suffix: str) -> None:
    path = write(f"file{suffix}", "")

    empty = Problem(path="file", reason="is empty", state=State.NO_TEXT)
    assert list(read(path, name="file")) == [empty]


@pytest.mark.parametrize("suffix", TEXT_SUFFIXES)
@pytest.mark.parametrize("content", [" \n\n \t\n", "\ufeff", "\ufeff\n"])
def test_a_file_without_words_is_a_problem(write: Write, suffix: str, content: str) -> None:
    (found,) = read(write(f"file{suffix}", content), name="file")

    assert isinstance(found, Problem)
    assert found.reason.startswith("has no ")


@pytest.mark.parametrize("suffix", TEXT_SUFFIXES)
def test_a_pdf_under_another_name_is_a_problem(write: Write, suffix: str) -> None:
    (found,) = read(write(f"file{suffix}", "%PDF-1.7 ..."), name="file")

    assert found == Problem(path="file", reason="is a PDF, not text", state=State.UNKNOWN)


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_a_missing_file_or_a_folder_is_a_problem(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"file{suffix}"
    removed = Problem(path="file", reason="was removed before it was read", passing=True)
    folder = Problem(path="file", reason="is a folder, not a file", passing=True)

    assert list(read(path, name="file")) == [removed]
    path.mkdir()
    assert list(read(path, name="file")) == [folder]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermissionError(13, "Permission denied"), "cannot be read: permission denied"),
        (OSError(5, "Input/output error"), "cannot be read: Input/output error"),
    ],
)
def test_a_disk_error_is_a_problem(
    write: Write, monkeypatch: pytest.MonkeyPatch, error: OSError, reason: str
) -> None:
    path = write("file.txt", "한국")

    def fail(*_: object) -> int:
        raise error

    monkeypatch.setattr(os, "open", fail)
    found = list(read(path, name="file.txt"))
    monkeypatch.undo()

    assert found == [Problem(path="file.txt", reason=reason, passing=True)]


@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_a_long_text_is_read_in_parts_that_are_the_text(
    write: Write, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    content = "# 제목 Title\n\nDate: 2024-11-14\n\n" + "".join(
        f"{'## ' if number % 7 == 0 else ''}문단 {number} paragraph.\n\n" for number in range(99)
    )
    monkeypatch.setitem(text_file.Parts.__init__.__kwdefaults__, "most", 300)
    path = write(f"file{suffix}", content)
    found = [item for item in read(path, name="file") if isinstance(item, Document)]

    assert len(found) > 5
    shown = content if suffix == ".txt" else content.replace("# ", "").replace("#", "")
    assert "".join(document.text for document in found) == shown
    assert {document.title for document in found} == {found[0].title}
    assert {document.date for document in found} == {"2024-11-14"}
    assert [document.id for document in found] == [
        "file",
        *(f"file#{document.line}" for document in found[1:]),
    ]
    lines = shown.splitlines(keepends=True)
    assert all(
        document.text == "" or document.text.startswith(lines[document.line - 1])
        for document in found
    )
    if suffix == ".md":
        assert all(document.headings[0].start == 0 for document in found)


def test_a_long_row_becomes_several_documents(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "".join(f"문단 {number}.\n\n" for number in range(99))
    monkeypatch.setattr(readers, "PART", 100)
    path = write("file.jsonl", json.dumps({"id": "x", "title": "T", "text": text}))
    found = [item for item in read(path, name="file.jsonl") if isinstance(item, Document)]

    assert len(found) > 5
    assert "".join(document.text for document in found) == text
    assert len({document.id for document in found}) == len(found)
    assert found[0].id == "x"
    assert {(document.title, document.line_at(50)) for document in found} == {("T", 1)}


def test_suffixes_are_compared_without_case(write: Write) -> None:
    (found,) = read(write("NOTES.MD", "# 한국\n"), name="NOTES.MD")

    assert isinstance(found, Document)
    assert found.title == "한국"


BLANK = "\u200b\u202e\x1b \ufeff\u3164\U000e0041\ufe0f"


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        (
            "a.html",
            f"<title>{BLANK}</title><meta property='og:title' content='{BLANK}'><h1>River</h1>"
            "<p>The river.</p>",
            "River",
        ),
        ("b.html", f"<title>{BLANK}</title><h1>{BLANK}</h1><p>The river.</p>", "b"),
        ("c.md", f"---\ntitle: {BLANK}\nauthor: me\n---\n# {BLANK}\n\n## River\n\nbank\n", "River"),
        ("d.md", f"# {BLANK}\n\nriver\n", "d"),
        ("e.txt", f"{BLANK}\n\nriver\n", "e"),
        ("f.csv", f"title,text\n{BLANK},river\n", "f"),
        ("g.jsonl", f'{{"title": "{BLANK[3:]}\\u001b", "text": "river"}}\n', "g"),
    ],
)
def test_a_title_of_which_nothing_is_visible_gives_way_to_the_next(
    write: Write, name: str, content: str, title: str
) -> None:
    (found,) = read(write(name, content), name=name)

    assert isinstance(found, Document)
    assert found.title == title


def test_a_suffix_without_a_reader_is_a_problem(write: Write) -> None:
    (found,) = read(write("file.xyz", "한국"), name="file.xyz")

    reason = "has the unsupported suffix '.xyz'"
    assert found == Problem(path="file.xyz", reason=reason, state=State.UNKNOWN)


def test_importing_the_package_loads_no_heavy_module() -> None:
    heavy = "{'trafilatura', 'lxml', 'charset_normalizer', 'csv', 'html', 'json', 'logging'}"
    code = f"import sys, corpus; print(*sorted(sys.modules.keys() & {heavy}))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.split() == []
