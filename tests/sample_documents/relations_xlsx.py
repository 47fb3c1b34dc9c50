"""A workbook in Korean with two sheets, dates among their cells: XLSX."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tests.office_files import (
    CORE_PROPERTIES,
    SHEET,
    XML,
    core,
    number_cell,
    package,
    relationships,
    row,
    text_cell,
)

_DAY = 1  # the style of a date
_FIRST_DAY = date(1899, 12, 30)
_RELATIONS = (
    ("나라", "수교일", "맥락"),
    ("헝가리", date(1989, 2, 1), "서울올림픽 뒤에 맺은, 동유럽 나라와의 첫 수교"),
    ("폴란드", date(1989, 11, 1), "동유럽의 체제 전환이 이어지던 때"),
    ("몽골", date(1990, 3, 26), "민주화와 시장 개방의 시작"),
    ("소련", date(1990, 9, 30), "유엔 본부에서 외교장관들이 서명"),
    ("중국", date(1992, 8, 24), "대만과는 단교"),
    ("베트남", date(1992, 12, 22), "전쟁의 기억을 넘어 관계를 정상화"),
    ("쿠바", date(2024, 2, 14), "유엔 주재 대표부끼리 공한을 교환"),
    ("시리아", date(2025, 4, 10), "유엔 회원국 가운데 마지막으로 수교"),
)
_MISSIONS = (
    ("부대", "나라", "출발", "귀국", "임무"),
    ("상록수부대", "소말리아", 1993, 1994, "공병: 도로 보수와 우물 파기"),
    ("의료지원단", "서부사하라", 1994, 2006, "진료"),
    ("상록수부대", "동티모르", 1999, 2003, "보병: 치안 유지"),
    ("동명부대", "레바논", 2007, "", "정전 감시와 진료"),
    ("단비부대", "아이티", 2010, 2012, "공병: 지진 피해 복구"),
    ("한빛부대", "남수단", 2013, "", "공병: 제방과 활주로 보수"),
)


def relations() -> bytes:
    """Return the workbook."""
    sheets = {"수교": _RELATIONS, "평화유지활동 파병": _MISSIONS}
    names = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(sheets, start=1)
    )
    targets = {
        f"rId{number}": ("worksheet", f"worksheets/sheet{number}.xml")
        for number in range(1, len(sheets) + 1)
    }
    return package(
        {
            "_rels/.rels": XML
            + relationships(
                {
                    "rId1": ("officeDocument", "xl/workbook.xml"),
                    "rId2": (CORE_PROPERTIES, "docProps/core.xml"),
                }
            ),
            "docProps/core.xml": XML + core(dc_title="수교와 파병", dc_creator="견본 외교 연구실"),
            "xl/workbook.xml": f"{XML}<workbook {SHEET}><sheets>{names}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": XML
            + relationships({**targets, "styles": ("styles", "styles.xml")}),
            "xl/styles.xml": f"{XML}<styleSheet {SHEET}>{_STYLES}</styleSheet>",
            **{
                f"xl/worksheets/sheet{number}.xml": f"{XML}<worksheet {SHEET}>{_COLUMNS}<sheetData>"
                f"{_rows(rows)}</sheetData></worksheet>"
                for number, rows in enumerate(sheets.values(), start=1)
            },
        }
    )


def _rows(rows: Sequence[Sequence[str | int | date]]) -> str:
    return "".join(
        row(number, **{"ABCDE"[at]: _cell(value) for at, value in enumerate(cells) if value != ""})
        for number, cells in enumerate(rows, start=1)
    )


def _cell(value: str | int | date) -> str:
    if isinstance(value, date):
        return number_cell(str((value - _FIRST_DAY).days), _DAY)
    return text_cell(value) if isinstance(value, str) else number_cell(str(value))


_COLUMNS = '<cols><col min="1" max="5" width="20" customWidth="1"/></cols>'
_STYLES = (
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
)
