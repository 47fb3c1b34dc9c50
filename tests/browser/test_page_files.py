"""What holds of the files of the page, without a browser."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "search" / "web" / "static"
SCRIPTS = sorted(STATIC.glob("*.js"))
MOST_BYTES = 15_000


def test_the_scripts_are_at_most_15_kb_each_gzipped_by_itself() -> None:
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in SCRIPTS) <= MOST_BYTES


def test_the_page_loads_nothing_from_elsewhere() -> None:
    for path in (*SCRIPTS, STATIC / "index.html", STATIC / "style.css"):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"(?:https?:)?//[\w.]+\.\w+|@import|url\(", text) == [], path.name


def test_no_script_parses_text_as_html_or_as_code() -> None:
    sinks = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|new Function"
    )
    for path in SCRIPTS:
        assert re.findall(sinks, path.read_text(encoding="utf-8")) == [], path.name


def test_the_html_has_no_script_and_no_style_of_its_own() -> None:
    html = (STATIC / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"\sstyle=|\son\w+=|<style|<script(?! type=\"module\" src=)", html) == []


def messages(language: str) -> dict[str, str]:
    return dict(json.loads((STATIC / f"{language}.json").read_text(encoding="utf-8")))


def test_both_languages_say_the_same_with_the_same_places() -> None:
    korean, english = messages("ko"), messages("en")
    assert list(korean) == list(english)
    for name, text in korean.items():
        places = set(re.findall(r"\{(\w+)\}", text))
        assert all(
            set(re.findall(r"\{(\w+)\}", form)) == places for form in english[name].split("|")
        )


def test_every_message_that_is_named_is_there() -> None:
    html = (STATIC / "index.html").read_text(encoding="utf-8")
    named = set(re.findall(r'data-(?:t|label)="(\w+)"', html))
    for path in SCRIPTS:
        named |= set(re.findall(r"\bt\('(\w+)'", path.read_text(encoding="utf-8")))
    assert len(named) > 80
    assert named - messages("ko").keys() == set()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_begins_with_what_it_is_and_is_short(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("/** ")
    assert len(lines) <= 350
