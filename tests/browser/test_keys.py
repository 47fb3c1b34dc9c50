"""Every key of the page, also while the keyboard is set to Hangul."""

from __future__ import annotations

import pytest

from .open_page import OpenPage

# What a keyboard that is set to Hangul sends for the keys of j and w.
HANGUL = {"j": ("ㅓ", "KeyJ"), "w": ("ㅈ", "KeyW")}


@pytest.fixture
def hits(page: OpenPage) -> OpenPage:
    """The page with hits, the focus on none of them."""
    page.open(q="동반자")
    page.find("#q").blur()
    return page


def test_j_and_k_go_from_hit_to_hit(hits: OpenPage) -> None:
    hits.press("j", "j", "j", "k")
    assert hits.focused() == "hit 2"


def test_enter_opens_a_hit_escape_closes_it_and_the_focus_returns(hits: OpenPage) -> None:
    hits.press("j", "j", "Enter")
    hits.settle()
    assert hits.find(".passage.chosen").count() == 1
    hits.press("Escape")
    hits.wait_until(lambda: hits.find(".passage").count() == 0)
    assert hits.focused() == "hit 2"


def test_an_open_document_follows_the_hits_and_back_leads_to_none(hits: OpenPage) -> None:
    hits.press("j", "Enter")
    hits.settle()
    first = hits.texts("#preview .meta")
    hits.press("j")
    hits.wait_until(lambda: hits.texts("#preview .meta") != first)
    hits.tab.go_back()
    hits.wait_until(lambda: hits.find(".passage").count() == 0)


def test_w_n_and_s_are_for_the_document(hits: OpenPage) -> None:
    hits.press("j", "Enter")
    hits.settle()
    hits.press("w")
    hits.wait_until(lambda: hits.state().get("whole") == "1")
    hits.press("n", "n", "Shift+N")
    current = hits.find("#preview mark").evaluate_all(
        "marks => marks.findIndex((mark) => mark.classList.contains('current'))"
    )
    assert current == 0
    hits.press("s")
    hits.wait_until(lambda: "like" in hits.state())


def test_slash_goes_to_the_search_field(hits: OpenPage) -> None:
    hits.press("j", "/")
    assert hits.focused() == "q"
    assert hits.tab.evaluate("getSelection().toString()") == "동반자"


def test_letters_in_the_search_field_are_letters(hits: OpenPage) -> None:
    hits.press("/", "j", "p")
    hits.wait_until(lambda: hits.state() == {"q": "jp"})


def test_p_and_b_switch_the_phrase_and_the_translations(hits: OpenPage) -> None:
    hits.press("p", "b")
    hits.settle()
    assert hits.state() == {"q": "동반자", "mode": "phrase", "bridge": "0"}


def test_numbers_switch_the_view(hits: OpenPage) -> None:
    for key, selector in (("2", "table.kwic"), ("3", "table.trend"), ("1", "ol.hits")):
        hits.press(key)
        hits.find(selector).wait_for()


def test_brackets_turn_pages(hits: OpenPage) -> None:
    hits.press("]")
    hits.wait_until(lambda: hits.state().get("offset") == "20")
    hits.press("[")
    hits.wait_until(lambda: "offset" not in hits.state())


def test_f_t_and_e_go_to_filters_timeline_and_export(hits: OpenPage) -> None:
    hits.press("f")
    assert hits.focused().startswith("language=")
    hits.press("t")
    assert hits.focused().startswith("bar ")
    hits.press("e")
    assert hits.find('[data-format="csv"]').is_visible()


def test_l_switches_the_language_of_the_page_and_it_is_remembered(hits: OpenPage) -> None:
    hits.press("l")
    hits.wait_until(lambda: hits.tab.evaluate("document.documentElement.lang") == "ko")
    hits.wait_until(lambda: hits.texts("h1.totals")[0].startswith("단락"))
    hits.tab.reload()
    hits.settle()
    assert hits.texts("h1.totals")[0].startswith("단락")


def test_the_help_names_every_key_and_turns_them_off(hits: OpenPage) -> None:
    hits.press("?")
    named = set(" ".join(hits.texts("dialog kbd")).split())
    assert named == {*"/jkwnspb123[]ftel?", "Enter", "Esc", "Shift+n"}
    hits.find("#single-keys").uncheck()
    hits.press("Escape", "j")
    assert not hits.focused().startswith("hit")
    hits.find("#help").click()
    hits.find("#single-keys").check()
    hits.find("dialog .close").click()
    hits.press("j")
    assert hits.focused() == "hit 1"


def test_keys_work_while_the_keyboard_is_set_to_hangul(hits: OpenPage) -> None:
    for letter in ("j", "w"):
        key, code = HANGUL[letter]
        hits.find("body").evaluate(
            """(_, [key, code]) => document.activeElement.dispatchEvent(new KeyboardEvent(
                 'keydown', {key, code, keyCode: 229, bubbles: true, cancelable: true}))""",
            [key, code],
        )
        if letter == "j":
            assert hits.focused() == "hit 1"
            hits.press("Enter")
            hits.settle()
    hits.wait_until(lambda: hits.state().get("whole") == "1")


def test_everything_is_reached_with_tab(hits: OpenPage) -> None:
    seen = set()
    hits.find(".skip").focus()
    for _ in range(60):
        hits.press("Tab")
        seen.add(
            hits.tab.evaluate(
                "(document.activeElement.closest('header, nav, main, aside') ?? {}).tagName"
            )
        )
    assert {"HEADER", "NAV", "MAIN"} <= seen


def test_the_help_is_closed_with_its_button(page: OpenPage) -> None:
    page.find("#help").click()
    page.find("dialog .close").click()
    page.wait_until(lambda: page.find("dialog[open]").count() == 0)
