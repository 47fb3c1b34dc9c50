"""The arguments of a search that choose its hits: filters, order, and what is counted beside."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, TypedDict

from corpus.errors import QueryError
from corpus.language import LANGUAGES

from .query.tree import FILE_MODIFIED, FILE_TYPE, Filter, Group, Query, date_range

SCORE, DATE, MODIFIED, PATH = "score", "date", "modified", "path"
SORTS = (SCORE, DATE, MODIFIED, PATH)
FACETS = ("language", "folder", "filetype", "year", "month", "modified_year", "modified_month")
_A_DATE = "2024, 2024-11, 2024-11-14, or a range such as 2024..2025"


class FilterArguments(TypedDict, total=False):
    """The arguments of a search that `filters_of` takes."""

    language: str
    date: str
    modified: str
    path: str
    filetype: str


class Selection(NamedTuple):
    """Which of the passages that match are hits, in which order, and which facets to count."""

    limit: int
    offset: int = 0
    per_document: int | None = None
    fold_copies: bool = True
    sort: str = SCORE
    facets: Sequence[str] = ()
    filters: tuple[Filter, ...] = ()
    excluded: Collection[int] = ()

    @property
    def uses_modified(self) -> bool:
        """Whether it depends on the times of files."""
        fields = (each.field for each in self.filters)
        return FILE_MODIFIED in fields or any(
            name.startswith(MODIFIED) for name in (self.sort, *self.facets)
        )

    def check(self) -> None:
        """Raise ValueError for a negative number, QueryError for an unknown order or facet."""
        if min(self.limit, self.offset) < 0:
            numbers = f"{self.limit}, {self.offset}"
            raise ValueError(f"limit and offset must not be negative: {numbers}")
        _check("sort", "order", (self.sort,), SORTS)
        _check("facets", "facet", self.facets, FACETS)

    def filtered(self, query: Query) -> Query:
        """Return a query that the filters apply to as a whole; an empty one stays empty."""
        root = query.root
        if not self.filters or root == Group():
            return query
        return Query(Group((*root.must, *self.filters), root.may, root.never), query.notes)


def filters_of(
    *, language: str = "", date: str = "", modified: str = "", path: str = "", filetype: str = ""
) -> tuple[Filter, ...]:
    """Return the filters of those arguments that are not empty; raises QueryError."""
    if language:
        _check("language", "language", (language,), LANGUAGES)
    for name, value in (("date", date), ("modified", modified)):
        if value and date_range(value) is None:
            raise QueryError(f"{value}: no such date", hint=f"{name} is {_A_DATE}.")
    values = {
        "lang": language,
        "date": date,
        FILE_MODIFIED: modified,
        "path": path,
    }
    filters = [Filter(field, value) for field, value in values.items() if value]
    if filetype:  # a dot alone is for files without an ending
        filters.append(Filter(FILE_TYPE, filetype.lower().lstrip("*.")))
    return tuple(filters)


def _check(argument: str, noun: str, values: Iterable[str], known: Collection[str]) -> None:
    """Raise QueryError for the first of the values of an argument that is not a known one."""
    for value in values:
        if value not in known:
            hint = f"{argument} is one of {', '.join(known)}."
            raise QueryError(f"{value}: no such {noun}", hint=hint)
