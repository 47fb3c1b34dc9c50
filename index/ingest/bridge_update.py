"""Updates the bridge in a build: with user translations, and by learning from the documents.

Learning from texts in both languages reads them again, so it happens only when enough of them have
changed; comparing the sounds of names, when the index has grown.
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
from ..bridge.entry import OF_THE_USER, Entry, Source, deduplicate
from ..bridge.evidence.bitext import bitext
from ..bridge.evidence.extract import Evidence, Kind, term_prefix
from ..bridge.learning.learn import learn
from ..bridge.learning.parallel_files import parallel_paths
from ..bridge.sound.korean_names import pairs_of_names
from ..bridge.sound.names import pairs_by_sound
from ..bridge.table import Content
from ..directory.catalogue import CataloguedFile
from ..schema import Field
from ..snapshot import Snapshot

# The share of the files, or documents, in both languages that must change before all are learned
# from again.
_CHANGED = 0.02
# The factor by which the index must grow before the sounds of its words are compared again.
_GROWN = 1.1
# Documents in both languages to learn from: each build looks them up anew, at 80 us each.
_MOST_IN_BOTH = 5_000
_BOTH = term_prefix(Kind.BITEXT)
# The least weight of what is learned from them: a title and an abstract are little text, and pairs
# that occur once do more harm than good.
_LEAST_IN_BOTH = 0.35
# The weight of a gloss in one document, in two, and in more.
_GLOSS_WEIGHTS = (0.6, 0.8, 0.9)
# The exponent that raises learned weights, which are very cautious for rare pairs.
_LIFTED = 0.7
# Shorter words have too few sounds to be told apart.
_SHORTEST_KOREAN, _SHORTEST_ENGLISH = 2, 4

_DOUBT = (
    "the {} pairs of parallel files do not look like translations of each other: "
    "almost nothing was learned from them"
)

Pairs: TypeAlias = Sequence[tuple[str, str]]
# Evidence, with the number of documents that have it.
CountedEvidence: TypeAlias = Sequence[tuple[Evidence, int]]


@dataclass(frozen=True, slots=True)
class UserTranslations:
    """Entries and pairs of parallel files from the user."""

    entries: tuple[Entry, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


class BridgeUpdater:
    """Updates the bridge for the next commit, of which `snapshot` shows the segments.

    `files` is the new catalogue; `notes` are for the user.
    """

    def __init__(
        self, snapshot: Snapshot, analyzer: Analyzer, files: Mapping[str, CataloguedFile]
    ) -> None:
        self._snapshot = snapshot
        self._analyzer = analyzer
        self._files = files
        self.notes: list[str] = []

    def content(self, before: Content, given: UserTranslations) -> Content:
        """Return the new content of the bridge; `before` is the last."""
        declared = tuple(sorted({*before.declared, *given.pairs}))
        evidence = self._evidence()
        self._note_missing(given.pairs)
        pairs = self._parallel_files(evidence, declared)
        learned, parallel = self._parallel_entries(before, pairs, self._documents_in_both())
        compared, names = self._name_entries(before, evidence)
        # Of equal entries the first counts.
        user = (*given.entries, *_entries_from(before, *OF_THE_USER))
        entries = deduplicate([*user, *parallel, *_gloss_entries(evidence), *names])
        return Content(entries, declared, learned, compared)

    def _evidence(self) -> CountedEvidence:
        """Return the evidence in the documents, without that of documents in both languages."""
        snapshot = self._snapshot
        return [
            (_evidence_in(term), frequency)
            for term in snapshot.terms(Field.BRIDGE)
            if not term.startswith(_BOTH)
            and (frequency := snapshot.passage_frequency(Field.BRIDGE, term))
        ]

    def _documents_in_both(self) -> list[Evidence]:
        """Return the evidence of documents in both languages; if too many, always the same ones."""
        snapshot = self._snapshot
        terms = sorted(snapshot.terms(Field.BRIDGE, _BOTH))  # by digest: a random sample
        alive = (term for term in terms if snapshot.passage_frequency(Field.BRIDGE, term))
        return [_evidence_in(term) for term in islice(alive, _MOST_IN_BOTH)]

    def _parallel_files(self, evidence: CountedEvidence, declared: Pairs) -> Pairs:
        """Return the pairs of indexed files that are translations, each pair in one order."""
        named = parallel_paths(self._files)
        linked = [
            (item.first, item.second) for item, _ in evidence if item.kind is Kind.TRANSLATION
        ]
        once: dict[frozenset[str], tuple[str, str]] = {}
        for pair in (*named, *linked, *declared):
            if set(pair) <= self._files.keys():
                once.setdefault(frozenset(pair), pair)
        return list(once.values())

    def _note_missing(self, given: Pairs) -> None:
        missing = [path for pair in given for path in pair if path not in self._files]
        if missing:
            more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
            self.notes.append(f"--pairs lists files that are not in the index: {missing[0]}{more}")

    def _parallel_entries(
        self, before: Content, pairs: Pairs, both: Sequence[Evidence]
    ) -> tuple[tuple[int, ...], list[Entry]]:
        """Return the marks of the texts learned from, and the entries learned.

        Marks are even for pairs of files and odd for documents in both languages. The two are
        learned from, and doubted, separately: most documents that only look bilingual would spoil
        the result of real translations.
        """
        marks = [self._mark(pair) << 1 for pair in pairs]
        both_marks = [int(item.first, 16) << 1 | 1 for item in both]
        known = [mark for mark in before.learned if not mark & 1]
        known_both = [mark for mark in before.learned if mark & 1]
        if not _differ(known, marks) and not _differ(known_both, both_marks):
            return before.learned, _entries_from(before, Source.PARALLEL)
        entries = [
            entry._replace(weight=entry.weight**_LIFTED) for entry in self._learned(pairs, both)
        ]
        return tuple(sorted(marks + both_marks)), entries

    def _learned(self, pairs: Pairs, both: Sequence[Evidence]) -> Iterator[Entry]:
        if pairs:
            learned = learn(pair_texts(self._snapshot, pairs), self._analyzer)
            if learned.doubtful:
                self.notes.append(_DOUBT.format(len(pairs)))
            yield from learned.entries
        if both:
            texts = both_texts(self._snapshot, both)
            learned = learn(texts, self._analyzer, min_weight=_LEAST_IN_BOTH)
            # Nobody declared these to be translations, so doubtful ones are dropped.
            yield from () if learned.doubtful else learned.entries

    def _mark(self, pair: tuple[str, str]) -> int:
        """Return a hash of 56 bits of the names and the contents of two files."""
        names = "\0".join(
            f"{path}\0{self._files[path].fingerprint.digest}" for path in sorted(pair)
        )
        return int.from_bytes(blake2b(names.encode(errors="surrogatepass"), digest_size=7).digest())

    def _name_entries(self, before: Content, evidence: CountedEvidence) -> tuple[int, list[Entry]]:
        """Return the size of the index, in passages, when sounds were compared, and the entries."""
        passages = self._snapshot.passages
        if before.compared / _GROWN <= passages <= before.compared * _GROWN:
            return before.compared, _entries_from(before, Source.NAME)
        korean, english = self._words_that_sound()
        names = [item.first for item, _ in evidence if item.kind is Kind.NAME]
        return passages, [*pairs_of_names(korean, names), *pairs_by_sound(korean, english)]

    def _words_that_sound(self) -> tuple[list[str], list[str]]:
        """Return the Korean and the English terms of the texts that may be names."""
        korean: dict[str, None] = {}
        english: dict[str, None] = {}
        # Not `terms`, which would keep every number and identifier of a log in memory.
        for key in self._snapshot.terms_of_segments(Field.BODY):
            term = text_of(key)
            if "가" <= term[:1] <= "힣":
                if len(term) >= _SHORTEST_KOREAN:
                    korean[term] = None
            elif len(term) >= _SHORTEST_ENGLISH and term.isascii() and term.isalpha():
                english[term] = None
        return list(korean), list(english)


def _differ(known: Sequence[int], marks: Sequence[int]) -> bool:
    """Return whether more than _CHANGED of the texts learned from were added, removed or edited."""
    return len(set(known).symmetric_difference(marks)) > _CHANGED * len(known)


def _entries_from(content: Content, *sources: Source) -> list[Entry]:
    return [entry for entry in content.entries if entry.source in sources]


def _gloss_entries(evidence: CountedEvidence) -> Iterator[Entry]:
    """Yield an entry for each gloss, and for the expansions of a gloss that is an acronym."""
    expansions: dict[str, list[str]] = {}
    for item, _ in evidence:
        if item.kind is Kind.ACRONYM:
            expansions.setdefault(item.first, []).append(item.second)
    for (korean, gloss), frequency in _glosses(evidence).items():
        weight = _GLOSS_WEIGHTS[min(frequency, len(_GLOSS_WEIGHTS)) - 1]
        for english in (gloss, *expansions.get(gloss, ())):
            yield Entry(korean, english, weight, Source.GLOSS)


def _glosses(evidence: CountedEvidence) -> dict[tuple[str, str], int]:
    """Return each gloss in its most frequent spelling, with the frequency of all spellings."""
    spellings: dict[tuple[str, str], dict[tuple[str, str], int]] = {}
    for item, frequency in evidence:
        if item.kind is Kind.GLOSS:
            normal = normal_form(item.first), normal_form(item.second)
            spellings.setdefault(normal, {})[item.first, item.second] = frequency
    return {
        max(frequencies, key=lambda pair: (frequencies[pair], pair)): sum(frequencies.values())
        for frequencies in spellings.values()
    }


def _evidence_in(term: bytes) -> Evidence:
    with parsing(Field.BRIDGE.value):
        return Evidence.of_term(term.decode())


def pair_texts(snapshot: Snapshot, pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the texts of the files of each pair, the Korean one first.

    If both are in the same language, such as a page left untranslated, keep the order of the pair.
    """
    for pair in pairs:
        first, second = (_passages_with(snapshot, Field.PATH, path) for path in pair)
        english = [_is_english(snapshot, passages) for passages in (first, second)]
        if english == [True, False]:
            first, second = second, first
        yield "\n".join(_texts(snapshot, first)), "\n".join(_texts(snapshot, second))


def both_texts(snapshot: Snapshot, both: Iterable[Evidence]) -> Iterator[tuple[str, str]]:
    """Yield the Korean and the English text of documents in both languages."""
    for item in both:
        first = _passages_with(snapshot, Field.BRIDGE, item.term())[0]
        document = snapshot.stored_document(first)
        passages = range(first, int(snapshot.firsts[snapshot.doc_values.document[first] + 1]))
        texts = _texts(snapshot, passages)
        if found := bitext(str(document["title"]), texts, document["metadata"]):
            yield found.korean, found.english


def _passages_with(snapshot: Snapshot, field: Field, term: str) -> list[int]:
    """Return the passages, ascending, that contain a term of a field without positions."""
    postings = snapshot.posting_list(field, term.encode())
    if postings is None:
        return []
    passages = postings.passages
    if snapshot.has_deleted:
        passages = passages[snapshot.alive.take(passages)]
    numbers: list[int] = passages.tolist()
    return numbers


def _is_english(snapshot: Snapshot, passages: list[int]) -> bool:
    if not passages:
        return False
    doc_values = snapshot.doc_values
    language = int(doc_values.language[doc_values.document[passages[0]]])
    return language == LANGUAGES.index(ENGLISH)


def _texts(snapshot: Snapshot, passages: Iterable[int]) -> list[str]:
    return [str(snapshot.stored(passage)["text"]) for passage in passages]
