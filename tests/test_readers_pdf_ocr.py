"""Pages without text are read by OCR where it is asked for and installed, and said to be."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from command_line import Run
from command_line import run as run
from pdf_writer import pdf
from pypdfium2 import PdfDocument

from corpus.document import Document, Problem
from corpus.readers import ReadOptions, read_opened
from corpus.readers.pdf import ocr
from corpus.readers.pdf.line_breaks import WRAP
from corpus.readers.tesseract import Line, missing
from index.builder.build import build
from index.directory.location import FOLDER
from search.searcher import Searcher

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the program of these tests is a script")

SCAN = pdf([["글이 있는 쪽"], [], []], drawn=True)
UNREAD = "has no text on some pages, which may be scanned"
HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)


def output(*lines: str, sure: float | dict[str, float] = 90) -> str:
    """Return what Tesseract prints for a paragraph of lines, as wide as they are long."""
    rows = [HEAD]
    for number, line in enumerate(lines, start=1):
        how = sure[line] if isinstance(sure, dict) else sure
        place = f"1\t1\t1\t{number}"
        box = f"0\t{number * 10}\t{len(line) * 10}\t10"
        rows.append(f"4\t{place}\t0\t{box}\t-1\t")
        rows += [f"5\t{place}\t{at}\t{box}\t{how}\t{sign}" for at, sign in enumerate(line, 1)]
    return "\n".join([*rows, *lines, "\f"])


class Fake:
    """A program in place of Tesseract that prints what `says` has, and writes down its calls."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.script("kor\neng\n")

    def script(self, listed: str, body: str = "") -> None:
        program = self.folder / "tesseract"
        code = f"""\
            #!{sys.executable}
            import os, pathlib, sys, time
            if sys.argv[1] == "--list-langs":
                print({listed!r})
                sys.exit()
            here = pathlib.Path(__file__).parent
            head = sys.stdin.buffer.read()[:16]
            with open(here / "calls", "a") as calls:
                print(sys.argv[1:], head, os.environ["OMP_THREAD_LIMIT"], file=calls)
            """
        ending = body or "print((here / 'says').read_text(encoding='utf-8'))"
        program.write_text(textwrap.dedent(code) + ending, encoding="utf-8")
        program.chmod(0o755)

    def says(self, *lines: str, sure: float | dict[str, float] = 90) -> None:
        (self.folder / "says").write_text(output(*lines, sure=sure), encoding="utf-8")

    @property
    def calls(self) -> list[str]:
        calls = self.folder / "calls"
        return calls.read_text().splitlines() if calls.exists() else []


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Put a program named tesseract on PATH, and no other."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return Fake(folder)


def found(data: bytes = SCAN) -> list[Document | Problem]:
    options = ReadOptions(ocr=True)
    return list(read_opened(BytesIO(data), name="a.pdf", suffix=".pdf", options=options))


def test_pages_without_text_are_read_and_the_document_knows_which(fake: Fake) -> None:
    fake.says("강을 건너는 다리")
    (read,) = found()
    assert isinstance(read, Document)
    assert read.text == "글이 있는 쪽\n강을 건너는 다리\n강을 건너는 다리"
    assert read.ocr == ((2, 3),)
    expected = "['stdin', 'stdout', '-l', 'kor+eng', '--dpi', '300', '--psm', '4', 'tsv', 'txt']"
    assert fake.calls == [f"{expected} b'P5 2480 3509 255' 1"] * 2


def test_nothing_is_read_by_ocr_unless_it_is_asked_for(fake: Fake) -> None:
    fake.says("강을 건너는 다리")
    list(read_opened(BytesIO(SCAN), name="a.pdf", suffix=".pdf"))
    assert not fake.calls


def test_pages_of_signs_or_curves_are_read_by_ocr_too(fake: Fake) -> None:
    fake.says("강을 건너는 다리")
    garbled = pdf([["qwert" * 9]], table={sign: chr(0xE000 + ord(sign)) for sign in "qwert"})
    curve = "0 10 10 10 10 0 c 0 0 l " * 4
    letters = "".join(f"q 1 0 0 1 {12 * n} 0 cm 0 0 m {curve}h f Q\n" for n in range(99))
    for data in (garbled, pdf([["1. ("]], drawing=letters)):
        (read,) = found(data)
        assert isinstance(read, Document)
        assert (read.text, read.ocr) == ("강을 건너는 다리", ((1, 1),))


def test_a_page_keeps_its_text_where_ocr_reads_little_more(fake: Fake) -> None:
    fake.says("글이 있는 쪽과 다음")
    curve = "0 10 10 10 10 0 c 0 0 l " * 4
    letters = "".join(f"q 1 0 0 1 {12 * n} 0 cm 0 0 m {curve}h f Q\n" for n in range(99))
    read, problem = found(pdf([["글이 있는 쪽"]], drawing=letters))
    assert isinstance(read, Document)
    assert isinstance(problem, Problem)
    assert (read.text, read.ocr) == ("글이 있는 쪽", ())
    assert "OCR gives little more: page 1" in problem.reason


def test_of_a_bad_print_the_lines_that_are_sure_are_read_and_the_page_is_named(fake: Fake) -> None:
    noise = {"ㅣ 2 Oo 때 Hais " * 9: 30}
    right = "넓은 강을 건너는 다리를 놓으려 사람들이 모여 들었다"
    fake.says(*noise, right, sure={**noise, right: 92})
    read, problem = found(pdf([[]], drawn=True))
    assert isinstance(read, Document)
    assert (read.text, read.ocr) == (right, ((1, 1),))
    assert isinstance(problem, Problem)
    assert problem.reason == (
        "has pages that OCR cannot read well; only lines that it is sure of are read: page 1"
    )
    fake.says(*noise, "다리", sure={**noise, "다리": 92})
    (nothing,) = found(pdf([[]], drawn=True))
    assert isinstance(nothing, Problem)


@pytest.mark.parametrize(
    "body",
    [
        "sys.stdout.buffer.write(bytes(range(256)) * 99)",
        "print('4\\t' * 11)\nprint('5\\t' * 11)",
        "",
    ],
)
def test_what_the_program_does_wrong_leaves_the_pages_without_text(fake: Fake, body: str) -> None:
    fake.script("kor\neng", body)
    fake.says("ㅣ 2 Oo 때 Hais", sure=40)  # a photograph
    read, problem = found()
    assert isinstance(read, Document)
    assert (read.text, read.ocr) == ("글이 있는 쪽", ())
    assert problem == Problem(path="a.pdf", reason=f"{UNREAD}; OCR gives none: pages 2–3")


@pytest.mark.parametrize(("body", "code"), [("sys.exit(1)", 1), ("os.abort()", -6)])
def test_pages_on_which_the_program_fails_are_not_said_to_have_no_text_for_it(
    fake: Fake, body: str, code: int
) -> None:
    fake.script("kor\neng", body)
    read, *problems = found()
    assert isinstance(read, Document)
    assert [problem.reason for problem in problems if isinstance(problem, Problem)] == [
        f"{UNREAD}: pages 2–3",
        f"has pages that OCR did not read, as Tesseract ended with code {code}: pages 2–3",
    ]


def test_a_page_that_takes_too_long_is_given_up_and_a_document_after_some(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "_SECONDS", 0.01)
    fake.script("kor\neng", "time.sleep(60)")
    started: list[float] = []
    monkeypatch.setattr(ocr, "_rendered", lambda page: started.append(1.0) or (b"", 300))
    problems = found(pdf([[]] * 9, drawn=True))
    assert [problem.reason for problem in problems if isinstance(problem, Problem)] == [
        "has no text; it may be scanned: pages 1–9",
        "has pages that OCR did not read, as Tesseract takes longer than 0.01 seconds: pages 1–3",
        "has pages that OCR did not read, as it was given up after 3 pages that failed: pages 4–9",
    ]
    assert len(started) == 3


def test_a_page_without_memory_to_draw_it_costs_itself(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def draw(page: object) -> tuple[bytes, int]:
        raise MemoryError

    monkeypatch.setattr(ocr, "_rendered", draw)
    read, _, problem = found()
    assert isinstance(read, Document)
    assert isinstance(problem, Problem)
    assert "as there is not enough memory: pages 2–3" in problem.reason


def test_only_so_many_pages_of_a_document_are_read(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "_MOST_PAGES", 1)
    fake.says("강을 건너는 다리")
    read, *problems = found()
    assert isinstance(read, Document)
    assert read.ocr == ((2, 2),)
    assert [problem.reason for problem in problems if isinstance(problem, Problem)] == [
        f"{UNREAD}: page 3",
        "has pages that OCR did not read, as it reads 1 pages of a document at most: page 3",
    ]


def test_large_pages_are_drawn_smaller(fake: Fake) -> None:
    fake.says("강을 건너는 다리")
    found(pdf([[]], drawn=True).replace(b"[0 0 595 842]", b"[0 0 9999 99]"))
    found(pdf([[]], drawn=True).replace(b"[0 0 595 842]", b"[0 0 9999 9999]"))
    assert "P5 30000 298" in fake.calls[0]
    assert "P5 5001 5001" in fake.calls[1]
    assert "'--dpi', '36'" in fake.calls[1]


def test_a_line_of_korean_that_reaches_the_margin_may_go_on() -> None:
    def text(*lines: Line) -> str:
        return ocr._text(lines)

    full = Line("바다를 건너가는 배", 90, ("1",), 90, 10)
    rest = Line("들이 모였다.", 90, ("1",), 60, 10)
    assert text(full, rest) == f"바다를 건너가는 배{WRAP}들이 모였다."
    assert text(full, rest._replace(paragraph=("2",))) == "바다를 건너가는 배\n들이 모였다."
    wide = Line("넓은 바다의 크고 작은 섬", 90, ("1",), 120, 10)
    assert text(full, wide) == "바다를 건너가는 배\n넓은 바다의 크고 작은 섬"
    assert text() == ""


def test_the_clock_of_the_document_stands_still_while_a_page_has_its_own() -> None:
    def left() -> float:
        return signal.getitimer(signal.ITIMER_REAL)[0]

    with ocr._own_time():
        assert not left()
    signal.setitimer(signal.ITIMER_REAL, 1_000)
    try:
        with ocr._own_time():
            assert 0 < left() < 100
        assert left() > 900
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
@pytest.mark.parametrize(
    ("code", "pids"),
    [
        (
            "from corpus.readers.tesseract import recognize; recognize(b'', dpi=300, seconds=60)",
            "os.getpid()",
        ),
        (
            "from pathlib import Path; from index.builder.build import build; "
            "build(Path({folder!r}) / '.chaja', [Path({folder!r}) / 'a.pdf'], ocr=True)",
            "os.getpid(), os.getppid()",
        ),
    ],
)
def test_the_program_and_the_reader_end_with_the_process_that_started_them(
    fake: Fake, code: str, pids: str
) -> None:
    (fake.folder / "a.pdf").write_bytes(SCAN)
    fake.script("kor\neng", f"(here / 'pids').write_text(f'{{{pids}}}')\ntime.sleep(60)")
    code = code.format(folder=str(fake.folder))
    written = fake.folder / "pids"
    with subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[1]) as parent:
        while not (written.exists() and written.read_text()):
            assert parent.poll() is None
            time.sleep(0.01)
        parent.kill()
    for pid in written.read_text().strip("()").split(", "):
        status = Path("/proc", pid, "stat")
        while status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z":
            time.sleep(0.01)


# ---- what is not installed


def test_what_is_missing_is_told_with_the_command_that_installs_it(fake: Fake) -> None:
    assert missing() == ""
    fake.script("eng\nosd")
    assert missing() == (
        "Tesseract has no data for kor (apt-get install tesseract-ocr tesseract-ocr-kor)"
    )
    (fake.folder / "tesseract").write_text("\0", encoding="utf-8")
    assert missing().startswith("Tesseract does not start: ")
    (fake.folder / "tesseract").unlink()
    assert missing() == (
        "it needs Tesseract, which is not installed "
        "(apt-get install tesseract-ocr tesseract-ocr-kor)"
    )


def test_a_build_says_once_that_ocr_is_missing_and_reads_when_it_is_there(
    fake: Fake, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for name in ("a.pdf", "b.pdf"):
        (folder / name).write_bytes(SCAN)
    fake.script("eng")
    report = build(folder / FOLDER, [folder], ocr=True)
    (note,) = report.notes
    assert note == (
        "pages without text are not read by OCR: Tesseract has no data for kor "
        "(apt-get install tesseract-ocr tesseract-ocr-kor); then build with --ocr again"
    )
    assert {problem.reason for problem in report.problems} == {f"{UNREAD}: pages 2–3"}
    fake.script("kor\neng")
    fake.says("강을 건너는 다리")
    again = build(folder / FOLDER, ocr=True)
    assert (again.updated, again.problems, again.notes) == (2, (), ())
    with Searcher.open(folder / FOLDER) as searcher:
        assert {(hit.line, hit.ocr) for hit in searcher.search("다리")} == {(2, True)}
        assert {(hit.line, hit.ocr) for hit in searcher.search("글이 있는")} == {(1, False)}


def test_a_hit_says_that_its_page_was_read_by_ocr(
    fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    (tmp_path / "a.pdf").write_bytes(SCAN)
    fake.says("강을 건너는 다리")
    build(tmp_path / FOLDER, [tmp_path], ocr=True)
    monkeypatch.delenv("CHAJA_INDEX", raising=False)
    monkeypatch.chdir(tmp_path)
    assert "(a.pdf:p2, by OCR)" in run("search", "다리")[1]
    assert "a.pdf:p1)" in run("search", "쪽")[1]
    (hit,) = json.loads(run("search", "다리", "--json")[1])["hits"]
    assert hit["ocr"] is True


# ---- Tesseract itself


@pytest.mark.skipif(bool(missing()), reason=f"OCR is not tested: {missing()}")
def test_a_picture_of_a_sentence_is_read() -> None:
    (read,) = found(pdf([[]], drawing=picture("The lighthouse stands on the northern cape")))
    assert isinstance(read, Document)
    assert read.text == "The lighthouse stands on the northern cape"
    assert read.ocr == ((1, 1),)


def picture(sentence: str) -> str:
    """Return the operators that draw a picture of a sentence."""
    with closing(PdfDocument(pdf([[sentence]], font="Helvetica"))) as drawn:
        bitmap = drawn[0].render(scale=3, grayscale=True, crop=(0, 760, 0, 30))
        rows = range(0, bitmap.height * bitmap.stride, bitmap.stride)
        pixels = b"".join(bytes(bitmap.buffer)[row : row + bitmap.width] for row in rows)
    size = f"/W {bitmap.width} /H {bitmap.height}"
    image = f"BI {size} /CS /G /BPC 8 /F /AHx ID {pixels.hex()}> EI"
    return f"q 595 0 0 52 0 700 cm {image} Q\n"
