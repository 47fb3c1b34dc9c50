"""A slow reference implementation of scoring, written from the formulas.

Only the tuned weights are imported from the search package.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from search_oracle import Oracle, OracleDocument, Text, reading_parts, text_length

from index.analysis.analyzer import Analyzer
from index.analysis.english import stem
from index.analysis.word import Role
from index.bridge.entry import Entry
from index.snapshot import Snapshot
from search import weights
from search.query.parser import parse
from search.query.tree import Group, Node, Pattern, Phrase, Term, format_node, is_condition

Weights = defaultdict[str, float]


@dataclass(slots=True)
class WeightedTerms:
    """The weighted terms of a query; `translations` are by term, with their weights."""

    terms: Weights = field(default_factory=lambda: defaultdict(float))
    title_terms: Weights = field(default_factory=lambda: defaultdict(float))
    bigrams: Counter[str] = field(default_factory=Counter)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    patterns: list[Pattern] = field(default_factory=list)
    translations: dict[str, Mapping[str, float]] = field(default_factory=dict)
    length: int = 0
    with_stop_words: bool = False

    def synonyms(self, term: str) -> Iterator[tuple[str, float, float]]:
        """Yield a term and its translations, with the weights of frequency and idf."""
        yield term, 1.0, 1.0
        for other, weight in self.translations.get(term, {}).items():
            yield other, weight, weights.TRANSLATION_WEIGHT

    @property
    def all_terms(self) -> set[str]:
        return {synonym for term in self.terms for synonym, _, _ in self.synonyms(term)}


class Ranker(Oracle):
    """Scores the live passages of an index; `entries` are the bridge, of single words."""

    def __init__(
        self, snapshot: Snapshot, analyzer: Analyzer, entries: Iterable[Entry] = ()
    ) -> None:
        super().__init__(snapshot, analyzer)
        self.entries = tuple(entries)
        texts = [*self.bodies.values(), *(document.title for document in self.documents)]
        known = {term for text in texts for term in text.positions}
        self.translations: dict[str, dict[str, float]] = {}
        for entry in self.entries:
            for term, other in both_ways(entry.korean, stem(entry.english)):
                if other in known:
                    self.translations.setdefault(term, {})[other] = entry.weight

    def rank(self, query: str) -> dict[int, float]:
        """Return the score of each passage that a query matches."""
        root = parse(query).root
        weighted = WeightedTerms()
        self._collect(root, weighted)
        found = self.found(self.translated(root))
        if not found:
            weighted = WeightedTerms(with_stop_words=True)
            self._collect(root, weighted)
            found = self.found(self.translated(root), with_stop_words=True)
        first = {number: self._first_stage(number, weighted) for number in found}
        best = {
            id(document): max(sum(first[n]) for n in document.passages if n in found)
            for document in self.documents
            if not found.isdisjoint(document.passages)
        }
        scores = {}
        for number in found:
            document = self.document_of[number]
            top = best[id(document)]
            share = sum(first[number]) / top if top > 0 else 1.0
            text = max(share * self._text_score(document, weighted), _alone(*first[number]))
            around = share * self._around(document, weighted)
            scores[number] = sum(first[number]) + text + around
        return scores

    def translated(self, group: Group) -> Group:
        """Return a query with the translations of phrases of one word."""
        must = tuple(
            node if is_condition(node) else Group(may=tuple(self._with_translations(node)))
            for node in group.must
        )
        may = tuple(other for node in group.may for other in self._with_translations(node))
        return Group(must, may, group.never)

    def _with_translations(self, node: Node) -> Iterator[Node]:
        if isinstance(node, Group):
            yield self.translated(node)
            return
        yield node
        if isinstance(node, Phrase):
            words = [word for _, word in self.words(node.text)]
            terms = [part.term for word in words for part in reading_parts(word)]
            for entry in self.entries:
                if terms == [entry.korean]:
                    yield replace(node, text=entry.english)
                if terms == [stem(entry.english)]:
                    yield replace(node, text=entry.korean)

    def found(self, root: Group, *, with_stop_words: bool = False) -> set[int]:
        if root == Group():
            return set()
        found = set(self.bodies).intersection(*map(self.matching, root.must))
        if root.may and all(map(is_condition, root.must)):
            found &= self._any_of(root.may, with_stop_words=with_stop_words)
        return found.difference(*map(self.matching, root.never))

    def _any_of(self, nodes: Sequence[Node], *, with_stop_words: bool) -> set[int]:
        others = [node for node in nodes if not is_plain(node)]
        plain = WeightedTerms(with_stop_words=with_stop_words and not others)
        words = tuple(node for node in nodes if node not in others)
        self._collect(Group(may=words), plain)
        some = self.matching_any(others)
        some |= {n for n, body in self.bodies.items() if plain.all_terms & body.positions.keys()}
        titled = [
            document
            for document in self.documents
            if plain.all_terms & document.title.positions.keys()
        ]
        some |= {document.passages[0] for document in titled}
        if some:
            return some
        return {n for n, body in self.bodies.items() if plain.bigrams.keys() & body.bigrams}

    def _collect(self, node: Node, weighted: WeightedTerms) -> None:
        match node:
            case Term(text, name) | Phrase(text, name):
                self._add_words(text, name, weighted)
            case Pattern():
                weighted.patterns.append(node)
            case Group(must, may, _):
                for is_run, nodes in groupby((*must, *may), key=is_plain):
                    run = list(nodes)
                    if is_run:
                        self._add_words(" ".join(map(format_node, run)), "", weighted)
                    else:
                        for child in run:
                            self._collect(child, weighted)
            case _:
                return

    def _add_words(self, text: str, name: str, weighted: WeightedTerms) -> None:
        terms: list[str] = []
        for is_searched, word in self.words(text):
            readings = [part.term for part in reading_parts(word)]
            if is_searched:
                terms += readings
            elif name or not weighted.with_stop_words:
                continue
            target = weighted.title_terms if name else weighted.terms
            for term in readings:
                target[term] += 1
                if not name and term in self.translations:
                    weighted.translations[term] = self.translations[term]
            for part in word.parts:
                if part.role is Role.COMPOUND:
                    compound = part.term in "".join(readings)
                    target[part.term] += (
                        weights.COMPOUND_WEIGHT if compound else weights.OTHER_READING_WEIGHT
                    )
            if not name:
                weighted.bigrams.update(word.bigrams)
                weighted.length += text_length([word])
        weighted.pairs += pairwise(terms)

    def _first_stage(self, number: int, weighted: WeightedTerms) -> tuple[float, float]:
        """Return the weighted scores of a passage by its terms and by its syllable bigrams."""
        bodies = list(self.bodies.values())
        body = self.bodies[number]
        k1, b = weights.PASSAGE_K1, weights.PASSAGE_B
        terms = bigrams = 0.0
        for term, count in weighted.terms.items():
            synonyms = []
            for synonym, weight, idf_weight in weighted.synonyms(term):
                document_frequency = sum(synonym in other.positions for other in bodies)
                frequency = len(body.positions.get(synonym, ()))
                synonyms.append(
                    (weight * frequency, idf_weight * idf(document_frequency, len(bodies)))
                )
            relative = body.length / mean([other.length for other in bodies])
            terms += count * combined_synonyms(synonyms, relative, k1, b)
        for bigram, count in weighted.bigrams.items():
            document_frequency = sum(bigram in other.bigrams for other in bodies)
            relative = body.bigrams.total() / mean([other.bigrams.total() for other in bodies])
            bigrams += (
                count
                * idf(document_frequency, len(bodies))
                * bm25(body.bigrams[bigram], relative, k1, b)
            )
        for pattern in weighted.patterns:
            matching = self.matching(pattern)
            terms += idf(len(matching), len(bodies)) if number in matching else 0.0
        return weights.PASSAGE_WEIGHT * terms, weights.PASSAGE_BIGRAM_WEIGHT * bigrams

    def _text_score(self, document: OracleDocument, weighted: WeightedTerms) -> float:
        """Return the score of a document by its terms and syllable bigrams."""
        syllables = weights.DOCUMENT_BIGRAM_WEIGHT * self._syllables(document, weighted)
        return self._whole(document, weighted) + syllables

    def _around(self, document: OracleDocument, weighted: WeightedTerms) -> float:
        """Return the score of a document by its title and by pairs of words."""
        named_so = sum(p.title_text == document.title_text for p in self.documents)
        title = self._title(document, weighted)
        if self._is_title(document, weighted):
            title *= 1 + weights.WHOLE_TITLE
        title /= 1 + weights.SHARED_TITLE * math.log(named_so)
        return weights.TITLE_WEIGHT * title + weights.PAIR_WEIGHT * self._pairs(document, weighted)

    def _is_title(self, document: OracleDocument, weighted: WeightedTerms) -> bool:
        """Return whether the pairs of a query, one after another, are the whole title."""
        positions = document.title.positions
        return document.title.length == weighted.length and all(
            followed(positions.get(first, ()), positions.get(second, ()))
            for first, second in weighted.pairs
        )

    def _relative_length(self, document: OracleDocument) -> float:
        """Return the length of a document relative to the mean."""
        sizes = {
            id(p): p.title.length + sum(t.length for t in self._texts(p)) for p in self.documents
        }
        return sizes[id(document)] / mean(list(sizes.values()))

    def _texts(self, document: OracleDocument) -> list[Text]:
        return [self.bodies[number] for number in document.passages]

    def _whole(self, document: OracleDocument, weighted: WeightedTerms) -> float:
        score = 0.0
        for term, count in weighted.terms.items():
            synonyms = []
            for synonym, weight, idf_weight in weighted.synonyms(term):
                counts = [
                    sum(len(t.positions.get(synonym, ())) for t in (p.title, *self._texts(p)))
                    for p in self.documents
                ]
                rarity = idf(sum(map(bool, counts)), len(self.documents))
                synonyms.append(
                    (weight * counts[self.documents.index(document)], idf_weight * rarity)
                )
            length = self._relative_length(document)
            score += count * combined_synonyms(
                synonyms, length, weights.DOCUMENT_K1, weights.DOCUMENT_B
            )
        return score

    def _syllables(self, document: OracleDocument, weighted: WeightedTerms) -> float:
        score = 0.0
        totals = [sum(t.bigrams.total() for t in self._texts(p)) for p in self.documents]
        relative = totals[self.documents.index(document)] / mean(totals)
        for bigram, count in weighted.bigrams.items():
            document_frequency = sum(bigram in body.bigrams for body in self.bodies.values())
            frequency = sum(text.bigrams[bigram] for text in self._texts(document))
            weight = count * idf(document_frequency, len(self.bodies))
            score += weight * bm25(frequency, relative, weights.DOCUMENT_K1, weights.DOCUMENT_B)
        return score

    def _title(self, document: OracleDocument, weighted: WeightedTerms) -> float:
        score = 0.0
        k1, b = weights.TITLE_K1, weights.TITLE_B
        relative = document.title.length / mean([p.title.length for p in self.documents])
        for term, count in weighted.title_terms.items():
            score += count * combined_synonyms([self._in_title(document, term)], relative, k1, b)
        for term, count in weighted.terms.items():
            synonyms = []
            for synonym, weight, idf_weight in weighted.synonyms(term):
                frequency, rarity = self._in_title(document, synonym)
                synonyms.append((weight * frequency, idf_weight * rarity))
            score += count * combined_synonyms(synonyms, relative, k1, b)
        return score

    def _in_title(self, document: OracleDocument, term: str) -> tuple[int, float]:
        document_frequency = sum(term in p.title.positions for p in self.documents)
        return len(document.title.positions.get(term, ())), idf(
            document_frequency, len(self.documents)
        )

    def _pairs(self, document: OracleDocument, weighted: WeightedTerms) -> float:
        score = 0.0
        for first, second in weighted.pairs:
            together = sum(
                followed(text.positions.get(first, ()), text.positions.get(second, ()))
                for text in (document.title, *self._texts(document))
            )
            counts = [
                sum(t in body.positions for body in self.bodies.values()) for t in (first, second)
            ]
            weight = sum(idf(count, len(self.bodies)) for count in counts) / 2
            length = self._relative_length(document)
            score += weight * bm25(together, length, weights.DOCUMENT_K1, weights.PAIR_B)
        return score


def _alone(terms: float, bigrams: float) -> float:
    """Return the least score of a passage for its document."""
    bigrams *= weights.DOCUMENT_BIGRAM_WEIGHT / weights.PASSAGE_BIGRAM_WEIGHT
    return weights.ALONE_WEIGHT * (terms / weights.PASSAGE_WEIGHT + bigrams)


def followed(some: Iterable[int], others: Iterable[int]) -> int:
    """Return how many of `some` have one of `others` close behind them."""
    return sum(any(0 < other - one <= weights.PAIR_WINDOW for other in others) for one in some)


def is_plain(node: Node) -> bool:
    return isinstance(node, Term) and not node.field


def mean(numbers: Sequence[int]) -> float:
    """Return the mean, at least 1e-9 so that it can be a divisor."""
    return max(sum(numbers) / len(numbers), 1e-9)


def idf(document_frequency: int, texts: int) -> float:
    return math.log(1 + (texts - document_frequency + 0.5) / (document_frequency + 0.5))


def combined_synonyms(
    synonyms: Sequence[tuple[float, float]], relative: float, k1: float, b: float
) -> float:
    """Return the score of synonyms (frequency, idf) as one term with their mean idf."""
    frequency = sum(count for count, _ in synonyms)
    rarity = sum(count * idf for count, idf in synonyms) / frequency if frequency else 0.0
    return rarity * bm25(frequency, relative, k1, b)


def both_ways(first: str, second: str) -> tuple[tuple[str, str], ...]:
    return (first, second), (second, first)


def bm25(frequency: float, relative_length: float, k1: float, b: float) -> float:
    if not frequency:
        return 0.0
    return frequency * (k1 + 1) / (frequency + k1 * (1 - b + b * relative_length))
