"""Documents that mean harm, other sites, and a server that is gone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from .corpus import HARM, IMAGE, LINK, SCRIPT
from .open_page import OpenPage
from .server import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

VIEWS = ("passages", "kwic", "trend")


@pytest.mark.parametrize("view", VIEWS)
def test_documents_are_shown_as_text_and_run_nothing(page: OpenPage, view: str) -> None:
    page.open(q=HARM, view=view)
    assert page.tab.evaluate("window.harmed") is None
    assert page.find("main img, main script, aside img, aside script").count() == 0


def test_a_title_a_name_a_field_and_a_text_are_shown_as_they_are(page: OpenPage) -> None:
    page.open(q=HARM)
    shown = "\n".join(page.texts(".hits")).replace("\n", " ")
    assert f"{SCRIPT}{IMAGE}" in shown
    assert "hostile/<img src=x onerror=window.harmed='name'>.txt" in shown
    for number in range(page.find(".hit").count()):
        page.find(".hit .title").nth(number).click()
        page.settle()
        assert page.find("#preview img, #preview script").count() == 0
    assert page.tab.evaluate("window.harmed") is None


def test_metadata_is_text(page: OpenPage) -> None:
    page.open(q=HARM)
    page.find(".hit").filter(has_text="row.jsonl").locator(".title").click()
    page.settle()
    assert f"{SCRIPT}{LINK}" in page.texts(".metadata dd")
    links = page.find("a[href]").evaluate_all("links => links.map(({protocol}) => protocol)")
    assert set(links) == {"http:"}


def test_marks_are_in_their_places_behind_characters_beyond_16_bits(page: OpenPage) -> None:
    page.open(q=HARM)
    assert set(page.texts(".excerpt mark")) == {HARM}


def test_signs_of_direction_reorder_nothing_around_a_title(page: OpenPage) -> None:
    page.open(q=HARM)
    isolated = page.find(".hit bdi").evaluate_all(
        "all => all.every((each) => getComputedStyle(each).unicodeBidi.includes('isolate'))"
    )
    assert isolated


def test_a_hostile_query_is_text(page: OpenPage) -> None:
    page.open(q=f"{IMAGE} {SCRIPT}")
    assert page.tab.evaluate("window.harmed") is None
    page.open(q="x", word=IMAGE, language=IMAGE, view="trend")
    assert page.tab.evaluate("window.harmed") is None
    page.errors.clear()  # there is no such language, as the browser tells


@pytest.mark.parametrize("place", ["", "api/v1/info", "api/v1/search?q=mongolia"])
def test_a_name_that_was_rebound_to_this_machine_is_refused(
    browser: Browser, address: str, place: str
) -> None:
    with browser.new_context() as context:
        tab = context.new_page()
        tab.goto(address)  # the browser has the key as a cookie, of this host only
        answer = tab.goto(f"http://evil.example:{urlsplit(address).port}/{place}")
        assert answer
        assert answer.status == 421
        assert tab.locator("#q").count() == 0
        assert "mongolia" not in answer.text().lower()


@pytest.fixture
def another_server(tmp_path: Path) -> Iterator[str]:
    """The address of another server of this machine, with a page of its own."""
    (tmp_path / "index.html").write_text('<link rel="icon" href="data:,">', encoding="utf-8")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_another_server_of_this_machine_cannot_ask_through_the_browser(
    browser: Browser, address: str, another_server: str
) -> None:
    asked = f"{address.partition('?')[0]}api/v1/info"
    sent: list[dict[str, Any]] = []
    answered: list[dict[str, Any]] = []
    with browser.new_context() as context:
        tab = context.new_page()
        tab.goto(address)
        tab.goto(another_server)
        network = context.new_cdp_session(tab)
        network.on("Network.requestWillBeSentExtraInfo", lambda told: sent.append(told))
        network.on("Network.responseReceivedExtraInfo", lambda told: answered.append(told))
        network.send("Network.enable")
        ask = "url => fetch(url, {credentials: 'include'}).then(() => 'read', () => 'refused')"
        assert tab.evaluate(ask, asked) == "refused"
        tab.wait_for_timeout(300)
    assert "Cookie" in sent[0]["headers"]  # with the key: a cookie knows no port
    assert [each["statusCode"] for each in answered] == [403]


def test_without_the_key_there_is_no_page(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        answer = context.new_page().goto(address.partition("?")[0])
        assert answer
        assert answer.status == 403


def test_the_key_does_not_stay_in_the_address(page: OpenPage) -> None:
    assert "key" not in page.tab.url


def test_the_browser_refuses_html_from_text_and_styles_in_markup(
    browser: Browser, address: str
) -> None:
    with browser.new_context() as context:
        tab = context.new_page()
        tab.goto(address)
        refused = tab.evaluate(
            """() => {
              try { document.body.innerHTML = '<b>'; } catch (error) { return error.name; }
            }"""
        )
        assert refused == "TypeError"
        tab.locator("body").evaluate("each => each.setAttribute('style', 'display: none')")
        assert tab.locator("body").is_visible()


def test_a_server_that_is_gone_is_said_with_the_next_step(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A lighthouse.\n", encoding="utf-8")
    with serving(tmp_path) as address:
        page = OpenPage(browser, address)
        page.open(q="lighthouse")
        assert page.find(".hit").count() == 1
    page.find("#q").fill("harbour")
    page.find("[role=alert]").wait_for()
    assert "chaja serve" in page.texts("[role=alert]")[0]
    page.errors.clear()  # the browser tells that the server does not answer
    page.close()


def test_an_address_that_makes_no_sense_is_read_as_far_as_it_does(page: OpenPage) -> None:
    page.open(q="mongolia", view="constructor", axis="x", ordinal="x", unknown="x")
    assert page.find(".hit").count() > 0


def test_what_the_server_refuses_is_said_in_its_words(page: OpenPage) -> None:
    page.open(q="mongolia", date="soon")
    assert "soon" in page.texts("[role=alert]")[0]
    page.find("#q").fill("climate")
    page.wait_until(lambda: page.state().get("q") == "climate")
    page.errors.clear()  # the browser tells of the 400
