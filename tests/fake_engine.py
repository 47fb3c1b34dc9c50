"""A fake engine that finds the same hits for any query, to test the command line with."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace

from golden_hits import HITS

from corpus.document import Problem
from corpus.errors import QueryError
from search.results import FacetCount, Hit, Results, Total

CALLS: list[tuple[str, dict[str, object]]] = []
PROBLEMS = (Problem(path="a.csv", reason="not a row", line=4),)

# The exceptions that calls raise, by name; set by tests.
FAILURES: dict[str, BaseException] = {}


class Searcher(AbstractContextManager["Searcher"]):
    notes = ()
    built = "2024-03-02T10:11:12"

    @classmethod
    def open(cls, directory: object, **options: object) -> Searcher:
        _record("open", directory=directory, **options)
        return cls()

    def __exit__(self, *_: object) -> None:
        _record("close")

    def has_file(self, path: str) -> bool:
        return False

    def search(self, query: str, *, limit: int, **options: object) -> Results:
        _record("search", query=query, limit=limit, **options)
        notes = ("there is no field colour",) if "colour:" in query else ()
        return _results(_hits(query, limit), notes)

    def phrase(self, words: str, *, limit: int, **options: object) -> Results:
        _record("phrase", query=words, limit=limit, **options)
        return _results(_hits(words, limit))

    def rank_documents(
        self, text: str, *, limit: int = 1000, **options: object
    ) -> list[tuple[str, float]]:
        _record("rank_documents", text=text, limit=limit, **options)
        return [(hit.document, hit.score) for hit in _hits(text, limit)]

    def explain(self, query: str, *, limit: int = 3, **options: object) -> SimpleNamespace:
        _record("explain", query=query, limit=limit, **options)
        word = SimpleNamespace(word=query, terms=("말",), source="kiwi", field="", documents=2)
        scores = tuple(SimpleNamespace(hit=hit, parts={"bm25": 1.0}) for hit in HITS[:limit])
        return SimpleNamespace(
            query=query,
            reading=query,
            words=(word,),
            hits=scores,
            notes=("a note",),
            bridged=HITS[1].bridged,
            read_as=(),
        )

    def passages(self, path: str, *, line: int | None = None, around: int = 1) -> list[Hit]:
        _record("passages", path=path, line=line, around=around)
        _check(path)
        return [HITS[0]]

    def similar(self, path: str, *, line: int | None, limit: int, **options: object) -> Results:
        _record("similar", path=path, line=line, limit=limit, **options)
        _check(path)
        return _results(HITS[1 : 1 + limit])

    def complete(self, prefix: str, *, limit: int = 10) -> list[SimpleNamespace]:
        _record("complete", prefix=prefix, limit=limit)
        return [SimpleNamespace(term=f"{prefix}자", passages=2)]

    def info(self) -> SimpleNamespace:
        _record("info")
        return SimpleNamespace(
            directory="/data/.chaja",
            format=1,
            documents=2,
            passages=3,
            files=2,
            terms=4,
            words=5,
            bytes=6,
            languages={"ko": 2},
            bridge={"user": 3, "gloss": 1},
            fields={"author": 2},
            analyzer="fake",
            built="2024-03-02T10:11:12",
            sources=("news",),
        )


def build(
    directory: Path, roots: object, *, progress: object, **options: object
) -> SimpleNamespace:
    _record("build", directory=directory, roots=roots, **options)
    return SimpleNamespace(
        added=1,
        updated=0,
        removed=0,
        unchanged=0,
        documents=1,
        passages=3,
        problems=PROBLEMS,
        other_files={},
        seconds=0.5,
        kiwi_seconds=0.1,
        new_words=2,
        unreadable=0,
        postponed=0,
        states={},
        notes=("these files are no translations",) if options["pairs"] else (),
        learning=(0, 0),
    )


def install(modules: MutableMapping[str, ModuleType]) -> None:
    """Install the fakes as the modules that the command line imports."""
    for name, value in (("search.searcher", Searcher), ("index.builder.build", build)):
        module = ModuleType(name)
        setattr(module, value.__name__, value)
        modules[name] = module


def index_in(folder: Path) -> Path:
    """Create a directory that looks like an index."""
    directory = folder / ".chaja"
    directory.mkdir()
    (directory / "current").write_text("index-1\n", encoding="utf-8")
    return directory


def called(name: str) -> dict[str, object]:
    """Return the arguments of the last call of a method."""
    return next(options for call, options in reversed(CALLS) if call == name)


def _record(name: str, **options: object) -> None:
    CALLS.append((name, options))
    if name in FAILURES:
        raise FAILURES[name]


def _check(path: str) -> None:
    if path != HITS[0].path:
        raise QueryError(f"{path} is not in the index", hint=f"did you mean {HITS[0].path}?")


def _results(hits: Sequence[Hit], notes: tuple[str, ...] = ()) -> Results:
    total = Total(len(hits) + 100 * (hits != []), len(hits))
    return Results(tuple(hits), notes, total=total, facets={"language": (FacetCount("ko", 9),)})


def _hits(query: str, limit: int) -> Sequence[Hit]:
    if query == "nothing":
        return []
    if not limit:
        return ()
    if limit > 1000:
        return [replace(HITS[0], rank=rank) for rank in range(1, limit + 1)]
    return list(HITS)[:limit]
