"""Brings the bridge up to date with a build: what people gave, and what the documents teach.

Learning from texts in both languages reads them again, so it is done anew only when enough of them
have changed; comparing the sounds of names, when the index has grown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import TypeAlias

from ..analysis.analyzer import Analyzer
from ..analysis.normal import normal_form
from ..catalogue import CataloguedFile
from ..fields import Field
from ..snapshot import Snapshot
from .entry import Entry, Source
from .evidence import Evidence, Kind, start_of
from .lookup import heavier
from .names import pairs_by_sound
from .pair_texts import both_texts, pair_texts
from .pairs import parallel_paths
from .parallel import learn
from .personal_names import pairs_of_names
from .table import WEIGHT_DIGITS, Content

# This share of the files, or documents, in both languages must have changed before all are learned
# from again.
_CHANGED = 0.02
# The index must have grown by this much before the sounds of its words are compared again.
_GROWN = 1.1
# Documents in both languages that are learned from: each build looks for them anew, at 80 us each.
_MOST_IN_BOTH = 5_000
_BOTH = start_of(Kind.BOTH)
# What is believed of them at least: a title and an abstract are little text, and what is met once
# does more harm than good.
_LEAST_IN_BOTH = 0.35
# What a gloss weighs that one document has, or two, or more.
_GLOSS_WEIGHTS = (0.6, 0.8, 0.9)
# The power that lifts what was learned: what is met seldom is weighed with much caution.
_LIFTED = 0.7
# Shorter words have too few sounds to tell one from another.
_SHORTEST_KOREAN, _SHORTEST_ENGLISH = 2, 4

_DOUBT = (
    "the {} pairs of parallel files do not look like translations of each other: "
    "almost nothing was learned from them"
)

Pairs: TypeAlias = Sequence[tuple[str, str]]
Told: TypeAlias = Sequence[tuple[Evidence, int]]


@dataclass(frozen=True, slots=True)
class Given:
    """What the user says: entries, and which files are translations of each other."""

    entries: tuple[Entry, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


class Upkeep:
    """One bringing up to date, of an index that `snapshot` shows as it will be committed.

    `files` are those it was built from; `notes` is what the user should be told.
    """

    def __init__(
        self, snapshot: Snapshot, analyzer: Analyzer, files: Mapping[str, CataloguedFile]
    ) -> None:
        self._snapshot = snapshot
        self._analyzer = analyzer
        self._files = files
        self.notes: list[str] = []

    def content(self, before: Content, given: Given) -> Content:
        """Return what the bridge is now; `before` is what it was."""
        declared = tuple(sorted({*before.declared, *given.pairs}))
        told = self._told()
        self._note_missing(given.pairs)
        learned, of_texts = self._of_texts(before, self._pairs(told, declared), self._in_both())
        compared, of_names = self._of_names(before, told)
        entries = [
            *_of_user(before, given),
            *of_texts,
            *_of_glosses(told),
            *of_names,
        ]
        return Content(each_once(entries), declared, learned, compared)

    def _told(self) -> Told:
        """Return what the documents tell of the other language, and how many of them do."""
        snapshot = self._snapshot
        return [
            (Evidence.of_term(term.decode()), holding)
            for term in snapshot.terms(Field.BRIDGE)
            if not term.startswith(_BOTH) and (holding := snapshot.holding(Field.BRIDGE, term))
        ]

    def _in_both(self) -> list[Evidence]:
        """Return what tells of documents in both languages: of very many, always the same."""
        snapshot = self._snapshot
        terms = sorted(snapshot.terms(Field.BRIDGE, _BOTH))  # by digest, as good as by chance
        alive = (term for term in terms if snapshot.holding(Field.BRIDGE, term))
        return [Evidence.of_term(term.decode()) for term in islice(alive, _MOST_IN_BOTH)]

    def _pairs(self, told: Told, declared: Pairs) -> Pairs:
        """Return the files that are translations of each other, each pair once, as it was told."""
        named = parallel_paths(self._files)
        linked = [(item.first, item.second) for item, _ in told if item.kind is Kind.TWIN]
        pairs = [pair for pair in (*named, *linked, *declared) if set(pair) <= self._files.keys()]
        once: dict[frozenset[str], tuple[str, str]] = {}
        for pair in pairs:
            once.setdefault(frozenset(pair), pair)
        return list(once.values())

    def _note_missing(self, given: Pairs) -> None:
        missing = [path for pair in given for path in pair if path not in self._files]
        if missing:
            more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
            self.notes.append(f"--pairs lists files that are not in the index: {missing[0]}{more}")

    def _of_texts(
        self, before: Content, pairs: Pairs, both: Sequence[Evidence]
    ) -> tuple[tuple[int, ...], list[Entry]]:
        """Return the marks of the texts learned from, and what they taught.

        Documents that are in both languages by themselves are put to their own test: most files
        that only look so would spoil that of files which are translations.
        """
        marks = [self._mark(pair) << 1 for pair in pairs]
        own_marks = [int(told.first, 16) << 1 | 1 for told in both]
        known = [mark for mark in before.learned if not mark & 1]
        own_known = [mark for mark in before.learned if mark & 1]
        if not _differ(known, marks) and not _differ(own_known, own_marks):
            return before.learned, _of(before, Source.PARALLEL)
        return tuple(sorted(marks + own_marks)), [
            entry._replace(weight=entry.weight**_LIFTED)
            for entry in (*self._of_pairs(pairs), *self._of_both(both))
        ]

    def _of_pairs(self, pairs: Pairs) -> tuple[Entry, ...]:
        if not pairs:
            return ()
        learned = learn(pair_texts(self._snapshot, pairs), self._analyzer)
        if learned.doubtful:
            self.notes.append(_DOUBT.format(len(pairs)))
        return learned.entries

    def _of_both(self, both: Sequence[Evidence]) -> tuple[Entry, ...]:
        if not both:
            return ()
        texts = both_texts(self._snapshot, both)
        learned = learn(texts, self._analyzer, least_weight=_LEAST_IN_BOTH)
        # Nobody said that these are translations: in doubt, they are not.
        return () if learned.doubtful else learned.entries

    def _mark(self, pair: tuple[str, str]) -> int:
        """Return a number of 56 bits that changes with the names and the contents of two files."""
        names = "\0".join(
            f"{path}\0{self._files[path].fingerprint.digest}" for path in sorted(pair)
        )
        return int.from_bytes(blake2b(names.encode(errors="surrogatepass"), digest_size=7).digest())

    def _of_names(self, before: Content, told: Told) -> tuple[int, list[Entry]]:
        """Return of how many passages the sounds were compared, and what sounds alike."""
        now = self._snapshot.passages
        if before.compared / _GROWN <= now <= before.compared * _GROWN:
            return before.compared, _of(before, Source.NAME)
        korean, english = [], []
        for key in self._snapshot.terms(Field.BODY):
            term = key.decode()
            if "가" <= term[0] <= "힣":
                if len(term) >= _SHORTEST_KOREAN:
                    korean.append(term)
            elif len(term) >= _SHORTEST_ENGLISH and term.isascii() and term.isalpha():
                english.append(term)
        names = [item.first for item, _ in told if item.kind is Kind.NAME]
        return now, [*pairs_of_names(korean, names), *pairs_by_sound(korean, english)]


def _differ(known: Sequence[int], marks: Sequence[int]) -> bool:
    """Tell whether more than a few of the texts learned from have come, gone or changed."""
    return len(set(known).symmetric_difference(marks)) > _CHANGED * len(known)


def _of_user(before: Content, given: Given) -> list[Entry]:
    """Return the user's entries, those given now before what was said earlier."""
    return [*given.entries, *_of(before, Source.USER)]


def _of(content: Content, source: Source) -> list[Entry]:
    return [entry for entry in content.entries if entry.source is source]


def _of_glosses(told: Told) -> Iterator[Entry]:
    """Yield what glosses say; what letters stand for is what their gloss stands for, too."""
    expansions: dict[str, list[str]] = {}
    for evidence, _ in told:
        if evidence.kind is Kind.ACRONYM:
            expansions.setdefault(evidence.first, []).append(evidence.second)
    for (korean, written), holding in _glosses(told).items():
        weight = _GLOSS_WEIGHTS[min(holding, len(_GLOSS_WEIGHTS)) - 1]
        for english in (written, *expansions.get(written, ())):
            yield Entry(korean, english, weight, Source.GLOSS)


def _glosses(told: Told) -> dict[tuple[str, str], int]:
    """Return the glosses, as most documents write them, and how many have each in some form."""
    forms: dict[tuple[str, str], dict[tuple[str, str], int]] = {}
    for evidence, holding in told:
        if evidence.kind is Kind.GLOSS:
            pair = evidence.first, evidence.second
            forms.setdefault((normal_form(pair[0]), normal_form(pair[1])), {})[pair] = holding
    return {
        max(some, key=lambda pair: (some[pair], pair)): sum(some.values())
        for some in forms.values()
    }


def each_once(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the first entry of each pair of words, as heavy as the heaviest, as a table has them.

    One that the user gave weighs what the user says.
    """
    found: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        words = (entry.korean, entry.english)
        found[words] = heavier(found[words], entry) if words in found else entry
    return tuple(_rounded(found[words]) for words in sorted(found))


def _rounded(entry: Entry) -> Entry:
    weight = round(entry.weight, WEIGHT_DIGITS)
    return entry if weight == entry.weight else entry._replace(weight=weight)
