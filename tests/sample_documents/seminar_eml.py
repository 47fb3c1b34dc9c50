"""A mail in Korean that quotes an English one, with an agenda in HWPX attached: EML."""

from __future__ import annotations

from base64 import b64encode, encodebytes

from .hwpx_package import HEADING, ITEM, LARGE, package, paragraph

_AGENDA = "평화유지활동 세미나 의제"
_TEXT = """\
앨릭스 선생님께

5월 29일 유엔 평화유지요원의 날에 여는 세미나의 의제를 붙여 보냅니다. 첫 시간에는 레바논과
남수단에서 돌아온 장교 두 사람이 현지 주민과 어떻게 지냈는지 이야기하고, 둘째 시간에는 여성
요원을 늘리는 길을 토론합니다. 발표는 한국어로 하되 영어 통역을 마련하였습니다.

장소는 연구실 3층 회의실이고, 오후 2시에 시작합니다. 점심을 함께하실 분은 알려 주십시오.

한유진 드림
견본 외교 연구실

Alex Rivers wrote on 20 May 2024:
> Thank you for the invitation. Could you send me the agenda, in Korean if need be?
> I would like to ask the officers about the clinics and the language courses, because
> mission reports rarely say what villagers think of them.
"""


def seminar() -> bytes:
    """Return the mail."""
    name = _word(f"{_AGENDA}.hwpx")
    return (
        f"From: {_word('한유진')} <yujin.han@example.org>\n"
        "To: Alex Rivers <alex.rivers@example.com>\n"
        f"Subject: {_word('세미나 안내: 유엔 평화유지요원의 날')}\n"
        "Date: Tue, 21 May 2024 10:15:00 +0900\n"
        "Message-ID: <20240521-seminar@example.org>\n"
        "MIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="part-of-the-seminar"\n'
        "\n"
        "--part-of-the-seminar\n"
        "Content-Type: text/plain; charset=utf-8\n"
        "Content-Transfer-Encoding: 8bit\n"
        "\n"
        f"{_TEXT}\n"
        "--part-of-the-seminar\n"
        f'Content-Type: application/hwp+zip; name="{name}"\n'
        f'Content-Disposition: attachment; filename="{name}"\n'
        "Content-Transfer-Encoding: base64\n"
        "\n"
        f"{encodebytes(_agenda()).decode('ascii')}"
        "--part-of-the-seminar--\n"
    ).encode()


def _word(text: str) -> str:
    """Return a text for a header."""
    return f"=?utf-8?B?{b64encode(text.encode()).decode('ascii')}?="


def _agenda() -> bytes:
    return package(
        paragraph(_AGENDA, letters=LARGE),
        paragraph("때: 2024년 5월 29일 오후 2시. 곳: 3층 회의실."),
        paragraph("첫째 시간: 부대와 마을", shape=HEADING),
        paragraph("동명부대의 진료소에서 배운 것", shape=ITEM),
        paragraph("한빛부대가 쌓은 제방, 비가 그친 뒤", shape=ITEM),
        paragraph("둘째 시간: 여성과 평화유지", shape=HEADING),
        paragraph("여성 요원을 늘리는 세 가지 길", shape=ITEM),
        paragraph("종합 토론: 병력보다 기술을 보낼 때인가", shape=ITEM),
        title=_AGENDA,
        author="견본 외교 연구실",
        modified="2024-05-21T01:00:00Z",
        number_format="HANGUL_SYLLABLE",
    )
