"""A note in Korean with numbered headings, a list, a footnote and a table: HWPX."""

from __future__ import annotations

from .hwpx_package import HEADING, ITEM, LARGE, note, package, paragraph, table, text

_TITLE = "믹타, 다섯 중견국의 모임"
_CHAIRS = (
    ("의장국", "맡은 해"),
    ("멕시코", "2013년, 2019년, 2024년"),
    ("대한민국", "2014년, 2020년"),
    ("호주", "2015년, 2021년"),
    ("튀르키예", "2017년, 2022년"),
    ("인도네시아", "2018년, 2023년"),
)


def mikta() -> bytes:
    """Return the note."""
    return package(
        paragraph(_TITLE, letters=LARGE),
        paragraph("2024년 9월 26일"),
        paragraph("이름의 뜻", shape=HEADING),
        paragraph(
            text(
                "믹타(MIKTA)는 멕시코, 인도네시아, 대한민국, 튀르키예, 호주의 머리글자를 이어 붙인 "
                "이름이다. 2013년 9월 유엔 총회에 모인 다섯 나라의 외교장관이 뉴욕에서 만들었다. "
                "튀르키예"
            ),
            note(1, "2022년 6월에 유엔이 나라 이름의 영어 표기를 Türkiye로 바꾸었다."),
            text(
                "를 비롯하여 모두 주요 20개국(G20)의 회원이고 민주주의와 시장경제를 내세우지만, "
                "대륙도 종교도 서로 다르다."
            ),
        ),
        paragraph("무엇을 함께하는가", shape=HEADING),
        paragraph("강대국의 다툼 사이에서 중견국이 할 수 있는 일로 다음 세 가지가 자주 꼽힌다."),
        paragraph(
            "유엔과 세계무역기구 같은 다자 기구를 지키고 고치는 일에 한목소리를 낸다.", shape=ITEM
        ),
        paragraph(
            "재난과 보건, 양성평등처럼 나라마다 경험이 다른 분야의 지식을 나눈다.", shape=ITEM
        ),
        paragraph("국회의장과 학자, 청년이 만나는 자리를 해마다 마련한다.", shape=ITEM),
        paragraph("의장국", shape=HEADING),
        paragraph("사무국이 없으므로 의장국이 한 해의 의제와 회의를 모두 맡는다."),
        paragraph(table(_CHAIRS)),
        paragraph("남은 물음", shape=HEADING),
        paragraph(
            "공동성명은 많으나 함께 벌인 사업은 적다. 다섯 나라의 표가 유엔에서 갈리는 일도 잦다. "
            "그래도 큰 나라의 허락 없이 모일 수 있는 자리라는 점을 높이 사는 외교관이 적지 않다. "
            "중견국 외교의 값어치는 힘이 아니라 꾸준함에 있다는 것이다."
        ),
        title=_TITLE,
        author="견본 외교 연구실",
        modified="2024-09-26T01:00:00Z",
        number_format="CIRCLED_DIGIT",
    )
