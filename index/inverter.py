"""Turns passages into postings: a word becomes a number once, and numpy sorts the rest.

Nothing is done posting by posting. A passage is kept as the numbers of its words; when a segment
is due, the words are replaced by their terms, and one sort per field brings equal terms together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np

from corpus import LANGUAGES, Document, Passage

from .analysis.normal import normal_form
from .analysis.word import Role, Word
from .analysis.words import words
from .dates import span_of
from .fields import LAST_POSITION, Field
from .segment.content import FieldPostings, Measures, Numbers, SegmentContent

_NO_POSITIONS = np.zeros(0, dtype=np.int64)
# An occurrence is one number, so that one sort orders all: term, passage, position.
_TEXT = 16
_TERM = 40
_MOST_TEXTS = (1 << (_TERM - _TEXT)) - 1


@dataclass(slots=True)
class _Texts:
    """Texts as word numbers: all in a row, with the number of words of each."""

    numbers: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    def add(self, numbers: Sequence[int]) -> None:
        self.numbers += numbers
        self.sizes.append(len(numbers))


class _Vocabulary(dict[str, int]):
    """Words with their numbers; one that is new gets the next."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class Inverter:
    """Collects documents and their passages until they are made a segment of."""

    def __init__(self) -> None:
        self._vocabulary = _Vocabulary()
        self._bodies = _Texts()
        self._titles = _Texts()
        self._stored: list[dict[str, Any]] = []
        self._passage_documents: list[int] = []
        self._documents: list[Document] = []
        self._told = 0

    def __len__(self) -> int:
        return len(self._stored)

    @property
    def word_count(self) -> int:
        """How many words of text wait to be inverted: what the memory of a segment depends on."""
        return len(self._bodies.numbers)

    def add(self, document: Document, passages: Iterable[Passage]) -> None:
        """Take a document in; one without a passage is left out, there is no place to find it."""
        passages = list(passages)
        if not passages:
            return
        place = len(self._documents)
        self._documents.append(document)
        self._titles.add(self._numbers(document.title)[:LAST_POSITION])
        for passage in passages:
            self._bodies.add(self._numbers(passage.text))
            self._passage_documents.append(place)
            self._stored.append(stored_passage(passage))

    def new_words(self) -> list[str]:
        """Return the distinct words that came in since this was asked last."""
        new = list(islice(self._vocabulary, self._told, None))
        self._told = len(self._vocabulary)
        return new

    def _numbers(self, text: str) -> list[int]:
        return list(map(self._vocabulary.__getitem__, words(normal_form(text))))

    def content(self, analysis: Callable[[str], Word]) -> SegmentContent:
        """Invert what was taken in."""
        terms = _Terms([analysis(word) for word in self._vocabulary])
        documents = np.array(self._passage_documents, dtype=np.int64)
        # The terms of a title stand at the first passage of its document.
        firsts = np.searchsorted(documents, np.arange(len(self._documents)))
        grams = np.concatenate(
            (terms.grams_of(self._bodies), terms.grams_of(self._titles, places=firsts))
        )
        days = [span_of(document.date) for document in self._documents]
        measures = Measures(
            document=documents,
            body_length=terms.lengths_of(self._bodies),
            gram_length=np.bincount((grams >> _TEXT) & _MOST_TEXTS, minlength=len(documents)),
            title_length=terms.lengths_of(self._titles),
            language=np.array([_language(document) for document in self._documents], np.int64),
            first_day=np.array([first for first, _ in days], np.int64),
            last_day=np.array([last for _, last in days], np.int64),
        )
        return SegmentContent(
            passages=self._stored,
            documents=map(stored_document, self._documents),
            measures=measures,
            fields=[
                (Field.BODY, _inverted(terms.terms_of(self._bodies), terms.terms)),
                (Field.GRAM, _inverted(grams, terms.grams, positions=False)),
                (Field.PATH, self._paths(documents)),
                (Field.TITLE, _inverted(terms.terms_of(self._titles, places=firsts), terms.terms)),
            ],
        )

    def _paths(self, documents: Numbers) -> FieldPostings:
        names = sorted({document.path for document in self._documents}, key=str.encode)
        numbers = {name: number for number, name in enumerate(names)}
        owners = np.array([numbers[document.path] for document in self._documents], np.int64)
        of_passages = owners[documents]
        order = np.argsort(of_passages, kind="stable")
        held, bounds = np.unique(of_passages[order], return_index=True)
        return FieldPostings(
            terms=[names[number].encode() for number in held.tolist()],
            bounds=np.append(bounds, len(order)),
            passages=order,
            frequencies=np.ones(len(order), dtype=np.int64),
            positions=_NO_POSITIONS,
        )


class _Terms:
    """The terms of the words of a segment, numbered in the order of their bytes."""

    def __init__(self, analyses: Sequence[Word]) -> None:
        self.terms, self._term_numbers = _numbered(
            [part.term for word in analyses for part in word.parts]
        )
        self.grams, self._gram_numbers = _numbered(
            [gram for word in analyses for gram in word.grams]
        )
        self._places = np.array(
            [part.position for word in analyses for part in word.parts], np.int64
        )
        self._term_counts = np.array([len(word.parts) for word in analyses], np.int64)
        self._gram_counts = np.array([len(word.grams) for word in analyses], np.int64)
        self._widths = np.array([word.width for word in analyses], np.int64)
        self._lengths = np.array([_length(word) for word in analyses], np.int64)

    def lengths_of(self, texts: _Texts) -> Numbers:
        """Return how many terms each text counts."""
        numbers, owners = _flat(texts)
        counts = np.bincount(owners, weights=self._lengths[numbers], minlength=len(texts.sizes))
        return counts.astype(np.int64)

    def terms_of(self, texts: _Texts, *, places: Numbers | None = None) -> Numbers:
        """Return every term of the texts as an occurrence, unsorted."""
        numbers, owners = _flat(texts)
        words, parts = _unfolded(numbers, self._term_counts)
        positions = _starts(self._widths[numbers], owners)[words] + self._places[parts]
        owners = owners[words] if places is None else places[owners[words]]
        positions = np.minimum(positions, LAST_POSITION)
        occurrences: Numbers = (self._term_numbers[parts] << _TERM) | (owners << _TEXT) | positions
        return occurrences

    def grams_of(self, texts: _Texts, *, places: Numbers | None = None) -> Numbers:
        """Return every syllable pair of the texts as an occurrence, numbered within its text."""
        numbers, owners = _flat(texts)
        words, parts = _unfolded(numbers, self._gram_counts)
        owners = owners[words] if places is None else places[owners[words]]
        occurrences: Numbers = (self._gram_numbers[parts] << _TERM) | (owners << _TEXT)
        return occurrences


def _numbered(names: list[str]) -> tuple[list[bytes], Numbers]:
    """Return the distinct names in the order of their bytes, and the number of each given one."""
    distinct = sorted({name.encode() for name in names})
    numbers = {name.decode(): number for number, name in enumerate(distinct)}
    return distinct, np.array([numbers[name] for name in names], np.int64)


def _length(word: Word) -> int:
    return sum(part.role in (Role.READING, Role.WHOLE) for part in word.parts)


def _flat(texts: _Texts) -> tuple[Numbers, Numbers]:
    """Return the words of all texts in a row, and the text of each."""
    owners = np.repeat(np.arange(len(texts.sizes)), texts.sizes)
    return np.array(texts.numbers, np.int64), owners


def _unfolded(numbers: Numbers, counts: Numbers) -> tuple[Numbers, Numbers]:
    """Replace each word by its parts: for each part, its word's place in the row, and itself."""
    firsts = np.cumsum(counts) - counts
    sizes = counts[numbers]
    words = np.repeat(np.arange(len(numbers)), sizes)
    within = np.arange(len(words)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return words, firsts[numbers][words] + within


def _starts(widths: Numbers, owners: Numbers) -> Numbers:
    """Return the position of each word in its text, from its width and those before it."""
    ends = np.cumsum(widths)
    starts = ends - widths
    firsts = np.searchsorted(owners, owners)  # the first word of the same text
    positions: Numbers = starts - starts[firsts]
    return positions


def _inverted(occurrences: Numbers, terms: list[bytes], *, positions: bool = True) -> FieldPostings:
    """Bring the occurrences of each term together."""
    ordered = np.sort(occurrences)
    if positions:  # a word may give one term twice at one place
        ordered = ordered[np.diff(ordered, prepend=-1) != 0]
    postings = ordered >> _TEXT
    first = np.flatnonzero(np.diff(postings, prepend=-1))
    owners = postings[first] >> (_TERM - _TEXT)
    held, bounds = np.unique(owners, return_index=True)
    return FieldPostings(
        terms=[terms[number] for number in held.tolist()],
        bounds=np.append(bounds, len(first)),
        passages=postings[first] & _MOST_TEXTS,
        frequencies=np.diff(first, append=len(ordered)),
        positions=ordered & LAST_POSITION if positions else _NO_POSITIONS,
    )


def _language(document: Document) -> int:
    known = document.language in LANGUAGES
    return LANGUAGES.index(document.language) if known else len(LANGUAGES)


def stored_passage(passage: Passage) -> dict[str, Any]:
    """Return what is stored of a passage."""
    return {
        "text": passage.text,
        "start": passage.start,
        "line": passage.line,
        "heading": passage.heading,
    }


def stored_document(document: Document) -> dict[str, Any]:
    """Return what is stored of a document."""
    return {
        "id": document.id,
        "path": document.path,
        "title": document.title,
        "date": document.date,
        "language": document.language,
        "metadata": dict(document.metadata),
    }
