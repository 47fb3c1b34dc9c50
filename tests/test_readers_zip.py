"""A ZIP archive is read as a folder would be: each document in it, whatever its name and depth."""

from __future__ import annotations

import random
import struct
import tempfile
from collections.abc import Mapping
from copy import copy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_LZMA, ZIP_STORED, ZipFile, ZipInfo
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdf_writer import pdf

from corpus.document import PAGE, PARAGRAPH, Document, Problem, State
from corpus.readers import ReadOptions, embedded, read_opened, suffixes
from corpus.readers import zip as zip_reader
from corpus.readers.pdf import reader as pdf_reader
from tests.office_files import docx, odf, paragraph, xlsx, zipped

LOOKING = ReadOptions(archives=True)


def found(
    data: bytes, options: ReadOptions = LOOKING, suffix: str = ".zip"
) -> list[Document | Problem]:
    return list(read_opened(BytesIO(data), name=f"a{suffix}", suffix=suffix, options=options))


def documents(data: bytes) -> list[Document]:
    read = found(data)
    assert all(isinstance(each, Document) for each in read), read
    return [each for each in read if isinstance(each, Document)]


def ids(data: bytes) -> list[str]:
    return [each.id for each in found(data) if isinstance(each, Document)]


def reasons(data: bytes) -> list[tuple[str, State]]:
    return [(each.reason, each.state) for each in found(data) if isinstance(each, Problem)]


def with_stored_names(names: Mapping[bytes, str], extra: bytes = b"") -> bytes:
    """Return a ZIP of texts whose names are these bytes, and nothing says in what encoding."""
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for number, (name, text) in enumerate(names.items()):
            info = ZipInfo(f"{number:x}".rjust(len(name), "_"))
            info.extra = extra
            archive.writestr(info, text)
    data = file.getvalue()
    for number, name in enumerate(names):
        data = data.replace(f"{number:x}".rjust(len(name), "_").encode(), name)
    return data


def protected(data: bytes, member: bytes) -> bytes:
    """Return a ZIP in which a member is said to be encrypted."""
    changed = bytearray(data)
    for start, flags, name in ((b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)):
        at = -1
        while (at := data.find(start, at + 1)) >= 0:
            if data.startswith(member, at + name):
                changed[at + flags] |= 1
    return bytes(changed)


def test_each_member_is_a_document_with_the_places_of_its_format() -> None:
    sheet = '<row r="1"><c r="A1" t="inlineStr"><is><t>표</t></is></c></row>'
    data = zipped(
        {
            "폴더/보고서.pdf": pdf([["first"], ["second"]]),
            "폴더/글.docx": docx(paragraph("글")),
            "표.xlsx": xlsx({"가": sheet, "나": sheet}),
            "메모.txt": "한 줄\n두 줄",
        }
    )
    report, text, one, two, memo = documents(data)
    assert [report.id, text.id, one.id, two.id, memo.id] == [
        "a.zip › 폴더/보고서.pdf",
        "a.zip › 폴더/글.docx",
        "a.zip › 표.xlsx#가",
        "a.zip › 표.xlsx#나",
        "a.zip › 메모.txt",
    ]
    assert {each.path for each in documents(data)} == {"a.zip"}
    assert (report.unit, report.line_at(len(report.text)), text.unit) == (PAGE, 2, PARAGRAPH)
    assert memo.line_at(memo.text.index("두")) == 2
    assert text.metadata["member"] == "폴더/글.docx"


def test_archives_are_read_when_asked_for_only() -> None:
    data = zipped({"a.txt": "text"})
    (problem,) = found(data, ReadOptions())
    assert isinstance(problem, Problem)
    assert problem.reason == "is an archive; build with --archives to read it"
    assert ".zip" in suffixes(LOOKING)
    assert ".zip" not in suffixes(ReadOptions())


@pytest.mark.parametrize(
    "names",
    [
        ("계약서/최종 계약서.txt", "회의록.txt"),
        ("Größe.txt", "été.txt"),
        ("plain.txt",),
    ],
)
def test_names_in_the_encodings_of_old_programs_are_right(names: tuple[str, ...]) -> None:
    codec = "cp949" if "회" in names[-1] else "cp437"
    for encoding in ("utf-8", codec):
        data = with_stored_names({name.encode(encoding): "text" for name in names})
        assert ids(data) == [f"a.zip › {name}" for name in names]


def test_a_name_that_begins_with_a_nul_byte_is_one_too() -> None:
    assert ids(with_stored_names({b"\0\0ab.txt": "a"})) == ["a.zip ›   ab.txt"]


def test_names_in_two_encodings_are_right_each() -> None:
    stored = {"회의록.txt".encode("cp949"): "a", "계약서.txt".encode(): "b"}
    assert ids(with_stored_names(stored)) == ["a.zip › 회의록.txt", "a.zip › 계약서.txt"]


def test_the_name_in_an_extra_field_is_preferred_if_it_is_for_the_stored_one() -> None:
    def field(stored: bytes) -> bytes:
        content = b"\x01" + struct.pack("<L", crc32(stored)) + "회의록.txt".encode()
        return struct.pack("<HH", 0x7075, len(content)) + content

    stored = b"____.txt"
    for of, name in ((stored, "회의록.txt"), (b"other.txt", "____.txt")):
        assert ids(with_stored_names({stored: "a"}, b"\x01\x00\x00\x00" + field(of))) == [
            f"a.zip › {name}"
        ]


def test_hidden_files_are_passed_over_as_in_a_folder() -> None:
    members = {"__MACOSX/a.txt": "x", ".git/a.txt": "x", "b/.DS_Store": "x", "b/._a.txt": "x"}
    assert ids(zipped({**members, "b/": "", "b/a.txt": "x"})) == ["a.zip › b/a.txt"]


@pytest.mark.parametrize("name", ["/etc/a.txt", "../../etc/a.txt", "etc\\a.txt", "./etc//a.txt"])
def test_names_lead_nowhere_outside(name: str) -> None:
    assert ids(zipped({name: "text"})) == ["a.zip › etc/a.txt"]


def test_members_of_the_same_name_are_told_apart() -> None:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.txt", "two")
    one, two = documents(file.getvalue())
    assert (one.id, one.text) == ("a.zip › a.txt", "one")
    assert (two.id, two.text) == ("a.zip › a.txt (2)", "two")


def test_archives_and_mails_inside_each_other_are_read() -> None:
    message = EmailMessage()
    message["Date"] = "Mon, 04 Mar 2024 23:30:00 +0900"
    message.set_content("편지", charset="utf-8", cte="8bit")
    inner = zipped({"b.txt": "속"})
    message.add_attachment(inner, maintype="application", subtype="zip", filename="안.zip")
    mail, text = documents(zipped({"c.zip": zipped({"m.eml": message.as_bytes()})}))
    assert (mail.id, text.id) == (
        "a.zip › c.zip › m.eml",
        "a.zip › c.zip › m.eml › 안.zip › b.txt",
    )
    assert (text.text, text.date) == ("속", "2024-03-04")
    assert text.metadata["member"] == "b.txt"
    assert text.metadata["attachment"] == "안.zip"


@pytest.mark.parametrize(
    "data", [docx(paragraph("글")), odf("text", "<text:p>글</text:p>")], ids=["docx", "odt"]
)
def test_a_document_under_the_suffix_of_an_archive_is_a_document(data: bytes) -> None:
    file = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(file, "w") as target:
        names = sorted(source.namelist(), key=lambda name: name != "[Content_Types].xml")
        if "mimetype" not in names:
            target.writestr("[Content_Types].xml", "<Types/>")
        for name in names:
            target.writestr(name, source.read(name))
    (read,) = documents(file.getvalue())
    assert (read.id, read.text) == ("a.zip", "글")


def test_the_links_of_a_page_inside_lead_to_no_files_outside() -> None:
    link = '<link rel="alternate" hreflang="en" href="en.html">'
    page = f"<html><head>{link}</head><body><p>바다 이야기</p></body></html>"
    (alone,) = read_opened(BytesIO(page.encode()), name="ko.html", suffix=".html")
    (inside,) = documents(zipped({"ko.html": page}))
    assert isinstance(alone, Document)
    assert (alone.translations, inside.translations) == (("en.html",), ())


def test_a_member_that_is_not_read_costs_itself_and_is_named() -> None:
    data = zipped(
        {"a.txt": "글", "locked.txt": "x", "b.hwp": "no HWP", "c.pdf": "%PDF-1.7", "d.txt": ""}
    )
    assert ids(protected(data, b"locked.txt")) == ["a.zip › a.txt"]
    assert dict(reasons(protected(data, b"locked.txt"))) == {
        "its member locked.txt is protected by a password": State.PROTECTED,
        "its member b.hwp is of an unknown format, not an HWP document": State.UNKNOWN,
        "its member c.pdf is damaged: it cannot be opened as a PDF": State.DAMAGED,
        "its member d.txt is empty": State.NO_TEXT,
    }


def test_a_member_whose_bytes_were_changed_costs_itself() -> None:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_STORED) as archive:
        archive.writestr("a.txt", "the first text")
        archive.writestr("b.txt", "the second text")
    data = file.getvalue().replace(b"the first", b"tho first")
    assert ids(data) == ["a.zip › b.txt"]
    ((reason, state),) = reasons(data)
    assert reason.startswith("its member a.txt is damaged")
    assert state is State.DAMAGED


def test_an_archive_of_which_all_is_protected_is_so_itself() -> None:
    data = protected(zipped({"a.txt": "x"}), b"a.txt")
    assert reasons(data) == [("is protected by a password", State.PROTECTED)]


@pytest.mark.parametrize(
    ("data", "reason", "state"),
    [
        (b"", "is empty", State.NO_TEXT),
        (b"words", "is damaged: it is no ZIP", State.UNKNOWN),
        (b"7z\xbc\xaf\x27\x1c", "is a 7z archive under another suffix", State.UNKNOWN),
        (zipped({"a.txt": "x"})[:-10], "is damaged: its end is missing", State.DAMAGED),
        (zipped({"a.png": "x"}), "has no file of a format that Chaja reads", State.NO_TEXT),
    ],
)
def test_what_is_no_archive_or_has_nothing_to_read_is_said(
    data: bytes, reason: str, state: State
) -> None:
    assert reasons(data) == [(reason, state)]


def test_documents_in_formats_that_are_not_read_are_counted_and_pictures_are_not() -> None:
    data = zipped({"a.txt": "x", "b.7z": "x", "c/d.7Z": "x", "e.pst": "x", "f.png": "x"})
    ((reason, state),) = reasons(data)
    assert reason == "has files that are not read: 1 .pst, 2 .7z"
    assert state is State.PART


def test_a_compression_that_is_not_read_costs_its_member() -> None:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "x", compress_type=ZIP_LZMA)
        archive.writestr("b.txt", "x")
    assert ids(file.getvalue()) == ["a.zip › b.txt"]
    assert reasons(file.getvalue())[0][0] == "its member a.txt is compressed in an unknown way"


def test_a_large_member_is_refused_and_the_rest_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_reader, "_MOST_BYTES", 10)
    data = zipped({"a.txt": "x" * 11, "b.txt": "x" * 10})
    assert ids(data) == ["a.zip › b.txt"]
    assert reasons(data)[0][1] is State.TOO_LARGE


def test_a_bomb_of_archives_in_archives_ends_at_the_limits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = zipped({f"{number}.txt": "x" * 1000 for number in range(10)})
    for _ in range(4):
        data = zipped({f"{number}.zip": data for number in range(10)})
    for limit, most in (("_MOST_FILES", 500), ("_MOST_BYTES", 100_000)):
        with monkeypatch.context() as patched:
            patched.setattr(embedded, limit, most)
            read = found(data)
        assert 50 < len(read) < 520
        assert "the rest was not read" in read[-1].reason  # type: ignore[union-attr] # a Problem


def test_members_over_each_other_count_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "_MOST_BYTES", 5_000)
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "x" * 1_000)
        for number in range(100):  # as many names of the same bytes
            info = copy(archive.filelist[0])
            info.date_time = (2024, 1, 1 + number % 28, 0, 0, 0)
            archive.filelist.append(info)
    read = found(file.getvalue())  # newer versions of the library refuse all but one of them
    assert 1_000 <= sum(len(each.text) for each in read if isinstance(each, Document)) < 20_000


def test_a_large_document_is_read_from_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "_IN_MEMORY", 10)
    monkeypatch.setattr(pdf_reader, "_MOST_IN_MEMORY", 10)
    members = {"a.pdf": pdf([["page"]]), "b.docx": docx(paragraph("글")), "c.txt": "글" * 10}
    assert len(documents(zipped({**members, "d.zip": zipped(members)}))) == 6


def test_no_room_for_a_large_document_is_a_problem_of_the_moment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(embedded, "_IN_MEMORY", 10)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    (problem,) = found(zipped({"c.txt": "글" * 10}))
    assert isinstance(problem, Problem)
    assert "no room for temporary files: No such file" in problem.reason
    assert problem.passing


@given(st.lists(st.text(st.characters(exclude_characters="./\\\0", exclude_categories=["Cs"]))))
def test_whatever_the_names_every_member_is_one_document(names: list[str]) -> None:
    members = {f"{at}{name}.txt": f"text {at}" for at, name in enumerate(names)}
    read = [each for each in found(zipped(members)) if isinstance(each, Document)]
    assert [each.text for each in read] == [*members.values()]
    assert len({each.id for each in read}) == len(members)


def test_damaged_archives_give_documents_and_named_problems_only() -> None:
    whole = zipped({"글.txt": "글" * 50, "b.zip": zipped({"c.txt": "x"}), "d.docx": "no"})
    chance = random.Random(3)
    for _ in range(200):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 3, 10))):
            start = chance.randrange(len(data))
            data[start : start + chance.randrange(8)] = chance.randbytes(chance.randrange(8))
        read = found(bytes(data))
        assert read
        for each in read:
            assert isinstance(each, Document) or "cannot be read" not in each.reason
