"""The page as its user sees it, with a record of everything that must not happen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Locator, Request

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


class OpenPage:
    """A page of a server, opened with its key; all waits are for what is seen."""

    def __init__(self, browser: Browser, address: str, **options: Any) -> None:  # noqa: ANN401 - Playwright's
        settings = {"locale": "en-US", "viewport": WIDE, "accept_downloads": True} | options
        self._context = browser.new_context(**settings)
        self.tab = self._context.new_page()
        self.tab.set_default_timeout(8_000)
        self.errors: list[str] = []
        self.tab.on("pageerror", lambda error: self.errors.append(str(error)))
        self.tab.on("console", self._heard)
        self.tab.on("request", self._asked)
        self.origin = "{0.scheme}://{0.netloc}".format(urlsplit(address))
        self.tab.goto(address)
        self.settle()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(f"{self.origin}/"):
            self.errors.append(f"asked {request.url}")

    def close(self) -> None:
        """Close the page; an error on the way, or a request to another host, fails the test."""
        self._context.close()
        assert self.errors == []

    def open(self, **state: str) -> OpenPage:
        """Go to a state of the page, and wait until it is shown."""
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in state.items())
        self.tab.goto(f"{self.origin}/?{query}")
        self.settle()
        return self

    def settle(self) -> None:
        """Wait until nothing is asked of the server any more."""
        self.tab.locator("#results[aria-busy=false]").wait_for(state="attached")

    def wait_until(self, condition: Callable[[], object]) -> None:
        """Wait until a condition holds, and nothing is asked any more."""
        for _ in range(80):
            if condition():
                return self.settle()
            self.tab.wait_for_timeout(50)
        raise AssertionError(f"after four seconds: {self.state()}, {self.errors}")

    def find(self, selector: str) -> Locator:
        """Return what a selector of CSS or of Playwright finds."""
        return self.tab.locator(selector)

    def texts(self, selector: str) -> list[str]:
        """Return the texts of all elements that a selector finds."""
        return self.tab.locator(selector).all_inner_texts()

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.tab.keyboard.press(key)

    def focused(self) -> str:
        """Return the key by which the page names what has the focus, or its id."""
        return str(
            self.tab.evaluate("document.activeElement.dataset.key ?? document.activeElement.id")
        )

    def state(self) -> dict[str, str]:
        """Return the state that the address holds."""
        return dict(self.tab.evaluate("Object.fromEntries(new URLSearchParams(location.search))"))
