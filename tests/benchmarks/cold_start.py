"""The cost of a command from a cold start: process, imports, index, query, output."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from .figures import alternate, peak, ratio, seconds
from .process import PEER, chaja, own_peak, run
from .report import section, table

REPETITIONS = 10
KNOWN = "대화 상자 편집기 속성"
# No page has this word, nor one that it is a form of: Kiwi is loaded.
UNKNOWN = "고슴도치에게서까지도 대화 상자"


def measure(workplace: Path) -> str:
    """Return the section on cold commands, on the indexes of the builds."""
    environment = {"CHAJA_INDEX": str(workplace / "chaja")}
    search = partial(run, [*chaja(), "search", KNOWN], environment=environment)
    peer = partial(run, [*PEER, "search", str(workplace / "peer"), KNOWN])
    help_text = partial(run, [*chaja(), "--help"])
    imports = partial(run, [sys.executable, "-c", "import click, numpy"])
    search(), peer(), help_text(), imports()  # once each, to have the files in the page cache
    ours, theirs = alternate(search, peer, REPETITIONS)
    helped, imported = alternate(help_text, imports, REPETITIONS)
    unknown = partial(run, [*chaja(), "search", UNKNOWN], environment=environment, codes=(0, 1))
    unknown_runs = [unknown() for _ in range(3)]
    rows = [
        (f"`chaja search {KNOWN}`", seconds(ours), peak(ours), ratio(ours, theirs)),
        ("peer, the same query", seconds(theirs), peak(theirs), "1"),
        (
            f"`chaja search {UNKNOWN}` (unknown word: loads Kiwi)",
            seconds(unknown_runs),
            peak(unknown_runs),
            "",
        ),
        ("`chaja --help`", seconds(helped), peak(helped), ratio(helped, imported)),
        ('`python -c "import click, numpy"`', seconds(imported), peak(imported), "1"),
    ]
    return section(
        "A cold command",
        f"Whole processes, from start to exit. Peaks below {own_peak() / 1e6:.0f} MB, the memory "
        "of the benchmark itself, cannot be measured.",
        table(("command", "seconds", "peak MB", "ratio"), rows),
    )
