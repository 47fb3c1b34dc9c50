"""Query correction: words that stand nowhere are replaced by what they were most likely meant as.

A word is never replaced by another if any passage has it, if the bridge translates it, if it is a
word of a dictionary or a glossary, or if it is after +; of one in quotes, only the spacing may
change. Each correction is reported in a note; so is the word that one in hardly any passage may be
a misspelling of.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, groupby
from typing import TYPE_CHECKING

from index.analysis.analyzer import Analyzer
from index.analysis.syllables import is_syllable
from index.analysis.word import Role
from index.schema import Field
from index.value import NamedTuple, replace

from ..engine import Engine
from ..query.tree import Group, Node, Pattern, Phrase, Query, Term, is_plain
from ..query.words import QueryWord, read_words
from ..results import Hit, ReadAs

if TYPE_CHECKING:
    from .suggest import Correction, Way
    from .vocabulary import Vocabulary

_WAYS = {
    "keyboard": "wrong keyboard layout",
    "spacing": "different spacing",
    "spelling": "misspelling",
}
# Only the first words of a query are corrected: a pasted page is not.
_MAX_WORDS = 16
# A word in so few passages may be misspelt there.
_RARE = 2
# Of fewer letters, every word is one key away from others.
_SHORTEST_HINTED = 3
# A query of more words has most often a rare one, and finds what it means by the others.
_MOST_HINTED = 4
_FIELDS = (Field.BODY, Field.TITLE, Field.META)
# A syllable is in too many words to be sought inside others.
_SHORTEST = 2
# How a word of the query's own choice may be corrected: it stays the same word.
_AS_REQUIRED: tuple[Way, ...] = ()
_AS_QUOTED: tuple[Way, ...] = ("spacing",)
_AS_NAME: tuple[Way, ...] = ("keyboard", "spacing")


class AbsentWord(NamedTuple):
    """A word that no passage has and that was not corrected.

    `parts` are what a hit may have of it: keys of `Hit.why`. `hint` is on similar words.
    """

    typed: str
    parts: frozenset[str]
    hint: str = ""

    def is_partly_in(self, hit_words: Collection[str]) -> bool:
        """Return whether a hit, by the keys of its `why`, has parts of the word."""
        return not self.parts.isdisjoint(hit_words)

    def note(self, *, in_parts: bool) -> str:
        """Say that the word is absent; `in_parts` if there are hits with parts of it."""
        if in_parts:
            return f"no passage has {self.typed}; showing parts of it"
        return f"{self.typed} is not in the index{self.hint}"


class CorrectedQuery(NamedTuple):
    """A query after correction, the notes on it, each correction, and the words without any.

    `unmatched` are such words of a query that is not to be corrected, without a note.
    """

    query: Query
    notes: tuple[str, ...] = ()
    read_as: tuple[ReadAs, ...] = ()
    absent: tuple[AbsentWord, ...] = ()
    unmatched: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The words that no passage has and that were not corrected."""
        return (*(word.typed for word in self.absent), *self.unmatched)

    def notes_on(self, hits: Iterable[Hit]) -> tuple[str, ...]:
        """Return all notes, when the hits are known."""
        partial = {typed for hit in hits for typed in hit.partial}
        absent = (word.note(in_parts=word.typed in partial) for word in self.absent)
        return (*self.query.notes, *self.notes, *absent)


class QueryCorrector:
    """Corrects queries over one index; threads may share it.

    `passage_frequency` returns the number of passages with a word or a synonym, `translated_words`
    those of some words that have translations, each with whether one is of the whole word.
    `in_glossary` tells whether a glossary has a word.
    """

    def __init__(
        self,
        engine: Engine,
        analyzer: Analyzer,
        *,
        passage_frequency: Callable[[QueryWord], int],
        translated_words: Callable[[Sequence[QueryWord]], Mapping[str, bool]],
        in_glossary: Callable[[QueryWord], bool],
    ) -> None:
        self._engine = engine
        self._analyzer = analyzer
        self._passage_frequency = passage_frequency
        self._translated = translated_words
        self._in_glossary = in_glossary

    def corrected(self, query: Query, *, translate: bool) -> CorrectedQuery:
        """Return a query with unmatched words corrected; if `translate`, untranslated ones only."""
        words = self._words(query)
        absent = self._absent(words)
        corrected = self._without_absent(query, words, absent, translate=translate)
        if len(words) > _MOST_HINTED:
            return corrected
        hints = self._hints(word for word in words if word.typed not in absent)
        return corrected._replace(notes=(*corrected.notes, *hints))

    def as_typed(self, query: Query, *, translate: bool) -> CorrectedQuery:
        """Return a query as it is, with its unmatched words; if `translate`, untranslated ones."""
        words = self._words(query)
        absent = self._absent(words)
        translated = self._translated(words[:_MAX_WORDS]) if absent and translate else {}
        unmatched = (typed for typed in absent if not translated.get(typed))
        return CorrectedQuery(query, unmatched=tuple(unmatched))

    def _words(self, query: Query) -> list[QueryWord]:
        """Return the words that a query asks for, each once."""
        read = (read_words(self._analyzer, text) for text in _texts(query.root))
        by_name = {word.typed: word for word in chain.from_iterable(read) if word.asked}
        return list(by_name.values())

    def _absent(self, words: Sequence[QueryWord]) -> Mapping[str, QueryWord]:
        """Return those of the first words that no passage has, as typed."""
        self._engine.expect(
            (field, term) for word in words[:_MAX_WORDS] for term in word.terms for field in _FIELDS
        )
        return {word.typed: word for word in words[:_MAX_WORDS] if not self._is_found(word)}

    def _without_absent(
        self,
        query: Query,
        words: Sequence[QueryWord],
        absent: Mapping[str, QueryWord],
        *,
        translate: bool,
    ) -> CorrectedQuery:
        """Return a query with those of its `words` corrected that no passage has."""
        translated = self._translated(words[:_MAX_WORDS]) if absent and translate else {}
        unmatched = {typed: absent[typed] for typed in absent if typed not in translated}
        split = self._split([absent[typed] for typed in translated if typed in absent])
        partly = [absent[typed] for typed in absent if not translated.get(typed, True)]
        if not unmatched and not split:
            return CorrectedQuery(query, absent=tuple(map(_absent_word, partly)))
        rewrite = _Rewrite(unmatched, split, self._vocabulary, self._is_right)
        corrected = rewrite.corrected(query, partly=partly)
        if len(corrected.absent) < len(words):
            return corrected
        return corrected._replace(query=self._contained(corrected.query, unmatched))

    def _split(self, words: Sequence[QueryWord]) -> set[str]:
        """Return the split words of some that are translated.

        A split word is a syllable that is translated only together with others: 맹 of 한미 동 맹.
        Joined with them it keeps the translation, and is found in Korean as well.
        """
        syllables = (word for word in words if len(word.surface) == 1)
        return {word.typed for word in syllables if not self._translated([word])}

    def _contained(self, query: Query, absent: Mapping[str, QueryWord]) -> Query:
        """Return a query of absent words, with those that have no parts sought inside others.

        초등학교 is in no text that has 고등학교, but 여당 is in one that has 거대여당.
        """
        may = tuple(
            Pattern(f"*{_stem(absent[node.text])}*")
            if is_plain(node) and node.text in absent and self._is_indivisible(absent[node.text])
            else node
            for node in query.root.may
        )
        return replace(query, root=replace(query.root, may=may))

    def _is_indivisible(self, word: QueryWord) -> bool:
        """Return whether a word of the dictionary has a part that no passage has."""
        stem = _stem(word)
        if len(stem) < _SHORTEST or not all(map(is_syllable, stem)):
            return False
        found = (self._engine.frequency(Field.BODY, term) for term, _ in word.readings)
        return not all(found) and self._analyzer.korean.is_entry(stem)

    def _is_found(self, word: QueryWord) -> bool:
        """Return whether a passage has a word."""
        single = len(word.readings) == 1
        readings = [term for term, _ in word.readings] if single else []
        for term in (*readings, *word.wholes):
            for field in _FIELDS:
                if self._engine.frequency(field, term):
                    return True
        # Several terms must be next to each other, which their positions tell.
        return self._passage_frequency(word) > 0

    def _hints(self, words: Iterable[QueryWord]) -> Iterator[str]:
        """Yield a note for each word that may be misspelt in the few passages that have it."""
        for word in words:
            stem = _stem(word)
            count = self._passages_if_rare(word) if len(stem) >= _SHORTEST_HINTED else 0
            if not count:
                continue
            from .rare_words import commoner_word  # imported late: most words are not rare
            from .right_words import is_name, is_right_word

            def is_right(text: str) -> bool:
                return is_right_word(text, self._analyzer)

            if is_name(word.typed) or self._in_glossary(word):
                continue
            meant = commoner_word(stem, count, self._vocabulary, is_right=is_right)
            if meant:
                yield f"hardly any passage has {word.typed}; did you mean {meant}?"

    def _passages_if_rare(self, word: QueryWord) -> int:
        """Return the number of passages with a word that is a term, or 0 if more than _RARE."""
        most = 0
        for term in word.terms if len(word.readings) == 1 else word.wholes:
            for field in _FIELDS:
                most = max(most, self._engine.frequency(field, term))
                if most > _RARE:
                    return 0
        return most

    def _is_right(self, word: QueryWord) -> bool:
        from .right_words import is_right_word  # imported late: most queries need no correction

        return self._in_glossary(word) or is_right_word(word.typed, self._analyzer)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return self._engine.vocabulary(self._analyzer.lexicon)


class _Rewrite:
    """The correction of one query; words of `split` may only be joined with their neighbours."""

    def __init__(
        self,
        unmatched: dict[str, QueryWord],
        split: Collection[str],
        vocabulary: Vocabulary,
        is_right: Callable[[QueryWord], bool],
    ) -> None:
        self._unmatched = unmatched
        self._joinable = {*unmatched, *split}
        self._vocabulary = vocabulary
        self._is_right = is_right
        self._read_as: dict[ReadAs, None] = {}
        self._absent: dict[str, None] = {}

    def corrected(self, query: Query, *, partly: Iterable[QueryWord]) -> CorrectedQuery:
        """Return a query corrected; of the words `partly` translated, parts may match."""
        root = self._group(query.root)
        notes = tuple(map(_note, self._read_as))
        absent = (self._absent_word(self._unmatched[typed]) for typed in self._absent)
        every = (*absent, *map(_absent_word, partly))
        return CorrectedQuery(Query(root, query.notes), notes, tuple(self._read_as), every)

    def _group(self, group: Group, *, required: bool = False) -> Group:
        must = tuple(self._node(node, required=True) for node in group.must)
        may = group.may if required else self._joined_terms(group.may)
        return Group(must, tuple(self._node(node, required=required) for node in may), group.never)

    def _joined_terms(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        """Return nodes with neighbouring plain words joined where they are one word."""
        joined: list[Node] = []
        for is_word, run in groupby(nodes, is_plain):
            if is_word:
                joined += map(Term, self._joined([node.text for node in filter(is_plain, run)]))
            else:
                joined += run
        return tuple(joined)

    def _joined(self, words: Sequence[str]) -> list[str]:
        """Return neighbouring words with those that are one word joined."""
        if self._joinable.isdisjoint(words):
            return list(words)
        from .suggest import correct_spacing  # imported late: most queries need no correction

        joined: list[str] = []
        done = 0
        runs = correct_spacing(words, self._vocabulary, unmatched=self._joinable)
        for start, end, correction in runs:
            joined += (*words[done:start], self._taken(correction))
            done = end
        return [*joined, *words[done:]]

    def _node(self, node: Node, *, required: bool) -> Node:
        match node:
            case Group():
                return self._group(node, required=required)
            case Term(text, ""):
                return self._replaced(node, text.split(), _AS_REQUIRED if required else None)
            case Phrase(text, "", _, False):
                return self._replaced(node, self._joined(text.split()), _AS_QUOTED)
            case _:
                return node

    def _replaced(
        self, node: Term | Phrase, words: Sequence[str], ways: Collection[Way] | None
    ) -> Node:
        """Return a node of the words, each corrected in one of the `ways`, None for any."""
        text = " ".join(self._word(word, ways) for word in words)
        return node if text.split() == node.text.split() else replace(node, text=text)

    def _word(self, typed: str, ways: Collection[Way] | None) -> str:
        if typed not in self._unmatched:
            return typed
        from .right_words import is_name  # imported late: most queries need no correction
        from .suggest import WAYS, correct_word

        if ways is None:
            ways = _AS_NAME if is_name(typed) else WAYS
        correction = correct_word(typed, self._vocabulary, ways=ways)
        # Asked last, since Kiwi takes seconds to load.
        if correction and not self._is_right(self._unmatched[typed]):
            return self._taken(correction)
        self._absent[typed] = None
        return typed

    def _taken(self, correction: Correction) -> str:
        """Report a correction, and return what the words are understood as."""
        self._read_as[ReadAs(correction.typed, correction.understood, correction.how)] = None
        return correction.understood

    def _absent_word(self, word: QueryWord) -> AbsentWord:
        from .suggest import correct_word, nearest  # imported late: most queries need none

        correction = correct_word(word.typed, self._vocabulary)
        meant = [correction.understood] if correction else []
        near = ", ".join(dict.fromkeys((*meant, *nearest(word.typed, self._vocabulary))))
        hint = f"; the nearest words are {near}" if near else ", and neither is any similar word"
        return _absent_word(word)._replace(hint=hint)


def _absent_word(word: QueryWord) -> AbsentWord:
    parts = (term for term, _ in word.readings)
    return AbsentWord(word.typed, frozenset((word.typed, f"*{_stem(word)}*", *parts)))


def _stem(word: QueryWord) -> str:
    """Return a word as written, without its particles."""
    ends = (part.end for part in word.word.parts if part.role is Role.PRIMARY)
    return word.surface[: max(ends, default=0)]


def _note(read: ReadAs) -> str:
    return (
        f"{read.typed} was corrected to {read.understood}: {_WAYS[read.how]} "
        "(--strict turns this off)"
    )


def _texts(node: Node) -> Iterator[str]:
    """Yield the texts of the words and phrases that may be corrected."""
    match node:
        case Term(text, "") | Phrase(text, "", _, False):
            yield text
        case Group(must, may, _):
            for child in (*must, *may):
                yield from _texts(child)
