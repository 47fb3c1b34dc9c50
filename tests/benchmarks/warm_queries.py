"""What a query costs once the index is open."""

from __future__ import annotations

import json
from pathlib import Path

from .figures import milliseconds, peak
from .process import ENGINE, PEER, run
from .report import section, table
from .texts import write_queries

QUERIES = 200


def measure(evaluation: Path, workplace: Path) -> str:
    """Return the section on warm queries, on the indexes that building left."""
    queries = workplace / "queries.txt"
    write_queries(evaluation, queries, QUERIES)
    ours = run([*ENGINE, "warm", str(workplace / "chaja"), str(queries)])
    theirs = run([*PEER, "warm", str(workplace / "peer"), str(queries)])
    times = {**json.loads(ours.output), **json.loads(theirs.output)}
    names = {
        "whole": ("chaja: analysis, ranking, ten passages with matches", peak([ours])),
        "analysed": ("peer: Kiwi, ranking, ten stored texts", peak([theirs])),
        "split": ("peer: terms given, ranking, ten stored texts", peak([theirs])),
    }
    rows = [(name, *milliseconds(times[key]), most) for key, (name, most) in names.items()]
    return section(
        "A warm query",
        f"{QUERIES} keywords of the pages' authors, half Korean and half English, each asked "
        "once, one after the other. A word that no page has makes Chaja load Kiwi.",
        table(("what", "median ms", "95th percentile ms", "peak MB"), rows),
    )
