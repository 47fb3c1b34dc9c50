"""The page in a real browser: Chromium, driven by Playwright, before a server of its own.

These tests run where CHAJA_BROWSER is set, as `make test-browser` does, and are skipped elsewhere:
Playwright keeps an event loop running, which the tests of the server cannot share.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .corpus import write_corpus
from .open_page import OpenPage
from .server import CHROMIUM, launched, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

HERE = Path(__file__).parent


def missing() -> str:
    """Return why there are no tests in a browser, "" if there are."""
    packages = [name for name in ("playwright", "axe_playwright_python") if not find_spec(name)]
    lacking = [*packages, *([] if CHROMIUM else ["chromium"])]
    if lacking:
        return f"{', '.join(lacking)} missing"
    return "" if os.environ.get("CHAJA_BROWSER") else "CHAJA_BROWSER is not set"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what asks for a browser, loudly, if there is none."""
    reason = missing()
    told = f"the page: NOTHING is tested in a browser ({reason}); make test-browser"
    for item in items:
        if reason and HERE in item.path.parents and "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip(reason=told))


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of the sample and of documents that mean harm, with its key."""
    folder = tmp_path_factory.mktemp("documents")
    write_corpus(folder)
    with serving(folder) as printed:
        yield printed


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium, in which evil.example is a name of this machine: its DNS was rebound."""
    chromium = launched(playwright, "--host-resolver-rules=MAP evil.example 127.0.0.1")
    yield chromium
    chromium.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[OpenPage]:
    """The page in English, opened with its key; at the end it has said nothing of an error."""
    opened = OpenPage(browser, address)
    yield opened
    opened.close()
