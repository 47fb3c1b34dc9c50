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

from corpus.document import ENGLISH, LANGUAGES

from ..analysis.analyzer import Analyzer
from ..analysis.normalize import normal_form
from ..arrays.files import parsing
from ..arrays.term_dictionary import text_of
from ..bridge.entry import Entry, Source, each_once
from ..bridge.evidence.bitext import bitext
from ..bridge.evidence.extract import Evidence, Kind, start_of
from ..bridge.learning.learn import learn
from ..bridge.learning.parallel_files import parallel_paths
from ..bridge.sound.korean_names import pairs_of_names
from ..bridge.sound.names import pairs_by_sound
from ..bridge.table import Content
from ..directory.catalogue import CataloguedFile
from ..schema import Field
from ..snapshot import Snapshot

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
class UserTranslations:
    """What the user says: entries, and which files are translations of each other."""

    entries: tuple[Entry, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


class BridgeUpdater:
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

    def content(self, before: Content, given: UserTranslations) -> Content:
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
            (_evidence_in(term), holding)
            for term in snapshot.terms(Field.BRIDGE)
            if not term.startswith(_BOTH)
            and (holding := snapshot.passage_frequency(Field.BRIDGE, term))
        ]

    def _in_both(self) -> list[Evidence]:
        """Return what tells of documents in both languages: of very many, always the same."""
        snapshot = self._snapshot
        terms = sorted(snapshot.terms(Field.BRIDGE, _BOTH))  # by digest, as good as by chance
        alive = (term for term in terms if snapshot.passage_frequency(Field.BRIDGE, term))
        return [_evidence_in(term) for term in islice(alive, _MOST_IN_BOTH)]

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
            term = text_of(key)
            if "가" <= term[:1] <= "힣":
                if len(term) >= _SHORTEST_KOREAN:
                    korean.append(term)
            elif len(term) >= _SHORTEST_ENGLISH and term.isascii() and term.isalpha():
                english.append(term)
        names = [item.first for item, _ in told if item.kind is Kind.NAME]
        return now, [*pairs_of_names(korean, names), *pairs_by_sound(korean, english)]


def _differ(known: Sequence[int], marks: Sequence[int]) -> bool:
    """Tell whether more than a few of the texts learned from have come, gone or changed."""
    return len(set(known).symmetric_difference(marks)) > _CHANGED * len(known)


def _of_user(before: Content, given: UserTranslations) -> list[Entry]:
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


def _evidence_in(term: bytes) -> Evidence:
    with parsing(Field.BRIDGE.value):
        return Evidence.of_term(term.decode())


def pair_texts(snapshot: Snapshot, pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the texts of the files of each pair, the Korean one first.

    Where both are in English, as a page left untranslated is, the order is that of the pair.
    """
    for pair in pairs:
        first, second = (_holding(snapshot, Field.PATH, path) for path in pair)
        english = [_language(snapshot, passages) == ENGLISH for passages in (first, second)]
        if english == [True, False]:
            first, second = second, first
        yield _text(snapshot, first), _text(snapshot, second)


def both_texts(snapshot: Snapshot, told: Iterable[Evidence]) -> Iterator[tuple[str, str]]:
    """Yield what documents that are `told` to be in both languages say in Korean and in English."""
    for evidence in told:
        first = _holding(snapshot, Field.BRIDGE, evidence.term())[0]
        document = snapshot.stored_document(first)
        passages = range(first, int(snapshot.firsts[snapshot.measures.document[first] + 1]))
        texts = [str(snapshot.stored(passage)["text"]) for passage in passages]
        if found := bitext(str(document["title"]), texts, document["metadata"]):
            yield found.korean, found.english


def _holding(snapshot: Snapshot, field: Field, term: str) -> list[int]:
    """Return the passages that hold a term of a field without positions, in their order."""
    found = snapshot.posting_list(field, term.encode())
    if found is None:
        return []
    passages = found.passages
    if snapshot.has_deleted:
        passages = passages[snapshot.alive.take(passages)]
    numbers: list[int] = passages.tolist()
    return numbers


def _language(snapshot: Snapshot, passages: list[int]) -> str:
    if not passages:
        return ""
    measures = snapshot.measures
    language = int(measures.language[measures.document[passages[0]]])
    return LANGUAGES[language] if language < len(LANGUAGES) else ""


def _text(snapshot: Snapshot, passages: list[int]) -> str:
    return "\n".join([str(snapshot.stored(passage)["text"]) for passage in passages])
