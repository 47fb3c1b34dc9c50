"""Synonyms within a language: words of a query are searched for in their other spellings too.

Loanwords come with Chaja; a glossary in the index and a file of the user may add words of any kind.
All are read when a query is asked, so none needs a build.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from index.analysis.analyzer import Analyzer
from index.analysis.normalize import named_form, normal_form
from index.analysis.tokenizer import words
from index.value import replace

from .query.tree import Group, Node, Phrase, Query, Term, is_plain
from .query.words import QueryWord, read_words

if TYPE_CHECKING:
    from corpus.text_file import TextSource

_LOANWORDS = Path(__file__).with_name("loanwords.tsv")
_SEPARATORS = str.maketrans("，\t", ",,")
# Words of an entry that stand next to each other in a query.
_LONGEST = 5

Groups = dict[str, tuple[str, ...]]


@cache
def loanwords() -> Groups:
    """Return the spellings of loanwords that come with Chaja, each with all of its word."""
    lines = _LOANWORDS.read_text(encoding="utf-8").splitlines()
    return _grouped(cells for _, cells in _rows(lines))


def read_synonyms(source: TextSource) -> Groups:
    """Return the words of a file, each with all of its lines: separated by tabs or commas.

    Empty lines and those that start with # are skipped. Raises GlossaryError.
    """
    # Imported late: few searches are given a file.
    from corpus.errors import CorpusError, GlossaryError
    from corpus.text_file import read_source, source_name

    try:
        rows = list(_rows(read_source(source).splitlines()))
    except CorpusError as error:
        raise GlossaryError(str(error), hint=error.hint) from error
    for number, cells in rows:
        if len(cells) < 2:
            raise GlossaryError(
                f"{source_name(source)}, line {number}, has only one word",
                hint="A line has the words that mean the same, separated by tabs or commas.",
            )
    return _grouped(cells for _, cells in rows)


def with_pairs(groups: Groups, pairs: Iterable[tuple[str, str]]) -> Groups:
    """Return groups of synonyms with those of a glossary, a pair for each line."""
    return _grouped(pairs, groups)


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(lines, 1):
        text = line.removeprefix("\ufeff").strip()
        if text and not text.startswith("#"):
            cells = (" ".join(cell.split()) for cell in text.translate(_SEPARATORS).split(","))
            yield number, list(dict.fromkeys(filter(None, cells)))


def _grouped(rows: Iterable[Sequence[str]], groups: Groups | None = None) -> Groups:
    groups = dict(groups or {})
    for row in rows:
        for key in map(_key, row):
            groups[key] = tuple(dict.fromkeys((*groups.get(key, ()), *row)))
    return groups


def _key(text: str) -> str:
    """Return what spellings of one entry have in common: width and spaces do not matter.

    Nor does case, but where it makes another word: us is no spelling of US.
    """
    return "".join(named_form(text).split())


class SynonymExpander:
    """Adds the synonyms of words to a query; those of the user count in quotes as well."""

    def __init__(self, analyzer: Analyzer, user: Groups | None = None) -> None:
        self._analyzer = analyzer
        self._user = user or {}

    def of_word(self, word: QueryWord, *, strict: bool = False) -> tuple[str, ...]:
        """Return the synonyms of a word, with particles or not, that the lexicon knows."""
        stem = "".join(term for term, _ in word.readings)
        return self._others(word.typed, stem, strict=strict)

    def expanded(self, query: Query, *, strict: bool) -> Query:
        """Return a query with synonyms as alternatives; if `strict`, only those of the user."""
        return replace(query, root=self._group(query.root, strict=strict))

    def _group(self, group: Group, *, strict: bool) -> Group:
        def alternatives(node: Node) -> tuple[Node, ...]:
            return self._alternatives(node, strict=strict)

        must = tuple(_any_of(alternatives(node)) for node in group.must)
        may = (*self._all(group.may, alternatives), *self._of_runs(group.may, strict=strict))
        return Group(must, may, self._all(group.never, alternatives))

    @staticmethod
    def _all(
        nodes: Iterable[Node], alternatives: Callable[[Node], tuple[Node, ...]]
    ) -> tuple[Node, ...]:
        """Return nodes and, behind them all, their alternatives: neighbours stay neighbours."""
        found = [alternatives(node) for node in nodes]
        return (*(node for node, *_ in found), *(other for _, *rest in found for other in rest))

    def _alternatives(self, node: Node, *, strict: bool) -> tuple[Node, ...]:
        """Return a node and its alternatives."""
        match node:
            case Group():
                return (self._group(node, strict=strict),)
            case Term(text, field):
                read = [word for word in read_words(self._analyzer, text) if word.asked]
                others = (other for word in read for other in self.of_word(word, strict=strict))
                return (node, *(_node(other, field) for other in others))
            case Phrase(text, field, slop, False):
                variants = (*self._others(text, strict=True), *self._variants(text))
                return (node, *(Phrase(other, field, slop) for other in dict.fromkeys(variants)))
            case _:
                return (node,)

    def _variants(self, text: str) -> Iterator[str]:
        """Yield a phrase with one of its words replaced by each synonym of the user."""
        for word in read_words(self._analyzer, text) if self._user else ():
            for other in self.of_word(word, strict=True):
                yield text.replace(word.typed, other, 1)

    def _of_runs(self, nodes: Sequence[Node], *, strict: bool) -> Iterator[Node]:
        """Yield the synonyms of plain words that stand next to each other."""
        for start in range(len(nodes)):
            text = ""
            for node in nodes[start : start + _LONGEST]:
                if not is_plain(node):
                    break
                is_first, text = not text, f"{text} {node.text}"
                if not is_first:
                    yield from (_node(other, "") for other in self._others(text, strict=strict))

    def _others(self, *texts: str, strict: bool) -> tuple[str, ...]:
        """Return the synonyms of a text, given in one form or more, in other forms."""
        tables = (self._user,) if strict else (self._user, loanwords())
        # In capitals, a line in small letters is meant as well.
        keys = dict.fromkeys(key for text in texts for key in (_key(text), _key(text).lower()))
        found = [other for key in keys for table in tables for other in table.get(key, ())]
        forms = {normal_form(text).strip() for text in texts}
        return tuple(
            other
            for other in dict.fromkeys(found)
            if normal_form(other) not in forms and self._is_known(other)
        )

    def _is_known(self, text: str) -> bool:
        """Return whether the lexicon has the words of a text: loading Kiwi takes seconds."""
        return not self._analyzer.unknown(words(normal_form(text)))


def _node(text: str, field: str) -> Node:
    return Phrase(text, field) if " " in text else Term(text, field)


def _any_of(nodes: tuple[Node, ...]) -> Node:
    return nodes[0] if len(nodes) == 1 else Group(may=nodes)
