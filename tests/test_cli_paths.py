"""`chaja show` and `chaja similar` refuse a line that the file of a location does not have."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest
from bridge_corpus import built
from bridge_corpus import no_general_glossary as no_general_glossary
from bridge_corpus import plain_korean as plain_korean

from index import SourceDocument, build
from index.directory.location import FOLDER
from search.cli.main import main

pytestmark = pytest.mark.usefixtures("plain_korean", "no_general_glossary")

HINT = "  Lines are numbered from 1, as chaja search prints them."
COMMANDS = pytest.mark.parametrize("command", ["show", "similar"])
# What `similar` is to find.
OTHER = {"other.txt": "a kiln by the harbour\n"}


class Run:
    """Runs a command in a folder; gives exit code, standard output and lines of standard error."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *arguments: str) -> tuple[int, str, list[str]]:
        code = main(arguments)
        out, err = self._capture.readouterr()
        return code, out, err.splitlines()


@pytest.fixture
def run(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Stand in a folder of documents."""
    monkeypatch.delenv("CHAJA_INDEX", raising=False)
    (tmp_path / "docs").mkdir()
    monkeypatch.chdir(tmp_path / "docs")
    return Run(capfd)


def indexed(**files: bytes) -> None:
    """Write files as they are, in the current folder, and index it."""
    for name, data in files.items():
        Path(f"{name}.txt").write_bytes(data)
    built(Path.cwd(), OTHER)


@COMMANDS
def test_a_line_that_its_file_does_not_have_is_told_from_any_folder(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    built(Path.cwd(), {**OTHER, "sub/a.txt": "a kiln"})
    monkeypatch.chdir("sub")
    for location in ("a.txt:9999", "sub/a.txt:9999", f"{Path.cwd()}/a.txt:9999"):
        message = "chaja: sub/a.txt: has no line 9,999; its last line is 1"
        assert run(command, location) == (2, "", [message, HINT])


@COMMANDS
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", ["", "kiln"])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (b"", "cp949"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "utf-16-le"),
    ],
)
def test_lines_are_counted_in_any_encoding_up_to_the_last_that_is_begun(
    run: Run, command: str, ends: str, last: str, mark: bytes, encoding: str
) -> None:
    # 상 and 吊 have the bytes of line breaks, as UTF-16 writes them.
    text = f"kiln \u0a0d \u0d0a 도자기 작은 항구에서{ends}tide{ends}harbour{ends}{last}"
    text = text if encoding != "cp949" else text.replace("\u0a0d \u0d0a", "")
    indexed(a=mark + text.encode(encoding))
    count = 4 if last else 3
    assert run(command, f"a.txt:{count}")[0] == 0
    code, out, err = run(command, f"a.txt:{count + 1}")
    assert (code, out) == (2, "")
    assert err[0] == f"chaja: a.txt: has no line {count + 1}; its last line is {count}"


@COMMANDS
def test_a_line_between_two_passages_or_behind_the_last_is_one_of_the_file(
    run: Run, command: str
) -> None:
    indexed(a=b"kiln " * 90 + b"\n\n\n\n" + b"harbour " * 90 + b"\n\n\n")
    for line in (2, 4, 6, 7):
        assert run(command, f"a.txt:{line}")[0] == 0
    assert run(command, "a.txt:8")[0] == 2


@COMMANDS
def test_a_line_that_a_search_prints_is_not_refused_whatever_became_of_its_file(
    run: Run, command: str
) -> None:
    indexed(a=b"kiln " * 90 + b"\n\n" + b"harbour " * 90)
    Path("a.txt").write_bytes(b"kiln")
    assert run(command, "a.txt:3")[0] == 0
    assert run(command, "a.txt:4")[2][0].endswith("a.txt: has no line 4; its last line is 1")


@COMMANDS
@pytest.mark.parametrize("data", [None, b"", b"\0\1\2", "pipe", "folder"])
def test_a_file_that_cannot_be_read_any_more_has_no_end(
    run: Run, command: str, data: bytes | str | None
) -> None:
    indexed(a=b"a kiln")
    path = Path("a.txt")
    path.unlink()
    if isinstance(data, bytes):
        path.write_bytes(data)
    elif data:
        os.mkfifo(path) if data == "pipe" else path.mkdir()
    assert run(command, "a.txt:9999") == run(command, "a.txt:1")


@COMMANDS
def test_a_folder_that_may_not_be_entered_is_no_error(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    indexed(a=b"a kiln")
    known = run(command, "a.txt:1")
    opened = os.open

    def refused(path: str | Path, *arguments: int) -> int:
        if Path(path).name == "a.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments)

    monkeypatch.setattr(os, "open", refused)
    assert run(command, "a.txt:9999") == known


@COMMANDS
def test_a_line_of_thousands_of_digits_is_no_line(run: Run, command: str) -> None:
    indexed(a=b"a kiln")
    code, _, err = run(command, f"a.txt:{'9' * 5000}")
    assert (code, err[0][:16]) == (2, "chaja: a.txt:999")


def test_the_file_that_the_index_has_is_the_one_whose_lines_count(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(Path.cwd(), {**OTHER, "a.txt": "kiln\n" + "\n" * 9})
    Path("sub").mkdir()
    Path("sub/a.txt").write_text("not in the index", encoding="utf-8")
    monkeypatch.chdir("sub")
    assert run("show", "a.txt:9")[0] == 0
    assert run("show", "a.txt:99")[2][0] == "chaja: a.txt: has no line 99; its last line is 10"


def test_the_id_of_a_given_document_is_shown_as_it_is_and_found(run: Run, tmp_path: Path) -> None:
    address = "https://example.org//a/../kiln"
    build(tmp_path / FOLDER, documents=[SourceDocument(id=address, text="a kiln by the sea")])
    code, out, _ = run("search", "kiln")
    assert code == 0
    assert f"{address}:1" in out
    code, out, _ = run("show", f"{address}:1")
    assert code == 0
    assert "a kiln by the sea" in out
