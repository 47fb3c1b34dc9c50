"""Updates the bridge in a build: with user translations, and by learning from the documents.

Learning from texts in both languages reads them again, so it happens only when enough of them have
changed; comparing the sounds of names, when the index has grown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeAlias

from ..analysis.analyzer import Analyzer
from ..analysis.normalize import normal_form
from ..arrays.term_dictionary import text_of
from ..bridge.entry import OF_THE_USER, Entry, Source, deduplicate
from ..bridge.evidence.extract import Evidence, Kind, term_prefix
from ..bridge.learning.learn import ParallelLines, learn
from ..bridge.sound.korean_names import pairs_of_names
from ..bridge.sound.names import pairs_by_sound
from ..bridge.table import Content
from ..directory.catalogue import CataloguedFile
from ..value import NamedTuple
from .parallel_texts import (
    BridgeSource,
    Pairs,
    ParallelFiles,
    ReadAhead,
    evidence_in,
    pair_texts,
)

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

# Evidence, with the number of documents that have it.
CountedEvidence: TypeAlias = Sequence[tuple[Evidence, int]]


@dataclass(frozen=True, slots=True)
class UserTranslations:
    """Entries and pairs of parallel files from the user."""

    entries: tuple[Entry, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


class Prepared(NamedTuple):
    """The lines of parallel files, aligned before the next commit has the files."""

    files: ParallelFiles
    lines: ParallelLines


def prepared(
    ahead: ReadAhead, files: Mapping[str, CataloguedFile], before: Content, declared: Pairs
) -> Prepared | None:
    """Return the lines of the parallel files of the next commit, if they are to be learned from.

    None if some of the files have yet to be read to their end.
    """
    known = _marks(before, of_files=True)
    if 2 * len(ahead.read) <= _CHANGED * len(known):  # of a pair that changes, two marks differ
        return None
    parallel = ParallelFiles.of(files, ahead.links(), declared)
    paths = list(dict.fromkeys(chain.from_iterable(parallel.pairs)))
    are_read = all(files[path].was_read for path in paths)
    if not are_read or not _differ(known, [mark << 1 for mark in parallel.marks]):
        return None
    texts = pair_texts(parallel.pairs, ahead.texts(paths))
    return Prepared(parallel, ParallelLines.of(texts))


def declared_pairs(before: Content, given: UserTranslations) -> tuple[tuple[str, str], ...]:
    """Return the pairs of files that the user gives now or gave before."""
    return tuple(sorted({*before.declared, *given.pairs}))


class BridgeUpdater:
    """Updates the bridge for the next commit, whose documents `source` shows.

    `files` is the new catalogue; `notes` are for the user.
    """

    def __init__(
        self,
        source: BridgeSource,
        analyzer: Analyzer,
        files: Mapping[str, CataloguedFile],
        *,
        prepared: Prepared | None = None,
    ) -> None:
        self._source = source
        self._analyzer = analyzer
        self._files = files
        self._prepared = prepared
        self.notes: list[str] = []

    def content(self, before: Content, given: UserTranslations) -> Content:
        """Return the new content of the bridge; `before` is the last."""
        declared = declared_pairs(before, given)
        evidence = self._evidence()
        self._note_missing(given.pairs)
        files = ParallelFiles.of(self._files, (item for item, _ in evidence), declared)
        learned, parallel = self._parallel_entries(before, files, self._documents_in_both())
        compared, names = self._name_entries(before, evidence)
        # Of equal entries the first counts.
        user = (*given.entries, *_entries_from(before, *OF_THE_USER))
        entries = deduplicate([*user, *parallel, *_gloss_entries(evidence), *names])
        return Content(entries, declared, learned, compared)

    def _evidence(self) -> CountedEvidence:
        """Return the evidence in the documents, without that of documents in both languages."""
        return [
            (evidence_in(term), frequency)
            for term, frequency in self._source.evidence()
            if not term.startswith(_BOTH)
        ]

    def _documents_in_both(self) -> list[Evidence]:
        """Return the evidence of documents in both languages; if too many, always the same ones."""
        # By digest: a random sample.
        terms = sorted(term for term, _ in self._source.evidence(_BOTH))
        return [evidence_in(term) for term in islice(terms, _MOST_IN_BOTH)]

    def _note_missing(self, given: Pairs) -> None:
        missing = [path for pair in given for path in pair if path not in self._files]
        if missing:
            more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
            self.notes.append(f"--pairs lists files that are not in the index: {missing[0]}{more}")

    def _parallel_entries(
        self, before: Content, files: ParallelFiles, both: Sequence[Evidence]
    ) -> tuple[tuple[int, ...], list[Entry]]:
        """Return the marks of the texts learned from, and the entries learned.

        Marks are even for pairs of files and odd for documents in both languages. The two are
        learned from, and doubted, separately: most documents that only look bilingual would spoil
        the result of real translations.
        """
        marks = [mark << 1 for mark in files.marks]
        both_marks = [int(item.first, 16) << 1 | 1 for item in both]
        known, known_both = _marks(before, of_files=True), _marks(before, of_files=False)
        if not _differ(known, marks) and not _differ(known_both, both_marks):
            return before.learned, _entries_from(before, Source.PARALLEL)
        entries = [
            entry._replace(weight=entry.weight**_LIFTED) for entry in self._learned(files, both)
        ]
        return tuple(sorted(marks + both_marks)), entries

    def _learned(self, files: ParallelFiles, both: Sequence[Evidence]) -> Iterator[Entry]:
        if files.pairs:
            learned = learn(self._lines(files), self._analyzer)
            if learned.doubtful:
                self.notes.append(_DOUBT.format(len(files.pairs)))
            yield from learned.entries
        if both:
            lines = ParallelLines.of(self._source.bitexts(both))
            learned = learn(lines, self._analyzer, min_weight=_LEAST_IN_BOTH)
            # Nobody declared these to be translations, so doubtful ones are dropped.
            yield from () if learned.doubtful else learned.entries

    def _lines(self, files: ParallelFiles) -> ParallelLines:
        if self._prepared is not None and self._prepared.files == files:
            return self._prepared.lines
        text_of = self._source.texts(list(dict.fromkeys(chain.from_iterable(files.pairs))))
        return ParallelLines.of(pair_texts(files.pairs, text_of))

    def _name_entries(self, before: Content, evidence: CountedEvidence) -> tuple[int, list[Entry]]:
        """Return the size of the index, in passages, when sounds were compared, and the entries."""
        passages = self._source.passages
        if before.compared / _GROWN <= passages <= before.compared * _GROWN:
            return before.compared, _entries_from(before, Source.NAME)
        korean, english = self._words_that_sound()
        names = [item.first for item, _ in evidence if item.kind is Kind.NAME]
        return passages, [*pairs_of_names(korean, names), *pairs_by_sound(korean, english)]

    def _words_that_sound(self) -> tuple[list[str], list[str]]:
        """Return the Korean and the English terms of the texts that may be names."""
        korean: dict[str, None] = {}
        english: dict[str, None] = {}
        for key in self._source.body_terms():
            term = text_of(key)
            if "가" <= term[:1] <= "힣":
                if len(term) >= _SHORTEST_KOREAN:
                    korean[term] = None
            elif len(term) >= _SHORTEST_ENGLISH and term.isascii() and term.isalpha():
                english[term] = None
        return list(korean), list(english)


def _marks(before: Content, *, of_files: bool) -> list[int]:
    """Return the marks of the pairs of files, or of the documents, that were learned from."""
    return [mark for mark in before.learned if mark & 1 != of_files]


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
