"""A guide in Korean with numbered headings, a list, a note and a table: HWP 5."""

from __future__ import annotations

from datetime import datetime

from tests import hwp_writer as hwp

_TITLE = "유엔 평화유지활동 참여 길잡이"
_TEXT, _HEADING, _ITEM = range(3)  # shapes of paragraphs
_USUAL, _LARGE = range(2)  # shapes of letters
_OUTLINE, _NUMBER = 1, 2  # what stands before a paragraph, by the code of Hangul
_SYLLABLES = 8  # the format 가, 나, 다

_TABLE = (
    ("부대", "나라", "기간", "임무"),
    ("상록수부대", "소말리아", "1993–1994", "도로 보수, 우물 파기"),
    ("상록수부대", "동티모르", "1999–2003", "치안 유지"),
    ("동명부대", "레바논", "2007년부터", "정전 감시, 진료"),
    ("단비부대", "아이티", "2010–2012", "지진 피해 복구"),
    ("한빛부대", "남수단", "2013년부터", "제방과 활주로 보수"),
)


def peacekeeping() -> bytes:
    """Return the guide."""
    shapes = hwp.information(
        [hwp.character_shape(10), hwp.character_shape(18)],
        [hwp.numbering([("^1.", 0)]), hwp.numbering([("^1.", _SYLLABLES)])],
        [
            hwp.paragraph_shape(),
            hwp.paragraph_shape(_OUTLINE),
            hwp.paragraph_shape(_NUMBER, number=2),
        ],
    )
    summary = hwp.summary(_TITLE, author="견본 외교 연구실", saved=datetime(2024, 5, 29, 1))
    return hwp.hwp(
        b"".join(_paragraphs()),
        shapes=shapes,
        pack=hwp.as_it_is,
        others={
            "\x05HwpSummaryInformation": summary,
            "PrvText": _TITLE.encode("utf-16-le"),
        },
    )


def _paragraphs() -> list[bytes]:
    start = hwp.place(2, "secd") + hwp.place(2, "cold")
    law = hwp.note(1, "2010년 1월에 제정되어 같은 해 4월에 시행되었다.")
    return [
        hwp.paragraph(start + _TITLE, hwp.section_start(), size=_LARGE),
        hwp.paragraph("2024. 5. 29."),
        hwp.paragraph("무엇을 하는가", shape=_HEADING),
        hwp.paragraph(
            "평화유지활동(PKO)은 유엔 안전보장이사회의 결의에 따라 분쟁 지역의 정전을 지켜보고, "
            "민간인을 보호하며, 무너진 나라를 다시 세우도록 돕는 일이다. 지켜야 할 원칙은 셋이다. "
            "분쟁 당사자가 동의해야 하고, 어느 편에도 서지 않으며, 자신과 임무를 지킬 때가 아니면 "
            "무력을 쓰지 않는다."
        ),
        hwp.paragraph("어떻게 보내는가", shape=_HEADING),
        hwp.paragraph(
            "부대를 보내는 절차는 「국제연합 평화유지활동 참여에 관한 법률」"
            f"{hwp.place(17, 'fn  ')}이 정한다. 차례는 다음과 같다.",
            law,
        ),
        hwp.paragraph("정부가 현지에 조사단을 보내 안전과 임무를 살핀다.", shape=_ITEM),
        hwp.paragraph("국무회의의 심의를 거쳐 국회에 파견 동의안을 낸다.", shape=_ITEM),
        hwp.paragraph(
            "국회가 동의하면 부대를 꾸려 훈련하고 보낸다. 기간이 끝나면 다시 동의를 받는다.",
            shape=_ITEM,
        ),
        hwp.paragraph("어디에 보냈는가", shape=_HEADING),
        hwp.paragraph(hwp.place(11, "tbl "), hwp.table(_TABLE)),
        hwp.paragraph("누가 가는가", shape=_HEADING),
        hwp.paragraph(
            "군인만 가는 것이 아니다. 정전선을 살피는 옵서버와 현지 경찰을 가르치는 경찰관, 선거와 "
            "인권을 돕는 민간 전문가도 간다. 유엔은 여성 요원의 비율을 높이라고 회원국에 요청하고 "
            "있다. 주민의 절반은 여성이고, 이들이 겪는 일은 여성에게 더 쉽게 말해지기 때문이다.",
            is_last=True,
        ),
    ]
