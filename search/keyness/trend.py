"""How often queries match in each year, or by another value of documents."""

from __future__ import annotations

from collections.abc import Sequence

from index.value import NamedTuple, replace, value

from ..engine import Retrieval


class PeriodCount(NamedTuple):
    """The numbers of passages and of documents in a period, "" for documents without a date.

    A period is a year or month in ISO 8601, or another value by which is counted.
    """

    period: str
    passages: int
    documents: int


@value(kw_only=True)
class Course:
    """The counts of what a query matches, in the periods of its trend."""

    query: str
    counts: tuple[PeriodCount, ...]


@value(kw_only=True)
class Trend:
    """The courses of some queries; `whole` counts all that the filters let through, matched or not.

    Years and months are in order, other values by number of passages, most first; what has none
    comes last. Each course has the periods of `whole`. `by` is the name of a facet, `notes` are
    sentences for the writer of the queries.
    """

    by: str
    whole: tuple[PeriodCount, ...]
    courses: tuple[Course, ...]
    notes: tuple[str, ...] = ()

    def with_notes(self, *notes: str) -> Trend:
        """Return the same with other notes before its own."""
        return replace(self, notes=(*notes, *self.notes))


def trend_of(whole: Retrieval, matched: Sequence[tuple[str, Retrieval]], *, by: str) -> Trend:
    """Return the trend of queries by a facet; all that they match is in the `whole`."""
    every = _counts(whole, by)
    every.sort(key=lambda count: not count.period)
    courses = (
        Course(query=query, counts=_among(_counts(retrieval, by), every))
        for query, retrieval in matched
    )
    return Trend(by=by, whole=tuple(every), courses=tuple(courses))


def _counts(retrieval: Retrieval, by: str) -> list[PeriodCount]:
    by_document = dict(retrieval.facets([by], of_documents=True)[by])
    return [
        PeriodCount(period, count, by_document[period])
        for period, count in retrieval.facets([by])[by]
    ]


def _among(counts: Sequence[PeriodCount], every: Sequence[PeriodCount]) -> tuple[PeriodCount, ...]:
    """Return counts by the periods of `every`: a folder below one of these counts as that."""
    sums = {count.period: (0, 0) for count in every}
    for period, passages, documents in counts:
        known = period
        while known not in sums:
            known = known.rpartition("/")[0]
        before = sums[known]
        sums[known] = before[0] + passages, before[1] + documents
    return tuple(PeriodCount(period, *count) for period, count in sums.items())
