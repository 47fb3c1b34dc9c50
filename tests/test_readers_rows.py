from __future__ import annotations

import csv as csv_module
import io
import json
import pickle
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Passage, Problem
from corpus.readers import read


def found_in(path: Path, content: str, encoding: str = "utf-8") -> list[Document | Problem]:
    path.write_bytes(content.encode(encoding))
    return list(read(path, name=path.name))


def documents(path: Path, content: str, encoding: str = "utf-8") -> list[Document]:
    found = found_in(path, content, encoding)
    assert all(isinstance(item, Document) for item in found), found
    return [item for item in found if isinstance(item, Document)]


@pytest.fixture
def jsonl(tmp_path: Path) -> Path:
    return tmp_path / "rows.jsonl"


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    return tmp_path / "rows.csv"


def test_a_json_row_is_a_document_with_the_rest_of_it_as_metadata(jsonl: Path) -> None:
    row = {
        "id": 7,
        "title": "회담  결과",
        "text": "첫 줄\r\n둘째 줄",
        "date": "2024.11.14",
        "lang": "en",
        "source": "외교부",
        "pages": 12,
        "open": True,
        "keywords": ["외교", "몽골"],
        "place": {"city": "서울"},
        "note": None,
    }
    (found,) = documents(jsonl, "\n" + json.dumps(row) + "\n")

    assert (found.id, found.title, found.text) == ("7", "회담 결과", "첫 줄\n둘째 줄")
    assert (found.date, found.language) == ("2024-11-14", "ko")
    assert found.metadata == {
        "source": "외교부",
        "pages": "12",
        "open": "true",
        "keywords": "외교\n몽골",
        "place": '{"city": "서울"}',
    }
    assert found.line_at(0) == found.line_at(len(found.text)) == 2


@pytest.mark.parametrize("key", ["text", "body", "content", "Content", "본문", "내용"])
def test_the_text_has_several_names(jsonl: Path, key: str) -> None:
    (found,) = documents(jsonl, json.dumps({key: "글", "abstract": "요약"}))

    assert (found.text, found.metadata) == ("글", {"abstract": "요약"})


def test_the_first_text_field_that_is_not_blank_is_the_text(jsonl: Path) -> None:
    (found,) = documents(jsonl, '{"content": "셋", "body": "둘", "text": " "}')

    assert (found.text, found.metadata) == ("둘", {"content": "셋"})


def test_a_row_of_a_title_only_has_it_as_its_text(jsonl: Path) -> None:
    (found,) = documents(jsonl, '{"title": "회담 결과", "text": ""}')

    assert found.text == found.title == "회담 결과"


def test_a_row_with_neither_text_nor_title_has_all_its_fields_as_text(jsonl: Path) -> None:
    (found,) = documents(jsonl, '{"question": "어디인가?", "answer": "서울"}')

    assert found.text == "question: 어디인가?\nanswer: 서울"
    assert found.title == "rows"


def test_rows_without_an_id_get_one_from_their_line(jsonl: Path) -> None:
    found = documents(jsonl, '{"text": "하나"}\n\n{"id": " ", "text": "둘"}\n')

    assert [document.id for document in found] == ["rows.jsonl#1", "rows.jsonl#3"]


def test_rows_that_repeat_an_id_are_documents_told_apart_by_their_line(jsonl: Path) -> None:
    rows = [("7", "봄"), ("7", "여름"), ("8", "가을"), ("7#2", "겨울"), ("7", "다시 봄")]
    content = "\n".join(json.dumps({"id": id_, "text": text}) for id_, text in rows)

    found = documents(jsonl, content)

    assert [document.text for document in found] == [text for _, text in rows]
    assert [document.id for document in found] == ["7", "7#2", "8", "7#2#4", "7#5"]


@given(st.lists(st.sampled_from(["1", "1#2", "1#3", "rows.jsonl#2", ""]), max_size=9))
def test_the_documents_of_a_file_have_different_ids(
    tmp_path_factory: pytest.TempPathFactory, ids: list[str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "ids.jsonl"
    rows = [json.dumps({"id": id_, "text": "글"}) for id_ in ["0", *ids]]

    found = documents(path, "\n".join(rows))

    assert len({document.id for document in found}) == len(rows)


def test_a_date_in_no_known_form_stays_in_the_metadata(jsonl: Path) -> None:
    (found,) = documents(jsonl, '{"text": "글", "date": "지난 가을"}')

    assert (found.date, found.metadata) == ("", {"date": "지난 가을"})


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('{"text": "글"', "is not JSON: Expecting ',' delimiter"),
        ("[1, 2]", "is not a JSON object"),
        ("null", "is not a JSON object"),
        ("{}", "has no text"),
        ('{"id": 3, "text": " ", "date": "2024"}', "has no text"),
        ("[" * 100_000, "is JSON with nesting too deep or a number too long"),
        ('{"n": ' + "9" * 10_000 + "}", "is JSON with nesting too deep or a number too long"),
    ],
)
def test_a_bad_row_is_a_problem_and_the_others_are_read(jsonl: Path, row: str, reason: str) -> None:
    first, second, third = found_in(jsonl, f'{{"id": 1, "text": "하나"}}\n{row}\n{{"text": "셋"}}')

    assert isinstance(first, Document)
    assert isinstance(third, Document)
    assert isinstance(second, Problem)
    assert (second.path, second.reason, second.line) == ("rows.jsonl", reason, 2)


def test_lone_surrogates_of_json_are_replaced(jsonl: Path) -> None:
    (found,) = documents(jsonl, '{"text": "\\ud800 \\ud83d\\ude00", "\\udc00": "x"}')

    assert (found.text, found.metadata) == ("\ufffd 😀", {"\ufffd": "x"})


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp949"])
def test_rows_are_read_in_any_encoding(jsonl: Path, csv: Path, encoding: str) -> None:
    texts = ["한국과 몽골의 관계", "중앙아시아 순방 결과"]
    as_json = "\n".join(json.dumps({"text": text}, ensure_ascii=False) for text in texts)
    as_csv = "\n".join(["text", *texts])

    assert [item.text for item in documents(jsonl, as_json, encoding)] == texts
    assert [item.text for item in documents(csv, as_csv, encoding)] == texts


def test_the_encoding_is_detected_in_the_first_rows_beyond_ascii(
    jsonl: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.text_file.SAMPLE", 64)
    rows = ['{"text": "plain"}'] * 30 + ['{"text": "한국과 몽골의 관계"}']

    assert documents(jsonl, "\n".join(rows), "cp949")[-1].text == "한국과 몽골의 관계"


def test_invalid_bytes_are_a_problem_after_their_row(jsonl: Path, csv: Path) -> None:
    jsonl.write_bytes('{"text": "하나"}\n{"text": "둘'.encode() + b'\xff\xff"}\n{"text": "three"}')
    csv.write_bytes("text\n하나\n둘".encode() + b"\xff\n")

    _, found, problem, _ = read(jsonl, name="rows")
    assert isinstance(found, Document)
    assert found.text == "둘\ufffd\ufffd"
    assert problem == Problem(
        path="rows", reason="2 bytes are not valid UTF-8; replaced with \ufffd", line=2
    )
    assert list(read(csv, name="rows"))[-1] == Problem(
        path="rows", reason="1 byte is not valid UTF-8; replaced with \ufffd", line=3
    )


def test_a_row_too_long_to_be_one_is_skipped(
    jsonl: Path, csv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("corpus.text_file", "corpus.readers.json"):
        monkeypatch.setattr(f"{module}.LONGEST_LINE", 100)
    long = "가" * 350

    rows = found_in(jsonl, f'{{"text": "{long}"}}\n{{"text": "둘"}}\n')
    records = found_in(csv, f"text\n{long}\n둘\n{long}")

    skipped = "is too long for a row"
    assert rows[0] == Problem(path="rows.jsonl", reason=skipped, line=1)
    assert isinstance(rows[1], Document)
    assert (rows[1].text, rows[1].line) == ("둘", 2)
    assert [type(item) for item in records] == [Problem, Document, Problem]
    assert records[2] == Problem(path="rows.csv", reason=skipped, line=4)


def test_a_line_of_the_greatest_length_is_whole(
    jsonl: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = '{"text": "글"}'
    monkeypatch.setattr("corpus.readers.json.LONGEST_LINE", len(row))

    assert len(documents(jsonl, row)) == 1


def test_the_header_of_a_table_names_the_fields(csv: Path) -> None:
    (found,) = documents(csv, 'ID, Title ,TEXT,Date,출처\n1,제목,"글, 그리고 ""글""",2024,외교부\n')

    assert (found.id, found.title, found.text) == ("1", "제목", '글, 그리고 "글"')
    assert (found.date, found.metadata) == ("2024", {"출처": "외교부"})


def test_lines_of_quoted_fields_are_those_of_the_file(csv: Path) -> None:
    found = documents(csv, 'title,text\n"한\n줄","첫\n둘\n셋"\n제목,글\n')

    assert [item.line_at(item.text.index(item.text[-1])) for item in found] == [5, 6]
    assert found[0].line == 3


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
def test_the_delimiter_is_detected_in_the_header(
    tmp_path: Path, delimiter: str, suffix: str
) -> None:
    rows = (["번호", "제목", "내용"], ["1", "하나", "글 하나"])
    content = "\n".join(delimiter.join(row) for row in rows)

    (found,) = documents(tmp_path / f"rows{suffix}", content)

    assert (found.title, found.text, found.metadata) == ("하나", "글 하나", {"번호": "1"})


def test_a_table_of_one_column_has_no_delimiter(csv: Path) -> None:
    (found,) = documents(csv, "text\n글, 그리고; 글\n")

    assert found.text == "글, 그리고; 글"


def test_a_table_without_a_text_column_has_all_of_each_row_as_text(csv: Path) -> None:
    (found,) = documents(csv, "이름,나라,,나라\n바트,몽골,x,대한민국\n")

    assert found.text == "이름: 바트\n나라: 몽골\ncolumn 3: x\n나라 (4): 대한민국"
    assert found.line_at(len(found.text)) == 2


def test_a_row_nested_to_any_depth_hides_no_other_row(jsonl: Path) -> None:
    depths = range(600, 1100)
    rows = [f'{{"id":{depth},"text":"글","a":{"[" * depth}{"]" * depth}}}' for depth in depths]
    found = found_in(jsonl, "\n".join([*rows, '{"id":"last","text":"글"}']))

    assert len(found) == len(rows) + 1
    assert isinstance(found[-1], Document)


def test_every_column_keeps_its_value_however_columns_are_named(csv: Path) -> None:
    (found,) = documents(csv, "c (3),c,c,text\n하나,둘,셋,글\n")

    assert list(found.metadata.values()) == ["하나", "둘", "셋"]


def test_a_row_may_lack_cells_or_have_blank_ones_at_its_end(csv: Path) -> None:
    found = documents(csv, "id,text,출처\n1,하나\n2,둘,외교부,,\n3,셋,\n,\n\n4,넷,x\n")

    assert [(item.id, item.text, dict(item.metadata)) for item in found] == [
        ("1", "하나", {}),
        ("2", "둘", {"출처": "외교부"}),
        ("3", "셋", {}),
        ("4", "넷", {"출처": "x"}),
    ]


def test_a_row_with_more_values_than_columns_is_a_problem(csv: Path) -> None:
    found = found_in(csv, "id,text\n1,하나\n3,셋,x\n4,넷\n")

    assert [item.id for item in found if isinstance(item, Document)] == ["1", "4"]
    assert [(item.line, item.reason) for item in found if isinstance(item, Problem)] == [
        (3, "has 3 columns where the header has 2"),
    ]


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;\r"])
def test_a_line_for_excel_gives_the_delimiter(csv: Path, line: str) -> None:
    (found,) = documents(csv, f"{line}\n제목;내용\n가, 나, 다;글, 그리고, 글\n")

    assert (found.title, found.text, found.line) == ("가, 나, 다", "글, 그리고, 글", 3)


@pytest.mark.parametrize(
    "above",
    [
        "월별 보고서\n\n",
        "월별 보고서,,\n기준일,2024-11-15,\n",
        "월별 담당:,총무과\n",
        '"월별 보고서, 잠정"\n',
    ],
)
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_lines_above_the_header_are_a_document_of_their_own(
    csv: Path, above: str, delimiter: str
) -> None:
    table = "이름,부서,전화\n김보람,총무과,02-123-4567\n이슬기,기획과\n박하늘,감사과,02-123-4569\n"

    notes, *rows = documents(csv, (above + table).replace(",", delimiter))

    assert notes.text.startswith("월별 ")
    assert (notes.id, notes.line_at(0), notes.title) == ("rows.csv#1", 1, "rows")
    assert [row.text.split("\n")[0] for row in rows] == [
        "이름: 김보람",
        "이름: 이슬기",
        "이름: 박하늘",
    ]
    assert rows[0].line_at(0) == above.count("\n") + 2


def test_where_most_rows_are_wider_than_the_header_no_value_is_lost(csv: Path) -> None:
    found = documents(csv, "이름,주소\n김보람,서울, 중구\n이슬기,부산, 동구\n박하늘,제주\n")

    assert [item.text for item in found] == [
        "이름: 김보람\n주소: 서울\ncolumn 3: 중구",
        "이름: 이슬기\n주소: 부산\ncolumn 3: 동구",
        "이름: 박하늘\n주소: 제주",
    ]


@pytest.mark.parametrize(
    "rows",
    [
        ["김보람,총무과,02-123-4567", "이슬기,기획과,02-123-4568"],
        ["1,서울,2024-11-15", "2,부산,2024-11-16"],
        ["박하늘,sky@example.org", "이슬기,dew@example.org"],
        ["서울,강남,x", "서울,서초,y"],
    ],
)
def test_a_table_without_a_header_loses_no_row(csv: Path, rows: list[str]) -> None:
    found = documents(csv, "\n".join(rows))

    assert [item.text for item in found] == [row.replace(",", "\n") for row in rows]
    assert found[0].metadata["column 1"] == rows[0].split(",")[0]


@pytest.mark.parametrize(
    "header",
    [
        "지역,2022,2023,2024",
        "지점,1,2,3",
        "No.,성명,비고,연락처",
        "타임스탬프,몇 번 오셨나요?,왜?,또?",
        "id,3,1,2",
    ],
)
def test_numbers_and_questions_may_name_columns(csv: Path, header: str) -> None:
    found = documents(csv, f"{header}\n가,5,6,7\n나,8,9,10\n")

    assert len(found) == 2
    assert ["나", "8", "9", "10"][-len(found[1].metadata) :] == [*found[1].metadata.values()]


def test_a_list_of_sentences_has_no_delimiter(csv: Path) -> None:
    sentences = ["문장", "하나, 둘", "셋", "넷, 다섯, 여섯", "일곱; 여덟", "아홉"]

    found = documents(csv, "\n".join(sentences))

    assert [item.text for item in found] == [f"문장: {sentence}" for sentence in sentences[1:]]


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=5)


@given(st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=6))
def test_every_cell_of_a_table_is_in_a_document(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "cells.csv"
    lines = io.StringIO()
    writer = csv_module.writer(lines)
    writer.writerows([["이름", "나라", "도시", "비고"], *rows])

    found = found_in(path, lines.getvalue())

    texts = "\n".join(item.text for item in found if isinstance(item, Document))
    assert all(cell in texts for row in rows for cell in row)


def test_an_unclosed_quotation_mark_skips_one_row(csv: Path) -> None:
    found = found_in(csv, 'id,text\n1,하나\n2,"둘\n3,셋\n4,넷\n')

    assert [item.id for item in found if isinstance(item, Document)] == ["1", "3", "4"]
    reason = "has a quotation mark that is not closed"
    assert Problem(path="rows.csv", reason=reason, line=3) in found


def test_a_broken_row_does_not_swallow_those_below_it(csv: Path) -> None:
    found = found_in(csv, 'id,text\n1,"하나\n2,둘\n3,셋"x,y\n4,넷\n')

    assert [item.id for item in found if isinstance(item, Document)] == ["2", "4"]


def test_an_unclosed_quotation_mark_does_not_read_the_whole_file(
    csv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.readers.csv.LONGEST_LINE", 50)
    rows = "".join(f"{number},글\n" for number in range(2, 60))

    found = found_in(csv, f'id,text\n1,"하나\n{rows}')

    assert [item.id for item in found if isinstance(item, Document)] == [
        str(number) for number in range(2, 60)
    ]


def test_fields_may_exceed_the_default_limit_of_csv(csv: Path) -> None:
    (found,) = documents(csv, "text,x\n" + "가" * 200_000 + ",y\n")

    assert len(found.text) == 200_000


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("id,text\n", "has no rows below its header"),
        ('id,"text', "has no readable header: its first row has a quotation mark"),
    ],
)
def test_a_table_without_rows_or_header_is_a_problem(csv: Path, content: str, reason: str) -> None:
    (found,) = found_in(csv, content)

    assert isinstance(found, Problem)
    assert found.reason.startswith(reason)


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r")).filter(str.strip)))
def test_any_strings_round_trip_through_json_lines(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    rows = [json.dumps({"text": text}) for text in texts] or ['{"text": "글"}']

    assert [item.text for item in documents(path, "\n".join(rows))] == (texts or ["글"])


def test_a_document_and_a_passage_can_be_copied_and_sent_to_another_process() -> None:
    document = Document(id="a", path="a.txt", title="a", text="b", language="en")
    passage = Passage(ordinal=0, text="b", start=0, end=1, line=1)
    assert pickle.loads(pickle.dumps((document, passage))) == (document, passage)
    assert deepcopy(document) == document
