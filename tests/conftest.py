"""What tests of every package share: Kiwi, loaded once for the whole session."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from index.analysis.analyzer import Analyzer
from index.analysis.korean import Korean
from index.analysis.lexicon import Lexicon

# A deadline is a timing assertion, and the first example may load Kiwi.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_configure() -> None:
    """Keep the settings of whoever runs the tests out of them, and of the processes they start."""
    os.environ["CHAJA_CONFIG"] = os.path.join(os.devnull, "config.toml")
    os.environ.pop("CHAJA_PROFILE", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for Kiwi, by itself or by way of another fixture."""
    for item in items:
        if "korean" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.kiwi)


@pytest.fixture(scope="session")
def korean() -> Korean:
    """Kiwi, in this process."""
    return Korean()


@pytest.fixture(scope="session")
def analyzer(korean: Korean) -> Analyzer:
    """The analyzer over a lexicon that the session fills; it never learns."""
    return Analyzer(Lexicon(), korean)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once, and conspicuously, what was not tested for lack of something outside."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = {str(report.longrepr[-1]) for report in skipped if isinstance(report.longrepr, tuple)}
    for reason in sorted(reason for reason in reasons if "NOTHING is tested" in reason):
        terminalreporter.write_line(f"!! {reason.removeprefix('Skipped: ')} !!", yellow=True)
