"""Query correction: unmatched words of a query are replaced by what they were most likely meant as.

Words that are found, or that the bridge translates, are never changed. Each correction is reported
in a note, and a word that is in a few passages is kept beside its correction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain, groupby
from typing import TYPE_CHECKING, NamedTuple

from index.analysis.analyzer import Analyzer
from index.schema import Field
from index.snapshot import Snapshot

from ..query.tree import Group, Node, Phrase, Query, Term, is_plain
from ..query.words import QueryWord, read_words
from ..results import ReadAs

if TYPE_CHECKING:
    from .suggest import Correction
    from .vocabulary import Vocabulary

_WAYS = {
    "keyboard": "wrong keyboard layout",
    "spacing": "different spacing",
    "hanja": "Hanja and Hangul",
    "spelling": "misspelling",
}
# A word in no more passages than this is unmatched.
_ALMOST_NONE = 2
# Only the first words of a query are corrected: a pasted page is not.
_MAX_WORDS = 16


class CorrectedQuery(NamedTuple):
    """A query after correction, the notes on it, and each correction."""

    query: Query
    notes: tuple[str, ...] = ()
    read_as: tuple[ReadAs, ...] = ()


class QueryCorrector:
    """Corrects queries over one snapshot; threads may share it.

    `passage_frequency` returns the number of passages with a word, `translated_words` those of some
    words that have a translation.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        analyzer: Analyzer,
        *,
        passage_frequency: Callable[[QueryWord], int],
        translated_words: Callable[[Sequence[QueryWord]], set[str]],
    ) -> None:
        self._snapshot = snapshot
        self._analyzer = analyzer
        self._passage_frequency = passage_frequency
        self._translated = translated_words

    def corrected(self, query: Query, *, translate: bool) -> CorrectedQuery:
        """Return a query with unmatched words corrected; if `translate`, untranslated ones only."""
        read = (read_words(self._analyzer, text) for text in _texts(query.root))
        words = {word.typed: word for word in chain.from_iterable(read) if word.asked}
        unmatched, split = self._unmatched(list(words.values())[:_MAX_WORDS], translate=translate)
        if not unmatched and not split:
            return CorrectedQuery(query)
        return _Rewrite(unmatched, split, self._vocabulary).corrected(query)

    def _unmatched(
        self, words: Sequence[QueryWord], *, translate: bool
    ) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """Return the unmatched words, and the split words, with their passage frequencies.

        A split word is an unmatched syllable that is translated only together with others: 맹 of
        한미 동 맹. Joined with them it keeps the translation, and is found in Korean as well.
        """
        found = {word.typed: self._frequency(word) for word in words}
        rare = {typed: passages for typed, passages in found.items() if passages <= _ALMOST_NONE}
        if not rare or not translate:
            return rare, {}
        translated = self._translated(words)
        split = {
            word.typed: rare[word.typed]
            for word in words
            if word.typed in translated & rare.keys()
            and len(word.surface) == 1
            and not self._translated([word])
        }
        return {typed: rare[typed] for typed in rare if typed not in translated}, split

    def _frequency(self, word: QueryWord) -> int:
        """Return the passage frequency of a word, or some number above _ALMOST_NONE."""
        single = len(word.readings) == 1
        terms = word.terms if single else word.wholes
        frequencies = (
            self._snapshot.passage_frequency(field, term.encode())
            for term in terms
            for field in (Field.BODY, Field.TITLE, Field.META)
        )
        found = max(frequencies, default=0)
        if single or found > _ALMOST_NONE:
            return found
        return self._passage_frequency(word)  # reads the positions of all its terms

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        from .vocabulary import Vocabulary  # imported late: most queries need no correction

        return Vocabulary(self._snapshot, self._analyzer.lexicon)


class _Rewrite:
    """The correction of one query; words of `split` may only be joined with their neighbours."""

    def __init__(
        self, unmatched: Mapping[str, int], split: Mapping[str, int], vocabulary: Vocabulary
    ) -> None:
        self._unmatched = unmatched
        self._joinable = {**unmatched, **split}
        self._vocabulary = vocabulary
        self._notes: list[str] = []
        self._read_as: list[ReadAs] = []

    def corrected(self, query: Query) -> CorrectedQuery:
        root = self._group(query.root)
        notes, read_as = dict.fromkeys(self._notes), dict.fromkeys(self._read_as)
        return CorrectedQuery(Query(root, query.notes), tuple(notes), tuple(read_as))

    def _group(self, group: Group) -> Group:
        must = tuple(map(self._node, group.must))
        return Group(must, tuple(map(self._node, self._joined_terms(group.may))), group.never)

    def _joined_terms(self, nodes: tuple[Node, ...]) -> list[Node]:
        """Return nodes with neighbouring plain words joined where they are one word."""
        joined: list[Node] = []
        for is_word, run in groupby(nodes, is_plain):
            if is_word:
                joined += map(Term, self._joined([node.text for node in filter(is_plain, run)]))
            else:
                joined += run
        return joined

    def _joined(self, words: Sequence[str], *, kept: bool = False) -> list[str]:
        """Return neighbouring words with those that are one word joined."""
        if self._joinable.keys().isdisjoint(words):
            return list(words)
        from .suggest import correct_spacing  # imported late: most queries need no correction

        joined: list[str] = []
        done = 0
        runs = correct_spacing(words, self._vocabulary, unmatched=self._joinable)
        for start, end, correction in runs:
            self._note(correction, kept=kept)
            joined += (*words[done:start], correction.understood)
            done = end
        return [*joined, *words[done:]]

    def _node(self, node: Node) -> Node:
        match node:
            case Group():
                return self._group(node)
            case Term(text, ""):
                words = text.split()
                return self._replaced(node, words, kept=any(map(self._unmatched.get, words)))
            case Phrase(text, "", _, False):
                words = text.split()
                kept = any(map(self._joinable.get, words))
                return self._replaced(node, self._joined(words, kept=kept), kept=kept)
            case _:
                return node

    def _replaced(self, node: Term | Phrase, words: Sequence[str], *, kept: bool) -> Node:
        """Return a node of corrected words; if `kept`, the node itself or those."""
        text = " ".join(map(self._word, words))
        if text.split() == node.text.split():
            return node
        corrected = replace(node, text=text)
        return Group(may=(node, corrected)) if kept else corrected

    def _word(self, typed: str) -> str:
        if typed not in self._unmatched:
            return typed
        from .suggest import correct_word, nearest  # imported late: most queries need none

        found = self._unmatched[typed]
        correction = correct_word(typed, self._vocabulary, found=found)
        if correction is not None:
            self._note(correction, kept=found > 0)
            return correction.understood
        if not found:
            near = ", ".join(nearest(typed, self._vocabulary))
            hint = (
                f"; the nearest words are {near}" if near else ", and neither is any similar word"
            )
            self._notes.append(f"{typed} is not in the index{hint}")
        return typed

    def _note(self, correction: Correction, *, kept: bool) -> None:
        typed, understood, how = correction.typed, correction.understood, correction.how
        beside = " and kept as typed too" if kept else ""
        self._read_as.append(ReadAs(typed, understood, how, kept))
        self._notes.append(
            f"{typed} was corrected to {understood}{beside}: {_WAYS[how]} (--strict turns this off)"
        )


def _texts(node: Node) -> Iterator[str]:
    """Yield the texts of the words and phrases that may be corrected."""
    match node:
        case Term(text, "") | Phrase(text, "", _, False):
            yield text
        case Group(must, may, _):
            for child in (*must, *may):
                yield from _texts(child)
