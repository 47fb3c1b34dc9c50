"""Makes a concordance: reads the passages that match, and puts their matches in order.

A passage takes a tenth of a millisecond or two, so that as few are read as the lines need, and at
most MOST_READ to sort their lines by the words around. They are read many at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from corpus.errors import QueryError
from corpus.page_labels import label_of
from index.analysis.analyzer import Analyzer
from index.arrays.array_types import Int64s
from index.arrays.ragged import among
from index.schema import LABELS
from index.value import NamedTuple

from ..engine import Engine, Retrieval, StoredPassage
from ..fetch import file_path, line_at, unit_of
from ..highlight import HighlightQuery, highlight
from ..matched import Matched, fetched, sample
from ..pipeline import QueryPipeline
from ..results import Match
from ..selection import DATE, PATH, SCORE
from .context import KEYS, Context, PassageTexts, Span
from .lines import Concordance, ConcordanceLine

POSITION = "position"
SORTS = (POSITION, *KEYS, SCORE, DATE)
MOST_WIDTH = 1_000  # characters of each side: a context is put together from passages
MOST_READ = 2_000  # passages, for an order by the words around a match
_AT_ONCE, _MOST_AT_ONCE = 64, 512  # passages whose words are looked up together
_SPANS_AT_ONCE = 1_000  # whose neighbours are read together
# Where copies leave too few passages in order, so many times as many are asked for.
_DEEPER = 8


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


class Ordered(NamedTuple):
    """Passages in the order of a page, in parts; `complete` tells that they are all that match."""

    parts: Iterable[Int64s]
    complete: bool


class _InOrder:
    """The passages of a result in order; no more are asked for than those that are read need."""

    def __init__(self, retrieval: Retrieval, kept: Int64s, sort: str, most: int) -> None:
        self._retrieval = retrieval
        self._kept = kept
        self._sort = sort
        self._most = most

    def __iter__(self) -> Iterator[Int64s]:
        """Yield them in parts, the first one of about `most`, without those that are not kept."""
        most, seen, left = self._most, 0, len(self._kept)
        while left:
            found = self._retrieval.in_order(self._sort, most)
            more = found[seen:]
            part = more[among(more, self._kept)]
            yield part
            left -= len(part)
            seen, most = len(found), _DEEPER * most


def ordered_passages(pipeline: QueryPipeline, matched: Matched, page: Page) -> Ordered:
    """Return the passages of a query in the order of a page that no words decide.

    Those by score are no more than the lines of the page may need: more are ranked where copies,
    which are not among the matched ones, leave too few.
    """
    if page.sort == SCORE:
        ordered = matched.passages[:0]
        for ranking in pipeline.rankings(matched.query, matched.terms, depth=page.end + 1):
            ordered = ranking.passages[among(ranking.passages, matched.passages)]
            if len(ordered) > page.end:
                break
        return Ordered([ordered], len(ordered) == len(matched.passages))
    sort = DATE if page.sort == DATE else PATH
    most = max(page.end + 1, _AT_ONCE)
    return Ordered(_InOrder(matched.retrieval, matched.passages, sort, most), complete=True)


class ConcordanceMaker:
    """Makes the concordance of the passages that a query matches."""

    def __init__(
        self, engine: Engine, analyzer: Analyzer, pipeline: QueryPipeline, matched: Matched
    ) -> None:
        self._analyzer = analyzer
        self._pipeline = pipeline
        self._matched = matched
        self._query = pipeline.highlight_query(matched.query, matched.terms)
        self._engine = engine
        self._texts = PassageTexts(engine)

    def concordance(self, page: Page) -> Concordance:
        """Return a page of the lines of the passages."""
        return self._by_words(page) if page.sort in KEYS else self._by_passages(page)

    def _by_passages(self, page: Page) -> Concordance:
        ordered = ordered_passages(self._pipeline, self._matched, page)
        at_once = min(max(page.end // 4, _AT_ONCE), _MOST_AT_ONCE)
        found = list(islice(self._spans(ordered.parts, at_once), page.end + 1))
        exact = len(found) <= page.end and ordered.complete
        lines = self._lines(found[page.offset : page.end], page.width)
        total = min(len(found), page.end)
        return Concordance(lines, total, exact, len(self._matched.passages))

    def _by_words(self, page: Page) -> Concordance:
        passages = self._matched.passages
        read = sample(passages, MOST_READ)
        found = self._sorted(self._spans([read], _MOST_AT_ONCE), page)
        lines = self._lines(found[page.offset : page.end], page.width)
        exact = len(read) == len(passages)
        notes = () if exact else (_sampled(len(read), len(passages)),)
        return Concordance(lines, len(found), exact, len(passages), notes)

    def _spans(self, parts: Iterable[Int64s], at_once: int) -> Iterator[Span]:
        """Yield what matches in passages; syllable bigrams where no passage has a term."""
        without = self._query._replace(bigrams={})
        spans = self._spans_of(parts, without, at_once)
        first = next(spans, None)
        if first is None:
            yield from self._spans_of(parts, self._query, at_once) if self._query.bigrams else ()
            return
        yield first
        yield from spans

    def _spans_of(
        self, parts: Iterable[Int64s], query: HighlightQuery, at_once: int
    ) -> Iterator[Span]:
        for passages in parts:
            for start in range(0, len(passages), at_once):
                own = passages[start : start + at_once].tolist()
                texts = self._texts.of(own)
                found = highlight(self._analyzer, texts, query)
                for passage, text, matches in zip(own, texts, found, strict=True):
                    yield from spans_of(passage, text, matches, only_phrases=query.only_phrases)

    def _sorted(self, spans: Iterable[Span], page: Page) -> list[Span]:
        """Return spans, which ascend, in the order of their neighbours, ties in that of paths."""
        own: list[Span] = []
        keys: list[tuple[str, ...]] = []
        rest = iter(spans)
        # Neighbours are read soon after the passages, from blocks that are still unpacked.
        while part := list(islice(rest, _SPANS_AT_ONCE)):
            own += part
            keys += map(KEYS[page.sort], self._texts.contexts(part, width=0))
        times = Counter(keys)
        tied = {span.passage for span, key in zip(own, keys, strict=True) if times[key] > 1}
        paths = {
            passage: str(stored.of_document["path"]).encode()
            for passage, stored in self._stored(tied).items()
        }
        order = [(key, paths.get(span.passage, b"")) for span, key in zip(own, keys, strict=True)]
        return [own[row] for row in sorted(range(len(own)), key=order.__getitem__)]

    def _stored(self, passages: Iterable[int]) -> dict[int, StoredPassage]:
        wanted = sorted(set(passages))
        return dict(zip(wanted, fetched(self._engine, wanted), strict=True))

    def _lines(self, spans: Sequence[Span], width: int) -> tuple[ConcordanceLine, ...]:
        stored = self._stored(span.passage for span in spans)
        contexts = self._texts.contexts(spans, width=width)
        return tuple(
            _line(span, context.cut(width), stored[span.passage])
            for span, context in zip(spans, contexts, strict=True)
        )


def _line(span: Span, context: Context, stored: StoredPassage) -> ConcordanceLine:
    passage, document = stored.passage, stored.of_document
    line, begin = line_at(passage, span.start), int(passage["start"])
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
        ordinal=stored.ordinal,
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
