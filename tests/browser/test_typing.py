"""The search field: search as one types, and the composition of Hangul."""

from __future__ import annotations

from urllib.parse import unquote

from .open_page import OpenPage

FIRST_HIT = "hit 1"


def compose(page: OpenPage, *steps: str) -> None:
    """Compose a syllable as an input method does, through the stages that it shows."""
    session = page.tab.context.new_cdp_session(page.tab)
    for text in steps:
        session.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )
    session.detach()


def commit(page: OpenPage, text: str) -> None:
    """End a composition, as an input method does."""
    page.tab.keyboard.insert_text(text)


def press_enter_of_the_input_method(page: OpenPage) -> None:
    """Press the Enter that ends a syllable: it belongs to the input method, which reports 229."""
    session = page.tab.context.new_cdp_session(page.tab)
    key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    for kind in ("rawKeyDown", "keyUp"):
        session.send("Input.dispatchKeyEvent", {"type": kind, **key})
    session.detach()


def test_hits_come_while_one_types_and_the_address_has_the_query(page: OpenPage) -> None:
    page.tab.keyboard.type("critical minerals")
    page.wait_until(lambda: page.state() == {"q": "critical minerals"})
    assert "Critical minerals" in page.texts(".hit h2")[0]
    assert page.focused() == "q"


def test_a_syllable_is_searched_while_it_is_composed(page: OpenPage) -> None:
    compose(page, "ㅁ", "모", "몽")
    commit(page, "몽")
    compose(page, "ㄱ", "고", "골")
    page.wait_until(lambda: page.state() == {"q": "몽골"})
    assert "몽골" in page.texts(".hit mark")


def test_a_lone_consonant_is_not_searched_for(page: OpenPage) -> None:
    page.open(q="몽골")
    asked: list[str] = []
    page.tab.on("request", lambda request: asked.append(unquote(request.url)))
    page.find("#q").focus()
    page.press("End")
    compose(page, "ㅇ")
    page.wait_until(lambda: page.state() == {"q": "몽골ㅇ"})
    assert page.find(".hit").count() > 0
    assert [url for url in asked if "/search?" in url] == []


def test_the_enter_that_ends_a_syllable_does_not_submit(page: OpenPage) -> None:
    page.open(q="협력")
    page.find("#q").focus()
    page.press("End")
    compose(page, " ㅁ", " 모", " 몽")
    before = page.tab.evaluate("history.length")
    press_enter_of_the_input_method(page)
    commit(page, " 몽")
    page.wait_until(lambda: page.state() == {"q": "협력 몽"})
    assert page.focused() == "q"
    assert page.tab.evaluate("document.getElementById('q').value") == "협력 몽"
    assert page.tab.evaluate("history.length") - before <= 1  # of the typing
    page.press("Enter")
    page.wait_until(lambda: page.focused() == FIRST_HIT)


def test_an_enter_within_a_composition_does_not_submit(page: OpenPage) -> None:
    page.open(q="협력")
    page.find("#q").focus()
    prevented = page.tab.evaluate(
        """() => !document.getElementById('q').dispatchEvent(new KeyboardEvent('keydown',
             {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"""
    )
    assert not prevented
    assert page.focused() == "q"


def test_a_word_is_completed(page: OpenPage) -> None:
    page.tab.keyboard.type("협력 동반")
    page.wait_until(lambda: "동반자" in page.texts("#completions button"))
    page.find("#completions button").get_by_text("동반자", exact=True).click()
    page.settle()
    assert page.state() == {"q": "협력 동반자"}


def test_back_leads_to_the_query_before_and_reload_keeps_it(page: OpenPage) -> None:
    page.tab.keyboard.type("minerals")
    page.press("Enter")
    page.wait_until(lambda: page.focused() == FIRST_HIT)
    page.press("/")
    page.tab.keyboard.type("climate")
    page.press("Enter")
    page.wait_until(lambda: page.focused() == FIRST_HIT)
    assert page.state() == {"q": "climate"}
    page.tab.reload()
    page.settle()
    assert page.tab.evaluate("document.getElementById('q').value") == "climate"
    assert page.find(".hit").count() > 0
    page.tab.go_back()
    page.settle()
    assert page.state() == {"q": "minerals"}
    assert page.tab.evaluate("document.getElementById('q').value") == "minerals"
