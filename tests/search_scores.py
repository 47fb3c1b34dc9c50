"""How a search should score what it finds, worked out slowly from the formulas.

Only the numbers that were chosen by measurement are taken from the modules they stand in.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from search_oracle import Oracle, Paper, Text, reading_parts

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
    """What a query asks ranking for.

    `others` are terms of the other language, with what each counts, for a term asked for.
    """

    terms: Weights = field(default_factory=lambda: defaultdict(float))
    title_terms: Weights = field(default_factory=lambda: defaultdict(float))
    bigrams: Counter[str] = field(default_factory=Counter)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    patterns: list[Pattern] = field(default_factory=list)
    others: dict[str, Mapping[str, float]] = field(default_factory=dict)
    asks_all: bool = False

    def spellings(self, term: str) -> Iterator[tuple[str, float, float]]:
        """Yield a term and what stands for it: what a time it stands there counts, and its idf."""
        yield term, 1.0, 1.0
        for other, weight in self.others.get(term, {}).items():
            yield other, weight, weights.TRANSLATION_WEIGHT

    @property
    def all_terms(self) -> set[str]:
        return {spelling for term in self.terms for spelling, _, _ in self.spellings(term)}


class Ranker(Oracle):
    """The living passages of an index, in the order a query should give them.

    `entries` are the pairs of single words that a query crosses by; without any, it crosses none.
    """

    def __init__(
        self, snapshot: Snapshot, analyzer: Analyzer, entries: Iterable[Entry] = ()
    ) -> None:
        super().__init__(snapshot, analyzer)
        self.entries = tuple(entries)
        texts = [*self.bodies.values(), *(paper.title for paper in self.papers)]
        held = {term for text in texts for term in text.places}
        self.others: dict[str, dict[str, float]] = {}
        for entry in self.entries:
            for term, other in both_ways(entry.korean, stem(entry.english)):
                if other in held:
                    self.others.setdefault(term, {})[other] = entry.weight

    def rank(self, query: str) -> dict[int, float]:
        """Return the score of every passage that a query finds."""
        root = parse(query).root
        asked = WeightedTerms()
        self._collect(root, asked)
        found = self.found(self.crossed(root))
        if not found:
            asked = WeightedTerms(asks_all=True)
            self._collect(root, asked)
            found = self.found(self.crossed(root), asks_all=True)
        first = {number: self._first_stage(number, asked) for number in found}
        best = {
            id(paper): max(sum(first[n]) for n in paper.passages if n in found)
            for paper in self.papers
            if not found.isdisjoint(paper.passages)
        }
        scores = {}
        for number in found:
            paper = self.paper_of[number]
            top = best[id(paper)]
            share = sum(first[number]) / top if top > 0 else 1.0
            lent = share * self._of_paper(paper, asked)
            scores[number] = sum(first[number]) + max(lent, _alone(*first[number]))
        return scores

    def crossed(self, group: Group) -> Group:
        """Return a query whose phrases of one word may stand in the other language."""
        must = tuple(
            node if is_condition(node) else Group(may=tuple(self._spelt(node)))
            for node in group.must
        )
        may = tuple(spelt for node in group.may for spelt in self._spelt(node))
        return Group(must, may, group.never)

    def _spelt(self, node: Node) -> Iterator[Node]:
        if isinstance(node, Group):
            yield self.crossed(node)
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

    def found(self, root: Group, *, asks_all: bool = False) -> set[int]:
        if root == Group():
            return set()
        found = set(self.bodies).intersection(*map(self.matching, root.must))
        if root.may and all(map(is_condition, root.must)):
            found &= self._any_of(root.may, asks_all=asks_all)
        return found.difference(*map(self.matching, root.never))

    def _any_of(self, nodes: Sequence[Node], *, asks_all: bool) -> set[int]:
        others = [node for node in nodes if not is_plain(node)]
        plain = WeightedTerms(asks_all=asks_all and not others)
        words = tuple(node for node in nodes if node not in others)
        self._collect(Group(may=words), plain)
        some = set().union(*map(self.matching, others))
        some |= {n for n, body in self.bodies.items() if plain.all_terms & body.places.keys()}
        titled = [paper for paper in self.papers if plain.all_terms & paper.title.places.keys()]
        some |= {paper.passages[0] for paper in titled}
        if some:
            return some
        return {n for n, body in self.bodies.items() if plain.bigrams.keys() & body.bigrams}

    def _collect(self, node: Node, asked: WeightedTerms) -> None:
        match node:
            case Term(text, name) | Phrase(text, name):
                self._ask(text, name, asked)
            case Pattern():
                asked.patterns.append(node)
            case Group(must, may, _):
                for is_run, nodes in groupby((*must, *may), key=is_plain):
                    run = list(nodes)
                    if is_run:
                        self._ask(" ".join(map(format_node, run)), "", asked)
                    else:
                        for child in run:
                            self._collect(child, asked)
            case _:
                return

    def _ask(self, text: str, name: str, asked: WeightedTerms) -> None:
        terms: list[str] = []
        for is_asked, word in self.words(text):
            readings = [part.term for part in reading_parts(word)]
            if is_asked:
                terms += readings
            elif name or not asked.asks_all:
                continue
            wanted = asked.title_terms if name else asked.terms
            for term in readings:
                wanted[term] += 1
                if not name and term in self.others:
                    asked.others[term] = self.others[term]
            for part in word.parts:
                if part.role is Role.COMPOUND:
                    compound = part.term in "".join(readings)
                    wanted[part.term] += (
                        weights.COMPOUND_WEIGHT if compound else weights.OTHER_READING_WEIGHT
                    )
            if not name:
                asked.bigrams.update(word.bigrams)
        asked.pairs += pairwise(terms)

    def _first_stage(self, number: int, asked: WeightedTerms) -> tuple[float, float]:
        """Return what the passage itself scores, by its terms and by its pairs, weighed."""
        bodies = list(self.bodies.values())
        body = self.bodies[number]
        k1, b = weights.PASSAGE_K1, weights.PASSAGE_B
        terms = bigrams = 0.0
        for term, count in asked.terms.items():
            spelt = []
            for spelling, weight, worth in asked.spellings(term):
                holding = sum(spelling in other.places for other in bodies)
                frequency = len(body.places.get(spelling, ()))
                spelt.append((weight * frequency, worth * idf(holding, len(bodies))))
            relative = body.length / mean([other.length for other in bodies])
            terms += count * combined_synonyms(spelt, relative, k1, b)
        for bigram, count in asked.bigrams.items():
            holding = sum(bigram in other.bigrams for other in bodies)
            relative = body.bigrams.total() / mean([other.bigrams.total() for other in bodies])
            bigrams += (
                count * idf(holding, len(bodies)) * bm25(body.bigrams[bigram], relative, k1, b)
            )
        for pattern in asked.patterns:
            let = self.matching(pattern)
            terms += idf(len(let), len(bodies)) if number in let else 0.0
        return weights.PASSAGE_WEIGHT * terms, weights.PASSAGE_BIGRAM_WEIGHT * bigrams

    def _of_paper(self, paper: Paper, asked: WeightedTerms) -> float:
        """Return what the whole document scores: text and title together, title, pairs."""
        return (
            self._whole(paper, asked)
            + weights.DOCUMENT_BIGRAM_WEIGHT * self._syllables(paper, asked)
            + weights.TITLE_WEIGHT * self._title(paper, asked)
            + weights.PAIR_WEIGHT * self._pairs(paper, asked)
        )

    def _lengths(self, paper: Paper) -> float:
        """Return how long a document is, as a share of the mean."""
        sizes = {id(p): p.title.length + sum(t.length for t in self._texts(p)) for p in self.papers}
        return sizes[id(paper)] / mean(list(sizes.values()))

    def _texts(self, paper: Paper) -> list[Text]:
        return [self.bodies[number] for number in paper.passages]

    def _whole(self, paper: Paper, asked: WeightedTerms) -> float:
        score = 0.0
        for term, count in asked.terms.items():
            spelt = []
            for spelling, weight, worth in asked.spellings(term):
                counts = [
                    sum(len(t.places.get(spelling, ())) for t in (p.title, *self._texts(p)))
                    for p in self.papers
                ]
                rarity = idf(sum(map(bool, counts)), len(self.papers))
                spelt.append((weight * counts[self.papers.index(paper)], worth * rarity))
            length = self._lengths(paper)
            score += count * combined_synonyms(
                spelt, length, weights.DOCUMENT_K1, weights.DOCUMENT_B
            )
        return score

    def _syllables(self, paper: Paper, asked: WeightedTerms) -> float:
        score = 0.0
        totals = [sum(t.bigrams.total() for t in self._texts(p)) for p in self.papers]
        relative = totals[self.papers.index(paper)] / mean(totals)
        for bigram, count in asked.bigrams.items():
            holding = sum(bigram in body.bigrams for body in self.bodies.values())
            frequency = sum(text.bigrams[bigram] for text in self._texts(paper))
            weight = count * idf(holding, len(self.bodies))
            score += weight * bm25(frequency, relative, weights.DOCUMENT_K1, weights.DOCUMENT_B)
        return score

    def _title(self, paper: Paper, asked: WeightedTerms) -> float:
        score = 0.0
        k1, b = weights.TITLE_K1, weights.TITLE_B
        relative = paper.title.length / mean([p.title.length for p in self.papers])
        for term, count in asked.title_terms.items():
            score += count * combined_synonyms([self._in_title(paper, term)], relative, k1, b)
        for term, count in asked.terms.items():
            spelt = []
            for spelling, weight, worth in asked.spellings(term):
                frequency, rarity = self._in_title(paper, spelling)
                spelt.append((weight * frequency, worth * rarity))
            score += count * combined_synonyms(spelt, relative, k1, b)
        return score

    def _in_title(self, paper: Paper, term: str) -> tuple[int, float]:
        holding = sum(term in p.title.places for p in self.papers)
        return len(paper.title.places.get(term, ())), idf(holding, len(self.papers))

    def _pairs(self, paper: Paper, asked: WeightedTerms) -> float:
        score = 0.0
        for first, second in asked.pairs:
            together = sum(
                place + 1 in text.places.get(second, ())
                for text in (paper.title, *self._texts(paper))
                for place in text.places.get(first, ())
            )
            held = [sum(t in body.places for body in self.bodies.values()) for t in (first, second)]
            weight = sum(idf(count, len(self.bodies)) for count in held) / 2
            length = self._lengths(paper)
            score += weight * bm25(together, length, weights.DOCUMENT_K1, weights.PAIR_B)
        return score


def _alone(terms: float, bigrams: float) -> float:
    """Return what a passage has at least for its document."""
    bigrams *= weights.DOCUMENT_BIGRAM_WEIGHT / weights.PASSAGE_BIGRAM_WEIGHT
    return weights.ALONE_WEIGHT * (terms / weights.PASSAGE_WEIGHT + bigrams)


def is_plain(node: Node) -> bool:
    return isinstance(node, Term) and not node.field


def mean(numbers: Sequence[int]) -> float:
    """Return the mean; that of nothing but zeros is next to nothing, so that it can divide."""
    return max(sum(numbers) / len(numbers), 1e-9)


def idf(holding: int, everything: int) -> float:
    return math.log(1 + (everything - holding + 0.5) / (holding + 0.5))


def combined_synonyms(
    spelt: Sequence[tuple[float, float]], relative: float, k1: float, b: float
) -> float:
    """Return what a term scores that may be spelt in several ways, of a frequency and an idf each.

    They are counted as one term, whose idf is the mean of those that stand there.
    """
    frequency = sum(count for count, _ in spelt)
    rarity = sum(count * idf for count, idf in spelt) / frequency if frequency else 0.0
    return rarity * bm25(frequency, relative, k1, b)


def both_ways(first: str, second: str) -> tuple[tuple[str, str], ...]:
    return (first, second), (second, first)


def bm25(frequency: float, relative_length: float, k1: float, b: float) -> float:
    if not frequency:
        return 0.0
    return frequency * (k1 + 1) / (frequency + k1 * (1 - b + b * relative_length))
