"""Makes a concordance: reads the passages that match, and puts their matches in order.

A passage takes a tenth of a millisecond or two, so that as few are read as the lines need, and at
most MOST_READ to sort their lines by the words around.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from corpus.errors import QueryError
from corpus.page_labels import label_of
from index.analysis.analyzer import Analyzer
from index.arrays.array_types import Int64s
from index.arrays.ragged import among
from index.schema import LABELS
from index.snapshot import Snapshot
from index.value import NamedTuple

from ..fetch import file_path, line_at, unit_of
from ..highlight import HighlightQuery, highlight
from ..matched import Matched, sample
from ..pipeline import QueryPipeline
from ..results import Match
from ..selection import DATE, PATH, SCORE
from ..sorting import in_order
from .context import KEYS, PassageTexts
from .lines import Concordance, ConcordanceLine

POSITION = "position"
SORTS = (POSITION, *KEYS, SCORE, DATE)
MOST_WIDTH = 1_000  # characters of each side: a context is put together from passages
MOST_READ = 2_000  # passages, for an order by the words around a match
_AT_ONCE = 64  # passages whose words are looked up together


class Page(NamedTuple):
    """Which lines of a concordance to return; `width` is in characters of each side."""

    width: int
    sort: str
    limit: int
    offset: int

    def check(self) -> None:
        """Raise ValueError for a negative number, QueryError for a great width or unknown order."""
        numbers = (self.width, self.limit, self.offset)
        if min(numbers) < 0:
            values = ", ".join(map(str, numbers))
            raise ValueError(f"width, limit and offset must not be negative: {values}")
        if self.width > MOST_WIDTH:
            raise QueryError(f"{self.width:,}: the width is at most {MOST_WIDTH:,}")
        if self.sort not in SORTS:
            hint = f"sort is one of {', '.join(SORTS)}."
            raise QueryError(f"{self.sort}: no such order of lines", hint=hint)

    @property
    def end(self) -> int:
        """The number of lines up to the last one returned."""
        return self.offset + self.limit


class Span(NamedTuple):
    """The characters `start` to `end` of a passage, and the matches in them."""

    passage: int
    start: int
    end: int
    matches: tuple[Match, ...]


def ordered_passages(
    snapshot: Snapshot, pipeline: QueryPipeline, matched: Matched, page: Page
) -> Int64s:
    """Return the passages of a query in the order of a page, by position if words decide it.

    Those by score are no more than the lines of the page may need: more are ranked where copies,
    which are not among the matched ones, leave too few.
    """
    if page.sort == SCORE:
        ordered = matched.passages[:0]
        for ranking in pipeline.rankings(matched.query, matched.terms, depth=page.end + 1):
            ordered = ranking.passages[among(ranking.passages, matched.passages)]
            if len(ordered) > page.end:
                break
        return ordered
    return in_order(snapshot, matched.passages, DATE if page.sort == DATE else PATH)


class ConcordanceMaker:
    """Makes the concordance of what a query highlights."""

    def __init__(self, snapshot: Snapshot, analyzer: Analyzer, query: HighlightQuery) -> None:
        self._snapshot = snapshot
        self._analyzer = analyzer
        self._query = query
        self._texts = PassageTexts(snapshot)

    def concordance(self, ordered: Int64s, page: Page, *, passages: int) -> Concordance:
        """Return a page of the lines of passages in their order, of all `passages` that match."""
        notes: tuple[str, ...] = ()
        if page.sort in KEYS:
            read = sample(ordered, MOST_READ)
            found = self._sorted(self._spans(read), page)
            total, exact = len(found), len(read) == len(ordered)
            notes = () if exact else (_sampled(len(read), passages),)
        else:
            found = list(islice(self._spans(ordered), page.end + 1))
            # By score, no more passages are ranked than the page may need.
            exact = len(found) <= page.end and len(ordered) == passages
            total = min(len(found), page.end)
        lines = tuple(self._line(span, page.width) for span in found[page.offset : page.end])
        return Concordance(lines, total, exact, passages, notes)

    def _spans(self, passages: Int64s) -> Iterator[Span]:
        """Yield what matches in passages; syllable bigrams where no passage has a term."""
        without = self._query._replace(bigrams={})
        spans = self._spans_of(passages, without)
        first = next(spans, None)
        if first is None:
            yield from self._spans_of(passages, self._query) if self._query.bigrams else ()
            return
        yield first
        yield from spans

    def _spans_of(self, passages: Int64s, query: HighlightQuery) -> Iterator[Span]:
        for start in range(0, len(passages), _AT_ONCE):
            own = passages[start : start + _AT_ONCE].tolist()
            texts = [self._texts[passage] for passage in own]
            found = highlight(self._analyzer, texts, query)
            for passage, text, matches in zip(own, texts, found, strict=True):
                yield from spans_of(passage, text, matches, only_phrases=self._query.only_phrases)

    def _sorted(self, spans: Iterable[Span], page: Page) -> list[Span]:
        """Return spans in the order of their neighbours, ties in the order given."""
        key = KEYS[page.sort]
        return sorted(
            spans,
            key=lambda span: key(self._texts.around(span.passage, span.start, span.end, width=0)),
        )

    def _line(self, span: Span, width: int) -> ConcordanceLine:
        passage = self._snapshot.stored(span.passage)
        document = self._snapshot.stored_document(span.passage)
        context = self._texts.around(span.passage, span.start, span.end, width=width).cut(width)
        line, begin = line_at(passage, span.start), int(passage["start"])
        first = int(self._snapshot.firsts[self._snapshot.doc_values.document[span.passage]])
        return ConcordanceLine(
            left=context.left,
            match=context.match,
            right=context.right,
            document=str(document["id"]),
            path=file_path(document),
            title=str(document["title"]),
            language=str(document["language"]),
            date=str(document["date"]),
            line=line,
            unit=unit_of(document),
            label=label_of(document.get(LABELS, ()), line),
            start=begin + span.start,
            end=begin + span.end,
            ordinal=span.passage - first,
            words=tuple(dict.fromkeys(match.word for match in span.matches)),
            crossed=any(match.crossed for match in span.matches),
        )


def spans_of(
    passage: int, text: str, matches: Sequence[Match], *, only_phrases: bool = False
) -> list[Span]:
    """Return matches as spans, in order: an occurrence of a phrase is one, and so is a word.

    Without `only_phrases`, words outside of occurrences are spans too.
    """
    groups: list[list[Match]] = []
    for match in matches:
        if only_phrases and match.occurrence is None:
            continue
        if groups and _continues(groups[-1][-1], match):
            groups[-1].append(match)
        else:
            groups.append([match])
    return [Span(passage, own[0].start, own[-1].end, tuple(own)) for own in groups]


def _continues(before: Match, match: Match) -> bool:
    """Return whether a match is in the occurrence of the one before, or in the same word."""
    if before.occurrence is None and match.occurrence is None:
        return before.end == match.start
    return before.occurrence == match.occurrence


def _sampled(read: int, passages: int) -> str:
    part = f"{read:,} of the {passages:,} passages that match"
    return f"the lines are of {part}, spread evenly over them"
