"""`chaja evaluate`: measure the ranking quality on judged queries."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..help import example
from ..index_option import index_option
from ..options import bridge_option, file_option, json_option, synonyms_option
from ..session import opened, print_lines

if TYPE_CHECKING:
    from ...index_location import IndexLocation


@click.command(
    epilog=example("chaja evaluate --queries queries.tsv --qrels qrels.txt --run chaja.run"),
)
@file_option("--queries", required=True, explanation="Lines of query id, tab, plain words.")
@file_option(
    "--qrels",
    required=True,
    explanation="TREC judgements: lines of query id, 0, document id, grade.",
)
@file_option("--run", explanation="Write the TREC run to this file.")
@click.option("--path", default="", metavar="PART", help="Only documents whose path contains PART.")
@bridge_option
@synonyms_option
@index_option
@json_option
def evaluate(
    queries: Path,
    qrels: Path,
    run: Path | None,
    path: str,
    bridge: bool,
    synonyms: Path | None,
    index_location: IndexLocation | None,
    as_json: bool,
) -> None:
    """Measure the ranking quality of the index on queries with relevance judgements."""
    from ...evaluation import evaluate as measure

    with opened(index_location, synonyms=synonyms) as (searcher, _):
        evaluation = measure(searcher, queries, qrels, path=path, bridge=bridge)
    if run:
        from ...output.trec import write_run

        write_run(evaluation, run)
    if as_json:
        from ...output.json import evaluation_object, json_line

        print_lines([json_line(evaluation_object(evaluation))])
    else:
        from ...output.report import evaluation_lines

        print_lines(evaluation_lines(evaluation))
