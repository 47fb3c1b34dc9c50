"""What axe-core finds of every state of the page, in both colour schemes and languages."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from .open_page import PHONE, WIDE, OpenPage

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MONGOLIA = "sample/ko/몽골-전략적-동반자.md"
STATES = {
    "start": {},
    "hits": {"q": "동반자 몽골"},
    "document": {"q": "strategic partnership", "doc": MONGOLIA, "ordinal": "1"},
    "filtered": {"q": "동반자", "language": "ko", "date": "2022..2024"},
    "corrected": {"q": "dhlry 퀥퀥이"},
    "concordance": {"q": "동반자", "view": "kwic"},
    "trend": {"q": "동반자 협력", "view": "trend"},
    "similar": {"q": "동반자", "like": MONGOLIA},
    "nothing": {"q": "퀥퀥이"},
}


@pytest.fixture(scope="module", params=[("light", "ko-KR"), ("dark", "en-US")], ids=" ".join)
def shown(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[OpenPage]:
    """The page in each colour scheme, and in each language."""
    scheme, locale = request.param
    opened = OpenPage(browser, address, color_scheme=scheme, locale=locale)
    yield opened
    opened.close()


def violations(page: OpenPage) -> list[str]:
    """Return what axe-core finds: each rule, with the first element that breaks it."""
    page.tab.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.tab.evaluate("axe.run().then((results) => results.violations)")
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found]


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(shown: OpenPage, state: str) -> None:
    shown.tab.set_viewport_size(WIDE)
    shown.open(**STATES[state])
    assert violations(shown) == []


@pytest.mark.parametrize("state", ["hits", "document"])
def test_axe_finds_nothing_on_a_phone(shown: OpenPage, state: str) -> None:
    shown.tab.set_viewport_size(PHONE)
    shown.open(**STATES[state])
    if state == "hits":
        shown.find("#filters summary").click()
    assert violations(shown) == []


def test_axe_finds_nothing_in_the_help_and_the_menu(shown: OpenPage) -> None:
    shown.tab.set_viewport_size(WIDE)
    shown.open(**STATES["hits"])
    shown.find("#export summary").click()
    assert violations(shown) == []
    shown.find("#help").click()
    assert violations(shown) == []


def test_totals_are_told_to_screen_readers(page: OpenPage) -> None:
    page.open(q="동반자")
    said = page.texts("[role=status]")
    assert any("passages" in text for text in said)
    page.find(".hit .title").first.click()
    page.settle()
    page.wait_until(lambda: "Document: " in page.texts("#status")[0])


def test_texts_and_the_page_name_their_languages(page: OpenPage) -> None:
    page.open(q="동반자")
    assert page.tab.evaluate("document.documentElement.lang") == "en"
    languages = page.find(".excerpt").evaluate_all("all => all.map((each) => each.lang)")
    assert {"ko", "en"} <= set(languages)
