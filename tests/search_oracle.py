"""What a search should find and how it should score, worked out slowly from the definitions.

Everything is read from the stored texts with the analyser and counted in plain dictionaries; no
posting list, mask or array is used. Only the numbers that were chosen by measurement are taken
from the modules they stand in.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from corpus import LANGUAGES
from index.analysis.analyzer import Analyzer
from index.analysis.english import STOP_WORDS, stem
from index.analysis.normal import normal_form
from index.analysis.word import Role, Word
from index.dates import span_of
from index.snapshot import Snapshot
from search import reading, rerank, topk
from search.parser import parse
from search.query import Filter, Group, Node, Pattern, Phrase, Term, dates_of, is_condition

Places = dict[str, set[int]]


@dataclass(slots=True)
class Text:
    """A text as the index counts it: where each term stands, how many there are, its pairs."""

    places: Places
    length: int
    grams: Counter[str]


@dataclass(slots=True)
class Paper:
    """A document: its title, what filters ask, and the numbers of its passages."""

    title: Text
    path: str
    language: str
    days: tuple[int, int]
    passages: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Asked:
    """What a query asks ranking for."""

    terms: Counter[str] = field(default_factory=Counter)
    title_terms: Counter[str] = field(default_factory=Counter)
    grams: Counter[str] = field(default_factory=Counter)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    patterns: list[Pattern] = field(default_factory=list)


class Oracle:
    """The living passages of an index, by number."""

    def __init__(self, snapshot: Snapshot, analyzer: Analyzer) -> None:
        self.analyzer = analyzer
        self.bodies: dict[int, Text] = {}
        self.papers: list[Paper] = []
        self.paper_of: dict[int, Paper] = {}
        self.keys: dict[tuple[str, int], int] = {}
        owners = snapshot.measures.document.tolist()
        alive = [number for number in range(snapshot.size) if snapshot.alive[number]]
        for _, numbers in groupby(alive, key=lambda number: owners[number]):
            self._add(snapshot, list(numbers))

    def _add(self, snapshot: Snapshot, numbers: list[int]) -> None:
        stored = snapshot.stored_document(numbers[0])
        title = self.read(stored["title"])
        paper = Paper(title, stored["path"], stored["language"], span_of(stored["date"]), numbers)
        self.papers.append(paper)
        for ordinal, number in enumerate(numbers):
            self.bodies[number] = self.read(str(snapshot.stored(number)["text"]))
            self.paper_of[number] = paper
            self.keys[stored["id"], ordinal] = number
        # The syllable pairs of a title count as the first passage's.
        self.bodies[numbers[0]].grams += title.grams

    def read(self, text: str) -> Text:
        places: Places = defaultdict(set)
        tokens = self.analyzer.tokens(text)
        for token in tokens:
            for part in token.word.parts:
                places[part.term].add(token.position + part.position)
        roles = [part.role for token in tokens for part in token.word.parts]
        length = roles.count(Role.READING) + roles.count(Role.WHOLE)
        return Text(places, length, Counter(g for token in tokens for g in token.word.grams))

    # ---- which passages match

    def matching(self, node: Node) -> set[int]:
        match node:
            case Term(text, name):
                return set().union(*(self._of_word(word, name) for word in self.asked_words(text)))
            case Phrase(text, name, slop):
                words = [word for _, word in self._words(text)]
                return self._standing(lambda text: phrase_stands(text.places, words, slop), name)
            case Pattern(_, name):
                terms = self.expanded(node)
                both = self._standing(lambda text: not terms.isdisjoint(text.places), name)
                titled = self._standing(lambda text: not terms.isdisjoint(text.places), "title")
                return both | titled
            case Filter(name, value):
                return self._passages(p for p in self.papers if let_through(p, name, value))
            case Group(must, may, never):
                found = set(self.bodies).intersection(*map(self.matching, must))
                if may and all(map(is_condition, must)):
                    found &= set().union(*map(self.matching, may))
                return found.difference(*map(self.matching, never))

    def _of_word(self, word: Word, name: str) -> set[int]:
        def stands(text: Text) -> bool:
            return bool(word_ends(text.places, word))

        return self._standing(stands, name) | self._standing(stands, "title")

    def _standing(self, stands: Callable[[Text], bool], name: str) -> set[int]:
        if name:
            return self._passages(paper for paper in self.papers if stands(paper.title))
        return {number for number, body in self.bodies.items() if stands(body)}

    def _passages(self, papers: Iterable[Paper]) -> set[int]:
        return {number for paper in papers for number in paper.passages}

    def expanded(self, pattern: Pattern) -> set[str]:
        text = normal_form(pattern.text)
        signs = {"*": "[^\n]*", "?": "[^\n]"}
        shape = re.compile("".join(signs.get(sign, re.escape(sign)) for sign in text))
        titles = [term for paper in self.papers for term in paper.title.places]
        bodies = [] if pattern.field else [t for body in self.bodies.values() for t in body.places]
        found = {term for term in {*titles, *bodies} if shape.fullmatch(term)}
        if text.endswith("*") and text[:-1].isascii() and text[:-1].isalpha():
            found.add(stem(text[:-1]))
        return found

    def _words(self, text: str) -> list[tuple[bool, Word]]:
        """Return the words of a query with whether they are asked for."""
        found = []
        for token in self.analyzer.tokens(text):
            typed = text[token.span[0] : token.span[1]]
            is_name = len(typed) > 1 and typed.isupper()
            stops = typed.lower().replace("’", "'") in STOP_WORDS
            found.append((token.word.width > 0 and (is_name or not stops), token.word))
        if not any(asked for asked, _ in found):
            return [(True, word) for _, word in found]
        return found

    def asked_words(self, text: str) -> list[Word]:
        return [word for asked, word in self._words(text) if asked]

    # ---- in which order

    def rank(self, query: str) -> dict[int, float]:
        """Return the score of every passage that a query finds."""
        root = parse(query).root
        asked = Asked()
        self._collect(root, asked)
        found = self.found(root)
        first = {number: self._first_look(number, asked) for number in found}
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
            scores[number] = sum(first[number]) + share * self._of_paper(paper, asked)
        return scores

    def found(self, root: Group) -> set[int]:
        if root == Group():
            return set()
        found = set(self.bodies).intersection(*map(self.matching, root.must))
        if root.may and all(map(is_condition, root.must)):
            found &= self._any_of(root.may)
        return found.difference(*map(self.matching, root.never))

    def _any_of(self, nodes: Sequence[Node]) -> set[int]:
        plain = Asked()
        others = [node for node in nodes if not isinstance(node, Term) or node.field]
        words = tuple(node for node in nodes if node not in others)
        self._collect(Group(may=words), plain)
        some = set().union(*map(self.matching, others))
        some |= {n for n, body in self.bodies.items() if not plain.terms.keys().isdisjoint(body.places)}
        some |= {
            paper.passages[0]
            for paper in self.papers
            if not plain.terms.keys().isdisjoint(paper.title.places)
        }
        if some:
            return some
        return {n for n, body in self.bodies.items() if not plain.grams.keys().isdisjoint(body.grams)}

    def _collect(self, node: Node, asked: Asked) -> None:
        match node:
            case Term(text, name) | Phrase(text, name):
                self._ask(text, name, asked)
            case Pattern():
                asked.patterns.append(node)
            case Group(must, may, _):
                plain = lambda child: isinstance(child, Term) and not child.field  # noqa: E731 - a key
                for is_run, nodes in groupby((*must, *may), key=plain):
                    run = list(nodes)
                    if is_run:
                        self._ask(" ".join(child.text for child in run), "", asked)  # type: ignore[union-attr]  # all are terms
                    else:
                        for child in run:
                            self._collect(child, asked)
            case _:
                return

    def _ask(self, text: str, name: str, asked: Asked) -> None:
        terms: list[str] = []
        for word in self.asked_words(text):
            readings = [part.term for part in reading_parts(word)]
            terms += readings
            weights = asked.title_terms if name else asked.terms
            weights.update(readings)
            for part in word.parts:
                if part.role is Role.WHOLE:
                    compound = part.term in "".join(readings)
                    weights[part.term] += reading.COMPOUND if compound else reading.OTHER_READING  # type: ignore[assignment]  # a counter of weights
            if not name:
                asked.grams.update(word.grams)
        asked.pairs += zip(terms, terms[1:], strict=False)

    def _first_look(self, number: int, asked: Asked) -> tuple[float, float]:
        """Return what the passage itself scores, by its terms and by its pairs, weighed."""
        bodies = list(self.bodies.values())
        body, paper = self.bodies[number], self.paper_of[number]
        k1, b = topk.PASSAGE_K1, topk.PASSAGE_B
        terms = grams = 0.0
        for term, count in asked.terms.items():
            holding = sum(term in other.places for other in bodies)
            frequency = len(body.places.get(term, ()))
            relative = body.length / mean([other.length for other in bodies])
            terms += count * idf(holding, len(bodies)) * bm25(frequency, relative, k1, b)
        for gram, count in asked.grams.items():
            holding = sum(gram in other.grams for other in bodies)
            relative = body.grams.total() / mean([other.grams.total() for other in bodies])
            grams += count * idf(holding, len(bodies)) * bm25(body.grams[gram], relative, k1, b)
        for pattern in asked.patterns:
            let = self.matching(pattern)
            terms += idf(len(let), len(bodies)) if number in let else 0.0
        del paper
        return rerank.PASSAGE_WEIGHT * terms, rerank.PASSAGE_GRAM_WEIGHT * grams

    def _of_paper(self, paper: Paper, asked: Asked) -> float:
        """Return what the whole document scores: text and title together, title, pairs."""
        return (
            self._whole(paper, asked)
            + rerank.DOCUMENT_GRAM_WEIGHT * self._syllables(paper, asked)
            + rerank.TITLE_WEIGHT * self._title(paper, asked)
            + rerank.PAIR_WEIGHT * self._pairs(paper, asked)
        )

    def _lengths(self, paper: Paper) -> float:
        """Return how long a document is, as a share of the mean."""
        sizes = {id(p): p.title.length + sum(t.length for t in self._texts(p)) for p in self.papers}
        return sizes[id(paper)] / mean(list(sizes.values()))

    def _texts(self, paper: Paper) -> list[Text]:
        return [self.bodies[number] for number in paper.passages]

    def _whole(self, paper: Paper, asked: Asked) -> float:
        score = 0.0
        for term, count in asked.terms.items():
            counts = [
                sum(len(t.places.get(term, ())) for t in (p.title, *self._texts(p)))
                for p in self.papers
            ]
            frequency = counts[self.papers.index(paper)]
            weight = count * idf(sum(map(bool, counts)), len(self.papers))
            length = self._lengths(paper)
            score += weight * bm25(frequency, length, rerank.DOCUMENT_K1, rerank.DOCUMENT_B)
        return score

    def _syllables(self, paper: Paper, asked: Asked) -> float:
        score = 0.0
        totals = [sum(t.grams.total() for t in self._texts(p)) for p in self.papers]
        relative = totals[self.papers.index(paper)] / mean(totals)
        for gram, count in asked.grams.items():
            holding = sum(gram in body.grams for body in self.bodies.values())
            frequency = sum(text.grams[gram] for text in self._texts(paper))
            weight = count * idf(holding, len(self.bodies))
            score += weight * bm25(frequency, relative, rerank.DOCUMENT_K1, rerank.DOCUMENT_B)
        return score

    def _title(self, paper: Paper, asked: Asked) -> float:
        score = 0.0
        relative = paper.title.length / mean([p.title.length for p in self.papers])
        for term, count in (asked.terms + asked.title_terms).items():
            holding = sum(term in p.title.places for p in self.papers)
            frequency = len(paper.title.places.get(term, ()))
            score += count * idf(holding, len(self.papers)) * bm25(frequency, relative, 1.2, 0.75)
        return score

    def _pairs(self, paper: Paper, asked: Asked) -> float:
        score = 0.0
        for first, second in asked.pairs:
            together = sum(
                place + 1 in text.places.get(second, ())
                for text in (paper.title, *self._texts(paper))
                for place in text.places.get(first, ())
            )
            held = [sum(t in body.places for body in self.bodies.values()) for t in (first, second)]
            weight = sum(idf(count, len(self.bodies)) for count in held) / 2
            score += weight * bm25(together, self._lengths(paper), rerank.DOCUMENT_K1, 0.75)
        return score


def mean(numbers: Sequence[int]) -> float:
    """Return the mean; that of nothing but zeros is next to nothing, so that it can divide."""
    return max(sum(numbers) / len(numbers), 1e-9)


def idf(holding: int, everything: int) -> float:
    return math.log(1 + (everything - holding + 0.5) / (holding + 0.5))


def bm25(frequency: int, relative_length: float, k1: float, b: float) -> float:
    if not frequency:
        return 0.0
    return frequency * (k1 + 1) / (frequency + k1 * (1 - b + b * relative_length))


def reading_parts(word: Word) -> list[reading.Part]:
    wanted = Role.READING if word.width else Role.WEAK
    return [part for part in word.parts if part.role is wanted]


def word_ends(places: Places, word: Word) -> set[tuple[int, int]]:
    """Return where a word starts and where it ends in a text."""
    parts = reading_parts(word)
    found = set()
    if parts:
        for start in places.get(parts[0].term, ()):
            if all(start + part.position in places.get(part.term, ()) for part in parts):
                found.add((start, start + word.width))
    last = max((part.end for part in word.parts if part.role is Role.READING), default=0)
    for part in word.parts:
        if part.role is Role.WHOLE and part.position == 0 and part.end >= last:
            for start in places.get(part.term, ()):
                found |= {(start, start + 1), (start, start + max(1, word.width))}
    return found


def phrase_stands(places: Places, words: Sequence[Word], slop: int) -> bool:
    """Tell whether words stand one behind the other, with at most `slop` terms between two."""
    ends: set[int] | None = None
    for word in [word for word in words if word.width] or words:
        stretches = word_ends(places, word)
        if ends is not None:
            before = ends
            stretches = {
                (start, end)
                for start, end in stretches
                if any(start - slop <= other <= start for other in before)
            }
        ends = {end for _, end in stretches}
    return bool(ends)


def let_through(paper: Paper, name: str, value: str) -> bool:
    """Tell whether a document meets a condition."""
    if name == "lang":
        assert value in LANGUAGES
        return paper.language == value
    if name == "path":
        return normal_form(value) in normal_form(paper.path)
    first, last = dates_of(value) or ("", "")
    begins = span_of(first)[0] if first else 1
    ends = span_of(last)[1] if last else 9999_99_99
    return paper.days[0] <= ends and paper.days[1] >= begins
