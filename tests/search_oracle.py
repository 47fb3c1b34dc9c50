"""What a query should match, worked out slowly from the definitions.

Everything is read from the stored texts with the analyser and kept in plain dictionaries; no
posting list, mask or array is used.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from corpus import LANGUAGES
from index.analysis.analyzer import Analyzer
from index.analysis.english import STOP_WORDS, stem
from index.analysis.normalize import normal_form
from index.analysis.word import Part, Role, Word
from index.schema import span_of
from index.snapshot import Snapshot
from search.query.tree import Filter, Group, Node, Pattern, Phrase, Term, date_range, is_condition

Places = dict[str, set[int]]


@dataclass(slots=True)
class Text:
    """A text as the index counts it: where each term stands, how many there are, its pairs."""

    places: Places
    length: int
    bigrams: Counter[str]


@dataclass(slots=True)
class Paper:
    """A document: its title, what filters ask, and the numbers of its passages."""

    title: Text
    path: str
    language: str
    days: tuple[int, int]
    passages: list[int] = field(default_factory=list)


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
        self.bodies[numbers[0]].bigrams += title.bigrams

    def read(self, text: str) -> Text:
        places: Places = defaultdict(set)
        tokens = self.analyzer.tokens(text)
        for token in tokens:
            for part in token.word.parts:
                places[part.term].add(token.position + part.position)
        roles = [part.role for token in tokens for part in token.word.parts]
        length = roles.count(Role.PRIMARY) + roles.count(Role.COMPOUND)
        return Text(places, length, Counter(g for token in tokens for g in token.word.bigrams))

    def matching(self, node: Node) -> set[int]:
        match node:
            case Term(text, name):
                return set().union(*(self._of_word(word, name) for word in self.asked_words(text)))
            case Phrase(text, name, slop):
                words = [word for _, word in self.words(text)]
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

    def words(self, text: str) -> list[tuple[bool, Word]]:
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
        return [word for asked, word in self.words(text) if asked]


def reading_parts(word: Word) -> list[Part]:
    wanted = Role.PRIMARY if word.width else Role.FALLBACK
    return [part for part in word.parts if part.role is wanted]


def word_ends(places: Places, word: Word) -> set[tuple[int, int]]:
    """Return where a word starts and where it ends in a text."""
    parts = reading_parts(word)
    found = set()
    if parts:
        for start in places.get(parts[0].term, ()):
            if all(start + part.position in places.get(part.term, ()) for part in parts):
                found.add((start, start + word.width))
    last = max((part.end for part in word.parts if part.role is Role.PRIMARY), default=0)
    for part in word.parts:
        if part.role is Role.COMPOUND and part.position == 0 and part.end >= last:
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
    first, last = date_range(value) or ("", "")
    begins = span_of(first)[0] if first else 1
    ends = span_of(last)[1] if last else 9999_99_99
    return paper.days[0] <= ends and paper.days[1] >= begins
