"""The report in Markdown: the machine and date, then a section for each benchmark."""

from __future__ import annotations

import datetime
import os
import platform
import re
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("whoosh", "kiwipiepy", "kiwipiepy_model", "numpy", "click", "tantivy")


def load() -> float:
    """Return the load average of the last minute."""
    return os.getloadavg()[0]


def machine(load_before: float, libraries: Sequence[str] = ()) -> list[str]:
    """Return the machine and its load, versions and date as items of a list."""
    versions = "".join(f", {name} {version(name)}" for name in libraries)
    return [
        f"- Machine: {_processor()}, {os.cpu_count()} cores, {platform.system()} "
        f"{platform.release()}; load {load_before:.2f} before the run, {load():.2f} after it",
        f"- Versions: Python {platform.python_version()}{versions}",
        f"- Date: {datetime.date.today().isoformat()}",
    ]


def preamble(command: str, *, load_before: float) -> str:
    """Return title, peer, machine and its load, versions, date and command."""
    return "\n".join(
        [
            "# Benchmarks",
            "",
            "Chaja compared with a peer, Kiwi on the running text with tantivy as the index "
            "(`tests/benchmarks/peer.py`), on the same texts, in alternation within one run. "
            "Figures are medians, with minimum and maximum in brackets; a ratio is the median "
            "over the pairs of runs, and Chaja is faster where it is below 1. On a busy machine "
            "the peer, which uses two cores, slows down more than Chaja does: compare CPU "
            "seconds too. This page is generated.",
            "",
            *machine(load_before, LIBRARIES),
            f"- Command: `{command}`",
        ]
    )


def section(title: str, *blocks: str) -> str:
    """Return a section of paragraphs and tables."""
    return "\n\n".join([f"## {title}", *blocks])


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose columns but the first are numbers."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


def _processor() -> str:
    try:
        facts = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    model = re.search(r"^model name\s*:\s*(.+)$", facts, re.MULTILINE)
    return model[1] if model else platform.machine()
