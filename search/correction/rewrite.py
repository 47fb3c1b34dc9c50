"""A query some of whose words find nothing, understood as it was most likely meant.

A word that finds what it says is never touched, nor one that the bridge follows. What is put in
its place is told; a word that finds next to nothing is kept beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
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
# A word in no more passages finds next to nothing, and may be mended.
NEXT_TO_NOTHING = 2
# Words of a query that are mended; a page pasted in is not proofread.
_MOST_WORDS = 16


class CorrectedQuery(NamedTuple):
    """A query as it was understood, and what the reader should be told of that."""

    query: Query
    notes: tuple[str, ...] = ()
    read_as: tuple[ReadAs, ...] = ()


class QueryCorrector:
    """Corrects queries over one snapshot; threads may share it.

    `passage_frequency` counts the passages with a word; `crossed` returns the words that have a
    translation.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        analyzer: Analyzer,
        *,
        passage_frequency: Callable[[QueryWord], int],
        crossed: Callable[[Sequence[QueryWord]], set[str]],
    ) -> None:
        self._snapshot = snapshot
        self._analyzer = analyzer
        self._holding = passage_frequency
        self._crossed = crossed

    def corrected(self, query: Query, *, translate: bool) -> CorrectedQuery:
        """Return a query with the words that find nothing as they were most likely meant.

        Where it `translate`, those stay that find something in the other language.
        """
        words = {word.typed: word for text in _texts(query.root) for word in self._words(text)}
        lacking, torn = self._lacking(list(words.values())[:_MOST_WORDS], translate=translate)
        if not lacking and not torn:
            return CorrectedQuery(query)
        return _Rewrite(lacking, torn, self._vocabulary).corrected(query)

    def _words(self, text: str) -> Iterator[QueryWord]:
        return (word for word in read_words(self._analyzer, text) if word.asked)

    def _lacking(
        self, words: Sequence[QueryWord], *, translate: bool
    ) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """Return the words that find next to nothing, with the passages that hold each.

        Beside them single syllables that do so too and that the bridge follows only with others:
        맹 of 한미 동 맹. Joined with these they are followed as far, and found in Korean as well.
        """
        found = {word.typed: self._found(word) for word in words}
        few = {typed: passages for typed, passages in found.items() if passages <= NEXT_TO_NOTHING}
        if not few or not translate:
            return few, {}
        followed = self._crossed(words)
        syllables = [
            word for word in words if word.typed in followed & few.keys() and len(word.surface) == 1
        ]
        torn = {word.typed: few[word.typed] for word in syllables if not self._crossed([word])}
        return {typed: few[typed] for typed in few if typed not in followed}, torn

    def _found(self, word: QueryWord) -> int:
        """Return how many passages hold a word, or some number above NEXT_TO_NOTHING."""
        single = len(word.readings) == 1
        found = max(map(self._passages, word.terms if single else word.wholes), default=0)
        if single or found > NEXT_TO_NOTHING:
            return found
        return self._holding(word)  # looks at the positions of all its terms

    def _passages(self, term: str) -> int:
        key = term.encode()
        return max(
            self._snapshot.passage_frequency(field, key) for field in (Field.BODY, Field.TITLE)
        )

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        # Imported late, as all that a query without a slip can do without.
        from .vocabulary import Vocabulary

        return Vocabulary(self._snapshot, self._analyzer.lexicon)


class _Rewrite:
    """One query on its way; `lacking` are the words that find next to nothing.

    `torn` are those that may only be joined with their neighbours.
    """

    def __init__(
        self, lacking: Mapping[str, int], torn: Mapping[str, int], vocabulary: Vocabulary
    ) -> None:
        self._lacking = lacking
        self._joinable = {**lacking, **torn}
        self._vocabulary = vocabulary
        self._notes: list[str] = []
        self._read_as: list[ReadAs] = []

    def corrected(self, query: Query) -> CorrectedQuery:
        root = self._group(query.root)
        notes, read_as = dict.fromkeys(self._notes), dict.fromkeys(self._read_as)
        return CorrectedQuery(Query(root, query.notes), tuple(notes), tuple(read_as))

    def _group(self, group: Group) -> Group:
        must = tuple(self._node(node) for node in group.must)
        return Group(must, tuple(map(self._node, self._joined(group.may))), group.never)

    def _joined(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        """Return nodes with neighbouring words that are one word, written with spaces, joined."""
        joined: list[Node] = []
        done = 0
        for start, run in _runs(nodes):
            for first, behind, mending in self._torn_apart([node.text for node in run]):
                self._tell(mending)
                joined += (*nodes[done : start + first], Term(mending.understood))
                done = start + behind
        return (*joined, *nodes[done:])

    def _torn_apart(self, words: Sequence[str]) -> Sequence[tuple[int, int, Correction]]:
        """Return where words that stand side by side are one, written with spaces, in order."""
        if self._joinable.keys().isdisjoint(words):
            return ()
        # Imported late, as all that a query without a slip can do without.
        from .suggest import correct_spacing

        return correct_spacing(words, self._vocabulary, lacking=self._joinable)

    def _node(self, node: Node) -> Node:
        match node:
            case Group():
                return self._group(node)
            case Term(text, ""):
                words = text.split()
                kept = any(map(self._lacking.get, words))
                return self._replaced(node, list(map(self._word, words)), kept=kept)
            case Phrase(text, "", _, False):
                words = text.split()
                kept = any(map(self._joinable.get, words))
                joined = self._joined_words(words, kept=kept)
                return self._replaced(node, list(map(self._word, joined)), kept=kept)
            case _:
                return node

    def _joined_words(self, words: Sequence[str], *, kept: bool) -> list[str]:
        """Return the words of a phrase, `kept` beside it, with those that are one joined."""
        joined: list[str] = []
        done = 0
        for first, behind, mending in self._torn_apart(words):
            self._tell(mending, kept=kept)
            joined += (*words[done:first], mending.understood)
            done = behind
        return [*joined, *words[done:]]

    def _replaced(self, node: Term | Phrase, words: Sequence[str], *, kept: bool) -> Node:
        """Return a node with other words, or itself beside that where it is `kept`."""
        if words == node.text.split():
            return node
        corrected = replace(node, text=" ".join(words))
        return Group(may=(node, corrected)) if kept else corrected

    def _word(self, typed: str) -> str:
        # Imported late, as all that a query without a slip can do without.
        from .suggest import correct_word, nearest

        if typed not in self._lacking:
            return typed
        found = self._lacking[typed]
        mending = correct_word(typed, self._vocabulary, found=found)
        if mending is not None:
            self._tell(mending, kept=found > 0)
            return mending.understood
        if not found:
            near = ", ".join(nearest(typed, self._vocabulary))
            hint = (
                f"; the nearest words are {near}" if near else ", and neither is any similar word"
            )
            self._notes.append(f"{typed} is not in the index{hint}")
        return typed

    def _tell(self, mending: Correction, *, kept: bool = False) -> None:
        beside = " and kept as typed too" if kept else ""
        self._read_as.append(ReadAs(mending.typed, mending.understood, mending.how, kept))
        self._notes.append(
            f"{mending.typed} was corrected to {mending.understood}{beside}: "
            f"{_WAYS[mending.how]} (--strict turns this off)"
        )


def _texts(node: Node) -> Iterator[str]:
    """Yield the texts of the words and phrases that may be mended."""
    match node:
        case Term(text, "") | Phrase(text, "", _, False):
            yield text
        case Group(must, may, _):
            for child in (*must, *may):
                yield from _texts(child)
        case _:
            return


def _runs(nodes: Sequence[Node]) -> Iterable[tuple[int, list[Term]]]:
    """Yield each run of plain words that stand side by side, with its place."""
    run: list[Term] = []
    for place, node in enumerate((*nodes, Group())):
        if is_plain(node):
            run.append(node)
        else:
            if len(run) > 1:
                yield place - len(run), run
            run = []
