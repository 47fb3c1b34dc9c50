"""Whatever is wrong with a document is told in one line, and the good one beside it is found."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from io import BufferedReader, BytesIO, StringIO
from pathlib import Path

import hwp_writer as hwp
import office_files as office
import pytest
from index_corpus import PlainKorean
from pdf_writer import pdf

from corpus import SUFFIXES, changes
from corpus.document import Document, State
from corpus.readers import read_opened
from index.builder import reader_pool
from index.builder.reader_pool import serve
from index.directory.directory_reader import DirectoryReader
from index.directory.location import FOLDER
from index.ingest import writable_analyzer
from search.cli.main import main
from tests.trust.own_documents import own_documents

OWN = {suffix: some[0] for suffix, some in own_documents().items()}
VANISHING, SHRINKING, GROWING = "vanishing.docx", "shrinking.xlsx", "growing.eml"
HUGE = "huge.pdf"
GOOD = "좋은 문서.docx"
# As archives of Korean Windows have names: not valid UTF-8.
CP949 = "보고서.pptx".encode("cp949")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
DISTRIBUTED = 0b101  # and compressed


def cyclic_pages() -> bytes:
    data = pdf([["the first page"], ["the second page"]])
    cyclic = data.replace(b"/Kids [7 0 R 9 0 R]", b"/Kids [7 0 R 2 0 R]")
    assert cyclic != data
    return cyclic


def cyclic_outline() -> bytes:
    data = pdf([["the first page"]], outline=[("the first page", 0), ("the first page", 0)])
    cyclic = data.replace(b"/Next 11 0 R", b"/Next 10 0 R")
    assert cyclic != data
    return cyclic


def many_parts() -> bytes:
    part = b"--b\nContent-Type: text/plain; name=a.txt\n\ntext\n"
    return b"Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n" + part * 5_000


def far_cell() -> bytes:
    first = office.row(1, A=office.text_cell("near"))
    return office.xlsx({"a": first + office.row(1_048_576, XFD=office.text_cell("far"))})


# By name: the bytes, and how the reason begins.
BAD: dict[str, tuple[bytes, str]] = {
    **{f"cut{suffix}": (data[: len(data) * 2 // 3], "is damaged") for suffix, data in OWN.items()},
    **{f"picture{suffix}": (PNG, "is ") for suffix in OWN},
    **{f"empty{suffix}": (b"", "is empty") for suffix in sorted(SUFFIXES)},
    **{f"blank{suffix}": (b" \r\n\t" * 90, "has no readable text") for suffix in sorted(SUFFIXES)},
    **{f"zeros{suffix}": (bytes(9_000), "has no readable text") for suffix in sorted(SUFFIXES)},
    "locked.pdf": (pdf([["a"]], encryption="Standard"), "is protected by a password"),
    "locked.hwp": (hwp.hwp(hwp.paragraph("글"), flags=3), "is protected by a password"),
    "locked.docx": (hwp.compound({"EncryptedPackage": b"x"}), "is protected by a password"),
    "no text.hwp": (hwp.hwp(hwp.paragraph("상위 버전"), flags=DISTRIBUTED), "is damaged"),
    "no key.hwp": (
        hwp.hwp(hwp.paragraph("상위 버전"), flags=DISTRIBUTED, more=hwp.deflated(b"text")),
        "is damaged: a text stream for distribution has no key",
    ),
    "cycle.pdf": (cyclic_pages(), "has damaged pages: page 2"),
    "many.eml": (many_parts(), "has more than 2,000 parts"),
    "deep.eml": (
        b"Subject: a\nContent-Type: message/rfc822\n\n" * 200 + b"\nend",
        "has parts nested deeper than 20 levels",
    ),
    VANISHING: (OWN[".docx"], "was removed before it was read"),
    SHRINKING: (OWN[".xlsx"], "is damaged"),
}
del BAD["cut.eml"], BAD["cut.mbox"]  # these are read to their end
# What is odd and yet right, with a word to be found.
ODD: dict[str, tuple[bytes, str]] = {
    "outline.pdf": (cyclic_outline(), "first"),
    "long.pdf": (pdf([[f"number{number}"] for number in range(10_000)]), "number9999"),
    "far.xlsx": (far_cell(), "far"),
    "really a.pdf": (OWN[".docx"], "treaty"),
    GROWING: (b"Subject: growing\n\nwhat was there", "growing"),
    GOOD: (office.docx(office.paragraph("the good document")), "good"),
}


def serve_while_files_change() -> None:
    """Serve as a reader process does, while files vanish, shrink and grow."""
    whole = changes.open_regular

    @contextmanager
    def opened(path: Path) -> Iterator[BufferedReader]:
        if path.name == VANISHING:
            path.unlink()
        with whole(path) as file:
            if path.name == SHRINKING:
                os.truncate(path, 700)
            if path.name == GROWING:
                path.write_bytes(path.read_bytes() + b" and more")
            yield file

    changes.open_regular = opened
    serve()


@dataclass(frozen=True)
class Built:
    """A folder of bad files and its build: the exit code, and the lines of both streams."""

    folder: Path
    code: int
    out: list[str]
    err: list[str]
    states: dict[str, State]


def run(*arguments: str) -> tuple[int, list[str], list[str]]:
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(arguments)
    return code, out.getvalue().splitlines(), err.getvalue().splitlines()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    folder = tmp_path_factory.mktemp("bad")
    for name, (data, _) in (BAD | ODD).items():
        (folder / name).write_bytes(data)
    with (folder / HUGE).open("wb") as file:
        file.truncate(2_000_000_001)  # of which hardly any is on the disk
    with suppress(OSError):  # a file system that takes only text for names
        Path(os.fsdecode(os.fsencode(folder) + b"/" + CP949)).write_bytes(OWN[".pptx"])
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(reader_pool, "serve", serve_while_files_change)
        patch.setattr(writable_analyzer, "KoreanProcess", PlainKorean)
        code, out, err = run("build", ".", "--verbose")
        files = DirectoryReader.open(folder / FOLDER).catalogue().files
        yield Built(folder, code, out, err, {name: file.state for name, file in files.items()})


def test_a_build_over_bad_files_succeeds_and_tells_how_many_of_each_format_were_read(
    built: Built,
) -> None:
    assert built.code == 0
    assert not any("Traceback" in line for line in built.err)
    (header,) = (line for line in built.out if line.startswith("format"))
    for column in ("read", "without text", "protected", "damaged", "unknown format"):
        assert column in header


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_told_in_one_line(built: Built, name: str) -> None:
    (line,) = (line for line in built.err if f"{name}:" in line)
    assert line.split(f"{name}: ")[1].startswith(BAD[name][1])
    assert built.states[name] is not State.READ


def test_a_file_that_is_too_large_is_not_opened(built: Built) -> None:
    (line,) = (line for line in built.err if HUGE in line)
    assert line.endswith("is larger than 2,000,000,000 bytes (--max-file-size)")
    assert built.states.get(HUGE, State.TOO_LARGE) is State.TOO_LARGE


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_is_read_and_found(built: Built, name: str) -> None:
    assert not any(name in line for line in built.err)
    code, out, _ = run("search", "--index", str(built.folder / FOLDER), ODD[name][1], "-n", "50")
    assert code == 0
    assert any(name in line for line in out)


def test_a_name_in_cp949_is_shown_as_what_it_is(built: Built) -> None:
    if not os.path.exists(os.fsencode(built.folder) + b"/" + CP949):
        pytest.skip("this file system takes only text for names")
    assert built.states["보고서.pptx"] is State.READ


def test_a_file_that_grew_while_it_was_read_is_read_again(built: Built) -> None:
    code, out, _ = run("build", ".")
    assert code == 0
    assert "updated" in out[0]


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
@pytest.mark.parametrize("data", [b"\0", b" ", b"\n" * 200, bytes(200_000), b"\t\0" * 40_000])
def test_a_blank_file_of_any_format_has_no_text(suffix: str, data: bytes) -> None:
    (found,) = read_opened(BytesIO(data), name="a", suffix=suffix)
    assert not isinstance(found, Document)
    assert (found.reason, found.state) == ("has no readable text", State.NO_TEXT)


def test_what_follows_many_zero_bytes_is_read() -> None:
    (found,) = read_opened(BytesIO(bytes(200_000) + b"a log"), name="a", suffix=".log")
    assert isinstance(found, Document)
    assert Counter(found.text.split()) == Counter(["a", "log"])
