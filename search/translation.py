"""A query's words in the other language: each of its terms, and the terms that may stand for it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import NamedTuple

from index.analysis.analyzer import Analyzer
from index.analysis.lexicon import Analysis
from index.analysis.normalize import normal_form
from index.analysis.tokenizer import words
from index.analysis.word import Role
from index.bridge.entry import Entry, Source
from index.bridge.keys import LONGEST_KEY, english_terms, korean_key
from index.bridge.lookup import Lookup
from index.schema import Field
from index.snapshot import Snapshot

from .query.tree import Group, Node, Phrase
from .query.words import QueryWord, read_words
from .ranking.bm25 import idf
from .results import Bridged
from .weights import MAX_TRANSLATIONS, MIN_TRANSLATION_WEIGHT, OTHER_READING_WEIGHT

# Letters of a word that is cut into terms of the index; longer ones are not worth the look-ups.
_LONGEST_WORD = 12


class QueryTranslator:
    """Follows entries into the terms of a snapshot; threads may share it."""

    def __init__(self, snapshot: Snapshot, analyzer: Analyzer, lookup: Lookup) -> None:
        self._snapshot = snapshot
        self._analyzer = analyzer
        self._first_stageup = lookup

    def translations(self, asked: Sequence[QueryWord]) -> list[TermTranslation]:
        """Return where the terms of some words lead, those that no passage holds left out."""
        terms = _terms(asked)
        read = (
            (terms[start:end], entries, 1.0)
            for start in range(len(terms))
            for end, entries in self._entries_from(terms, start)
        )
        return [
            translation
            for run, entries, share in (*read, *self._as_written(asked))
            for translation in self._followed(run, entries, share)
        ]

    def with_phrases(self, group: Group) -> Group:
        """Return a query in which any phrase it asks for may stand in the other language.

        Only phrases that an entry has as a whole; an exact one stays as it is.
        """
        must = tuple(
            other[0] if len(other := self._phrases(node)) == 1 else Group(may=other)
            for node in group.must
        )
        may = tuple(other for node in group.may for other in self._phrases(node))
        return Group(must, may, group.never)

    def _phrases(self, node: Node) -> tuple[Node, ...]:
        """Return a node, and what may stand in its place."""
        if isinstance(node, Group):
            return (self.with_phrases(node),)
        if not isinstance(node, Phrase) or node.exact:
            return (node,)
        terms = _terms(read_words(self._analyzer, node.text))
        found = self._find(terms) if terms else []
        if _in_korean(terms):
            found = found or self._first_stageup.find(korean_key(node.text), korean=True)
            others = [entry.english for entry in found if english_terms(entry.english)]
        else:
            others = [entry.korean for entry in found if self._is_known(entry.korean)]
        return (node, *(replace(node, text=other) for other in others))

    def _is_known(self, korean: str) -> bool:
        """Tell whether the lexicon has the words of a phrase: to ask Kiwi takes seconds."""
        return not self._analyzer.unknown(words(normal_form(korean)))

    def _find(self, terms: Sequence[str]) -> Sequence[Entry]:
        """Return the entries of some terms of one language as a whole."""
        korean = _in_korean(terms)
        return self._first_stageup.find(("" if korean else " ").join(terms), korean=korean)

    def _goes_on(self, terms: Sequence[str]) -> bool:
        """Tell whether some entry begins with these terms: Korean ones may begin in any script."""
        if not _in_korean(terms) and self._first_stageup.continues(" ".join(terms), korean=False):
            return True
        return self._first_stageup.continues("".join(terms), korean=True)

    def _entries_from(
        self, terms: Sequence[str], start: int
    ) -> Iterator[tuple[int, Sequence[Entry]]]:
        """Yield the longest run of terms from `start` that has entries, and `start` alone."""
        found = [(start + 1, self._find(terms[start : start + 1]))]
        for end in range(start + 2, min(len(terms), start + LONGEST_KEY) + 1):
            run = terms[start:end]
            if not self._goes_on(run):
                break
            found.append((end, self._find(run)))
        held = [item for item in found if item[1]]
        yield from held[-1:]
        yield from (held[:1] if len(held) > 1 and held[0][0] == start + 1 else ())

    def _as_written(
        self, asked: Sequence[QueryWord]
    ) -> Iterator[tuple[list[str], Sequence[Entry], float]]:
        """Yield the terms of Korean words, entries that they don't lead to, and their share.

        So 종교의 자유 is found, which has no term for 의, and 봄, which is read as a form of 보다;
        but a single word was not meant so as often as not.
        """
        for start in range(len(asked)):
            before = ""
            for end in range(start + 1, min(len(asked), start + LONGEST_KEY) + 1):
                last = asked[end - 1]
                terms = _terms(asked[start:end])
                for whole in dict.fromkeys((last.surface, *last.wholes)):
                    if _in_korean(terms) and before + whole != "".join(terms):
                        entries = self._first_stageup.find(before + whole, korean=True)
                        yield terms, entries, 1.0 if before else OTHER_READING_WEIGHT
                before += last.surface
                if not self._first_stageup.continues(before, korean=True):
                    break

    def _followed(
        self, terms: Sequence[str], entries: Iterable[Entry], share: float
    ) -> Iterator[TermTranslation]:
        """Yield where the heaviest of some entries lead, of those that lead anywhere."""
        ways = (found for entry in entries if (found := [*self._crossed(terms, entry, share)]))
        return chain.from_iterable(islice(ways, MAX_TRANSLATIONS))

    def _crossed(
        self, terms: Sequence[str], entry: Entry, share: float
    ) -> Iterator[TermTranslation]:
        """Yield an entry term by term, at a share of its weight.

        Terms that lead to the same one share what one would weigh, the rarer the more: so 동반자
        tells of a partnership, and 관계 hardly does.
        """
        others = self._others(terms, entry)
        slots = self._slots(terms, others)
        rarities = [self._idf(other) for other, _ in others]
        weight = share * entry.weight
        asked, other = entry.korean, entry.english
        if not _in_korean(terms):
            asked, other = other, asked
        through = Bridged(asked, other, entry.source, entry.weight)
        least = _least_share(entry, len(others))
        for slot, rarity, (other, written) in zip(slots, rarities, others, strict=True):
            all_ = sum(r for r, own in zip(rarities, slots, strict=True) if own == slot)
            if rarity and other not in terms and weight * rarity >= least * all_:
                yield TermTranslation(terms[slot], other, written, weight * rarity / all_, through)

    def _others(self, terms: Sequence[str], entry: Entry) -> Sequence[tuple[str, str]]:
        """Return the terms of the side of an entry that `terms` are not of, each with its word."""
        if _in_korean(terms):
            return english_terms(entry.english)
        found = self._korean(entry.korean)
        # What stands beside others in a single syllable is mostly an ending, as 적 of 전략적.
        telling = [term for term in found if len(term) > 1] or found
        return [(term, term) for term in telling]

    def _slots(self, terms: Sequence[str], others: Sequence[tuple[str, str]]) -> list[int]:
        """Return which of `terms` each of `others` stands for, by its place.

        The one that an entry of its own leads there from, or else the one at the same place.
        """
        if len(terms) == 1:
            return [0] * len(others)
        own = [
            {other for entry in self._find([term]) for other, _ in self._others([term], entry)}
            for term in terms
        ]
        return [
            next(
                (slot for slot, known in enumerate(own) if other in known),
                place * len(terms) // len(others),
            )
            for place, (other, _) in enumerate(others)
        ]

    def _idf(self, term: str) -> float:
        """Return the idf of a term, 0 for one that stands nowhere."""
        if not self._stands(term):
            return 0.0
        return idf(
            self._snapshot.passage_frequency(Field.BODY, term.encode()), self._snapshot.passages
        )

    def _korean(self, text: str) -> list[str]:
        """Return the terms of Korean words: as the lexicon has them, or as the index does."""
        found = words(normal_form(text))
        known = self._analyzer.lexicon.look_up(found)
        return [
            term
            for word in found
            for term in (_readings(known[word]) if word in known else self._cut(word))
        ]

    def _cut(self, word: str) -> list[str]:
        """Return the fewest terms of the index that a word is made of, or none."""
        best: list[list[str] | None] = [[]]
        for end in range(1, min(len(word), _LONGEST_WORD) + 1):
            options = [
                [*before, word[start:end]]
                for start in range(end)
                if (before := best[start]) is not None and self._stands(word[start:end])
            ]
            best.append(min(options, key=len) if options else None)
        return (best[len(word)] if len(best) > len(word) else None) or []

    def _stands(self, term: str) -> bool:
        key = term.encode()
        return any(self._snapshot.posting_list(field, key) for field in (Field.BODY, Field.TITLE))


def _least_share(entry: Entry, terms: int) -> float:
    """Return the least that one of so many terms of an entry must have of its weight.

    What someone said, what stands in brackets and what sounds alike is followed for all its words.
    """
    if entry.source is Source.USER:
        return 0.0
    stated = entry.source in (Source.GLOSS, Source.NAME)
    return MIN_TRANSLATION_WEIGHT / max(terms, 1) if stated else MIN_TRANSLATION_WEIGHT


def _terms(asked: Iterable[QueryWord]) -> list[str]:
    return [term for word in asked for term, _ in word.readings]


def _in_korean(terms: Sequence[str]) -> bool:
    """Tell whether terms are Korean: 제1차 and 코로나19 are, for all their digits."""
    return any("가" <= term[0] <= "힣" for term in terms)


def _readings(analysis: Analysis) -> list[str]:
    parts, _ = analysis
    return [part.term for part in parts if part.role is Role.PRIMARY]


class TermTranslation(NamedTuple):
    """A term of the query, by way of an entry, as a term of the other language.

    `weight` is what the other term counts beside the one asked for, which counts 1; `written` is
    the other term as a word of the entry.
    """

    term: str
    other: str
    written: str
    weight: float
    through: Bridged


def by_term(translations: Sequence[TermTranslation]) -> Mapping[str, Mapping[str, float]]:
    """Return, by term of the query, the terms of the other language and what each counts."""
    weights: dict[str, dict[str, float]] = {}
    for translation in translations:
        of_term = weights.setdefault(translation.term, {})
        of_term[translation.other] = max(of_term.get(translation.other, 0.0), translation.weight)
    return weights


def met(translations: Sequence[TermTranslation], terms: Container[str]) -> tuple[Bridged, ...]:
    """Return which entries led to some terms of a passage, each term by the best that did.

    Of an entry that stands there in part, only that part is told.
    """
    best: dict[str, TermTranslation] = {}
    for translation in translations:
        if translation.other in terms:
            known = best.setdefault(translation.other, translation)
            if known.weight < translation.weight:
                best[translation.other] = translation
    missing = {
        translation.through for translation in translations if translation.other not in terms
    }
    found = (
        translation.through._replace(other=translation.written)
        if translation.through in missing
        else translation.through
        for translation in best.values()
    )
    return tuple(dict.fromkeys(found))
