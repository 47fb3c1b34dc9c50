from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import GlossaryError
from index.bridge import glossary_file
from index.bridge.entry import Entry, Source
from index.bridge.glossary_file import general_entries, read_glossary, write_glossary


def written(folder: Path, text: str, *, encoding: str = "utf-8") -> Path:
    path = folder / "terms.tsv"
    path.write_bytes(text.encode(encoding))
    return path


def pairs(entries: list[Entry]) -> list[tuple[str, str, float]]:
    return [(entry.korean, entry.english, entry.weight) for entry in entries]


def test_a_row_is_korean_english_and_a_weight_or_none(tmp_path: Path) -> None:
    path = written(tmp_path, "# 외교\n협력\tcooperation\n\n동반자\tpartner\t0.7\n관계\ttie\t0\t\n")
    assert read_glossary(path) == [
        Entry("협력", "cooperation", 1.0, Source.USER),
        Entry("동반자", "partner", 0.7, Source.USER),
        Entry("관계", "tie", 0.0, Source.USER),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_any_encoding_that_documents_have_is_read(tmp_path: Path, encoding: str) -> None:
    text = "한국어\t영어\r\n국제 협력\tinternational cooperation\r\n전략적 동반자\tpartner\r\n"
    entries = read_glossary(written(tmp_path, text, encoding=encoding))
    assert pairs(entries) == [
        ("국제 협력", "international cooperation", 1.0),
        ("전략적 동반자", "partner", 1.0),
    ]


@pytest.mark.parametrize(
    "header",
    [
        *("Korean\tEnglish\tweight", "ko\ten", "번역\t용어", "한국어\t영어", "Korean\tEnglish"),
        *('" Korean "\t"English"', "EN\tKO\t\t", "한국어\tEnglish\t가중치\t출처"),
        *("국문\t영문\t가중치\t비고", "Korean\tEnglish\tweight\tsource\tnotes"),
    ],
)
def test_a_line_of_column_names_is_passed_over(tmp_path: Path, header: str) -> None:
    assert len(read_glossary(written(tmp_path, f"{header}\n협력\tcooperation\n"))) == 1


@pytest.mark.parametrize(
    "row",
    ["한국어\tKorean", "영어\tEnglish\t1", "한국어\tKorean\t1", "Korean\t한국어\t0.5\tsource"],
)
def test_a_first_row_that_is_a_pair_is_no_line_of_column_names(tmp_path: Path, row: str) -> None:
    first, second = read_glossary(written(tmp_path, f"{row}\n협력\tcooperation\n"))
    assert (first.korean, first.english) in {("한국어", "Korean"), ("영어", "English")}
    assert second.korean == "협력"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("한국어\tKorean\t1\textra\tmore", "has 5 columns"),
        ("Korean\tEnglish\t1", "has no Korean"),
        ("한국어\tKorean\t7", "has the weight '7'"),
        ("Korean", "has one column"),
        ("Korean\t", "has an empty cell"),
    ],
)
def test_a_first_row_that_is_neither_a_pair_nor_column_names_is_reported(
    tmp_path: Path, row: str, reason: str
) -> None:
    with pytest.raises(GlossaryError, match=f"line 1, {reason}"):
        read_glossary(written(tmp_path, f"{row}\n협력\tcooperation\n"))


def test_column_names_are_looked_for_in_the_first_row_only(tmp_path: Path) -> None:
    path = written(tmp_path, "협력\tcooperation\nKorean\tEnglish\n")
    with pytest.raises(GlossaryError, match="line 2, has no Korean"):
        read_glossary(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp949"])
def test_a_pipe_is_read_like_a_file(encoding: str) -> None:
    reading, writing = os.pipe()
    try:
        with open(writing, "wb") as pipe:
            pipe.write("한국어\t영어\r\n국제 협력\tcooperation\r\n".encode(encoding))
        entries = read_glossary(Path(f"/dev/fd/{reading}"))
    finally:
        os.close(reading)
    assert pairs(entries) == [("국제 협력", "cooperation", 1.0)]


def test_standard_input_is_named_where_it_is_wrong() -> None:
    with pytest.raises(GlossaryError, match=r"^standard input is empty$"):
        read_glossary(io.BytesIO())
    with pytest.raises(GlossaryError, match=r"^standard input, line 2, has one column"):
        read_glossary(io.BytesIO("가\ta\n나\n".encode()))


def test_a_file_that_is_longer_than_a_glossary_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "가\ta\n"
    monkeypatch.setattr("corpus.text_file.MOST_BYTES", len(text.encode()))
    assert len(read_glossary(written(tmp_path, text))) == 1
    with pytest.raises(GlossaryError, match=r"terms\.tsv is longer than 6 bytes"):
        read_glossary(written(tmp_path, text + "#"))


def test_blanks_and_quotation_marks_around_a_cell_are_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, '" 국제  협력 "\t"co-operation!"\t1\t\t\t\n')
    assert pairs(read_glossary(path)) == [("국제 협력", "co-operation!", 1.0)]


def test_columns_may_be_in_either_order(tmp_path: Path) -> None:
    path = written(tmp_path, "cooperation\t협력\nthe 6-party talks\t6자 회담\t0.5\n")
    assert pairs(read_glossary(path)) == [
        ("협력", "cooperation", 1.0),
        ("6자 회담", "the 6-party talks", 0.5),
    ]


def test_two_terms_of_one_language_are_a_synonym(tmp_path: Path) -> None:
    korean = "컨텐츠\t콘텐츠\nSK텔레콤\t에스케이텔레콤\t1\tx\n콘텐츠\t컨텐츠\n"
    rows = f"{korean}car\tautomobile; motor car\n"
    found = read_glossary(written(tmp_path, f"국문\t영문\n{rows}가\ta\n"))
    assert {entry.source for entry in found[:-1]} == {Source.SYNONYM}
    assert found[-1].source is Source.USER
    assert pairs(found[:-1]) == [
        ("컨텐츠", "콘텐츠", 1.0),
        ("SK텔레콤", "에스케이텔레콤", 1.0),
        ("automobile", "car", 1.0),
        ("car", "motor car", 1.0),
    ]


def test_several_translations_in_a_cell_are_several_entries(tmp_path: Path) -> None:
    path = written(tmp_path, "국가\tnation; state|country / land;\n나라 | 국가\tand/or\n")
    assert pairs(read_glossary(path)) == [
        ("국가", "nation", 1.0),
        ("국가", "state", 1.0),
        ("국가", "country", 1.0),
        ("국가", "land", 1.0),
        ("나라", "and/or", 1.0),
        ("국가", "and/or", 1.0),
    ]


def test_a_term_of_500_translations_keeps_them_all(tmp_path: Path) -> None:
    path = written(tmp_path, "것\t" + ";".join(f"thing{number}" for number in range(500)))
    assert len(read_glossary(path)) == 500


def test_a_pair_has_its_last_weight_but_stays_removed(tmp_path: Path) -> None:
    path = written(tmp_path, "가\ta\t0.2\n나\tb\t0\n가\ta\t0.4\n나\tb\t1\n")
    assert pairs(read_glossary(path)) == [("가", "a", 0.4), ("나", "b", 0.0)]


def test_all_rows_are_the_users_whatever_their_source_column(tmp_path: Path) -> None:
    path = written(tmp_path, "가\ta\t0.2\tgloss\n나\tb\t1\tmy teacher\n다\tc\n")
    assert {entry.source for entry in read_glossary(path)} == {Source.USER}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("협력\tcooperation\t1\tuser\tx\ty\tz", "has 7 columns"),
        ("협력", "has one column"),
        ("협력, cooperation", "has one column"),
        ("동반자\tpartner (친구)", "has Korean in both columns"),
        ("협력\t협력", "has the same term"),
        ("협력\t\t1", "has an empty cell"),
        ("\tcooperation", "has an empty cell"),
        ("cooperation\t123", "has no Korean"),
        ("협력;!\tcooperation;?", ""),
        ("협력;work\tcooperation", "has no Korean"),
        ("협력\t!?", "has no English"),
        ("學術\t硏究", "has no English"),
        ("협력\tcooperation\thigh", "has the weight 'high'"),
        ("협력\tcooperation\t1.5", "has the weight '1.5'"),
        ("협력\tcooperation\t-1", "has the weight '-1'"),
        ("협력\tcooperation\tnan", "has the weight 'nan'"),
        ("협력\t" + "x" * 20_000, "is longer than 20,000 characters"),
        ("가" + ";가" * 50 + "\tx" + ";x" * 50, "pairs 51 terms with 51"),
    ],
)
def test_an_invalid_row_is_reported_with_its_line(tmp_path: Path, row: str, reason: str) -> None:
    path = written(tmp_path, f"# one\n가\ta\n{row}\n")
    if not reason:
        assert pairs(read_glossary(path))[1] == ("협력", "cooperation", 1.0)
        return
    with pytest.raises(GlossaryError) as caught:
        read_glossary(path)
    assert f"{path}, line 3, {reason}" in str(caught.value)
    assert caught.value.hint


def test_a_file_that_is_not_a_glossary_is_reported(tmp_path: Path) -> None:
    with pytest.raises(GlossaryError, match=r"none\.tsv cannot be read: No such file") as caught:
        read_glossary(tmp_path / "none.tsv")
    with pytest.raises(GlossaryError, match=r"terms\.tsv is empty"):
        read_glossary(written(tmp_path, ""))
    (tmp_path / "terms.tsv").write_bytes(b"\x00\x01\x02\x03" * 50)
    with pytest.raises(GlossaryError, match=r"terms\.tsv is "):
        read_glossary(tmp_path / "terms.tsv")
    assert caught.value.hint == "Check its path and permissions."


def test_more_pairs_than_a_glossary_has_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glossary_file, "MOST_PAIRS", 3)
    same = "".join(f"가\ta\t0.{number}\n" for number in range(1, 9))
    assert pairs(read_glossary(written(tmp_path, same))) == [("가", "a", 0.8)]
    many = "".join(f"가\ta{number}\n" for number in range(9))
    with pytest.raises(GlossaryError, match="line 4, exceeds the limit of 3 pairs"):
        read_glossary(written(tmp_path, many))


_KOREAN = st.text(alphabet="가나다 a1#;|/'\"\t", max_size=8).map(lambda text: f"한{text}")
_ENGLISH = st.text(alphabet="abC 1#;|/'\"\n", max_size=8).map(lambda text: f"x{text}")
_ENTRIES = st.lists(
    st.builds(
        Entry,
        _KOREAN,
        _ENGLISH,
        st.integers(0, 1000).map(lambda number: number / 1000),
        st.sampled_from(Source),
    ),
    max_size=5,
    unique_by=lambda entry: (entry.korean, entry.english),
)


@given(_ENTRIES)
def test_a_round_trip_does_not_change_a_glossary(
    tmp_path_factory: pytest.TempPathFactory, entries: list[Entry]
) -> None:
    first = io.StringIO()
    write_glossary(entries, first)
    assert first.getvalue().count("\n") == len(entries) + 1
    path = tmp_path_factory.getbasetemp() / "written.tsv"
    path.write_text(first.getvalue(), "utf-8")
    once = read_glossary(path)
    write_glossary(once, path)
    assert read_glossary(path) == once
    if all(entry.korean.isalnum() and entry.english.isalnum() for entry in entries):
        assert once == [entry._replace(source=Source.USER) for entry in entries]


def test_a_term_that_looks_like_a_comment_survives(tmp_path: Path) -> None:
    entry = Entry("#해시", "hash", 0.5, Source.USER)
    write_glossary([entry], tmp_path / "out.tsv")
    assert read_glossary(tmp_path / "out.tsv") == [entry]


def test_a_file_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"out\.tsv"):
        write_glossary([], tmp_path / "none" / "out.tsv")


def test_the_general_glossary_is_the_content_of_its_file() -> None:
    path = Path(glossary_file.__file__).with_name("general.tsv")
    entries = general_entries()
    assert len(entries) >= 1_500
    read = [entry._replace(source=Source.GENERAL) for entry in read_glossary(path)]
    assert entries == read
