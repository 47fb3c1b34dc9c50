from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import GlossaryError
from index.bridge import glossary
from index.bridge.entry import Entry, Source
from index.bridge.glossary import general_entries, read_glossary, write_glossary


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


@pytest.mark.parametrize("header", ["Korean\tEnglish\tweight", "ko\ten", "번역\t용어"])
def test_a_line_of_column_names_is_passed_over(tmp_path: Path, header: str) -> None:
    assert len(read_glossary(written(tmp_path, f"{header}\n협력\tcooperation\n"))) == 1


def test_blanks_and_quotation_marks_around_a_cell_are_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, '" 국제  협력 "\t"co-operation!"\t1\t\t\t\n')
    assert pairs(read_glossary(path)) == [("국제 협력", "co-operation!", 1.0)]


def test_columns_in_the_other_order_are_put_right(tmp_path: Path) -> None:
    path = written(tmp_path, "cooperation\t협력\nthe 6-party talks\t6자 회담\t0.5\n")
    assert pairs(read_glossary(path)) == [
        ("협력", "cooperation", 1.0),
        ("6자 회담", "the 6-party talks", 0.5),
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


def test_a_pair_has_its_last_weight_but_stays_struck_out(tmp_path: Path) -> None:
    path = written(tmp_path, "가\ta\t0.2\n나\tb\t0\n가\ta\t0.4\n나\tb\t1\n")
    assert pairs(read_glossary(path)) == [("가", "a", 0.4), ("나", "b", 0.0)]


def test_all_rows_are_the_users_whatever_they_say(tmp_path: Path) -> None:
    path = written(tmp_path, "가\ta\t0.2\tgloss\n나\tb\t1\tmy teacher\n다\tc\n")
    assert {entry.source for entry in read_glossary(path)} == {Source.USER}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("협력\tcooperation\t1\tuser\tx\ty\tz", "has 7 columns"),
        ("협력", "has one column"),
        ("협력, cooperation", "has one column"),
        ("협력\t협조", "has Korean on both sides"),
        ("협력\t\t1", "has an empty cell"),
        ("\tcooperation", "has an empty cell"),
        ("cooperation\tpartner", "has no Korean"),
        ("협력;!\tcooperation;?", ""),
        ("협력;work\tcooperation", "has no Korean"),
        ("협력\t!?", "has no English"),
        ("學術\t硏究", "has no English"),
        ("협력\tcooperation\thigh", "has 'high' for a weight"),
        ("협력\tcooperation\t1.5", "has '1.5' for a weight"),
        ("협력\tcooperation\t-1", "has '-1' for a weight"),
        ("협력\tcooperation\tnan", "has 'nan' for a weight"),
        ("협력\t" + "x" * 20_000, "is longer than 20,000 characters"),
        ("가" + ";가" * 50 + "\tx" + ";x" * 50, "pairs 51 terms with 51"),
    ],
)
def test_a_row_that_cannot_be_is_told_with_its_line(tmp_path: Path, row: str, reason: str) -> None:
    path = written(tmp_path, f"# one\n가\ta\n{row}\n")
    if not reason:
        assert pairs(read_glossary(path))[1] == ("협력", "cooperation", 1.0)
        return
    with pytest.raises(GlossaryError) as caught:
        read_glossary(path)
    assert f"{path}, line 3, {reason}" in str(caught.value)
    assert caught.value.hint


def test_a_file_that_is_no_glossary_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(GlossaryError, match=r"none\.tsv cannot be read: No such file"):
        read_glossary(tmp_path / "none.tsv")
    with pytest.raises(GlossaryError, match=r"terms\.tsv is empty"):
        read_glossary(written(tmp_path, ""))
    (tmp_path / "terms.tsv").write_bytes(b"\x00\x01\x02\x03" * 50)
    with pytest.raises(GlossaryError, match=r"terms\.tsv is "):
        read_glossary(tmp_path / "terms.tsv")


def test_more_pairs_than_a_glossary_has_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glossary, "MOST_PAIRS", 3)
    same = "".join(f"가\ta\t0.{number}\n" for number in range(1, 9))
    assert pairs(read_glossary(written(tmp_path, same))) == [("가", "a", 0.8)]
    many = "".join(f"가\ta{number}\n" for number in range(9))
    with pytest.raises(GlossaryError, match="line 4, goes beyond the 3 pairs"):
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
def test_what_was_written_and_read_is_written_the_same(
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
        assert once == [replace(entry, source=Source.USER) for entry in entries]


def test_a_term_that_looks_like_a_comment_survives(tmp_path: Path) -> None:
    entry = Entry("#해시", "hash", 0.5, Source.USER)
    write_glossary([entry], tmp_path / "out.tsv")
    assert read_glossary(tmp_path / "out.tsv") == [entry]


def test_a_file_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(GlossaryError, match="cannot be written: No such file or directory"):
        write_glossary([], tmp_path / "none" / "out.tsv")


def test_the_general_glossary_is_what_its_file_says() -> None:
    path = Path(glossary.__file__).with_name("general.tsv")
    entries = general_entries()
    assert len(entries) >= 1_500
    read = [replace(entry, source=Source.GENERAL) for entry in read_glossary(path)]
    assert entries == read
