"""The cost of a query once the index is open."""

from __future__ import annotations

import json
from pathlib import Path

from .figures import milliseconds, peak
from .process import ENGINE, PEER, run
from .report import section, table
from .texts import write_queries

QUERIES = 200
# Queries made of the keywords, by their syntax; a phrase of one word is a word.
FORMS = {
    "any of the words": "{words}",
    "all of the words": "{signed}",
    "the words as a phrase": '"{words}"',
    "a prefix of the first word": "{start}*",
    "any of the words, with a filter on the language": "lang:ko {words}",
    "any of the words, with a filter on the path": "path:ko/ {words}",
    "any of the words, but not the first": "{words} -{first}",
}


def measure(evaluation: Path, workplace: Path) -> str:
    """Return the section on warm queries, on the indexes of the builds."""
    queries = workplace / "queries.txt"
    write_queries(evaluation, queries, QUERIES)
    ours = run([*ENGINE, "warm", str(workplace / "chaja"), str(queries)])
    theirs = run([*PEER, "warm", str(workplace / "peer"), str(queries)])
    times = {**json.loads(ours.output), **json.loads(theirs.output)}
    names = {
        "whole": ("chaja: analysis, ranking, ten passages with matches", peak([ours])),
        "snippets": ("peer: Kiwi, ranking, ten stored texts with snippets", peak([theirs])),
        "analysed": ("peer: Kiwi, ranking, ten stored texts", peak([theirs])),
        "split": ("peer: terms given, ranking, ten stored texts", peak([theirs])),
    }
    rows = [(name, *milliseconds(times[key]), most) for key, (name, most) in names.items()]
    return section(
        "A warm query",
        f"{QUERIES} keywords of the pages' authors, half Korean and half English, each "
        "searched once, in sequence. A word outside the lexicon makes Chaja load Kiwi.",
        table(("what", "median ms", "95th percentile ms", "peak MB"), rows)
        + "\n\nThe same keywords in Chaja's query language, with matches:\n\n"
        + table(("what", "median ms", "95th percentile ms"), _forms(queries, workplace)),
    )


def _forms(queries: Path, workplace: Path) -> list[tuple[str, ...]]:
    """Run the keywords in each form, a process each; every query twice, timing the second."""
    lines = queries.read_text(encoding="utf-8").splitlines()
    rows: list[tuple[str, ...]] = []
    for what, form in FORMS.items():
        path = workplace / "forms.txt"
        written = [_written(form, line.replace('"', " ").split()) for line in lines]
        path.write_text("".join(f"{query}\n{query}\n" for query in written), encoding="utf-8")
        found = run([*ENGINE, "warm", str(workplace / "chaja"), str(path)])
        rows.append((what, *milliseconds(json.loads(found.output)["whole"][1::2])))
    return rows


def _written(form: str, words: list[str]) -> str:
    return form.format(
        words=" ".join(words),
        signed=" ".join(f"+{word}" for word in words),
        start=words[0][:2],
        first=words[0],
    )
