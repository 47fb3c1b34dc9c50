"""A report in English of two pages, with an outline and a note: PDF."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from tests.pdf_writer import pdf

_TITLE = "Thirty years of Korean peacekeepers"
_WIDTH = 88  # characters of Times in ten points, between margins
_LEARNING, _UNITS, _LAW = "Learning by going", "Three units, three tasks", "A law and a conference"

_FIRST = (
    (_TITLE,),
    ("29 May 2024",),
    (_LEARNING,),
    (
        "Korea knew the troops of the United Nations long before it sent any. Soldiers of sixteen "
        "countries fought under that flag in the Korean War, and a cemetery in Busan keeps the "
        "graves of more than two thousand of them. Membership came only in September 1991. Two "
        "years later, in July 1993, a battalion of army engineers left for Somalia to repair roads "
        "and to dig wells. It stayed for less than a year [1].",
    ),
    (
        "Doctors and nurses followed. A medical unit served in Western Sahara from 1994 to 2006, "
        "and in 1995 and 1996 engineers built bridges in Angola. The first infantry went to East "
        "Timor in October 1999. Its soldiers kept order in the district of Lautém and then in the "
        "enclave of Oecusse, where a flooded river took the lives of five of them in March 2003.",
    ),
    ("[1] The mission itself, UNOSOM II, closed in March 1995.",),
)
_SECOND = (
    (_UNITS,),
    (
        "Lebanon. The Dongmyeong unit has watched a strip of land near Tyre since July 2007. It "
        "patrols by day and by night, and its clinic treats villagers who have no other doctor.",
        "Haiti. After the earthquake of January 2010 the Danbi unit of engineers cleared rubble "
        "and drilled wells until December 2012.",
        "South Sudan. The Hanbit unit came to Bor in 2013. Before every rainy season it mends the "
        "dykes that keep the White Nile out of the town, and it keeps the airstrip open.",
    ),
    (_LAW,),
    (
        "For years each deployment needed a debate of its own. An act of January 2010 set out the "
        "steps: the government plans, the National Assembly consents, and it is asked again when "
        "the term ends. In December 2021 Seoul held the United Nations Peacekeeping Ministerial, "
        "by video because of the pandemic. Korea offered helicopters, courses for medics and the "
        "plan of a smart camp, which saves water and fuel.",
    ),
    (
        "Some five hundred and forty Koreans serve under the blue flag today, most of them in two "
        "missions, and few of them are women. Other countries send more soldiers. What missions "
        "lack are field hospitals, aircraft, and police officers who speak the language; whether "
        "peacekeeping of that kind suits Korea better is the question of the next decade.",
    ),
)


def peacekeepers() -> bytes:
    """Return the report."""
    return pdf(
        [_page(_FIRST), _page(_SECOND)],
        information={
            "Title": _TITLE,
            "Author": "Sample Policy Review",
            "CreationDate": "D:20240529090000+09'00'",
        },
        outline=[(_LEARNING, 0), (_UNITS, 1), (_LAW, 1)],
        font="Times-Roman",
    )


def _page(blocks: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a page: its paragraphs, with an empty line after each block."""
    lines = []
    for block in blocks:
        for text in block:
            lines += wrap(text, _WIDTH)
        lines.append("")
    return lines
