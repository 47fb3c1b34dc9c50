"""Measures ranking quality on judged queries: files in, measures and a run out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Protocol

from corpus.errors import EvaluationError, MissingExtra
from corpus.text_file import MOST_BYTES

# The printed name, and the measure and cutoff of ir-measures. Its own parser of names such as
# RR@10 fails on Python 3.14.
_MEASURES = {"nDCG@10": ("nDCG", 10), "MRR@10": ("RR", 10), "R@10": ("R", 10), "R@100": ("R", 100)}
DEPTH = 100

# trec_eval reads scores in single precision and reorders equal ones by document id. Each score is
# at least this part of itself lower than the one before, which single precision can tell apart.
_LEAST_FALL = 2.0**-20

Judgements = dict[str, dict[str, int]]


class Ranker(Protocol):
    """What is measured: a searcher, or anything else that ranks documents for plain words."""

    def rank_documents(
        self, text: str, *, limit: int, path: str, bridge: bool
    ) -> Sequence[tuple[str, float]]:
        """Return at most `limit` documents for the words of `text`, with scores, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """One document returned for one query; `rank` counts from 1, `score` falls with every rank."""

    query_id: str
    document_id: str
    rank: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The mean of each measure over the judged queries, and the run, in the order of the queries.

    `queries` counts the judged queries, `without_hits` those of them that found nothing.
    """

    measures: Mapping[str, float]
    queries: int
    without_hits: int
    run: tuple[RunLine, ...]


def evaluate(
    ranker: Ranker,
    queries: Path,
    qrels: Path,
    *,
    depth: int = DEPTH,
    path: str = "",
    bridge: bool = True,
) -> Evaluation:
    """Measure a ranker on every query of `queries` that `qrels` judges, to `depth` documents.

    `queries` has lines of id, tab, plain words; `qrels` lines of TREC: query id, 0, document id,
    grade. As in trec_eval, queries without judgements do not count, and judged ones without hits
    count as 0. `path` and `bridge` are as for Searcher.rank_documents. Raises EvaluationError for
    unusable files and lines, MissingExtra without ir-measures.
    """
    library = _ir_measures()
    texts = _read_queries(queries)
    judged = {key: grades for key, grades in _read_qrels(qrels).items() if key in texts}
    if not judged:
        raise EvaluationError(
            f"{qrels} judges none of the queries of {queries}",
            hint="The first column of both files is the query id; check that the ids match.",
        )
    run: list[RunLine] = []
    for query_id, text in texts.items():
        if query_id in judged:
            ranked = ranker.rank_documents(text, limit=depth, path=path, bridge=bridge)
            run += _run_lines(query_id, ranked)
    return Evaluation(
        measures=_measured(library, judged, run),
        queries=len(judged),
        without_hits=len(judged) - len({line.query_id for line in run}),
        run=tuple(run),
    )


def _run_lines(query_id: str, ranked: Iterable[tuple[str, float]]) -> Iterator[RunLine]:
    """Yield each document once, with ranks and falling scores.

    Judgements cannot tell two files with the same id apart, so the better one counts.
    """
    best: dict[str, float] = {}
    for document_id, score in ranked:
        best.setdefault(document_id, score)
    ceiling = float("inf")
    for rank, (document_id, score) in enumerate(best.items(), start=1):
        falling = min(score, ceiling)
        # Near zero a part of the score is no distance; a millionth is one.
        ceiling = falling - max(abs(falling), 1.0) * _LEAST_FALL
        yield RunLine(query_id=query_id, document_id=document_id, rank=rank, score=falling)


def _ir_measures() -> ModuleType:
    # Imported here: an optional dependency that is slow to import.
    try:
        return import_module("ir_measures")
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "evaluation needs ir-measures, which is not installed",
            hint="install it: pip install 'chaja[evaluate]'",
        ) from error


def _measured(library: ModuleType, judged: Judgements, run: Iterable[RunLine]) -> dict[str, float]:
    scores: dict[str, dict[str, float]] = {}
    for line in run:
        scores.setdefault(line.query_id, {})[line.document_id] = line.score
    measures = {name: getattr(library, of) @ cutoff for name, (of, cutoff) in _MEASURES.items()}
    # A judged query that the run lacks enters this mean as 0.
    means = library.calc_aggregate(measures.values(), judged, scores)
    return {name: float(means[measure]) for name, measure in measures.items()}


def _read_queries(path: Path) -> dict[str, str]:
    texts: dict[str, str] = {}
    for number, line in _lines(path, what="queries"):
        query_id, _, text = (part.strip() for part in line.partition("\t"))
        if not query_id or not text:
            raise _bad_line(path, number, "is not a query: expected an id, a tab and the words")
        if query_id in texts:
            raise _bad_line(path, number, f"repeats the query id {query_id}")
        texts[query_id] = text
    return texts


def _read_qrels(path: Path) -> Judgements:
    judgements: Judgements = {}
    for number, line in _lines(path, what="judgements"):
        query_id, document_id, grade = _judgement(path, number, line)
        grades = judgements.setdefault(query_id, {})
        if grades.setdefault(document_id, grade) != grade:
            raise _bad_line(path, number, f"gives {document_id} a second grade that differs")
    return judgements


def _judgement(path: Path, number: int, line: str) -> tuple[str, str, int]:
    """Return query id, document id and grade; a document id (a path) may contain spaces."""
    head = line.split(maxsplit=2)
    tail = head[-1].rsplit(maxsplit=1)
    if len(head) == 3 and len(tail) == 2:
        with suppress(ValueError):
            return head[0], tail[0], int(tail[1])
    expected = "expected a query id, 0, a document id and a grade, a whole number"
    raise _bad_line(path, number, f"is not a judgement: {expected}")


def _bad_line(path: Path, number: int, reason: str) -> EvaluationError:
    message = f"{path}, line {number}, {reason}"
    return EvaluationError(message, hint="Correct the line, or delete it.")


def _lines(path: Path, *, what: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, with their numbers from 1."""
    number = 0
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise EvaluationError(
                f"{path} is longer than {MOST_BYTES:,} bytes", hint=f"Give a file of {what}."
            )
        for number, raw in enumerate(BytesIO(data), start=1):
            # Decoded line by line, so that an error can name its line.
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
            if line.strip():
                yield number, line
    except OSError as error:
        raise EvaluationError(
            f"{path} cannot be read: {error.strerror}", hint=f"Give the path of a file of {what}."
        ) from error
    except UnicodeDecodeError as error:
        raise EvaluationError(
            f"{path}, line {number}, is not UTF-8", hint="Save the file as UTF-8."
        ) from error
