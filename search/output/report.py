"""Formats the output of `build`, `explain`, `info` and `evaluate` as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from corpus.names import decoded

from .health import has_missing
from .table import table
from .terminal import hanging, printable
from .text import View, cited_location, title_of

if TYPE_CHECKING:
    from corpus.document import Problem
    from index.builder.build_report import BuildReport
    from index.health import States

    from ..evaluation import Evaluation
    from ..inspection import Explanation, HitScore, IndexInfo, WordReading

PROBLEMS_SHOWN = 20
_KINDS_SHOWN = 8
_FIELDS_SHOWN = 20

_LANGUAGES = {"ko": "Korean", "en": "English", "mixed": "mixed", "": "none"}


def build_summary(report: BuildReport, *, width: int) -> Iterator[str]:
    """Yield what a build did and what the index contains now, in lines of `width` columns."""
    for sentence in _build_sentences(report):
        yield from hanging(sentence, width)


def _build_sentences(report: BuildReport) -> Iterator[str]:
    files = report.added + report.updated + report.unchanged
    yield (
        f"{report.added:,} added, {report.updated:,} updated, {report.removed:,} removed, "
        f"{report.unchanged:,} unchanged in {report.seconds:.1f} s"
    )
    counts = [_count(files, "file") + _unread(report)]
    if report.documents != files:
        counts.append(_count(report.documents, "document"))
    counts.append(_count(report.passages, "passage"))
    yield ", ".join(counts)
    yield from _by_kind(report.states)
    yield from _learned(report)
    yield from _passed_over(report)


def _by_kind(states: States) -> Iterator[str]:
    """Yield how many files there are of each format, if of several, and the table does not."""
    counts = {suffix: sum(found.values()) for suffix, found in states.items()}
    if len(counts) > 1 and not has_missing(states):
        # A no-break space, so that a line ends behind a comma.
        kinds = (f"{counts[kind]:,}\xa0{_kind_name(kind)}" for kind in _most_first(counts))
        yield f"files by kind: {', '.join(kinds)}"


def _most_first(counts: Mapping[str, int]) -> Sequence[str]:
    return sorted(counts, key=lambda kind: (-counts[kind], not kind, kind))


def _kind_name(suffix: str) -> str:
    return printable(suffix) or "(no suffix)"


def _unread(report: BuildReport) -> str:
    parts = [f"{report.unreadable:,} could not be read"] if report.unreadable else []
    if report.postponed:
        parts.append(f"the next build tries {report.postponed:,} again")
    return f" ({', '.join(parts)})" if parts else ""


def _learned(report: BuildReport) -> Iterator[str]:
    translations, texts = report.learning
    if translations:
        from_texts = f"from {_count(texts, 'text')} in both languages"
        yield f"learned {_count(translations, 'translation')} {from_texts}"


def _passed_over(report: BuildReport) -> Iterator[str]:
    """Yield how many files of other kinds there are, and the most frequent kinds."""
    counts = report.other_files
    total = sum(counts.values())
    if not total:
        return
    shown = " ".join(map(_kind_name, _most_first(counts)[:_KINDS_SHOWN]))
    rest = len(counts) - _KINDS_SHOWN
    more = f" and {_count(rest, 'other kind')}" if rest > 0 else ""
    files = "1 file of another kind" if total == 1 else f"{total:,} files of other kinds"
    hint = " (--archives looks into .zip)" if ".zip" in counts else ""
    yield f"{files} passed over: {shown}{more}{hint}"


def build_details(report: BuildReport) -> Iterator[str]:
    """Yield the time spent in Kiwi."""
    yield f"{_count(report.new_words, 'new word')}, analyzed in {report.kiwi_seconds:.1f} s"


def problem_lines(problems: Sequence[Problem], view: View, *, all_of_them: bool) -> Iterator[str]:
    """Yield `path:line: reason` for each problem, at most PROBLEMS_SHOWN unless `all_of_them`."""
    shown = problems if all_of_them else problems[:PROBLEMS_SHOWN]
    for problem in shown:
        line = f":{problem.line}" if problem.line else ""
        yield printable(f"{view.shown(problem.path)}{line}: {problem.reason}")
    if len(shown) < len(problems):
        yield f"and {len(problems) - len(shown):,} more (--verbose lists them all)"


def explanation_lines(explanation: Explanation, view: View) -> Iterator[str]:
    """Yield the words of the query, its translations, the scores of the hits, and the notes."""
    yield f"reading  {printable(explanation.reading)}"
    yield ""
    rows = [("word", "terms", "from", "passages"), *map(_word_row, explanation.words)]
    yield from table(rows, right={3})
    if explanation.bridged:
        yield ""
        rows = [(b.asked, "→ " + b.other, f"{b.weight:.2f}", b.source) for b in explanation.bridged]
        yield from table([tuple(map(printable, row)) for row in rows])
    for score in explanation.hits:
        yield ""
        yield from _score_lines(score, view)
    if explanation.notes:
        yield ""
    for note in explanation.notes:
        yield f"note: {printable(note)}"


def _word_row(word: WordReading) -> tuple[str, ...]:
    name = f"{word.field}:{word.word}" if word.field else word.word
    terms = " ".join(word.terms) or "-"
    return tuple(map(printable, (name, terms, word.source, f"{word.documents:,}")))


def _score_lines(score: HitScore, view: View) -> Iterator[str]:
    hit = score.hit
    title = view.palette.paint(title_of(hit), view.palette.title)
    location = view.palette.paint(cited_location(hit, view), view.palette.location)
    yield f"{hit.rank}.  {hit.score:.4f}  {title}  ({location})"
    rows = [(part, f"{value:.4f}") for part, value in score.parts.items()]
    yield from (f"    {line}" for line in table(rows, right={1}))


def info_lines(info: IndexInfo, shown: Callable[[str], str]) -> Iterator[str]:
    """Yield the facts of an index, one per line, aligned; `shown` formats the path of a source."""
    facts = [
        ("index", printable(info.directory)),
        ("built", printable(info.built)),
        ("sources", ", ".join(printable(decoded(shown(source))) for source in info.sources)),
        ("files", f"{info.files:,}"),
        ("documents", f"{info.documents:,}{_languages(info.languages)}"),
        *((name, f"{getattr(info, name):,}") for name in ("passages", "terms", "words")),
        *([("fields", _fields(info.fields))] if info.fields else ()),
        ("bridge", _by_source(info.bridge)),
        ("size", _size(info.bytes)),
        ("format", str(info.format)),
        ("analyzer", printable(info.analyzer)),
    ]
    return table(facts)


def evaluation_lines(evaluation: Evaluation) -> Iterator[str]:
    """Yield each measure with four decimals, then the counts of queries."""
    measures = [(name, f"{value:.4f}") for name, value in evaluation.measures.items()]
    queries = ("queries", f"{evaluation.queries:,}")
    without_hits = ("without hits", f"{evaluation.without_hits:,}")
    return table([*measures, queries, without_hits], right={1})


def _languages(languages: Mapping[str, int]) -> str:
    named = [
        f"{_LANGUAGES.get(language, language)} {number:,}"
        for language, number in sorted(languages.items(), key=lambda item: -item[1])
        if number
    ]
    return f" ({', '.join(named)})" if named else ""


def _fields(counts: Mapping[str, int]) -> str:
    named = [f"{printable(name)} {number:,}" for name, number in counts.items()]
    more = f" and {len(named) - _FIELDS_SHOWN:,} more" if len(named) > _FIELDS_SHOWN else ""
    return ", ".join(named[:_FIELDS_SHOWN]) + more


def _by_source(counts: Mapping[str, int]) -> str:
    named = ", ".join(f"{source} {number:,}" for source, number in counts.items())
    return f"{sum(counts.values()):,}{f' ({named})' if named else ''}"


def _size(size: int) -> str:
    """Return a number of bytes in the largest decimal unit that is not below 1."""
    amount = float(size)
    for unit in ("bytes", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
