"""The document beside the hits, similar passages, duplicates, the concordance, trend and export."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from .corpus import LONG, TWIN
from .open_page import PHONE, OpenPage

if TYPE_CHECKING:
    from playwright.sync_api import Route

MONGOLIA = "sample/ko/몽골-전략적-동반자.md"


def test_a_hit_opens_with_its_neighbours_and_the_whole_document(page: OpenPage) -> None:
    page.open(q="동반자")
    page.find(".hit .title").first.click()
    page.settle()
    assert page.state()["doc"] == MONGOLIA
    assert page.find(".passage.chosen mark").count() > 0
    some = page.find(".passage").count()
    page.find('[data-key="whole"]').click()
    page.settle()
    assert page.find(".passage").count() > some
    page.tab.reload()
    page.settle()
    assert page.find(".passage.chosen").count() == 1
    page.tab.go_back()
    page.settle()
    assert page.find(".passage").count() == 0


def test_a_long_document_is_read_on(page: OpenPage) -> None:
    page.open(q=LONG, doc="long.txt", ordinal="0", whole="1")
    page.wait_until(lambda: page.find(".passage").count() == 200)
    page.find("#preview .step").click()
    page.wait_until(lambda: page.find(".passage").count() > 200)


def test_what_is_read_on_is_dropped_when_another_document_is_open(page: OpenPage) -> None:
    page.open(q=TWIN, doc="long.txt", ordinal="0", whole="1")
    held: list[Route] = []
    page.tab.route(re.compile("document.*from=200"), lambda route: held.append(route))
    page.find("#preview .step").click()
    page.wait_until(lambda: held)
    page.find(".hit .title").click()
    page.wait_until(lambda: page.texts("#preview .path") == ["twins/first.txt"])
    held[0].continue_()
    page.tab.wait_for_timeout(300)
    assert page.texts("#preview .path") == ["twins/first.txt"]
    assert page.find(".passage").count() == 1


def test_a_document_that_is_closed_stays_closed_when_more_of_it_arrives(page: OpenPage) -> None:
    page.open(q=LONG, doc="long.txt", ordinal="0", whole="1")
    held: list[Route] = []
    page.tab.route(re.compile("document.*from=200"), lambda route: held.append(route))
    page.find("#preview .step").click()
    page.wait_until(lambda: held)
    page.find("#preview .close").click()
    page.settle()
    held[0].continue_()
    page.tab.wait_for_timeout(300)
    assert page.find("#preview h2").count() == 0


def test_only_a_document_from_a_file_offers_the_original(page: OpenPage) -> None:
    def from_elsewhere(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(
            response=answer,
            json=answer.json() | {"path": "https://example.org/a", "has_file": False},
        )

    page.open(q="동반자", doc=MONGOLIA)
    assert page.find('#preview a[href*="original"]').count() == 1
    page.tab.route(re.compile("api/v1/document"), from_elsewhere)
    page.open(q="동반자", doc=MONGOLIA)
    assert page.texts("#preview .path") == ["https://example.org/a"]
    assert page.find('#preview a[href*="original"]').count() == 0


def test_similar_passages_are_hits_of_their_own(page: OpenPage) -> None:
    page.open(q="동반자", doc=MONGOLIA, ordinal="0")
    page.find('[data-key="similar"]').click()
    page.settle()
    assert MONGOLIA in page.texts("#results > .notes")[0]
    assert page.find(".hit").count() > 0
    page.find('[data-key="back"]').click()
    page.settle()
    assert page.state()["q"] == "동반자"


def test_duplicates_are_folded_and_named(page: OpenPage) -> None:
    page.open(q=TWIN)
    assert page.find(".hit").count() == 1
    page.find(".copies summary").click()
    assert page.texts(".copies div") == ["twins/second.txt", "twins/third.txt"]
    page.find('[data-state="fold_copies"]').uncheck()
    page.settle()
    assert page.find(".hit").count() == 3


def test_a_word_of_the_other_language_has_a_mark_and_a_reason_of_its_own(page: OpenPage) -> None:
    page.open(q="동반자", language="en")
    assert page.find(".excerpt mark.crossed").count() > 0
    assert "← 동반자 · glossary" in page.texts(".reason")[0]
    colours = [
        page.find(selector).first.evaluate("each => getComputedStyle(each).backgroundColor")
        for selector in (".translations mark:not(.crossed)", ".translations mark.crossed")
    ]
    assert len(set(colours)) == 2


def test_the_concordance_has_a_line_for_each_match_in_the_order_chosen(page: OpenPage) -> None:
    page.open(q="동반자", view="kwic")
    found = page.find("tbody .match").count()
    assert page.texts("#results > .note")[0].startswith(str(found))
    assert set(page.texts("tbody .match mark:not(.crossed)")) == {"동반자"}
    page.find('[data-state="by"]').select_option("right")
    page.settle()
    assert page.state()["by"] == "right"
    page.find("tbody .title").first.click()
    page.settle()
    assert page.find(".passage.chosen mark").count() > 0


def test_the_trend_leads_to_the_hits_of_a_year(page: OpenPage) -> None:
    page.open(q="동반자", view="trend")
    year, passages, _, _ = page.texts("table.trend tbody tr")[-1].split("\t")
    page.find("table.trend tbody a").last.click()
    page.settle()
    assert page.state() == {"q": "동반자", "date": year}
    assert page.texts("h1.totals")[0].startswith(f"{passages} passage")


def test_the_trend_counts_what_the_filters_leave(page: OpenPage) -> None:
    page.open(q="partnership", view="trend", language="en")
    counted = sum(int(row.split("\t")[1]) for row in page.texts("table.trend tbody tr"))
    undated = sum(int(note.split()[0]) for note in page.texts("#results > .note"))
    assert page.texts("h1.totals")[0].startswith(f"{counted + undated} passages")


def test_the_trend_is_that_of_a_word(page: OpenPage) -> None:
    page.open(q="몽골 협력", view="trend")
    both = page.texts("table.trend tbody td")
    page.find('[data-state="word"]').select_option("몽골")
    page.settle()
    assert page.state()["word"] == "몽골"
    assert page.texts("table.trend tbody td") != both


def test_the_filtered_result_is_exported(page: OpenPage) -> None:
    page.open(q="동반자", language="ko")
    page.find("#export summary").click()
    with page.tab.expect_download() as waiting:
        page.find('[data-format="csv"]').click()
    rows = list(csv.DictReader(waiting.value.path().read_text("utf-8-sig").splitlines()))
    total = page.texts("h1.totals")[0].split()[0]
    assert len({row["path"] for row in rows}) > 0
    assert len(rows) == int(total)
    assert {row["language"] for row in rows} == {"ko"}


def test_a_wrong_translation_is_struck_out_and_brought_back(page: OpenPage) -> None:
    page.open(q="동반자")
    pair = "동반자 → partner"
    page.find(f'[data-key="{pair}"]').click()
    page.wait_until(lambda: page.find(f'[data-key="{pair}"]').count() == 0)
    assert page.texts("#toast")[0].startswith(f"{pair} is struck out.")
    page.find('[data-key="undo"]').click()
    page.wait_until(lambda: page.find(f'[data-key="{pair}"]').count() == 1)


def test_a_word_that_no_passage_has_is_named(page: OpenPage) -> None:
    page.open(q="몽골 퀥퀥이")
    assert page.texts(".notes li") == ["No passage has “퀥퀥이”."]


def test_without_hits_the_next_step_is_offered(page: OpenPage) -> None:
    page.open(q="Leviathan", language="ko")
    assert page.texts("#results h1")[0] == "No passage found"
    page.find(".step").click()
    page.settle()
    assert page.find(".hit").count() > 0


def test_on_a_phone_the_document_lies_over_the_hits_and_closes(page: OpenPage) -> None:
    page.tab.set_viewport_size(PHONE)
    page.open(q="동반자")
    page.find(".hit .title").first.click()
    page.settle()
    page.wait_until(
        lambda: page.find("#preview h2").evaluate("each => each === document.activeElement")
    )
    assert page.find("main").get_attribute("inert") is not None
    page.find("#preview .close").click()
    page.settle()
    assert page.find("#preview h2").count() == 0
    page.wait_until(lambda: page.focused() == "hit 1")
    width = page.tab.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
