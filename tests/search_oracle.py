"""A slow reference implementation of matching, written from the definitions.

It analyzes the stored texts into plain dictionaries; no posting list, mask or array is used.
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

Positions = dict[str, set[int]]


@dataclass(slots=True)
class Text:
    """An analyzed text: positions by term, length in terms, and syllable bigrams."""

    positions: Positions
    length: int
    bigrams: Counter[str]


@dataclass(slots=True)
class OracleDocument:
    """A document: its title, the values for filters, and its passages."""

    title_text: str
    title: Text
    path: str
    language: str
    days: tuple[int, int]
    passages: list[int] = field(default_factory=list)


class Oracle:
    """The live passages of an index, by number."""

    def __init__(self, snapshot: Snapshot, analyzer: Analyzer) -> None:
        self.analyzer = analyzer
        self.bodies: dict[int, Text] = {}
        self.documents: list[OracleDocument] = []
        self.document_of: dict[int, OracleDocument] = {}
        self.keys: dict[tuple[str, int], int] = {}
        owners = snapshot.doc_values.document.tolist()
        alive = [number for number in range(snapshot.size) if snapshot.alive[number]]
        for _, numbers in groupby(alive, key=lambda number: owners[number]):
            self._add(snapshot, list(numbers))

    def _add(self, snapshot: Snapshot, numbers: list[int]) -> None:
        stored = snapshot.stored_document(numbers[0])
        title = self.read(stored["title"])
        days = span_of(stored["date"])
        document = OracleDocument(
            stored["title"], title, stored["path"], stored["language"], days, numbers
        )
        self.documents.append(document)
        for ordinal, number in enumerate(numbers):
            self.bodies[number] = self.read(str(snapshot.stored(number)["text"]))
            self.document_of[number] = document
            self.keys[stored["id"], ordinal] = number
        # The syllable bigrams of a title are indexed with the first passage.
        self.bodies[numbers[0]].bigrams += title.bigrams

    def read(self, text: str) -> Text:
        positions: Positions = defaultdict(set)
        tokens = self.analyzer.tokens(text)
        for token in tokens:
            for part in token.word.parts:
                positions[part.term].add(token.position + part.position)
        length = text_length([token.word for token in tokens])
        return Text(positions, length, Counter(g for token in tokens for g in token.word.bigrams))

    def matching(self, node: Node) -> set[int]:
        match node:
            case Term(text, name):
                return set().union(
                    *(self._of_word(word, name) for word in self.searched_words(text))
                )
            case Phrase():
                return self.with_phrase(node)
            case Pattern(_, name):
                terms = self.expanded(node)
                both = self._with(lambda text: not terms.isdisjoint(text.positions), name)
                titled = self._with(lambda text: not terms.isdisjoint(text.positions), "title")
                return both | titled
            case Filter(name, value):
                return self._passages(p for p in self.documents if passes_filter(p, name, value))
            case Group(must, may, never):
                found = set(self.bodies).intersection(*map(self.matching, must))
                if may and all(map(is_condition, must)):
                    found &= set().union(*map(self.matching, may))
                return found.difference(*map(self.matching, never))

    def matching_any(self, nodes: Iterable[Node]) -> set[int]:
        """Return the passages that optional nodes match: a phrase in a title only the first."""
        return set().union(
            *(
                self.with_phrase(node, first=True)
                if isinstance(node, Phrase)
                else self.matching(node)
                for node in nodes
            )
        )

    def with_phrase(self, phrase: Phrase, *, first: bool = False) -> set[int]:
        words = [word for _, word in self.words(phrase.text)]

        def matches(text: Text) -> bool:
            return matches_phrase(text.positions, words, phrase.slop)

        titled = self._with(matches, "title")
        if phrase.field:
            return titled
        if first:
            titled &= {document.passages[0] for document in self.documents}
        return titled | self._with(matches, "")

    def _of_word(self, word: Word, name: str) -> set[int]:
        def matches(text: Text) -> bool:
            return bool(word_spans(text.positions, word))

        return self._with(matches, name) | self._with(matches, "title")

    def _with(self, matches: Callable[[Text], bool], name: str) -> set[int]:
        if name:
            return self._passages(
                document for document in self.documents if matches(document.title)
            )
        return {number for number, body in self.bodies.items() if matches(body)}

    def _passages(self, documents: Iterable[OracleDocument]) -> set[int]:
        return {number for document in documents for number in document.passages}

    def expanded(self, pattern: Pattern) -> set[str]:
        text = normal_form(pattern.text)
        if re.match("[^-.'&·]{3}", text):  # a name with a sign inside has terms without it
            text = re.sub(r"(?<=[^\W\d_])[-.'&·](?=[^\W_]|[*?])", "", text)
        wildcards = {"*": "[^\n]*", "?": "[^\n]"}
        regex = re.compile("".join(wildcards.get(sign, re.escape(sign)) for sign in text))
        titles = [term for document in self.documents for term in document.title.positions]
        bodies = (
            [] if pattern.field else [t for body in self.bodies.values() for t in body.positions]
        )
        found = {term for term in {*titles, *bodies} if regex.fullmatch(term)}
        if text.endswith("*") and text[:-1].isascii() and text[:-1].isalpha():
            found.add(stem(text[:-1]))
        return found

    def words(self, text: str) -> list[tuple[bool, Word]]:
        """Return the words of a query, each with whether it is searched for."""
        found = []
        for token in self.analyzer.tokens(text):
            typed = text[token.span[0] : token.span[1]]
            is_name = len(typed) > 1 and typed.isupper()
            is_stop_word = typed.lower().replace("’", "'") in STOP_WORDS
            found.append((token.word.width > 0 and (is_name or not is_stop_word), token.word))
        if not any(is_searched for is_searched, _ in found):
            return [(True, word) for _, word in found]
        return found

    def searched_words(self, text: str) -> list[Word]:
        return [word for is_searched, word in self.words(text) if is_searched]


def text_length(words: Iterable[Word]) -> int:
    roles = [part.role for word in words for part in word.parts]
    return roles.count(Role.PRIMARY) + roles.count(Role.COMPOUND)


def reading_parts(word: Word) -> list[Part]:
    wanted = Role.PRIMARY if word.width else Role.FALLBACK
    return [part for part in word.parts if part.role is wanted]


def word_spans(positions: Positions, word: Word) -> set[tuple[int, int]]:
    """Return the start and end position of each occurrence of a word."""
    parts = reading_parts(word)
    found = set()
    if parts:
        for start in positions.get(parts[0].term, ()):
            if all(start + part.position in positions.get(part.term, ()) for part in parts):
                found.add((start, start + word.width))
    last = max((part.end for part in word.parts if part.role is Role.PRIMARY), default=0)
    for part in word.parts:
        if part.role is Role.COMPOUND and part.position == 0 and part.end >= last:
            for start in positions.get(part.term, ()):
                found |= {(start, start + 1), (start, start + max(1, word.width))}
    return found


def matches_phrase(positions: Positions, words: Sequence[Word], slop: int) -> bool:
    """Return whether words occur in sequence, with at most `slop` terms between two."""
    ends: set[int] | None = None
    for word in [word for word in words if word.width] or words:
        spans = word_spans(positions, word)
        if ends is not None:
            before = ends
            spans = {
                (start, end)
                for start, end in spans
                if any(start - slop <= other <= start for other in before)
            }
        ends = {end for _, end in spans}
    return bool(ends)


def passes_filter(document: OracleDocument, name: str, value: str) -> bool:
    """Return whether a document passes a filter."""
    if name == "lang":
        assert value in LANGUAGES
        return document.language == value
    if name == "path":
        return normal_form(value) in normal_form(document.path)
    first, last = date_range(value) or ("", "")
    begins = span_of(first)[0] if first else 1
    ends = span_of(last)[1] if last else 9999_99_99
    return document.days[0] <= ends and document.days[1] >= begins
