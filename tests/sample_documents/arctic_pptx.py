"""Three slides in English with a table, and speaker notes in Korean: PPTX."""

from __future__ import annotations

from collections.abc import Sequence

from .pptx_package import box, notes, package, slide, table

_STEPS = (
    ("Year", "Step"),
    ("2002", "The Dasan research station opens at Ny-Ålesund on Svalbard"),
    ("2009", "The icebreaker Araon enters service"),
    ("2013", "The Arctic Council admits Korea as an observer"),
    ("2021", "The act on polar activities comes into force"),
)
_SLIDES: Sequence[tuple[str, str]] = (
    (
        slide(
            box("Korea in the Arctic", kind="ctrTitle"),
            box(
                "A briefing for the class on polar policy",
                "14 November 2024",
                kind="subTitle",
            ),
        ),
        "북극에 영토가 없는 나라가 왜 북극을 말하는지부터 묻고 시작한다. 답은 기후와 바닷길, "
        "그리고 수산 자원이다.",
    ),
    (
        slide(box("How a country far from the ice came in", kind="title"), table(_STEPS)),
        "옵서버는 북극이사회의 회의에 앉고 작업반에 전문가를 보낼 수 있으나 의결에는 참여하지 "
        "못한다. 여덟 북극권 국가와 원주민 단체가 결정하고, 옵서버는 연구로 기여한다. "
        "다산과학기지의 관측 자료를 함께 쓰는 것이 좋은 보기이다.",
    ),
    (
        slide(
            box("The Northern Sea Route: shorter, not yet a shortcut", kind="title"),
            box(
                "From Busan to Rotterdam it is some 15,000 km through the Arctic, and more than "
                "20,000 km through the Suez Canal.",
                "Ice, insurance and the war against Ukraine keep most shipping lines away.",
                "Since July 2024 heavy fuel oil is banned in Arctic waters, with exceptions until "
                "2029.",
                "An agreement of ten parties keeps trawlers out of the central Arctic Ocean until "
                "science knows its fish; Korea is one of them.",
                kind="body",
            ),
        ),
        "북극항로는 여름과 가을 몇 달만 열린다. 쇄빙선의 호위를 받으려면 러시아의 허가가 필요하여, "
        "제재가 이어지는 동안에는 시범 운항도 어렵다. 중앙 북극해의 공해에서 조업을 막는 협정은 "
        "2021년에 발효되었다.",
    ),
)


def arctic() -> bytes:
    """Return the presentation."""
    return package(
        [shown for shown, _ in _SLIDES],
        [notes(spoken) for _, spoken in _SLIDES],
        title="Korea in the Arctic",
        author="Sample Policy Review",
    )
