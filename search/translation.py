"""Translation of a query: for each of its terms, the terms of the other language in the index."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from index.analysis.analyzer import Analyzer
from index.analysis.english import STOP_WORDS
from index.analysis.lexicon import Analysis
from index.analysis.normalize import normal_form
from index.analysis.tokenizer import words
from index.analysis.word import Role
from index.bridge.entry import LONGEST_KEY, Entry, Source, english_terms, korean_key
from index.bridge.table import Lookup
from index.schema import Field
from index.value import NamedTuple, replace

from .engine import Engine
from .query.tree import Group, Node, Phrase
from .query.words import QueryWord, read_words
from .ranking.bm25 import idf
from .results import Bridged
from .weights import MAX_TRANSLATIONS, MIN_TRANSLATION_WEIGHT, OTHER_READING_WEIGHT

# Longer words are not cut into terms of the index: that takes too many look-ups.
_MAX_CUT = 12
# Entries whose terms an engine may look up together: some of them are in no passage.
_EXPECTED = 3 * MAX_TRANSLATIONS

# Sources that state that two terms have one meaning in these documents.
_STATED = (Source.USER, Source.PARALLEL)
# The weight of a gloss that documents state twice at most. Of a word that the general glossary has,
# such a bracket is seldom a translation: 함수(Window), 파일(1).
_SELDOM = 0.8

# Terms of the query, the entries of all of them together, and a share of the weight of these.
_Run = tuple[list[str], Sequence[Entry], float]


class QueryTranslator:
    """Translates queries by the bridge into terms of an index; threads may share it."""

    def __init__(self, engine: Engine, analyzer: Analyzer, lookup: Lookup) -> None:
        self._engine = engine
        self._analyzer = analyzer
        self._lookup = lookup

    def translations(self, query_words: Sequence[QueryWord]) -> list[TermTranslation]:
        """Return the translations of the terms of some words, without terms in no passage."""
        terms = _terms(query_words)
        runs = [
            (terms[start:end], entries, 1.0)
            for start in range(len(terms))
            for end, entries in self._entries_from(terms, start)
        ]
        runs += self._as_written(query_words)
        return [translation for run in runs for translation in self._followed(run)]

    def has_word(self, word: QueryWord) -> bool:
        """Return whether a glossary has a word, translated in this index or not."""
        return bool(self._find(_terms([word])) or self._lookup.find(word.surface, korean=True))

    def with_phrases(self, group: Group) -> Group:
        """Return a query with the translations of phrases as alternatives, except of exact ones."""
        must = tuple(
            options[0] if len(options := self.options(node)) == 1 else Group(may=options)
            for node in group.must
        )
        may = tuple(option for node in group.may for option in self.options(node))
        return Group(must, may, group.never)

    def options(self, node: Node) -> tuple[Node, ...]:
        """Return a node, and its translations if it is a phrase."""
        if isinstance(node, Group):
            return (self.with_phrases(node),)
        if not isinstance(node, Phrase) or node.exact:
            return (node,)
        terms = _terms(read_words(self._analyzer, node.text))
        found = self._find(terms) if terms else []
        if _is_korean(terms):
            found = found or self._lookup.find(korean_key(node.text), korean=True)
            texts = [entry.english for entry in found if english_terms(entry.english)]
        else:
            # Only words that the lexicon has: loading Kiwi takes seconds.
            unknown = self._analyzer.unknown
            texts = [entry.korean for entry in found if not unknown(_words(entry.korean))]
        return (node, *(replace(node, text=text) for text in texts))

    def _find(self, terms: Sequence[str]) -> Sequence[Entry]:
        """Return the entries of some terms of one language as a whole."""
        korean = _is_korean(terms)
        return self._lookup.find(("" if korean else " ").join(terms), korean=korean)

    def _continues(self, terms: Sequence[str]) -> bool:
        """Return whether an entry begins with these terms: Korean ones may begin in any script."""
        if not _is_korean(terms) and self._lookup.has_prefix(" ".join(terms), korean=False):
            return True
        return self._lookup.has_prefix("".join(terms), korean=True)

    def _entries_from(self, terms: Sequence[str], start: int) -> list[tuple[int, Sequence[Entry]]]:
        """Return the ends and entries of the longest run from `start` with any, and of one term."""
        found = [(start + 1, self._find(terms[start : start + 1]))]
        for end in range(start + 2, min(len(terms), start + LONGEST_KEY) + 1):
            run = terms[start:end]
            if not self._continues(run):
                break
            found.append((end, self._find(run)))
        runs = [(end, entries) for end, entries in found if entries]
        return [*runs[-1:], *((end, entries) for end, entries in runs[:-1] if end == start + 1)]

    def _as_written(self, query_words: Sequence[QueryWord]) -> Iterator[_Run]:
        """Yield the terms of Korean words, the entries of their spelling alone, and a share.

        So 종교의 자유 is found, which has no term for 의, and 봄, which is read as a form of 보다;
        the share of a single word is lower, since it is as often meant the other way.
        """
        for start in range(len(query_words)):
            before = ""
            for end in range(start + 1, min(len(query_words), start + LONGEST_KEY) + 1):
                last = query_words[end - 1]
                terms = _terms(query_words[start:end])
                for whole in dict.fromkeys((last.surface, *last.wholes)):
                    if _is_korean(terms) and before + whole != "".join(terms):
                        entries = self._lookup.find(before + whole, korean=True)
                        yield terms, entries, 1.0 if before else OTHER_READING_WEIGHT
                before += last.surface
                if not self._lookup.has_prefix(before, korean=True):
                    break

    def _followed(self, run: _Run) -> Iterator[TermTranslation]:
        """Yield the translations by the heaviest entries that have any in the index."""
        terms, entries, share = run
        if any(entry.source is Source.GENERAL for entry in entries):
            entries = [
                entry
                for entry in entries
                if entry.source is not Source.GLOSS or entry.weight > _SELDOM
            ]
        self._expect(
            other for entry in islice(entries, _EXPECTED) for other, _ in self._others(terms, entry)
        )
        found = (own for entry in entries if (own := [*self._by_entry(terms, entry, share)]))
        return chain.from_iterable(islice(found, MAX_TRANSLATIONS))

    def _by_entry(
        self, terms: Sequence[str], entry: Entry, share: float
    ) -> Iterator[TermTranslation]:
        """Yield the translations by one entry, term by term, at a share of its weight.

        Terms that translate the same term share the weight of one, in proportion to their idf: so
        동반자 gives most of its weight to a partnership, and 관계 little.
        """
        others = self._others(terms, entry)
        sources = self._sources(terms, others)
        idfs = [self._idf(other) for other, _ in others]
        weight = share * entry.weight
        asked, other = entry.korean, entry.english
        if not _is_korean(terms):
            asked, other = other, asked
        through = Bridged(asked, other, entry.source, entry.weight)
        least = _least_share(entry, len(others))
        for source, own, (other, written) in zip(sources, idfs, others, strict=True):
            total = sum(idf_ for idf_, index in zip(idfs, sources, strict=True) if index == source)
            is_told = other not in terms and other not in STOP_WORDS
            if own and is_told and weight * own >= least * total:
                yield TermTranslation(terms[source], other, written, weight * own / total, through)

    def _others(self, terms: Sequence[str], entry: Entry) -> Sequence[tuple[str, str]]:
        """Return the terms of an entry in the language that `terms` are not, each with its word."""
        if _is_korean(terms):
            return english_terms(entry.english)
        found = self._korean_terms(entry.korean)
        # A single syllable among longer terms is mostly an ending, as 적 of 전략적.
        return [(term, term) for term in [term for term in found if len(term) > 1] or found]

    def _sources(self, terms: Sequence[str], others: Sequence[tuple[str, str]]) -> list[int]:
        """Return, for each of `others`, the index of the term that it translates.

        The term that has an entry of its own for it, or else the one at the same position.
        """
        if len(terms) == 1:
            return [0] * len(others)
        known = [
            {other for entry in self._find([term]) for other, _ in self._others([term], entry)}
            for term in terms
        ]
        return [
            next(
                (index for index, own in enumerate(known) if other in own),
                position * len(terms) // len(others),
            )
            for position, (other, _) in enumerate(others)
        ]

    def _idf(self, term: str) -> float:
        """Return the idf of a term, 0 for one that is not in the index."""
        frequency = self._engine.frequency(Field.BODY, term)
        if not frequency and not self._engine.frequency(Field.TITLE, term):
            return 0.0
        return idf(frequency, self._engine.passages)

    def _korean_terms(self, text: str) -> list[str]:
        """Return the terms of Korean words: as the lexicon has them, or as the index does."""
        found = _words(text)
        known = self._analyzer.lexicon.look_up(found)
        return [
            term
            for word in found
            for term in (_readings(known[word]) if word in known else self._cut(word))
        ]

    def _cut(self, word: str) -> list[str]:
        """Return the fewest terms of the index that a word is made of, or none."""
        ends = range(1, min(len(word), _MAX_CUT) + 1)
        self._expect(word[start:end] for end in ends for start in range(end))
        best: list[list[str] | None] = [[]]
        for end in ends:
            options = [
                [*before, word[start:end]]
                for start in range(end)
                if (before := best[start]) is not None and self._is_term(word[start:end])
            ]
            best.append(min(options, key=len, default=None))
        return (best[len(word)] if len(best) > len(word) else None) or []

    def _expect(self, terms: Iterable[str]) -> None:
        fields = (Field.BODY, Field.TITLE)
        self._engine.expect((field, term) for term in terms for field in fields)

    def _is_term(self, term: str) -> bool:
        frequency = self._engine.frequency
        return bool(frequency(Field.BODY, term) or frequency(Field.TITLE, term))


def _least_share(entry: Entry, terms: int) -> float:
    """Return the least share of the weight of an entry that one of its `terms` must have.

    All terms of an entry of a user count, and in effect those of stated glosses and names.
    """
    if entry.source is Source.USER:
        return 0.0
    stated = entry.source in (Source.GLOSS, Source.NAME)
    return MIN_TRANSLATION_WEIGHT / max(terms, 1) if stated else MIN_TRANSLATION_WEIGHT


def _words(text: str) -> list[str]:
    return words(normal_form(text))


def _terms(query_words: Iterable[QueryWord]) -> list[str]:
    return [term for word in query_words for term, _ in word.readings]


def _is_korean(terms: Sequence[str]) -> bool:
    """Return whether terms are Korean: 제1차 and 코로나19 are, despite their digits."""
    return any("가" <= term[0] <= "힣" for term in terms)


def _readings(analysis: Analysis) -> list[str]:
    parts, _ = analysis
    return [part.term for part in parts if part.role is Role.PRIMARY]


class TermTranslation(NamedTuple):
    """A term of the query, and a term of the other language that an entry gives for it.

    `weight` is relative to the query's own term, which counts 1; `written` is the other term as a
    word of the entry.
    """

    term: str
    other: str
    written: str
    weight: float
    through: Bridged


def by_term(translations: Sequence[TermTranslation]) -> Mapping[str, Mapping[str, float]]:
    """Return, for each term of the query, its translations with the greatest weight of each."""
    weights: dict[str, dict[str, float]] = {}
    for translation in translations:
        of_term = weights.setdefault(translation.term, {})
        of_term[translation.other] = max(of_term.get(translation.other, 0.0), translation.weight)
    return weights


def guessed(translations: Sequence[TermTranslation]) -> frozenset[tuple[str, str]]:
    """Return the pairs of term and translation that neither the user nor parallel texts state."""
    stated = {(own.term, own.other) for own in translations if own.through.source in _STATED}
    return frozenset((own.term, own.other) for own in translations) - stated


def matched_entries(
    translations: Sequence[TermTranslation], terms: Container[str]
) -> tuple[Bridged, ...]:
    """Return the entries that translate to terms of a passage, for each term the heaviest.

    Of an entry that is there in part, only that part is given.
    """
    best: dict[str, TermTranslation] = {}
    missing: set[Bridged] = set()
    for translation in translations:
        if translation.other not in terms:
            missing.add(translation.through)
        elif best.setdefault(translation.other, translation).weight < translation.weight:
            best[translation.other] = translation
    found = ((own.through, own.written) for own in best.values())
    parts = (way._replace(other=word) if way in missing else way for way, word in found)
    return tuple(dict.fromkeys(parts))
