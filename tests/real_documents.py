"""Where the folder of real documents is, and what must be found in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from corpus import Document, Problem, read
from corpus.document import PAGE, SLIDE

REPOSITORY = Path(__file__).resolve().parents[1]
VARIABLE = "CHAJA_FILES"


def documents_folder() -> Path:
    """Return the folder of real documents: named by CHAJA_FILES, or beside the repository."""
    return Path(os.environ.get(VARIABLE) or REPOSITORY.parent / "shared" / "files")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A phrase in the files with a part of a name: at a place of a kind, and how often, if told."""

    name: str
    phrase: str
    place: int = 0
    unit: str = ""
    times: int = 0


# The sentence that stands in the body of a HWP document for distribution, instead of its text.
PLACEHOLDER = "이 문서는 상위 버전의 배포용 문서입니다"
WANTED = (
    Wanted("*viewtext.hwp", "테스트를 위한 배포 문서 예제입니다."),
    Wanted("*testHWP-v5-dist.hwp", "컨텐츠 분석 툴킷"),
    Wanted("*normal_4pages.pdf", "9,661명", 1, PAGE),
    Wanted("*normal_4pages.pdf", "생물테러감염병", 2, PAGE),
    Wanted("*normal_4pages.pdf", "인덱스 보험이라고도 불리며", 4, PAGE),
    Wanted("*hwp5-tbl-attr-1916.hwp", "대리회계직공무원 임명 기준"),
    Wanted("*footnote-endnote.hwp", "각주 두 번째입니다."),
    Wanted("*footnote-endnote.hwp", "미주 두 번째입니다."),
    Wanted("*footnote-tbox-01.hwp*", "글상자 내부 각주"),
    Wanted("*headerfooter.hwp", "이것은 머리말입니다.", times=1),
    Wanted("*hidden_comment_from.hwp*", "이것은 숨은 설명입니다."),
    Wanted("*r6-owner-password.pdf", "pdf encryption test"),
    Wanted("*issue16316.pdf", "Trace-based Just-in-Time Type Specialization", 1, PAGE),
    Wanted("*testWORD_various.docx", "Here is a text box", times=1),
    Wanted("*testWORD_text_box.docx", "inside of a text box in the body", times=1),
    Wanted("*sample-ppt.pptx", "랭체인 한국어 튜토리얼", 1, SLIDE),
    Wanted("*ks_c_5601-1987.eml", "스티해"),
    Wanted("*tests_date.xlsx", "2021-01-01"),
    Wanted("*trackedChanges.odt", "inserted text"),
    Wanted("*_footnote.odt", "Footnote text"),
)
# Words at a place where a line ends within one of them: they are searched for.
PARTED = Wanted("*normal_4pages.pdf", "코로나바이러스감염증", 1, PAGE)
IN_ONE_ROW = ("*inner-table-01.hwp", ("대상사업", "K-water 디지털플랫폼 구축"))
NEVER = (("*trackedChanges.odt", "deleted"), ("*.hwp", PLACEHOLDER), ("*.hwpx", PLACEHOLDER))
TITLE = ("*lkml_samsung*.eml", "회수: [PATCH] arm64")
UNREADABLE = (
    *("*password-12345.hwp", "*password-12345.hwpx", "*r6-user-password.pdf", "*testHWP_3.0.hwp"),
    "*chinese_scan.pdf",
)


def named(folder: Path, pattern: str) -> list[Path]:
    """Return the files of a folder that a pattern names."""
    return [path for path in sorted(folder.rglob("*.*")) if fnmatch(path.name, pattern)]


def documents(path: Path) -> list[Document]:
    """Return the documents of a file."""
    return [found for found in read(path, name=path.name) if isinstance(found, Document)]


def problems(path: Path) -> list[Problem]:
    """Return the problems of a file."""
    return [found for found in read(path, name=path.name) if isinstance(found, Problem)]


def missing(folder: Path, wanted: Wanted) -> Iterator[str]:
    """Yield the names of the files in which a phrase is not, or not as it should be."""
    paths = named(folder, wanted.name)
    if not paths:
        yield f"no file {wanted.name}"
    for path in paths:
        found = [
            (document.unit, document.line_at(at))
            for document in documents(path)
            for at in _places(document.text, wanted.phrase)
        ]
        if not found or (wanted.times and len(found) != wanted.times):
            yield f"{path.name}: {len(found)} times"
        elif wanted.place and (wanted.unit, wanted.place) not in found:
            yield f"{path.name}: at {found}"


def _places(text: str, phrase: str) -> Iterator[int]:
    at = text.find(phrase)
    while at >= 0:
        yield at
        at = text.find(phrase, at + 1)
