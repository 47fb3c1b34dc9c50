"""Facets, dates picked from the timeline, options and order."""

from __future__ import annotations

from .open_page import OpenPage


def languages(page: OpenPage) -> set[str]:
    """Return the languages of the hits that are shown."""
    return set(page.texts(".hit .meta span:nth-child(4)"))


def years(page: OpenPage) -> set[str]:
    """Return the years of the hits that are shown."""
    return {date[:4] for date in page.texts(".hit time")}


def bar(page: OpenPage, year: str) -> tuple[float, float]:
    """Return the middle of a bar of the timeline."""
    box = page.find(f'[data-key="bar {year}"]').bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_facet_narrows_the_hits_and_leaves_the_others_to_choose(page: OpenPage) -> None:
    page.open(q="partnership")
    assert len(languages(page)) == 3
    page.find('[data-key="language=ko"]').click()
    page.settle()
    assert languages(page) == {"Korean"}
    assert page.state() == {"q": "partnership", "language": "ko"}
    total = int(page.texts('[data-key="language=ko"] .number')[0])
    assert page.texts("h1.totals")[0].startswith(f"{total} passages")
    page.find('[data-key="language=en"]').click()
    page.settle()
    assert languages(page) == {"English"}
    page.tab.go_back()
    page.settle()
    assert languages(page) == {"Korean"}


def test_a_filter_is_shown_and_taken_away(page: OpenPage) -> None:
    page.open(q="partnership", filetype="md", language="ko")
    assert page.texts(".chip b") == ["Korean", "MD"]
    page.find(".chip").first.click()
    page.settle()
    assert page.state() == {"q": "partnership", "filetype": "md"}
    page.find(".active .link").click()
    page.settle()
    assert page.state() == {"q": "partnership"}


def test_a_folder_narrows_to_the_files_in_it(page: OpenPage) -> None:
    page.open(q="partnership")
    page.find('[data-key="path=sample/ko"]').click()
    page.settle()
    assert all(path.startswith("sample/ko/") for path in page.texts(".hit .path"))


def test_a_range_of_years_is_dragged_with_the_mouse(page: OpenPage) -> None:
    page.open(q="동반자")
    page.tab.mouse.move(*bar(page, "2023"))
    page.tab.mouse.down()
    page.tab.mouse.move(*bar(page, "2022"), steps=3)
    page.tab.mouse.up()
    page.settle()
    assert page.state() == {"q": "동반자", "date": "2022..2023"}
    assert years(page) <= {"2022", "2023"}
    # The other years are still there to choose from.
    page.tab.mouse.click(*bar(page, "2024"))
    page.settle()
    assert years(page) == {"2024"}
    page.tab.mouse.click(*bar(page, "2024"))
    page.settle()
    assert page.state() == {"q": "동반자"}


def test_a_range_of_years_is_picked_with_keys(page: OpenPage) -> None:
    page.open(q="동반자")
    page.press("Tab", "t", "End", "ArrowLeft", "Shift+ArrowLeft", "Enter")
    page.settle()
    assert page.state() == {"q": "동반자", "date": "2023..2024"}
    assert years(page) <= {"2023", "2024"}
    assert page.texts(".chip b") == ["2023–2024"]
    assert page.find('.bars [aria-pressed="true"]').count() == 2


def test_exact_dates_are_typed(page: OpenPage) -> None:
    page.open(q="동반자")
    page.find('[data-key="from"]').fill("2024-03")
    page.find('[data-key="from"]').press("Tab")
    page.settle()
    assert page.state()["date"] == "2024-03.."
    page.find('[data-key="to"]').fill("2024-06")
    page.find('[data-key="to"]').press("Tab")
    page.settle()
    assert page.state()["date"] == "2024-03..2024-06"
    assert years(page) == {"2024"}


def test_a_date_that_is_none_is_not_asked_for(page: OpenPage) -> None:
    page.open(q="동반자")
    page.find('[data-key="from"]').fill("soon")
    page.find('[data-key="from"]').press("Tab")
    page.settle()
    assert page.state() == {"q": "동반자"}


def test_documents_without_a_date_are_reached_by_the_times_of_their_files(page: OpenPage) -> None:
    page.open(q="Leviathan")
    assert "without a date" in page.texts("#facets .note")[0]
    page.find('[data-key="axis"]').click()
    page.settle()
    page.find(".bars button").last.click()
    page.settle()
    assert "modified" in page.state()
    assert page.find(".hit").count() > 0


def test_options_change_the_search(page: OpenPage) -> None:
    page.open(q="partnership")
    page.find('[data-state="bridge"]').uncheck()
    page.settle()
    assert page.state() == {"q": "partnership", "bridge": "0"}
    assert page.find("mark.crossed").count() == 0


def test_each_view_has_the_options_that_it_takes(page: OpenPage) -> None:
    names = ("mode", "bridge", "strict", "fold_copies", "per_document", "sort")
    taken = {"passages": names, "kwic": names[:3], "trend": ()}
    for view, expected in taken.items():
        page.open(q="partnership", mode="phrase", fold_copies="0", sort="date", view=view)
        assert page.find("[role=alert]").count() == 0
        shown = [name for name in names if page.find(f'[data-state="{name}"]').first.is_visible()]
        assert shown == list(expected)


def test_a_concordance_has_pages_beyond_the_number_of_its_passages(page: OpenPage) -> None:
    page.open(q="Leviathan", view="kwic", offset="2000")
    assert int(page.texts("h1.totals")[0].split()[0].replace(",", "")) < 2000
    assert page.find("tbody tr").count() == 100


def test_the_newest_come_first_if_one_wants(page: OpenPage) -> None:
    page.open(q="동반자")
    page.find('[data-state="sort"]').select_option("date")
    page.settle()
    dates = page.texts(".hit time")
    assert dates == sorted(dates, reverse=True)


def test_a_phrase_is_asked_for_with_the_switch(page: OpenPage) -> None:
    page.open(q="strategic partnership", bridge="0")
    words = page.texts("h1.totals")
    page.find('[data-state="mode"][value="phrase"]').click()
    page.settle()
    assert page.state()["mode"] == "phrase"
    assert page.texts("h1.totals") != words


def test_pages_lead_on_and_back(page: OpenPage) -> None:
    page.open(q="Leviathan", fold_copies="0")
    first = page.find(".hits").get_attribute("start")
    page.find('[data-key="next"]').click()
    page.settle()
    assert (first, page.find(".hits").get_attribute("start")) == ("1", "21")
    page.find('[data-key="previous"]').click()
    page.settle()
    assert page.find(".hits").get_attribute("start") == "1"
